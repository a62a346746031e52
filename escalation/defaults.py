"""What a desk needs before its first escalation."""

from escalation.ladders import install_ladder
from escalation.plan_templates import install_plan_templates
from escalation.prepared import install_templates
from escalation.procedures import install_procedures
from escalation.promises import install_cadences
from escalation.standard_criteria import install_criteria

__all__ = [
    "install_cadences",
    "install_criteria",
    "install_ladder",
    "install_plan_templates",
    "install_procedures",
    "install_templates",
]

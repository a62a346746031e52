"""What a desk needs before its first escalation."""

from escalation.alerting.ladders import install_ladder
from escalation.automatic.standard_criteria import install_criteria
from escalation.communicate.prepared import install_templates
from escalation.deadlines.promises import install_cadences
from escalation.procedures.plan_templates import install_plan_templates
from escalation.procedures.procedures import install_procedures

__all__ = [
    "install_cadences",
    "install_criteria",
    "install_ladder",
    "install_plan_templates",
    "install_procedures",
    "install_templates",
]

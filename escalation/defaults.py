"""What a desk needs before its first escalation."""

from escalation.ladders import install_ladder
from escalation.procedures import install_procedures

__all__ = ["install_ladder", "install_procedures"]

"""What is said to whoever looks back on an escalation, and to whoever is to do what came of it (R92)."""

from common.languages import phrase as _
from escalation.alerting.letter import clock_time, letter
from escalation.enums import DeadlineKind
from escalation.models import Deadline, Review, TrackedAction
from notifications.enums import AlertKind
from notifications.letters import Letter
from people.models import User


def review_called(review: Review, person: User) -> Letter:
    return letter(
        review.escalation,
        AlertKind.HANDED,
        _("%(ref)s: closed, its review is yours"),
        why=_("What went well, what went badly, and what we do at the next contact: you answer for it."),
        facts=((_("Due"), clock_time(review.due_at)),),
        action=_("Write the review"),
        path=_page(review.escalation_id),
    )


def review_waived(review: Review, person: User) -> Letter:
    return letter(
        review.escalation,
        AlertKind.HANDED,
        _("%(ref)s: you owe no review of it any more"),
        why=review.waive_reason,
        facts=((_("Waived by"), review.waived_by.name),) if review.waived_by else (),
        action=_("See the review"),
        path=_page(review.escalation_id),
    )


def action_given(action: TrackedAction, person: User) -> Letter:
    return letter(
        action.escalation,
        AlertKind.HANDED,
        _("%(ref)s: an action is yours, %(what)s"),
        what=action.title,
        facts=((_("Due"), clock_time(action.due_at)),) if action.due_at else (),
        action=_("See your actions"),
        path=ACTIONS,
    )


def missed(deadline: Deadline, person: User) -> Letter:
    """Of a review, or of one action."""
    escalation = deadline.escalation
    action = getattr(deadline, "tracked", None) if deadline.kind == DeadlineKind.ACTION else None
    owner = action.owner if action is not None else escalation.review.owner
    return letter(
        escalation,
        AlertKind.OVERDUE,
        _("%(ref)s: “%(what)s” is overdue") if action is not None else _("%(ref)s: the review is overdue"),
        what=action.title if action is not None else "",
        facts=((_("Was due"), clock_time(deadline.due_at)), (_("Owner"), owner.name if owner else _("Nobody yet"))),
        action=_("See the actions") if action is not None else _("Write the review"),
        path=f"{ACTIONS}?look=all" if action is not None else _page(escalation.number),
    )


ACTIONS = "/escalations/actions/"


def _page(number: int) -> str:
    return f"/escalations/{number}/review/"

"""The table of what happens to a ticket: from an event's kind to an icon and a sentence.

Kinds that need more than a sentence with gaps have a function each (`desk.looks.ticket.events`).
"""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from tickets.enums import EventKind


class Words(NamedTuple):
    """`text` names the event's data and `who`; where nobody did it, `alone` is said."""

    icon: str
    text: Promise
    alone: Promise | None = None


_LINKED = Words("link", gettext_lazy("%(who)s linked %(this)s: %(relation)s %(other)s"))
_UNLINKED = Words("unlink", gettext_lazy("%(who)s took away a link of %(this)s: %(relation)s %(other)s"))

WORDS: dict[str, Words] = {
    EventKind.OPENED: Words("ticket", gettext_lazy("%(who)s opened it, %(channel)s")),
    EventKind.REPLIED: Words("message-2", gettext_lazy("%(who)s replied")),
    EventKind.CUSTOMER_WROTE: Words("message-2", gettext_lazy("%(who)s wrote")),
    EventKind.STATUS: Words(
        "circle-half-2",
        gettext_lazy("%(who)s changed the status: %(before)s → %(after)s"),
        gettext_lazy("Status: %(before)s → %(after)s"),
    ),
    EventKind.PRIORITY: Words("flag", gettext_lazy("%(who)s changed the priority: %(before)s → %(after)s")),
    EventKind.IMPORTED: Words("download", gettext_lazy("Imported from %(source)s, as %(key)s")),
    EventKind.RATED: Words("star", gettext_lazy("%(who)s says how it was: %(score)s of 5")),
    "survey.escalation_rated": Words(
        "star", gettext_lazy("%(who)s says how the escalation was handled: %(score)s of 5")
    ),
    EventKind.FOLLOW_UP: Words("phone", gettext_lazy("%(owner)s is to follow up with the customer")),
    EventKind.FOLLOW_UP_LATE: Words("clock-x", gettext_lazy("Nobody has followed up with the customer yet")),
    EventKind.FOLLOWED_UP: Words("phone", gettext_lazy("%(who)s followed up with the customer: %(outcome)s")),
    EventKind.AUTO_REPLIED: Words("robot", gettext_lazy("Rule “%(rule)s” replied with “%(title)s”")),
    EventKind.RULE_CALLED: Words("link", gettext_lazy("Rule “%(rule)s” called “%(endpoint)s”")),
    EventKind.TRASHED: Words("trash", gettext_lazy("%(who)s put it away")),
    EventKind.RESTORED: Words("arrow-back-up", gettext_lazy("%(who)s brought it back")),
    "mail.reported": Words("mail-x", gettext_lazy("A mail server reported about %(about)s")),
    "mail.away": Words("robot", gettext_lazy("%(about)s answered automatically")),
    "mail.noticed": Words("robot", gettext_lazy("A program of %(about)s wrote")),
    "mail.cleared": Words("mail-check", gettext_lazy("%(who)s says that %(address)s works")),
    "mail.follower_added": Words("eye", gettext_lazy("%(who)s made %(whom)s a watcher")),
    "mail.follower_removed": Words("eye-off", gettext_lazy("%(who)s took %(whom)s off the watchers")),
    "mail.forwarded": Words("mail-forward", gettext_lazy("%(who)s forwarded a message to %(whom)s")),
    "mail.side_opened": Words("message-plus", gettext_lazy("%(who)s wrote to a third party, %(whom)s")),
    "mail.side_wrote": Words("send", gettext_lazy("%(who)s wrote again to %(whom)s")),
    "mail.side_answered": Words("mail", gettext_lazy("%(whom)s answered, beside the ticket")),
    "mail.side_failed": Words("mail-x", gettext_lazy("A mail to %(whom)s did not arrive")),
    "sla.warned": Words("clock-exclamation", gettext_lazy("%(metric)s: %(percent)s%% of the time is used")),
    "sla.breached": Words("alert-octagon", gettext_lazy("%(metric)s is past due")),
    "sla.internal_missed": Words("lock", gettext_lazy("Internal: %(team)s has used up its time")),
    "escalation.criterion_met": Words("target-arrow", gettext_lazy("The criterion “%(criterion)s” was met")),
    "escalation.rule_wants": Words("target-arrow", gettext_lazy("Rule “%(rule)s” wants it escalated")),
    "escalation.proposal_dismissed": Words(
        "x", gettext_lazy("%(who)s dismissed what “%(criterion)s” proposed: %(reason)s")
    ),
    "escalation.requested": Words(
        "gavel",
        gettext_lazy("%(who)s asked %(decider)s to decide, %(ref)s"),
        gettext_lazy("%(decider)s is asked to decide, %(ref)s"),
    ),
    "escalation.approved": Words("circle-check", gettext_lazy("%(who)s decided %(ref)s: %(decision)s")),
    "escalation.declined": Words("circle-x", gettext_lazy("%(who)s declined %(ref)s")),
    "escalation.withdrawn": Words("arrow-back-up", gettext_lazy("%(who)s withdrew %(ref)s")),
    "escalation.returned": Words("arrow-back-up", gettext_lazy("%(who)s returned %(ref)s")),
    "escalation.acknowledged": Words("user-check", gettext_lazy("%(who)s acknowledged %(ref)s, the ladder stopped")),
    "escalation.accepted": Words("user-check", gettext_lazy("%(who)s accepted %(ref)s for %(team)s")),
    "escalation.convened": Words("users", gettext_lazy("Came back %(count)s times: %(whom)s decide whose it is")),
    "escalation.communication_begun": Words("speakerphone", gettext_lazy("%(who)s moved %(ref)s to Communicate")),
    "escalation.communicated": Words("send", gettext_lazy("%(who)s wrote an update to: %(audience)s")),
    "escalation.planned": Words("list-check", gettext_lazy("%(who)s made plan version %(version)s")),
    "escalation.task_done": Words("check", gettext_lazy("%(who)s finished “%(title)s”")),
    "escalation.guide_begun": Words("book", gettext_lazy("%(who)s began with %(count)s steps of the guide taken")),
    "escalation.guide_ticked": Words("check", gettext_lazy("%(who)s took the step “%(title)s”")),
    "escalation.guide_unticked": Words("arrow-back-up", gettext_lazy("%(who)s took back the step “%(title)s”")),
    "escalation.resolution_begun": Words("tool", gettext_lazy("%(who)s moved %(ref)s to Resolve")),
    "escalation.resolved": Words("flag", gettext_lazy("%(who)s declared %(ref)s resolved")),
    "escalation.verified": Words("clipboard-check", gettext_lazy("%(who)s verified the resolution")),
    "escalation.problem_opened": Words("bug", gettext_lazy("%(who)s opened the problem record #%(number)s")),
    "escalation.tasks_opened": Words("checklist", gettext_lazy("%(who)s opened tasks to prevent it: %(numbers)s")),
    "escalation.services": Words("box", gettext_lazy("%(who)s named the services of %(ref)s: %(services)s")),
    "escalation.customer_removed": Words("x", gettext_lazy("%(who)s took %(name)s off the affected customers")),
    "escalation.customer_left_out": Words("x", gettext_lazy("%(who)s: no update is owed to %(name)s: %(reason)s")),
    "escalation.first_word_failed": Words("send", gettext_lazy("The first word did not go out by itself: %(reason)s")),
    "escalation.access_taken_back": Words(
        "arrow-back-up", gettext_lazy("%(who)s took back the access of %(name)s: %(reason)s")
    ),
    "escalation.cause_chosen": Words("target-arrow", gettext_lazy("%(who)s chose the cause: %(cause)s")),
    "escalation.reopened": Words("rotate-clockwise", gettext_lazy("%(who)s reopened %(ref)s")),
    "escalation.closed": Words("circle-check", gettext_lazy("%(who)s closed %(ref)s")),
    "escalation.deescalated": Words("arrow-down", gettext_lazy("%(who)s de-escalated %(ref)s")),
    "escalation.rung_sent": Words("bell-ringing", gettext_lazy("Level %(level)s alerted: %(who_told)s")),
    "escalation.rung_repeated": Words(
        "bell-ringing", gettext_lazy("Level %(level)s alerted again (%(time)s): %(who_told)s")
    ),
    "escalation.ladder_again": Words(
        "bell-ringing", gettext_lazy("A promise was missed: the ladder starts again, round %(round)s")
    ),
    "escalation.widened": Words("users-plus", gettext_lazy("Not resolved in time: %(who_told)s drawn in")),
    "escalation.widened_to_nobody": Words(
        "users-plus", gettext_lazy("Not resolved in time; nobody further up is there to be drawn in")
    ),
    "escalation.rung_last_resort": Words(
        "lifebuoy", gettext_lazy("Level %(level)s has nobody; the last resort was alerted: %(who_told)s")
    ),
    "escalation.rung_skipped": Words("bell", gettext_lazy("Level %(level)s has nobody and was skipped")),
    "escalation.gave_way": Words("arrow-right", gettext_lazy("%(ref)s ended: %(by)s goes on with the missed promise")),
    "escalation.goes_on": Words("arrow-right", gettext_lazy("%(ref)s goes on beside %(by)s")),
    "escalation.summary_sent": Words("file-text", gettext_lazy("%(who)s sent the executive summary to %(whom)s")),
    "escalation.handed_up": Words("arrow-up", gettext_lazy("%(who)s hands %(ref)s over to %(whom)s")),
    "escalation.taken_over": Words("user-check", gettext_lazy("%(who)s took %(ref)s over from %(whom)s")),
    "escalation.responsible": Words("user-cog", gettext_lazy("%(who)s named for %(role)s: %(person)s")),
    "escalation.task_force": Words("users-plus", gettext_lazy("%(who)s called to the task force: %(people)s")),
    "escalation.force_suspended": Words("users", gettext_lazy("The task force is suspended, its people are free")),
    "escalation.force_called_back": Words("users", gettext_lazy("%(who)s called the task force back")),
    "escalation.technical_plan": Words(
        "tool", gettext_lazy("%(who)s presented version %(version)s of the technical plan")
    ),
    "escalation.plan_reviewed": Words(
        "clipboard-check", gettext_lazy("%(who)s read version %(version)s of the technical plan: %(verdict)s")
    ),
    "escalation.linked": _LINKED,
    "escalation.ticket_linked": _LINKED,
    "escalation.unlinked": _UNLINKED,
    "escalation.ticket_unlinked": _UNLINKED,
    "escalation.related_resolved": Words("link", gettext_lazy("%(who)s solved linked tickets: %(numbers)s")),
    "escalation.analysis_requested": Words("zoom-exclamation", gettext_lazy("%(who)s asked for an analysis")),
    "escalation.analysis_written": Words("pencil", gettext_lazy("%(who)s wrote on the analysis")),
    "escalation.analysis_submitted": Words("report-analytics", gettext_lazy("%(who)s submitted the analysis")),
    "escalation.review_called": Words(
        "clipboard-list", gettext_lazy("%(who)s called for a review of %(ref)s, from %(owner)s")
    ),
    "escalation.review_written": Words("pencil", gettext_lazy("%(who)s wrote on the review")),
    "escalation.review_given": Words("user-cog", gettext_lazy("%(who)s gave the review to %(whom)s")),
    "escalation.review_done": Words("clipboard-check", gettext_lazy("%(who)s finished the review")),
    "escalation.review_waived": Words("circle-minus", gettext_lazy("%(who)s waived the review of %(ref)s")),
    "escalation.action_named": Words("checklist", gettext_lazy("%(who)s named an action for %(whom)s: “%(title)s”")),
    "escalation.action_changed": Words(
        "checklist", gettext_lazy("%(who)s changed “%(title)s”: it is with %(whom)s now")
    ),
    "escalation.action_undone": Words("arrow-back-up", gettext_lazy("%(who)s opened “%(title)s” again")),
    "escalation.action_done": Words("check", gettext_lazy("%(who)s finished “%(title)s”")),
    "escalation.rca_composed": Words("file-text", gettext_lazy("%(who)s composed the analysis for %(whom)s")),
    "escalation.rca_checked": Words("eye", gettext_lazy("%(who)s checked the analysis for %(whom)s")),
    "escalation.rca_sent": Words("send", gettext_lazy("%(who)s sent the analysis to %(whom)s")),
    "escalation.praised": Words("heart", gettext_lazy("%(who)s thanked %(whom)s")),
}

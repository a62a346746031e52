"""Which tables a bundle has, in the order in which they name each other. One row here is all that a new one needs.

People stay out, and what they own: who leads a team, who is in it, whom a level of a ladder names. So do customers,
and everything that holds a secret: mailboxes, webhooks, tokens.
"""

from collections.abc import Sequence
from typing import Any

from common.models import Identity, Retention
from desk.bundle.own import Own
from desk.bundle.rows import NAMED_BY, Inner, Table
from desk.bundle.versioned import Articles, Calendars, Policies
from escalation import wording
from escalation.models import (
    Cadence,
    Criterion,
    CustomerRight,
    EscalationChannel,
    Ladder,
    LadderLevel,
    OwnCause,
    PlanTemplate,
    Procedure,
    ReviewTerms,
    Training,
    UpdateTemplate,
)
from people.models import FactorRule, IdentityProvider, Skill, Team
from reports.models import ForecastTerms
from surveys.models import SurveyTerms
from tickets import macros, routing, vocabulary
from tickets.models import CustomField, Macro, QuickReply, RequestType, RoutingRule, Service, Tag
from tickets.quick_replies import check_names
from tickets.routing.editing import keep_version
from tickets.routing.existing import known_now
from visits.models import Widget


def _says_what_its_audience_knows(template: UpdateTemplate) -> None:
    for text in (template.subject, template.body):
        wording.check_names(text, template.audience)


def _does_what_is_known(macro: Macro) -> None:
    macros.checked(macro.actions)


def _decides_by_what_is_known(rule: RoutingRule) -> None:
    rule.conditions = vocabulary.check(rule.conditions)
    routing.grammar.check(rule.actions, known_now())


TABLES: Sequence[Any] = (
    Own("desk", Identity, ()),
    Table("retention", Retention, ("kind",)),
    Table("skills", Skill, ("name",)),
    Table("tags", Tag, ("name",)),
    Calendars(),
    Table("teams", Team, ("slug",), later=("parent",), only="is_fallback"),
    Table("services", Service, ("slug",)),
    Table("own_fields", CustomField, ("key",), ordered=True),
    Table("request_types", RequestType, ("slug",), ordered=True),
    Articles(),
    Table("causes", OwnCause, ("key",)),
    Table("trainings", Training, ("article", "cause")),
    Table("quick_replies", QuickReply, ("title", "language", "team"), also=lambda row: check_names(row.body)),
    Table("macros", Macro, ("name",), also=_does_what_is_known),
    Table("update_templates", UpdateTemplate, ("name", "audience", "language"), also=_says_what_its_audience_knows),
    Table("cadences", Cadence, ("severity",)),
    Table("plan_templates", PlanTemplate, ("name",), ordered=True),
    Table("procedures", Procedure, ("name",), ordered=True),
    Table("ladders", Ladder, ("name",), inner=Inner("levels", LadderLevel, "ladder", "level"), many=("skills",)),
    Policies(),
    Table(
        "routing_rules",
        RoutingRule,
        ("name",),
        ordered=True,
        single="is_catch_all",
        versions=keep_version,
        also=_decides_by_what_is_known,
    ),
    Table("criteria", Criterion, ("name",), ordered=True),
    Table("second_factors", FactorRule, ("role",)),
    Table("company_sign_ins", IdentityProvider, ("slug",)),
    Table("channels", EscalationChannel, ("channel",)),
    Table("customer_right", CustomerRight, ()),
    Table("review_terms", ReviewTerms, ()),
    Table("chat_widgets", Widget, ("name",)),
    Table("survey_terms", SurveyTerms, ()),
    Table("forecast_terms", ForecastTerms, ()),
)
NAMED_BY.update({table.model: table.named_by for table in TABLES})
BY_NAME = {table.name: table for table in TABLES}

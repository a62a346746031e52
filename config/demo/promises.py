"""What Meridiano Pay promises and how it works: calendar, policies, ladders, routing, articles, team rooms."""

from datetime import datetime, timedelta
from typing import Any

from calendars.actions import create_calendar
from calendars.models import Calendar
from chat.models import Post, Room
from config.demo import cast
from config.demo.company import Cast
from config.demo.holidays import HOLIDAYS
from config.demo.routes import install_routes
from config.demo.texts.answers import ANSWERS
from config.demo.texts.articles import ARTICLES
from config.demo.texts.rooms import POSTS
from escalation.defaults import (
    install_cadences,
    install_ladder,
    install_plan_templates,
    install_procedures,
    install_templates,
)
from escalation.enums import CriterionMode, EscalateAs, Reach, Reason
from escalation.models import Criterion, Ladder, LadderLevel, Procedure
from knowledge.actions import Draft, bring_in, make_findable
from knowledge.models import Article, ArticleVersion
from knowledge.steps import kept, read
from sla.enums import Metric, Told
from sla.models import Policy
from sla.publishing import change_policy, create_policy

MINUTE, HOUR = 60, 3600
PRIORITIES = ("urgent", "high", "normal", "low")
WARN_AT = 75
PERIODS = [
    {"weekday": weekday, "start": start, "end": end}
    for weekday in range(5)
    for start, end in (("09:00", "12:00"), ("13:00", "18:00"))
]

# Seconds by metric, in the order of PRIORITIES.
Promise = dict[str, tuple[int, int, int, int]]
BUSINESS: Promise = {
    Metric.FIRST_RESPONSE: (HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR),
    Metric.NEXT_RESPONSE: (2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR),
    Metric.RESOLUTION: (8 * HOUR, 16 * HOUR, 32 * HOUR, 56 * HOUR),
}
ENTERPRISE: Promise = {
    Metric.FIRST_RESPONSE: (30 * MINUTE, HOUR, 4 * HOUR, 8 * HOUR),
    Metric.NEXT_RESPONSE: (HOUR, 3 * HOUR, 8 * HOUR, 16 * HOUR),
    Metric.RESOLUTION: (8 * HOUR, 24 * HOUR, 72 * HOUR, 120 * HOUR),
}
# How long a team may hold a ticket, in seconds by its short name, in the order of PRIORITIES.
Allowance = dict[str, tuple[int, int, int, int]]
WITHIN_BUSINESS: Allowance = {
    "payments": (2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR),
    "settlement": (2 * HOUR, 4 * HOUR, 8 * HOUR, 16 * HOUR),
    "risk": (HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR),
    "integrations": (2 * HOUR, 3 * HOUR, 6 * HOUR, 8 * HOUR),
}
WITHIN_ENTERPRISE: Allowance = {
    "payments": (2 * HOUR, 6 * HOUR, 16 * HOUR, 24 * HOUR),
    "settlement": (2 * HOUR, 6 * HOUR, 16 * HOUR, 24 * HOUR),
    "risk": (HOUR, 4 * HOUR, 12 * HOUR, 16 * HOUR),
    "integrations": (2 * HOUR, 4 * HOUR, 12 * HOUR, 16 * HOUR),
}
ROUND_THE_CLOCK, IN_HOURS = "Enterprise, round the clock", "Business hours"
FAST_LANE = "Demo fast lane"


def promise(company: Cast, *, founded: datetime, now: datetime) -> Calendar:
    """Everything except the fast lane, which is for tickets from now on. Returns the business calendar."""
    admin = company.people["adam"]
    calendar = create_calendar(
        name="São Paulo hours", time_zone=cast.SAO_PAULO, periods=PERIODS, holidays=HOLIDAYS, now=founded, by=admin
    )
    create_policy(
        name=ROUND_THE_CLOCK,
        conditions={"tier": ["enterprise"]},
        targets=_targets(ENTERPRISE),
        now=founded,
        by=admin,
        order=20,
    )
    create_policy(
        name=IN_HOURS,
        conditions={},
        calendar=calendar,
        targets=_targets(BUSINESS),
        now=founded,
        by=admin,
        order=30,
    )
    _ladders(company)
    install_routes()
    _articles(company, now)
    _rooms(company, now)
    return calendar


def agree_between_teams(company: Cast, now: datetime) -> None:
    """The second version of both: what each team may take. Tickets that were there keep the first."""
    for name, allowance in ((ROUND_THE_CLOCK, WITHIN_ENTERPRISE), (IN_HOURS, WITHIN_BUSINESS)):
        change_policy(
            policy=Policy.objects.get(name=name),
            team_targets=[
                {"team": team, "priority": priority, "seconds": seconds}
                for team, by_priority in allowance.items()
                for priority, seconds in zip(PRIORITIES, by_priority, strict=True)
            ],
            obligations=[{"fact": "answer", "before": "solve"}, {"fact": "owner", "before": "solve"}],
            now=now,
            by=company.people["adam"],
        )


def open_fast_lane(company: Cast, now: datetime) -> None:
    """Targets of one and two minutes, so that a newcomer sees a clock run out.

    Severity 3, whose small procedure can be walked in one sitting (DESIGN §4).
    """
    create_policy(
        name=FAST_LANE,
        conditions={"organisation": [cast.DEMO_ORGANISATION], "priority": ["urgent"]},
        targets=[
            {"metric": Metric.FIRST_RESPONSE, "priority": "urgent", "seconds": 60, "thresholds": [WARN_AT]},
            {"metric": Metric.RESOLUTION, "priority": "urgent", "seconds": 120, "thresholds": [WARN_AT]},
        ],
        severities={"urgent": 3, "high": 3, "normal": 3, "low": 4},
        now=now,
        by=company.people["adam"],
        order=10,
    )


def _targets(promise: Promise) -> list[dict[str, Any]]:
    return [
        {"metric": metric, "priority": priority, "seconds": seconds, "thresholds": _on_the_way(seconds)}
        for metric, by_priority in promise.items()
        for priority, seconds in zip(PRIORITIES, by_priority, strict=True)
    ]


def _on_the_way(seconds: int) -> list[Any]:
    """The owner at 75 %, the lead half an hour before the end of what takes longer, the managers an hour after it."""
    lead = {"offset": -30 * MINUTE, "actions": [{"do": "notify", "value": Told.LEAD}]}
    late = {"do": "tag", "value": "late"}, {"do": "notify", "value": Told.MANAGERS}
    return [WARN_AT, *([lead] if seconds > 2 * HOUR else []), {"offset": HOUR, "actions": list(late)}]


def _criteria() -> None:
    """Words that nobody at a payments desk may overlook: one is proposed, the other does not wait for anybody."""
    common = {"escalate_as": EscalateAs.HIERARCHICAL, "reason": Reason.STAFF}
    Criterion.objects.bulk_create(
        [
            Criterion(
                name="An authority is named",
                kind="Regulator",
                conditions={"keywords": ["procon", "ombudsman", "regulator*", "регулятор*"]},
                severity=3,
                mode=CriterionMode.PROPOSE,
                order=10,
                **common,
            ),
            Criterion(
                name="Data of another customer",
                kind=Reason.TECHNICAL,
                conditions={"keywords": ["outro cliente", "otro cliente", "another customer*", "другого клиента"]},
                severity=2,
                mode=CriterionMode.OPEN,
                order=20,
                **{**common, "reason": Reason.TECHNICAL},
            ),
            Criterion(
                name="A key customer's first reply runs out",
                kind=Reason.STAFF,
                conditions={"tier": ["enterprise"], "reply_used": {"from": 95}, "priority": ["urgent"]},
                severity=3,
                order=30,
                is_enabled=False,
                **common,
            ),
        ]
    )


def _ladders(company: Cast) -> None:
    install_procedures()
    install_plan_templates()
    install_cadences()
    install_templates()
    Procedure.objects.filter(severity_to__lte=2).update(guide="major-incident")
    Procedure.objects.filter(kind="automatic", severity_from__gte=3).update(guide="missed-promise")
    Procedure.objects.filter(kind="hierarchical").update(guide="asking-for-a-decision")
    install_ladder()
    _criteria()
    payments = Ladder.objects.create(name="Payments", team=company.teams["payments"])
    levels = (
        (Reach.LEAD, timedelta()),
        (Reach.MANAGERS, timedelta(minutes=15)),
        (Reach.MANAGERS_ABOVE, timedelta(minutes=30)),
    )
    LadderLevel.objects.bulk_create(
        [
            LadderLevel(ladder=payments, level=number, reach=reach, delay=delay)
            for number, (reach, delay) in enumerate(levels, start=1)
        ]
    )


def _articles(company: Cast, now: datetime) -> None:
    """Each approved by somebody else than whoever wrote it; of what was written anew, the first version is kept."""
    articles = Article.objects.bulk_create(
        [Article(title=one.title, slug=one.slug, updated_at=now) for one in ARTICLES]
    )
    versions = []
    for place, (article, draft) in enumerate(zip(articles, ARTICLES, strict=True)):
        for number, steps in enumerate([draft.steps[:-1], draft.steps] if draft.reason else [draft.steps], start=1):
            at = now - timedelta(days=90 - 8 * place - 30 * number)
            versions.append(
                ArticleVersion(
                    article=article,
                    number=number,
                    title=draft.title,
                    body=draft.body,
                    steps=kept(read("\n".join(steps))),
                    reason=draft.reason if number > 1 else "",
                    author=company.people[draft.author],
                    written_at=at,
                    approved_by=company.people["mona"],
                    approved_at=at + timedelta(hours=20),
                )
            )
    for version in ArticleVersion.objects.bulk_create(versions):
        version.article.current, version.article.updated_at = version, version.approved_at or now
    Article.objects.bulk_update(articles, ["current", "updated_at"])
    for article in articles:
        make_findable(article)
    _answers(company, now)


def _answers(company: Cast, now: datetime) -> None:
    """For customers, those that are translated before their translations; one of them is due for its review."""
    for place, one in enumerate(sorted(ANSWERS, key=lambda one: bool(one.of))):
        at = now - timedelta(days=40 - 3 * place)
        article = bring_in(slug=one.slug, draft=Draft(one.title, one.body), by=company.people["mona"], now=at).article
        article.readers, article.language, article.reads = one.readers, one.language, one.reads
        article.translates = Article.objects.get(slug=one.of) if one.of else None
        article.owner = company.people[one.author]
        article.review_on = (at + timedelta(days=30 if one.slug == "tax-receipt" else 180)).date()
        article.save()


def _rooms(company: Cast, now: datetime) -> None:
    for slug, posts in POSTS.items():
        room = Room.objects.create(subject=company.teams[slug].name)
        Post.objects.bulk_create(
            [
                Post(room=room, author=company.people[author], body=body, at=now - timedelta(minutes=minutes))
                for author, minutes, body in posts
            ]
        )

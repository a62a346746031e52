"""The configuration as one text: out, in, out again; looked at before it is taken over."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import models
from django.test import Client

from common import identity
from common.audit import SECRET
from common.errors import InvalidInput
from common.models import ConfigurationChange, Picture, Retention
from desk.bundle import packs
from desk.bundle.bringing import bring_in, bundle, look
from desk.bundle.tables import TABLES
from escalation.defaults import (
    install_cadences,
    install_criteria,
    install_ladder,
    install_plan_templates,
    install_procedures,
    install_templates,
)
from escalation.models import (
    CustomerRight,
    EscalationChannel,
    Ladder,
    LadderLevel,
    OwnCause,
    Procedure,
    ReviewTerms,
    Training,
)
from knowledge import settling
from knowledge.actions import Draft
from knowledge.actions import bring_in as write
from knowledge.models import Article, ArticleVersion
from people.models import FactorRule, IdentityProvider, Skill, Team
from reports.models import ForecastTerms
from sla.models import Policy, PolicyVersion, Target, TeamTarget
from sla.publishing import create_policy
from surveys.models import SurveyTerms
from tests.desk.helpers import signed_in, words
from tests.factories.articles import make_article
from tests.factories.calendars import make_calendar
from tests.factories.people import make_team
from tests.factories.sla import target
from tickets.models import CustomField, Macro, QuickReply, RequestType, RoutingRule, Service, Tag
from visits.models import Widget


@pytest.fixture
def desk(adam, payments, at):
    """Something in every table."""
    logo = identity.keep_picture(Path(__file__).with_name("logo.png").read_bytes(), field="logo")
    identity.change(by=adam, name="Meridiano", logo=logo, accent_light="#0b6e4f")
    for install in (install_ladder, install_procedures, install_plan_templates, install_cadences, install_templates):
        install()
    install_criteria()
    hours = make_calendar(at)
    cards = make_team("Cards", parent=payments)
    Skill.objects.create(name="Pix")
    FactorRule.objects.create(role="admin", is_required=True)
    IdentityProvider.objects.create(name="House", slug="house", issuer="https://id.example", client_id="1", secret="x")
    Tag.objects.create(name="vip")
    Service.objects.create(name="Pix", slug="pix", team=cards, description="Instant\npayments")
    CustomField.objects.create(key="contract", label="Contract", type="choice", choices=["A", "B"])
    RequestType.objects.create(name="A payout", slug="payout", asks=["contract"], team=cards, tag="late", order=20)
    write(slug="outage", draft=Draft("Outage", "Look.\nThen act.", [("Name a lead", True)]), by=adam, now=at)
    Procedure.objects.filter(name="Major matter").update(guide="outage")
    asked = make_article("refunds", at, review_on=at.date())
    make_article("a-reembolsos", at, language="pt-br", translates=asked, readers="customers")
    settling.archive(slug="a-reembolsos", is_archived=True, by=adam, now=at)
    OwnCause.objects.create(key="tide", name="Tide")
    Training.objects.create(article=asked, cause="tide")
    QuickReply.objects.create(title="Hi", body="Hello\nyou", team=cards)
    QuickReply.objects.create(title="Hi", body="Hello all")
    Macro.objects.create(name="Thank", team=cards, actions=[{"do": "reply", "value": "Hi"}])
    ladder = Ladder.objects.create(name="Cards", team=cards, calendar=hours)
    ladder.skills.add(Skill.objects.get())
    LadderLevel.objects.create(ladder=ladder, level=1, reach="lead", delay=timedelta(minutes=15), in_hours=True)
    create_policy(
        name="Gold",
        now=at,
        calendar=hours,
        conditions={"tier": ["enterprise"]},
        targets=[target("first_response", 3600, "high", (50, 75))],
        team_targets=[{"team": "cards", "priority": "high", "seconds": 600}],
    )
    RoutingRule.objects.create(name="Cards", conditions={"tags": ["card"]}, actions=[{"do": "team", "value": "cards"}])
    if RoutingRule.objects.catch_all() is None:
        RoutingRule.objects.create(name="The rest", is_catch_all=True)
    EscalationChannel.objects.create(channel="chat", is_open=False)
    CustomerRight.objects.create(after_minutes=30)
    ReviewTerms.objects.create(severity=1, calendar=hours)
    SurveyTerms.objects.create(quiet_days=7)
    Widget.objects.create(name="Shop", sites=["https://shop.example"], languages=["en"], team=cards, calendar=hours)
    ForecastTerms.objects.create(looks=5)
    Retention.objects.create(kind="outbox", days=90)
    return bundle()


def _empty() -> None:
    """As after the first migration."""
    for model in (TeamTarget, Target, PolicyVersion, Policy):
        models.QuerySet(model).delete()
    Article.objects.update(current=None, translates=None)
    for model in (ArticleVersion, Article):
        models.QuerySet(model).delete()
    Picture.objects.all().delete()
    for table in reversed(TABLES):
        models.QuerySet(table.model).delete()


@pytest.mark.each
def test_out_and_into_an_empty_desk_and_out_again_is_the_same_to_the_byte(desk, at):
    _empty()
    assert json.loads(bundle()).keys() == {"escala_configuration"}

    report = bring_in(desk, by=None, now=at)

    assert report.errors == [] and not report.changed and report.untouched == 0
    assert bundle() == desk
    assert {table.name for table in TABLES} <= json.loads(desk).keys()


def test_brought_in_where_it_is_already_changes_nothing(desk, adam, at):
    before = ConfigurationChange.objects.count()

    report = bring_in(desk, by=adam, now=at)

    assert (report.brought, report.errors, report.untouched) == ([], [], 0)
    assert ConfigurationChange.objects.count() == before


def test_a_look_says_what_is_new_and_what_changes_and_changes_nothing(desk, adam, at):
    given = json.loads(desk)
    given["skills"].append({"name": "Cards"})
    given["tags"] = []
    next(one for one in given["teams"] if one["slug"] == "cards")["scope"] = "Cards."

    report = look(json.dumps(given), by=adam, now=at)

    assert [one.key for one in report.made] == ["Cards"]
    [changed] = report.changed
    assert (changed.before["scope"], changed.after["scope"]) == ("", "Cards.")
    assert report.untouched == 1
    assert bundle() == desk


def test_what_is_brought_in_is_in_the_audit_trail_and_keeps_the_people_of_teams_and_ladders(desk, adam, rosa, at):
    cards = Team.objects.get(slug="cards")
    cards.members.add(rosa)
    level = LadderLevel.objects.get(ladder__name="Cards")
    level.people.add(rosa)
    given = json.loads(desk)
    next(one for one in given["teams"] if one["slug"] == "cards")["scope"] = "Cards."
    next(one for one in given["ladders"] if one["name"] == "Cards")["levels"][0]["delay"] = 1800
    policy = next(one for one in given["policies"] if one["name"] == "Gold")
    policy["targets"][0]["seconds"] = 7200

    bring_in(json.dumps(given), by=adam, now=at)

    assert list(cards.members.all()) == [rosa] and list(level.people.all()) == [rosa]
    assert {change.subject for change in ConfigurationChange.objects.filter(by=adam)} >= {
        "team Cards",
        "ladder Cards",
        "policy Gold",
    }
    # History keeps its own rules: a change is a new version.
    assert Policy.objects.get(name="Gold").versions.in_force().get().number == 2


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "cannot be read as JSON"),
        ("[1]", "not a bundle"),
        ('{"escala_configuration": true}', "not a bundle"),
        ('{"escala_configuration": 2}', "version 2, and this desk reads up to 1"),
        ('{"escala_configuration": 1, "skills": {}}', "not a list of rows"),
        ("[" * 100_000, "cannot be read as JSON"),
    ],
)
def test_what_is_no_bundle_is_refused_in_one_sentence(text, sentence, at, db):
    with pytest.raises(InvalidInput, match=sentence):
        bring_in(text, by=None, now=at)


def test_every_mistake_is_named_with_its_row_and_nothing_is_brought_in(desk, adam, at):
    given = {
        "escala_configuration": 1,
        "skills": [{"name": "New"}, {"name": "x" * 99}],
        "teams": [{"slug": "odd", "name": "Odd", "parent": "nowhere", "lead": "rosa"}],
        "quick_replies": [{"title": "A", "language": "en", "body": "B", "team": "nowhere"}],
        "cadences": [{"severity": 2, "minutes": "soon"}],
        "policies": [{"name": "P", "targets": [{"metric": "x"}]}],
        "calendars": [{"name": "C", "time_zone": "Mars"}],
        "ladders": [{"name": "L", "levels": 3}],
    }

    report = bring_in(json.dumps(given), by=adam, now=at)

    said = "\n".join(report.errors)
    for part in ("Skills", "Odd", "lead: This is not known here", "no team “nowhere”", "2, minutes", "P, targets"):
        assert part.lower() in said.lower(), (part, said)
    assert not Skill.objects.filter(name="New").exists()
    assert bundle() == desk
    assert look('{"escala_configuration": 1, "people": []}', by=adam, now=at).errors == ["This desk has no “people”."]


def test_r59_the_catch_all_is_found_by_what_it_is_and_a_rule_counts_its_changes(desk, adam, at):
    RoutingRule.objects.filter(is_catch_all=True).update(name="Whatever is left")
    given = json.loads(desk)
    given["routing_rules"] = [
        {"name": "Called otherwise", "is_catch_all": True},
        {"name": "Cards", "goes_on": True},
        {"name": "Lost", "actions": [{"do": "team", "value": "nowhere"}]},
    ]
    assert look(json.dumps(given), by=adam, now=at).errors == [
        "Routing rules, Lost, actions: There is no team “nowhere”."
    ]
    given["routing_rules"].pop()

    assert bring_in(json.dumps(given), by=adam, now=at).errors == []

    assert RoutingRule.objects.catch_all().name == "Called otherwise"
    rule = RoutingRule.objects.get(name="Cards")
    assert (rule.goes_on, rule.version, rule.actions) == (True, 2, [{"do": "team", "value": "cards"}])
    versions = [(one.number, one.content["goes_on"], one.by) for one in rule.versions.order_by("number")]
    assert versions == [(1, False, adam), (2, True, adam)]
    assert bring_in(json.dumps(given), by=adam, now=at).errors == []
    assert rule.versions.count() == 2


def test_nobody_and_no_secret_is_in_a_bundle(desk, adam, rosa):
    assert not any(person in desk for person in (rosa.email, rosa.name, adam.email, adam.name))
    assert not any(f'"{name}"' in desk for name in SECRET)
    assert not any(word in desk for word in ("mailbox", "endpoint", "token"))


@pytest.mark.parametrize("name", packs.PACKS)
def test_each_pack_fits_an_empty_desk(name, at, db):
    report = bring_in(packs.pack(name), by=None, now=at)

    assert report.errors == []
    assert Team.objects.filter(is_fallback=True).count() == 1
    assert not look(packs.pack(name), by=None, now=at).brought
    again = bundle()
    assert not bring_in(again, by=None, now=at).brought


def test_the_commands_write_look_and_bring_in(desk, tmp_path, capsys):
    file = tmp_path / "desk.json"
    call_command("export_configuration", file)
    assert file.read_text(encoding="utf-8") == desk
    given = json.loads(desk)
    given["skills"] = [{"name": "Cards"}]
    file.write_text(json.dumps(given), encoding="utf-8")

    call_command("import_configuration", file, "--dry-run")
    assert "1 would be new, 0 would be changed" in capsys.readouterr().out and Skill.objects.count() == 1
    call_command("import_configuration", file)
    assert Skill.objects.count() == 2
    file.write_text('{"escala_configuration": 9}', encoding="utf-8")
    with pytest.raises(CommandError, match="version 9"):
        call_command("import_configuration", file)


def _upload(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("desk.json", text.encode())


def test_an_administrator_takes_the_bundle_away_looks_at_one_and_brings_it_in(desk, adam):
    browser = signed_in(adam)
    answer = browser.get("/settings/bundle/file/")
    assert answer.content.decode() == desk and "attachment" in answer["Content-Disposition"]
    given = json.dumps({"escala_configuration": 1, "skills": [{"name": "Cards & <b>"}], "teams": []})

    looked = browser.post("/settings/bundle/", {"file": _upload(given)})
    assert "1 would be new, 0 would change" in words(looked) and Skill.objects.count() == 1
    taken = browser.post("/settings/bundle/", {"text": looked.context["given"], "deed": "bring"})

    assert taken.status_code == 302 and Skill.objects.count() == 2
    again = browser.post("/settings/bundle/", {"file": _upload(given)})
    assert "This desk is like the bundle already" in words(again)


@pytest.mark.parametrize("given", [b"\xff\xfe", b"no", b'{"escala_configuration": 7}', b""])
def test_a_file_that_is_no_bundle_is_refused_beside_its_field(given, adam):
    answer = signed_in(adam).post("/settings/bundle/", {"file": SimpleUploadedFile("x.json", given)})

    assert answer.status_code == 422 and len(answer.context["form"].errors["file"]) == 1


@pytest.mark.parametrize("pack", ["", *packs.PACKS])
def test_an_empty_desk_begins_with_a_pack_and_the_crucial_promise_holds(pack, at, db):
    answer = Client().post(
        "/setup/", {"name": "Adam", "email": "adam@new.example", "password": "climb-the-ladder", "pack": pack}
    )

    assert answer.status_code == 302
    team = Team.objects.get(is_fallback=True)
    assert team.lead.name == "Adam" and list(team.members.all()) == [team.lead]
    assert Policy.objects.count() == (1 if pack == "small-team" else 2)
    assert Procedure.objects.filter(name="Standard").exists()

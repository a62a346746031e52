"""The components as page authors use them: what they say to a screen reader, and that they bring no style along."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.http import QueryDict
from django.template import Context, Template
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django_cotton.compiler_regex import CottonCompiler

from desk.forms.actions import ActionRow
from desk.looks.rail import RailLine
from desk.templatetags import desk_atoms
from desk.templatetags.desk_look import av_class, initials, rung
from people.models import User
from tests.desk.drawn import DRAWN
from tickets.queue import Group

NOW = datetime(2026, 11, 19, 10, 42, 7, tzinfo=UTC)


def render(markup: str, **context: Any) -> str:
    compiled = CottonCompiler().process(markup)
    return " ".join(str(Template(compiled).render(Context({"now": NOW, **context}))).split())


def an_sla(**changes: Any) -> SimpleNamespace:
    known = {"state": "warn", "figure": "12m", "name": "Next reply", "due": NOW + timedelta(minutes=12), "percent": 60}
    return SimpleNamespace(**{**known, **changes})


def a_row(**changes: Any) -> SimpleNamespace:
    known = {
        "number": 4821,
        "url": "/tickets/4821/",
        "subject": "Payouts <stuck>",
        "lang": "",
        "priority": "urgent",
        "channel": "email",
        "customer": "Livraria Aurora",
        "tier": "enterprise",
        "snippet": "",
        "unread": True,
        "quiet": False,
        "current": False,
        "severity": 1,
        "escalation": {"number": 207, "state": "communicating", "url": "/escalations/207/"},
        "next_icon": "message-2",
        "next_action": "Reply to customer",
        "owner": "",
        "sla": an_sla(),
        "group": Group.NEXT,
    }
    return SimpleNamespace(**{**known, **changes})


def an_editor() -> dict[str, Any]:
    names = {part: f"when-0-{part}" for part in ("key", "is", "text")}
    how = [{"value": "any", "label": "is one of", "chosen": True}]
    row = {"number": 0, "key": "tags", "label": "Tag", "wants_values": True, "names": names, "operators": how}
    return {"errors": ["There is no team “x”."], "addable": [{"value": "tags", "label": "tag"}], "rows": [row]}


def a_threshold_editor() -> dict[str, Any]:
    parts = ["metric", "priority", "place", "length", "told", "tags", "raise", "team", "ladder"]
    return {"rows": [{"names": dict(zip(parts, parts, strict=True)), "choices": {}, "wants_length": True}]}


class RequestForm(forms.Form):
    subject = forms.CharField(help_text="One line.")
    urgent = forms.BooleanField(required=False)
    way = forms.ChoiceField(choices=[("a", "By mail"), ("b", "By phone")], widget=forms.RadioSelect)


GALLERY = {
    "icon": ('<c-icon name="clock" label="Due" />', {}),
    "logo": ("<c-logo />", {}),
    "paging": (
        '<c-paging :page="page" anchor="#tickets" size="sm" />',
        {"page": Paginator(range(9), 3).page(2), "request": SimpleNamespace(GET=QueryDict("q=a+b&page=2"))},
    ),
    "periods": (
        '<c-periods :periods="periods" :days="days" />',
        {"periods": (7, 30), "days": 30, "request": SimpleNamespace(GET=QueryDict("fewest=2&page=2"))},
    ),
    "crumb": ('<c-crumb href="/people/">People</c-crumb>', {}),
    "save": ('<c-save back="/people/">Save the person</c-save>', {}),
    "take-away": ('<c-take-away summary="Take it away" action="/remove/" name="Anna">Nothing stays.</c-take-away>', {}),
    "share": ('<c-share :percent="60" />', {}),
    "return-to": ('<c-return-to action="/return/" value="3" label="Return to version 3" />', {}),
    "rungs": ('<c-rungs step="resolving" />', {}),
    "esc-badge": ('<c-esc-badge number="207" state="communicating" url="/escalations/207/" />', {}),
    "sev": ('<c-sev level="1" />', {}),
    "prio": ('<c-prio level="high" />', {}),
    "trend": ('<c-trend trend="declining" />', {}),
    "tier": ('<c-tier level="enterprise" />', {}),
    "channel": ('<c-channel name="phone" />', {}),
    "avatar": ('<c-avatar name="Anna Lindqvist" />', {}),
    "sla": ('<c-sla :sla="sla" />', {"sla": an_sla()}),
    "clock": (
        '<c-clock :sla="sla" :ledger="ledger" />',
        {
            "sla": an_sla(),
            "ledger": {
                "why": "Why 10:54",
                "open": True,
                "strip": {"label": "Counted 18m", "parts": [{"kind": "pause", "x": 0.5, "width": 38}], "now": 227},
                "rows": [{"from": "10:24", "text": "Running", "amount": "18m"}],
                "used_text": "Used of 30m",
                "used": "18m",
                "due_text": "10:42 + 12m left",
                "due": "due 10:54",
            },
        },
    ),
    "ticket-row": ('<c-ticket-row :row="row" :select="True" />', {"row": a_row()}),
    "message": (
        '<c-message :message="message" />',
        {"message": {"kind": "note", "author": "Ilya Voronin", "at": NOW, "text": "Do not promise a time."}},
    ),
    "composer": ('<c-composer action="/say/" to="Cora" team="Payments" />', {}),
    "conditions": ('<c-conditions :chips="chips" />', {"chips": ["customer tier is Enterprise", "type is Task"]}),
    "action-rows": ('<c-action-rows :editor="editor" />', {"editor": {"rows": [ActionRow(0, "tag", "vip")]}}),
    "threshold-rows": ('<c-threshold-rows :editor="editor" />', {"editor": a_threshold_editor()}),
    "condition-rows": ('<c-condition-rows :editor="editor" found="3 tickets" />', {"editor": an_editor()}),
    "parts": ('<c-parts :parts="parts" />', {"parts": [{"holds": True, "sentence": "yes"}, {"holds": False}]}),
    "ladder": (
        '<c-ladder :rungs="rungs" />',
        {"rungs": [{"number": 1, "who": "Rosa", "state": "done", "at": NOW, "note": "Acknowledged"}]},
    ),
    "stepper": (
        '<c-stepper :steps="steps" />',
        {"steps": [{"number": 1, "name": "Initiate", "note": "", "state": "past"}, {"number": 2, "state": "now"}]},
    ),
    "checklist": (
        '<c-checklist :conditions="conditions" />',
        {
            "conditions": [
                {"state": "no", "text": "Customers informed", "action": {"label": "Write", "url": "/w/", "post": True}},
                {"state": "yes", "text": "Acknowledged"},
            ]
        },
    ),
    "hour": (
        '<c-hour :hour="hour" />',
        {"hour": {"state": "running", "figure": "10 min", "percent": 83, "aria": "50 of 60 minutes used", "marks": []}},
    ),
    "card": ('<c-card title="Plan">Words<c-slot name="foot">Foot</c-slot></c-card>', {}),
    "panel": ('<c-panel title="Clocks">Words</c-panel>', {}),
    "option": ('<c-option look="dopt" name="decision" value="approve" title="Approve" key="1" />', {}),
    "will": ('<c-will :items="items" />', {"items": [{"when": "now", "title": "Mona is asked"}]}),
    "note-line": ('<c-note-line tone="warn"><b>Late.</b></c-note-line>', {}),
    "banner": ('<c-banner tone="breach">Late<c-slot name="action"><a href="/">Details</a></c-slot></c-banner>', {}),
    "toast": ('<c-toast text="Sent" />', {}),
    "field": ('<c-field :field="form.subject" />', {"form": RequestForm({})}),
    "errors": ('<c-errors :form="form" />', {"form": RequestForm({})}),
    "blank": ('<c-blank title="Nobody waits" :glyph="True" />', {}),
    "kv": ('<c-kv :items="items" />', {"items": [("Contact", "Cora")]}),
    "dlg": ('<c-dlg action="/e/" title="Escalate #1" step="1">Body<c-slot name="foot">Foot</c-slot></c-dlg>', {}),
    "attachment": ('<c-attachment :file="file" />', {"file": {"name": "a.csv", "url": "/a", "size": "14 KB"}}),
    "nav-item": ('<c-nav-item :line="line" active="inbox" />', {"line": RailLine("inbox", "/", "Inbox", 3, "inbox")}),
    "assets": ("<c-assets />", {}),
    "passkey-form": ('<c-passkey-form ceremony="login" action="/accounts/passkey/" button="Use a passkey" />', {}),
    **DRAWN,
    "people": ('<c-people :people="people" chosen="a@x.example" />', {"people": (("a@x.example", "Anna"),)}),
}


@pytest.mark.parametrize("name", GALLERY)
def test_a_component_renders_without_inline_style_and_without_leftovers(name: str) -> None:
    markup, context = GALLERY[name]

    html = render(markup, **context)

    assert html.strip() and "style=" not in html
    assert "<c-" not in html
    assert "{%" not in html
    assert "None" not in html


def test_the_gallery_shows_every_component(settings: Any) -> None:
    folder = settings.BASE_DIR / "templates" / "components"

    assert {path.stem.replace("_", "-") for path in folder.glob("*.html")} == set(GALLERY)


def test_a_clock_tells_its_figure_its_due_time_and_how_much_is_used() -> None:
    html = render('<c-sla :sla="sla" />', sla=an_sla())

    assert 'class="sla sla-warn"' in html
    assert '<progress value="60" max="100" aria-label="Next reply: 60% of the target used">' in html
    assert 'data-due="2026-11-19T10:54:07+00:00"' in html
    assert ">10:54</time>" in html


@pytest.mark.parametrize("changes", [{"state": "pause", "due": None}, {"still": True}, {"state": "met"}])
def test_a_clock_that_does_not_run_by_the_wall_is_not_moved_by_the_page(changes: dict[str, Any]) -> None:
    html = render('<c-sla :sla="sla" />', sla=an_sla(**changes))

    assert "data-due" not in html


def test_a_clock_without_a_promise_has_no_bar() -> None:
    html = render('<c-sla :sla="sla" />', sla=an_sla(state="none", figure="No promise", due=None))

    assert "No promise" in html
    assert "<progress" not in html


def test_a_strip_is_drawn_with_points_where_the_language_writes_commas() -> None:
    markup, context = GALLERY["clock"]

    with timezone.override("UTC"), translation.override("pt-br"):
        html = render(markup, **context)

    assert 'x="0.5"' in html


def test_a_row_names_ticket_priority_severity_and_escalation_in_words() -> None:
    html = render('<c-ticket-row :row="row" />', row=a_row())

    assert 'id="ticket-4821"' in html
    assert "Payouts &lt;stuck&gt;" in html
    assert 'aria-label="Priority Urgent"' in html
    assert '<span class="vh">Severity 1</span>' in html
    assert 'title="Escalation E-207, step 2 of 4: Communicate"' in html
    assert 'aria-label="Nobody yet"' in html
    assert 'data-number="4821"' in html
    assert "<input" not in html


def test_a_note_says_that_it_is_never_sent() -> None:
    markup, context = GALLERY["message"]

    assert "Internal note, never sent to the customer" in render(markup, **context)


def test_a_message_shows_markup_only_where_the_sanitiser_has_marked_it() -> None:
    plain = {"kind": "customer", "author": "Cora", "at": NOW, "text": "<b>loud</b>"}
    marked = {"kind": "customer", "author": "Cora", "at": NOW, "html": SafeString("<b>loud</b>")}
    unmarked = {"kind": "customer", "author": "Cora", "at": NOW, "html": "<b>loud</b>"}

    assert "&lt;b&gt;loud" in render('<c-message :message="m" />', m=plain)
    assert "<b>loud</b>" in render('<c-message :message="m" />', m=marked)
    assert "&lt;b&gt;loud" in render('<c-message :message="m" />', m=unmarked)


def test_words_from_outside_stay_words_in_every_attribute() -> None:
    evil = '"><script>alert(1)</script>'

    html = render('<c-avatar :name="name" /><c-toast :text="name" /><c-card :title="name">x</c-card>', name=evil)

    assert "<script" not in html


def test_a_mark_is_drawn_once_for_its_values_and_its_language(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[str] = []
    draw = desk_atoms._draw
    monkeypatch.setattr(desk_atoms, "_draw", lambda name, values: drawn.append(name) or draw(name, values))
    markup = '<c-prio :level="level" /><c-prio :level="level" :words="True" />'

    first = render(markup, level="of the test")
    again = render(markup, level="of the test")
    with translation.override("ru"):
        render(markup, level="of the test")

    assert first == again
    assert drawn == ["prio"] * 4


def test_what_was_drawn_of_a_safe_text_is_not_shown_for_an_equal_one_that_is_not() -> None:
    text = "<i>Mara Quist</i>"

    assert "<i>Mara" in render('<c-avatar :name="name" />', name=SafeString(text))
    assert "<i>Mara" not in render('<c-avatar :name="name" />', name=text)


def test_a_record_is_drawn_anew_for_it_may_have_changed() -> None:
    person = User(pk=930771, name="Mara Quist", email="mara@x.example")
    before = render('<c-avatar :name="person" />', person=person)
    person.name = "Mara Holm"

    assert 'title="Mara Quist"' in before
    assert 'title="Mara Holm"' in render('<c-avatar :name="person" />', person=person)


def test_an_attribute_that_looks_like_a_template_is_not_run() -> None:
    html = render('<c-card :title="title">x</c-card>', title="{{ now }}{% now 'Y' %}")

    assert "2026" not in html


def test_the_composer_is_one_form_whose_radio_decides_between_reply_and_note() -> None:
    html = render('<c-composer action="/say/" to="Cora" kind="note" body="half" />')

    assert html.count("<form") == 1
    assert 'name="kind" value="note" data-key="n" data-key-name="internal note" checked' in html
    assert 'name="attachments" multiple' in html
    assert ">half</textarea>" in html


def test_the_composer_of_a_person_who_may_not_reply_offers_the_note_alone() -> None:
    html = render('<c-composer action="/say/" :can_reply="may" />', may=False)

    assert 'value="reply"' not in html
    assert 'value="note"' in html


def test_a_condition_says_its_state_in_words_and_offers_its_action() -> None:
    markup, context = GALLERY["checklist"]

    html = render(markup, **context)

    assert '<span class="vh">, open</span>' in html
    assert '<span class="vh">, met</span>' in html
    assert '<form class="act" method="post" action="/w/">' in html


def test_the_step_that_is_on_is_announced_as_current() -> None:
    markup, context = GALLERY["stepper"]

    assert '<li class="now" aria-current="step" tabindex="-1" data-key="' in render(markup, **context)


def test_a_field_is_wired_to_its_label_its_hint_and_its_error() -> None:
    html = render('<c-field :field="form.subject" />', form=RequestForm({}))

    assert '<label class="form-label" for="id_subject">' in html
    assert 'aria-describedby="id_subject_hint id_subject_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_subject_error"' in html


def test_a_group_of_radios_is_a_fieldset_with_a_legend() -> None:
    html = render('<c-field :field="form.way" />', form=RequestForm())

    assert "<fieldset" in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2


def test_the_summary_of_errors_links_to_each_field() -> None:
    html = render('<c-errors :form="form" />', form=RequestForm({}))

    assert "2 things to mend" in html
    assert 'href="#id_subject"' in html
    assert 'href="#id_way_set"' in html


def test_a_rail_item_is_current_where_the_page_says_so() -> None:
    line = RailLine("inbox", "/", "Inbox", 0, icon="inbox", tone="breach")
    markup = '<c-nav-item :line="line" :active="active" />'

    assert 'aria-current="page"' in render(markup, line=line, active="inbox")
    assert "aria-current" not in render(markup, line=line, active="alerts")
    assert "n-breach" not in render(markup, line=line, active="")


def test_a_person_has_initials_and_a_colour_that_stays() -> None:
    assert initials("Đặng Hà") == "ĐH"
    assert initials("Mona de Farias") == "MF"
    assert initials("Cora") == "C"
    assert initials("") == ""
    assert av_class("Cora Menezes") == av_class("cora menezes") == "av-6"


@pytest.mark.parametrize(
    ("state", "step"), [("requested", 0), ("initiated", 1), ("close", 4), ("withdrawn", 0), (3, 3)]
)
def test_a_state_stands_on_its_rung(state: object, step: int) -> None:
    assert rung(state) == step


def test_what_a_crumb_is_told_is_escaped_once() -> None:
    html = render('<c-crumb href="{{ back }}">{{ name }}</c-crumb>', back="/reports/sla/?days=7&team=1", name="A & <b>")

    assert '<a href="/reports/sla/?days=7&amp;team=1">A &amp; &lt;b&gt;</a>' in html


def test_other_days_keep_what_else_the_address_says_and_begin_at_the_first_page() -> None:
    markup, context = GALLERY["periods"]

    html = render(markup, **context)

    assert '<a href="?fewest=2&amp;days=7">7 days</a>' in html
    assert '<a href="?fewest=2&amp;days=30" aria-current="page">30 days</a>' in html


def test_the_pages_before_and_after_keep_what_else_the_address_says() -> None:
    markup, context = GALLERY["paging"]

    html = render(markup, **context)

    assert 'href="?q=a+b&amp;page=1#tickets"' in html and 'href="?q=a+b&amp;page=3#tickets"' in html

"""Who is told what by when: the two first hours (R35), the cadence (R36), the first notice (R37), and the promises."""

from datetime import timedelta

import pytest
from django.urls import reverse

from common.errors import InvalidInput, NotAllowedNow, Refused
from escalation import defaults, services, sweep
from escalation.communicate import broadcast
from escalation.deadlines import promises
from escalation.enums import INFORMED, Audience, DeadlineKind, Purpose
from escalation.models import Cadence, Communication, Deadline, Escalation, Procedure, UpdateTemplate
from escalation.parties.customers import with_how_many_not_told
from escalation.procedures.conditions import checklist
from escalation.services.affected import add_customers, leave_out
from escalation.wording import Text, prepared, variants
from notifications.models import Alert, Delivery
from people.enums import Role
from people.models import User
from people.zones import zone_of
from tests.factories.people import make_user
from tickets import actions as tickets
from tickets import services as desk
from tickets.models import Event, Message

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def major(breached):
    return breached(priority="urgent")


@pytest.fixture
def tell(major, mona, time):
    """Mona sends an update of the major escalation."""

    def send(audience="customers", body="We know the cause.", **said):
        return services.communicate(user=mona, number=major.number, audience=audience, body=body, now=time.now, **said)

    return send


def hours(escalation):
    return {one.audience: one for one in Deadline.objects.filter(escalation=escalation, kind=DeadlineKind.FIRST_HOUR)}


def test_r35_each_audience_has_a_clock_of_its_own(major, tell, time):
    assert set(hours(major)) == {"customers", "stakeholders"}

    tell("stakeholders")

    told = hours(major)
    assert (told["stakeholders"].met_at, told["customers"].met_at) == (time.now, None)


def test_r35_at_sixty_minutes_the_audience_that_was_not_told_is_named_to_the_manager(major, tell, mona, time):
    tell("stakeholders")

    time.move_to(time.now + HOUR)
    sweep.run()
    sweep.run()

    (alert,) = Alert.objects.filter(kind="overdue", recipient=mona)
    assert alert.title == f"{major.reference}: communication overdue, the affected customers are not informed"


@pytest.fixture
def informing(major, mona, time):
    """At Communicate, with two customers more; one of them has no account any more."""
    known = {"user": mona, "number": major.number, "now": time.now}
    services.acknowledge(**known)
    services.describe(**known, impact="Three shops cannot sell.")
    services.begin_communication(**known)
    gone = make_user("Gone Customer", Role.CUSTOMER, email="gone@elsewhere.example")
    add_customers(**known, emails=["stan@elsewhere.example", gone.email])
    User.objects.filter(pk=gone.pk).update(is_active=False)
    return known


def informed():
    """Whether the condition is met and what it says, as a single one and as a list has it."""
    found = [Escalation.objects.get(), with_how_many_not_told(Escalation.objects.all()).get()]
    answers = {(one.met, one.detail) for each in found for one in checklist(each) if one.name == "customers_informed"}
    (answer,) = answers
    return answer


def test_r17_r35_the_customers_are_informed_when_each_of_them_is(stan, informing, tell, anna, time):
    assert informed() == (False, "No update has gone out yet.")
    tell("customers")
    assert informed() == (False, "1 of 3 are told.")
    broadcast.run()
    assert informed() == (False, "2 of 3 are told.")

    out = {**informing, "email": "gone@elsewhere.example", "reason": "Called at the shop."}
    with pytest.raises(Refused):
        leave_out(**{**out, "user": anna})
    leave_out(**out)
    assert informed() == (True, "All 3 are told, or left out with a reason.")

    late = make_user("Late Customer", Role.CUSTOMER, email="late@elsewhere.example")
    add_customers(**informing, emails=[late.email])
    assert informed() == (False, "3 of 4 are told.")


def test_r35_r37_the_first_word_goes_out_by_itself_where_the_procedure_has_one(major, mona, cora, time):
    defaults.install_templates()
    defaults.install_cadences()
    User.objects.filter(pk=cora.pk).update(language="pt-br")
    first = {name: UpdateTemplate.objects.get(name="First notice", audience=name, language="en") for name in INFORMED}
    Procedure.objects.update(**{f"first_to_{name}": row for name, row in first.items()})
    known = {"user": mona, "number": major.number, "now": time.now}
    services.acknowledge(**known)
    services.describe(**known, impact="Three shops cannot sell.")

    services.begin_communication(**known)

    assert {row.audience: row.purpose for row in Communication.objects.all()} == dict.fromkeys(INFORMED, "first_notice")
    assert Message.objects.get(author=mona).body.startswith("Olá, Cora,")
    assert {one.met_at for one in hours(major).values()} == {time.now}
    assert set(Deadline.objects.filter(kind="update").values_list("due_at", flat=True)) == {time.now + HOUR}


def test_r35_a_first_word_that_cannot_go_out_holds_up_no_step_and_is_told(major, mona, time):
    wants_time = UpdateTemplate.objects.create(name="Soon", audience="customers", body="You hear from us by {time}.")
    Procedure.objects.update(first_to_customers=wants_time)
    known = {"user": mona, "number": major.number, "now": time.now}
    services.acknowledge(**known)
    services.describe(**known, impact="Three shops cannot sell.")

    assert services.begin_communication(**known).state == "communicating"

    assert not Communication.objects.exists()
    assert hours(major)["customers"].met_at is None
    assert "Fill in {time}" in Event.objects.get(kind="escalation.first_word_failed").data["reason"]


def test_r35_late_word_is_late_and_no_longer_asked_for(major, tell, time):
    time.move_to(time.now + HOUR)
    sweep.run()

    tell("customers")

    hour = hours(major)["customers"]
    assert hour.missed_at is not None
    assert hour.met_at == time.now
    assert not Deadline.objects.unanswered().filter(audience="customers").exists()


def test_r36_an_update_restarts_what_was_promised_to_its_audience_alone(major, tell, time):
    tell("customers", next_update_by=time.now + HOUR)
    tell("stakeholders", next_update_by=time.now + 2 * HOUR)
    time.move_to(time.now + 30 * MINUTE)

    tell("customers", next_update_by=time.now + HOUR)

    counted = promises.counted(major.deadlines.all())
    assert (counted.kept, counted.broken, counted.running) == (1, 0, 2)
    major.refresh_from_db()
    assert major.next_update_by == time.now + HOUR


def test_r36_a_broken_promise_alerts_is_counted_and_is_answered_by_the_next_update(major, tell, mona, time):
    tell("customers", next_update_by=time.now + 30 * MINUTE)
    time.move_to(time.now + 31 * MINUTE)
    sweep.run()
    assert Alert.objects.get(kind="overdue", recipient=mona).title.endswith(
        "the update promised to customers is overdue"
    )

    tell("customers", is_last=True)

    counted = promises.counted(major.deadlines.all())
    assert (counted.kept, counted.broken, counted.running) == (0, 1, 0)
    major.refresh_from_db()
    assert major.next_update_by is None


@pytest.mark.parametrize("audience", ["customers", "stakeholders"])
def test_r36_with_a_cadence_a_major_update_promises_the_next_or_is_the_last(major, tell, audience, time):
    Cadence.objects.create(severity=1, minutes=45)
    assert promises.proposed(major, time.now) == time.now + 45 * MINUTE

    with pytest.raises(InvalidInput) as refused:
        tell(audience)
    assert list(refused.value.errors) == ["next_update_by"]
    assert not Communication.objects.exists()
    assert not Message.objects.filter(by_customer=False).exists()

    tell(audience, next_update_by=time.now + 45 * MINUTE)
    tell(audience, is_last=True)
    assert Communication.objects.count() == 2


def test_r36_without_a_cadence_or_at_a_small_severity_nothing_is_owed(major, breached, mona, tell, time):
    Cadence.objects.create(severity=3, minutes=60)
    tell("customers")
    small = breached(priority="normal")

    services.communicate(user=mona, number=small.number, audience="customers", body="Soon.", now=time.now)

    assert Communication.objects.count() == 2


@pytest.mark.parametrize(("minutes", "is_last", "field"), [(-1, False, "next_update_by"), (30, True, "next_update_by")])
def test_r36_a_time_that_cannot_be_promised_is_refused(tell, minutes, is_last, field, time):
    with pytest.raises(InvalidInput) as refused:
        tell("customers", next_update_by=time.now + minutes * MINUTE, is_last=is_last)

    assert list(refused.value.errors) == [field]


def test_r37_a_reply_to_the_only_customer_is_the_first_notice_and_stops_its_clock(major, anna, tell, time):
    desk.reply(user=anna, number=major.ticket_id, body="You are helped by Rosa's team.", now=time.now)
    desk.reply(user=anna, number=major.ticket_id, body="Which bank is it?", now=time.now)

    sent = Communication.objects.get()
    assert (sent.audience, sent.purpose, sent.by, sent.recipients) == ("customers", Purpose.FIRST_NOTICE, anna, 1)
    told = hours(major)
    assert (told["customers"].met_at, told["stakeholders"].met_at) == (time.now, None)


def test_r37_what_colleagues_say_among_themselves_is_no_first_notice(major, anna, time):
    tickets.note(ticket=major.ticket, author=anna, body="I shall tell her.", now=time.now)

    assert not Communication.objects.exists()
    assert hours(major)["customers"].met_at is None


def test_an_update_that_goes_out_as_a_reply_is_one_update(major, tell, time):
    tell("customers", next_update_by=time.now + HOUR)

    assert Communication.objects.count() == 1
    assert Deadline.objects.filter(kind=DeadlineKind.UPDATE).count() == 1


def test_an_update_pressed_twice_is_one(major, tell):
    tell("customers", key="0f4c")
    tell("customers", key="0f4c")

    assert Communication.objects.count() == 1
    assert major.ticket.messages.filter(by_customer=False).count() == 1


def test_an_update_that_would_go_to_others_than_were_shown_is_not_sent(major, tell):
    with pytest.raises(NotAllowedNow):
        tell("customers", expected=12)

    assert not Communication.objects.exists()


def test_senior_management_is_no_audience_of_an_update(tell):
    with pytest.raises(InvalidInput):
        tell("executives")


def test_each_reads_his_own_name_time_and_language(major, tell, cora, time):
    cora.language, cora.time_zone = "pt", "America/Sao_Paulo"
    cora.save()
    texts = {"pt": Text("", "Bom dia, {customer.first_name}. Volto até {time}. {agent.name}")}

    tell("customers", body="Hello {customer.name}, next at {time}.", texts=texts, next_update_by=time.now + HOUR)

    message = major.ticket.messages.get(by_customer=False)
    local = (time.now + HOUR).astimezone(zone_of("America/Sao_Paulo"))
    assert message.body == f"Bom dia, Cora. Volto até {local:%H:%M}. Mona Farias"


@pytest.mark.parametrize("body", ["See {escalation.ref}.", "By {time}.", "Hello {customer.nickname}."])
def test_a_placeholder_that_this_audience_is_not_told_keeps_the_update_back(tell, body):
    with pytest.raises(InvalidInput) as refused:
        tell("customers", body=body)

    assert body[body.index("{") : body.index("}") + 1] in str(refused.value)
    assert not Communication.objects.exists()


def test_stakeholders_are_told_what_is_inside(major, tell):
    tell("stakeholders", body="{escalation.ref} at severity {escalation.severity}")

    assert Communication.objects.get().body == f"{major.reference} at severity 1"


def test_prepared_updates_fit_audience_severity_and_the_customers_language(major, cora):
    common = {"audience": Audience.CUSTOMERS, "body": "So."}
    UpdateTemplate.objects.create(name="First word", language="en", **common)
    first = UpdateTemplate.objects.create(name="First word", language="pt", **common)
    UpdateTemplate.objects.create(name="Small", severity_from=3, **common)
    UpdateTemplate.objects.create(name="Off", is_enabled=False, **common)
    UpdateTemplate.objects.create(name="Inside", audience=Audience.STAKEHOLDERS, body="So.")
    cora.language = "pt"
    major.ticket.requester = cora

    assert prepared(major, Audience.CUSTOMERS) == [first]
    assert set(variants(first)) == {"en", "pt"}


def test_r43_the_summary_goes_up_the_chain_and_nowhere_else(major, mona, rosa, anna, adam, time):
    common = {"user": mona, "number": major.number, "body": "Two banks wait.", "now": time.now}
    with pytest.raises(InvalidInput) as refused:
        services.send_summary(to=[adam.email, anna.email], **common)
    assert list(refused.value.errors) == ["to"]
    assert not Communication.objects.exists()

    services.send_summary(to=[adam.email, rosa.email], **common)

    assert Communication.objects.get().recipients == 2
    with pytest.raises(Refused):
        services.send_summary(to=[adam.email], **{**common, "user": anna})


@pytest.mark.parametrize("name", ["customer.name", "customer.first_name"])
def test_r35_a_text_for_colleagues_names_no_customer(tell, adam, client, name):
    with pytest.raises(InvalidInput, match=name):
        tell("stakeholders", f"Dear {{{name}}}, it is stuck.")

    client.force_login(adam)
    row = {"name": "Inside", "audience": "stakeholders", "purpose": "update", "language": "en", "severity_from": 1}
    row |= {"severity_to": 4, "subject": "", "body": f"Dear {{{name}}}", "is_enabled": "on"}
    refused = client.post(reverse("admin:escalation_updatetemplate_add"), row)
    assert f"There is no {{{name}}} for this audience" in refused.content.decode()
    assert not UpdateTemplate.objects.filter(name="Inside").exists()


def test_r35_colleagues_read_the_time_of_the_next_word_in_their_own_language(tell, rosa, time):
    rosa.language = "es"
    rosa.save()
    texts = {"es": Text("", "Seguimos, hasta las {time}.")}

    tell("stakeholders", "We go on, next word by {time}.", texts=texts, next_update_by=time.now + HOUR)

    mails = Delivery.objects.filter(dedupe_key__startswith="communication:")
    bodies = {mail.recipient.name: mail.context["why"] for mail in mails}
    assert "Seguimos, hasta las 1" in bodies["Rosa Quiroga"]
    assert "next word by 1" in bodies["Mona Farias"] and "{time}" not in "".join(bodies.values())


@pytest.mark.parametrize(
    ("audience", "said"), [("customers", {"is_last": True}), ("stakeholders", {"purpose": "resolution"})]
)
def test_r47_before_the_architects_tick_nobody_is_told_that_it_is_over(resolved_one, mona, time, audience, said):
    common = {"user": mona, "number": resolved_one.number, "now": time.now}
    with pytest.raises(NotAllowedNow, match="not verified yet"):
        services.communicate(audience=audience, body="It works again.", **common, **said)
    assert not Communication.objects.filter(body="It works again.").exists()

    services.verify(**common)
    services.communicate(audience=audience, body="It works again.", **common, **said)

    assert Communication.objects.filter(body="It works again.").count() == 1


def test_r47_where_the_procedure_asks_for_no_architect_the_resolution_is_told_at_once(breached, mona, time):
    escalation = breached()

    said = {"audience": "customers", "body": "It works again.", "purpose": "resolution"}
    services.communicate(user=mona, number=escalation.number, now=time.now, **said)

    assert Communication.objects.get().purpose == Purpose.RESOLUTION

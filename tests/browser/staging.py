"""Run inside a demo's desk (`manage.py shell`): a customer for each language, with requests that wait for his word."""

import json
import sys
from datetime import datetime

from common import clock
from common.sealing import seal
from config.demo.company import PASSWORD
from escalation import services
from escalation.communicate import subscribing
from escalation.models import AffectedService, Communication, Escalation
from people.enums import Role
from people.models import User
from tests.factories.people import make_user
from tickets import actions
from tickets import services as tickets
from tickets.models import Service, TicketService

LANGUAGES = ("en", "pt-br", "es", "ru")
WIDTHS = (360, 1280)
WORD = "The bank is slow this morning."
OVERRIDE = "Everything is followed by Mona herself."


def stage() -> None:
    """Write as JSON: a public service, the link that stops its mail, and by language and width two requests."""
    clock.synchronise()
    now = clock.now()
    service = Service.objects.earliest("pk")
    Service.objects.filter(pk=service.pk).update(is_public=True)
    told = {f"{language} {width}": _asked(language, width, service, now) for language in LANGUAGES for width in WIDTHS}
    _outage(service, now)
    stop = seal(f"{subscribing.TO_STOP} {service.pk} luz@elsewhere.example")
    sys.stdout.write(json.dumps({"slug": service.slug, "stop": f"/help/subscriptions/{stop}/stop/", "cases": told}))


def _asked(language: str, width: int, service: Service, now: datetime) -> dict[str, int | str]:
    """One that is solved, and one whose access is asked about."""
    email = f"{language}{width}@shop.example"
    person = make_user(f"Customer {language} {width}", Role.CUSTOMER, email=email, language=language)
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    solved, asked = (
        actions.open_ticket(subject=f"Card {n}", body="It is refused.", requester=person, now=now) for n in (1, 2)
    )
    TicketService.objects.create(ticket=solved, service=service)
    tickets.settle(user=person, number=solved.number, now=now)
    _resolved(asked.number, now)
    return {"email": email, "solved": solved.number, "asked": asked.number}


def _resolved(number: int, now: datetime) -> None:
    anna, mona = (User.objects.get(email=f"{name}@meridiano.example") for name in ("anna", "mona"))
    raised = services.escalate(
        user=anna, ticket_number=number, kind="functional", severity=2, reason="technical", summary="Refused",
        team_slug="integrations", now=now, impact="A store",
    ).number  # fmt: skip
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=raised, now=now, override_reason=OVERRIDE)
    services.verify(user=mona, number=raised, now=now)


def _outage(service: Service, now: datetime) -> None:
    escalation = Escalation.objects.filter(state="communicating").earliest("pk")
    AffectedService.objects.get_or_create(escalation=escalation, service=service)
    Communication.objects.create(escalation=escalation, audience="customers", body=WORD, recipients=2, at=now)

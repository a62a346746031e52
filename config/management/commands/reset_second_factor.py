"""`manage.py reset_second_factor EMAIL`: the way back in for an administrator who has lost app, passkey and codes."""

from typing import Any

from axes.utils import reset as forget_tries
from django.core.management.base import BaseCommand, CommandError, CommandParser

from common import clock
from common.errors import NotAllowedNow
from config.second_step import COUNTED_AS
from people import factors
from people.models import User


class Command(BaseCommand):
    help = "Takes all second factors from one person's sign-in, and lets him try again where he was locked out."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email", help="the address that the person signs in with")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.at_address(options["email"]).first()
        if person is None:
            raise CommandError("Nobody signs in with this address.", returncode=2)
        for name in (person.email, COUNTED_AS + person.email):
            forget_tries(username=name.lower())
        try:
            gone = factors.reset(by=None, person=person, now=clock.now())
        except NotAllowedNow as error:
            raise CommandError(str(error), returncode=1) from error
        self.stdout.write(
            f"{gone} taken from {person.email}. Whoever knows the password is in; set a new one if in doubt."
        )

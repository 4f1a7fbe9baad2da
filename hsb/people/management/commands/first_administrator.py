"""Make the first account of a new installation."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from hsb.core.refusals import NotReady
from hsb.people.services.beginning import add_first_administrator


class Command(BaseCommand):
    help = "Makes the first administrator and prints a one-time password; refuses where there was one ever."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("name")

    def handle(self, *, email, name, **options):
        try:
            validate_email(email)
            user, password = add_first_administrator(name=name, email=email)
        except ValidationError as wrong:
            raise CommandError("Give an e-mail address, then the name in quotation marks.") from wrong
        except NotReady as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"{user.name} signs in as {user.email} with this one-time password: {password}")

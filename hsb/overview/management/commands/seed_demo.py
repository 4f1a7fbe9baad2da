"""Fill an empty database with the demo borough."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from hsb.overview.demo import borough
from hsb.overview.demo.accounts import ACCOUNTS, address
from hsb.people.models import User
from referrals.models import Referral


class Command(BaseCommand):
    help = "Builds the demo borough: invented children in every state, dated from today back. Never in production."

    def add_arguments(self, parser):
        parser.add_argument("--if-empty", action="store_true", help="do nothing where the borough stands already")
        parser.add_argument("--seed", type=int, default=2026, help="another seed makes another borough")

    def handle(self, *, if_empty, seed, **options):
        if settings.PRODUCTION:
            raise CommandError("The demo borough is never built in production.")
        addresses = {address(account) for account in ACCOUNTS}
        present = set(User.objects.values_list("email", flat=True))
        if if_empty and present & addresses:
            # Somebody may have been added to the demo since: what stands is left as it is.
            self.stdout.write("The demo borough stands already.")
            return
        if present - addresses:
            raise CommandError("This database holds users that the demo did not make: nothing was changed.")
        if present:
            raise CommandError("The demo borough stands already. To build it afresh, remove the database first.")
        with transaction.atomic():
            borough.build(seed, tell=lambda words: self.stdout.write(f"  {words} ..."))
        self.stdout.write(f"The demo borough has {Referral.objects.count()} referrals.")

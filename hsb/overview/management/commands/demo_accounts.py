"""Print the demo accounts and their password."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from hsb.overview.demo.accounts import ACCOUNTS, TEAMS, address


class Command(BaseCommand):
    help = "Prints the demo accounts. Never in production."
    requires_system_checks = ()

    def handle(self, **options):
        if settings.PRODUCTION:
            raise CommandError("There are no demo accounts in production.")
        for account, (_, team, role, _) in ACCOUNTS.items():
            self.stdout.write(f"  {address(account):28} {role.label}, {TEAMS[team][0]}")
        self.stdout.write(f"  Password of all: {settings.DEMO_PASSWORD}")

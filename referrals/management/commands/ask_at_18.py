"""manage.py ask_at_18: what young people's ages ask for today, by hand; what the clock does every minute."""

from django.core.management import BaseCommand

from referrals.services import coming_of_age


class Command(BaseCommand):
    help = "Opens the tasks of whoever is 17 and a half, or 18. The last line says how many are new."

    def handle(self, *args, **options):
        opened, withdrawn = coming_of_age.sweep()
        self.stdout.write(f"{withdrawn} not needed any more.")
        self.stdout.write(f"{opened} {'task' if opened == 1 else 'tasks'}.")

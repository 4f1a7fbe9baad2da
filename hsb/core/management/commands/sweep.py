"""manage.py sweep: who is reminded of what today, by hand; what the clock does every minute."""

from django.core.management import BaseCommand

from hsb.core import tasks


class Command(BaseCommand):
    help = "Writes today's reminders and sends them. The last line says how many messages are new."

    def handle(self, *args, **options):
        made, sent = tasks.sweep_and_deliver()
        self.stdout.write(f"{sent} sent.")
        self.stdout.write(f"{made} {'message' if made == 1 else 'messages'}.")

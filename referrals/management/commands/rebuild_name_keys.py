"""`manage.py rebuild_name_keys`: write again the keys by which persons are found.

Needed after an import that wrote persons without the services, and after the rules of referrals/names.py changed.
Safe to run while people work, to stop at any moment and to run twice.
"""

from django.core.management.base import BaseCommand

from hsb.core import words
from referrals.services import person_keys


class Command(BaseCommand):
    help = "Write again the keys by which persons are found."

    def handle(self, **options):
        done = changed = 0
        for done, of_batch in person_keys.rebuild():  # noqa: B007 - the last number is the one to say
            changed += of_batch
        self.stdout.write(f"{words.count(done, 'person', 'persons')} read, {changed} changed.")

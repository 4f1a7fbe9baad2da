"""verify_readers: does the table that lists and counts read say what grants and referrals say?

    manage.py verify_readers            compares all of it, in one statement
    manage.py verify_readers --mend     makes anew what differs, and the triggers that do not stand

A row too many would name a child in a list to somebody who may not open the record (the page asks the rule again
before it draws a row); a row too few would hide one. Nothing differs while the triggers of referrals.readers stand: run
it after rows were loaded or restored past them. Ends with 1 where something differed, mended or not; with 0 where
nothing did.
"""

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from hsb.core import words
from referrals import readers


class Command(BaseCommand):
    help = "Compare the table of readers with what grants and referrals say."

    def add_arguments(self, parser):
        parser.add_argument("--mend", action="store_true", help="make anew what differs")

    def handle(self, *, mend, **options):
        unkept = readers.missing(connection)
        wrong, left = readers.differences(connection)
        if mend and unkept:
            readers.install(connection)  # which fills the table
        elif mend:
            readers.mend(connection, [*wrong, *left])
        if not (unkept or wrong or left):
            self.stdout.write("The table of readers says what the grants say.")
            return
        for name in unkept:
            self.stderr.write(f"{name} does not keep the table.")
        found = (
            f"{words.count(len(wrong), 'grant')} without the right row, "
            f"{words.count(len(left), 'row')} without a grant that gives leave"
        )
        raise CommandError(f"{found}{': mended' if mend else ''}.", returncode=1)

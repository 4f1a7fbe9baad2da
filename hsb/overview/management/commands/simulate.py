"""Fill an empty database with a simulated borough of any size.

manage.py simulate --referrals 20000                a borough of so many referrals, a tenth of them open
manage.py simulate --referrals 2000 --seed 7        another one: for training
manage.py simulate --referrals 2000 --as-of DAY     as it was on that day (ISO), not later than today
manage.py simulate --referrals 2000 --open 800      so many open
"""

import time
from datetime import date, datetime
from datetime import time as time_of_day

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from hsb.core import clock
from hsb.overview.simulated import borough
from hsb.people.models import User

LEAST = 20
END_OF_WORK = time_of_day(17, 30)


class Command(BaseCommand):
    help = "Builds a simulated borough of invented children in an empty database. Never in production."

    def add_arguments(self, parser):
        parser.add_argument("--referrals", type=int, required=True, help="how many, 20 at least")
        parser.add_argument("--open", type=int, help="how many of them are open; a tenth by default")
        parser.add_argument("--seed", type=int, default=2026, help="another seed makes another borough")
        parser.add_argument("--as-of", type=date.fromisoformat, help="the day as of which it stands; today by default")

    def handle(self, *, referrals, seed, as_of, **options):
        if settings.PRODUCTION:
            raise CommandError("A simulated borough is never built in production.")
        if referrals < LEAST:
            raise CommandError(f"Ask for {LEAST} referrals at least.")
        if options["open"] is not None and not 0 <= options["open"] <= referrals:
            raise CommandError("There cannot be more open referrals than referrals.")
        if as_of and as_of > clock.today():
            raise CommandError("The day lies in the future.")
        if User.objects.exists():
            raise CommandError("This database holds accounts: a simulated borough is built in an empty one.")
        began = time.monotonic()

        def tell(words):
            self.stdout.write(f"  {time.monotonic() - began:6.1f} s  {words}")
            self.stdout.flush()

        moment = timezone.make_aware(datetime.combine(as_of, END_OF_WORK)) if as_of else clock.now()
        with clock.moved_to(moment):
            made = borough.build(referrals, open_referrals=options["open"], seed=seed, tell=tell)
        tell(f"Ready: {made:,} referrals.")

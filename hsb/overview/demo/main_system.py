"""What was copied to the borough's main system; the worker looked then, so that what came after is new to them."""

from hsb.core import access, clock
from hsb.overview.demo.notes import WORKER, two_children
from referrals.models import Referral
from referrals.services.main_system import record_copied

DAYS_AGO = 3


def in_the_main_system(story, borough):
    """Both children to whom notes are written, before the last of these."""
    for reference in two_children(story, borough):
        then, worker = story(days_ago=DAYS_AGO), borough.users[WORKER]
        with clock.moved_to(then.moment):
            access.look(worker, Referral.at(reference).get().record, "overview")
            record_copied(reference, actor=worker, copied_on=then.day)

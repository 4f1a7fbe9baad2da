"""That somebody copied the neutral summary of a referral to the borough's main system."""

from django.db import transaction
from django.utils import timezone

from hsb.core import clock
from hsb.core.door import noted
from hsb.core.refusals import NotReady
from referrals.models import Referral
from referrals.permissions import can_copy_summary
from referrals.selectors.main_system import VERB, changed_since, last_copy, said_of


@transaction.atomic
def record_copied(reference, *, actor, copied_on, version=None):
    """It stands in the main system since `copied_on`. Returns the Entry, which keeps what the copy says.

    `version`: of the referral whose summary was shown, so that nobody records a copy of what is true no more.
    """
    with noted(
        Referral, reference, VERB, actor=actor, may=can_copy_summary, version=version, happened_on=copied_on
    ) as move:
        referral = move.subject
        if not timezone.localdate(referral.received_at) <= copied_on <= clock.today():
            raise NotReady("Enter a day from the day on which the referral was received until today.")
        last = last_copy(referral)
        if last is not None and last.happened_on == copied_on and not changed_since(last, referral):
            raise NotReady("This was recorded already.")
        move.facts |= said_of(referral)
    return move.entry

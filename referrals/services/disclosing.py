"""What was shared with somebody outside, or decided not to be: one row on the record it is about (practice.md B21)."""

from hsb.core import clock
from referrals.models import Disclosure
from referrals.states import Recipient

THE_FAMILY = "The child and the family"
NOT_YET, CAN_BE_TOLD = "Do not disclose yet", "“Do not disclose yet” is lifted"
# Where somebody ticked it on the page that recorded the thing itself, which asks for no reason.
SINCE_RECORDED = "It was recorded so from the first"


def disclose(record, *, actor, what, to_whom, why, basis, on, consent="", shared=True, lifts=False, recipient=""):
    """Writes it on `record`; returns the Disclosure. `shared` is False for a decision not to share; `lifts` says that
    it can be shared from now on, and was not yet.

    Call in the transaction of the verb that shares, once for each record: what is said of one child is not for the
    readers of another's.
    """
    return Disclosure.objects.create(
        record=record,
        shared=shared,
        lifts=lifts,
        what=what,
        to_whom=to_whom,
        recipient=recipient,
        why=why,
        basis=basis,
        consent=consent,
        happened_on=on,
        by=actor,
        recorded_at=clock.now(),
    )


def hold_from_families(referrals, *, actor, what, held_back, why=SINCE_RECORDED):
    """Writes on the record of each referral that the family is not told of `what` yet, or can be from now on."""
    for referral in referrals:
        disclose(
            referral.record,
            actor=actor,
            shared=False,
            lifts=not held_back,
            what=what[:1].upper() + what[1:],
            to_whom=THE_FAMILY,
            recipient=Recipient.FAMILY,
            why=why,
            basis=NOT_YET if held_back else CAN_BE_TOLD,
            on=clock.today(),
        )

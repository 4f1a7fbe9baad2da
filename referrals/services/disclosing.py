"""What was shared with somebody outside, or decided not to be: one row on the record it is about (practice.md B21)."""

from hsb.core import clock
from referrals.models import Disclosure


def disclose(record, *, actor, what, to_whom, why, basis, on, consent="", shared=True):
    """Writes it on `record`; returns the Disclosure. `shared` is False for a decision not to share.

    Call in the transaction of the verb that shares, once for each record: what is said of one child is not for the
    readers of another's.
    """
    return Disclosure.objects.create(
        record=record,
        shared=shared,
        what=what,
        to_whom=to_whom,
        why=why,
        basis=basis,
        consent=consent,
        happened_on=on,
        by=actor,
        recorded_at=clock.now(),
    )

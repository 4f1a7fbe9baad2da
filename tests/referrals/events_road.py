"""Significant events, recorded and corrected through the services."""

from uuid import uuid4

from hsb.core import clock
from referrals.services import significant

TEXT = "The tanglefern club was told of the plan."
MEANING = "An adult there keeps the brindlewick agreement."
PUT_RIGHT = "It was the other ambercroft club."


def recorded(referral, author, **fields):
    typed = {
        "once": uuid4(),
        "happened_on": clock.today(),
        "text": TEXT,
        "meaning": MEANING,
        "source": "The club's letter",
        "basis": "fact",
    } | fields
    return significant.record_event(referral.reference, actor=author, **typed)


def corrected(event, by, **fields):
    typed = {"once": uuid4(), "text": PUT_RIGHT, "reason": "It was misread."} | fields
    return significant.correct_event(event.reference, actor=by, **typed)

"""What was shared about a child, or not, recorded through the services."""

from uuid import uuid4

from hsb.core import clock
from referrals.services import sharing

WHAT = "Who walks along the larkspur path with them."


def said(**fields):
    """What is recorded of something that a school was told; `fields` instead."""
    return {
        "shared": True,
        "recipient": "school",
        "to_whom": "The safeguarding lead",
        "what": WHAT,
        "why": "Adults know whom to call.",
        "basis": "public_task",
        "asked": "not_asked",
        "consent": "It could not wait.",
        "happened_on": clock.today(),
    } | fields


def recorded(referral, by, **fields):
    typed = {"once": uuid4()} | said(**fields)
    return sharing.record_sharing(referral.reference, actor=by, **typed)


def withheld(referral, by, **fields):
    """A decision not to share."""
    why = {"shared": False, "basis": "detriment", "why": "It would end what Robin tells the nurse.", "asked": ""}
    return recorded(referral, by, **why | {"consent": ""} | fields)


def to_family(referral, by, **fields):
    return recorded(referral, by, **{"recipient": "parent", "to_whom": "Lin Sample, mother"} | fields)

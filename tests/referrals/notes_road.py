"""Case notes, written and corrected through the services."""

from uuid import uuid4

from hsb.core import clock
from referrals.services import notes

TEXT = "Zephyrwort was at the table."
WORDS = "I like the quibblegreen room."
AGREED = "Amara asks the marrowgate club by Friday."
PUT_RIGHT = "It was the other fernlock table."
# What stands in a note and nowhere else.
CANARIES = ("Zephyrwort", "quibblegreen", "fernlock", "marrowgate")


def answers(**fields):
    """What a note of a visit says; `fields` instead."""
    return {
        "kind": "visit",
        "happened_on": clock.today(),
        "text": TEXT,
        "basis": "fact",
        "childs_words": WORDS,
        "seen": True,
        "seen_alone": True,
    } | fields


def written(referral, author, **fields):
    """A final note."""
    typed = {"once": uuid4()} | answers(**fields)
    return notes.write_note(referral.reference, actor=author, **typed)


def oversight(**fields):
    """What a manager's note says beside `answers`."""
    return {"kind": "oversight", "seen": None, "seen_alone": None, "childs_words": "", "agreed": AGREED} | fields


def corrected(note, by, **fields):
    typed = {"once": uuid4(), "text": PUT_RIGHT, "reason": "It was misheard."} | fields
    return notes.correct_note(note.reference, actor=by, **typed)

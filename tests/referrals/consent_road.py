"""Answers about consent of a child, recorded through the services."""

from uuid import uuid4

from hsb.core import clock
from referrals.services import consent, relating

TOLD = "What the wintergreen worker does, and for how long."
OWN_WORDS = "Yes, copperleaf is fine by me."


def said(**fields):
    """What is recorded of an answer of the child, who agreed that the school is told; `fields` instead."""
    told = {
        "purpose": "school",
        "answered_by": "child",
        "answer": "agreed",
        "happened_on": clock.today(),
        "how": "in_person",
        "told": TOLD,
        "own_words": OWN_WORDS,
    } | fields
    if told["answer"] == "not_asked":
        told = {"not_asked_because": "risk"} | told | {"how": "", "told": "", "own_words": ""}
    return told


def answered(referral, by, **fields):
    typed = {"once": uuid4()} | said(**fields)
    return consent.record_consent(referral.reference, actor=by, **typed)


def by_parent(referral, by, name="Lin Sample, mother", **fields):
    return answered(referral, by, answered_by="parent", answerer_name=name, **fields)


def replaced(old, by, **fields):
    typed = {"once": uuid4(), "reason": "It was the day before."} | said(**fields)
    return consent.replace_consent(old.referral.reference, actor=by, number=old.number, **typed)


def mother(referral, by, responsible="yes"):
    """The Relationship of the child's mother, Lin Sample."""
    newcomer = {"given_name": "Lin", "family_name": "Sample", "is_adult": True}
    about = {"once": uuid4(), "code": "mother", "details": {"parental_responsibility": responsible}}
    return relating.relate(referral.reference, actor=by, newcomer=newcomer, **about)

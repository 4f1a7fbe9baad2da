"""A young person turns 18: born so that an age is reached on a day; planned and decided through the services."""

from uuid import uuid4

from hsb.core import clock
from hsb.core.calendar import months_before
from referrals.services import coming_of_age
from tests import cast

PLAN, REVIEW, DECIDE, CLOSE = coming_of_age.PLAN, coming_of_age.REVIEW, coming_of_age.DECIDE, coming_of_age.CLOSE
SAYS = "I want to keep the pottery group."
THE_PLAN = "The heron worker meets both of us in May."


def child_of(years, months=0, **fields):
    """A child who is that old today, to the day."""
    return cast.person(born_on=months_before(clock.today(), years * 12 + months), **fields)


def told(**fields):
    """What is written of what follows at 18; `fields` instead."""
    return {
        "goes_on": True,
        "where": ["leaving_care", "health"],
        "asked": "The personal adviser, leaving care",
        "asked_on": clock.today(),
        "not_needed_because": "",
        "young_person_says": SAYS,
        "plan": THE_PLAN,
        "review_on": None,
    } | fields


def planned(referral, actor, **fields):
    typed = {"once": uuid4()} | told(**fields)
    return coming_of_age.plan_what_follows(referral.reference, actor=actor, **typed)


def decided(referral, actor, **fields):
    typed = {
        "once": uuid4(),
        "outcome": "close",
        "reason": "The work is done.",
        "passed_to": "",
        "passed_on": None,
        "accepted_by": "",
        "until_on": None,
    } | fields
    return coming_of_age.decide_at_18(referral.reference, actor=actor, **typed)


def asked(referral):
    """{kind: the open task} of the tasks about the age."""
    tasks = referral.record.tasks.open().filter(kind__in=(PLAN, REVIEW, DECIDE, CLOSE))
    return {task.kind: task for task in tasks}

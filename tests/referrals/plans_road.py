"""A child's plan, on its way through the services."""

from datetime import timedelta
from uuid import uuid4

from hsb.core import clock
from referrals.models import Plan
from referrals.services import plans

PURPOSE = "Break times are calm, and the tanglefern path home is safe."
LINE = "An adult walks the brindlewick corridor at break."
ADULTS = "An adult is at the ambercroft gate from the first bell."


def in_days(number):
    return clock.today() + timedelta(days=number)


def begun(referral, by, **fields):
    typed = {
        "once": uuid4(),
        "kind": "safety",
        "purpose": PURPOSE,
        "began_on": clock.today(),
        "review_on": in_days(28),
    } | fields
    return plans.begin_plan(referral.reference, actor=by, **typed)


def lined(plan, by, **fields):
    typed = {"once": uuid4(), "what": LINE, "owner_name": "The head of year", "due_on": in_days(7)} | fields
    return plans.add_line(plan.reference, actor=by, **typed)


def submitted(referral, by, **fields):
    plan = begun(referral, by, **fields)
    lined(plan, by)
    return plans.submit_plan(plan.reference, actor=by)


def agreed(referral, by, manager, **fields):
    return plans.agree_plan(submitted(referral, by, **fields).reference, actor=manager)


def reviewed(plan, by, *, came="happened", outcome="goes_on", **fields):
    typed = {
        "once": uuid4(),
        "held_on": clock.today(),
        "took_part": "The mother and the head of year",
        "child_views": "It is calmer.",
        "parents_views": "It helps.",
        "lines": {line.number: (came, "The head of year says so.") for line in plan.standing_lines()},
        "outcome": outcome,
        "next_review_on": None if outcome == "met" else in_days(28),
    } | fields
    return plans.review_plan(plan.reference, actor=by, **typed)


def sheet(plan, by, **fields):
    typed = {
        "once": uuid4(),
        "kind": "school_safety_sheet",
        "recipient": "The head of year",
        "contact": "The duty line, 020 7946 0000",
        "why": "Adults at the school know what to do.",
        "basis": "without",
        "adults_do": ADULTS,
    } | fields
    return plans.make_paper(plan.reference, actor=by, **typed)


def again(plan):
    return Plan.at(plan.reference).get()

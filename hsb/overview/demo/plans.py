"""Plans of the demo borough: one agreed and reviewed, with a sheet for the school; one being written."""

import uuid
from datetime import timedelta

from hsb.core import clock
from hsb.overview.demo.consent import school_may_know
from hsb.overview.demo.notes import WORKER, two_children
from referrals.services import plans

BEGUN, REVIEWED = 7, 1  # working days ago
LINES = (
    ("An adult walks along to each lesson and at break.", "The head of year"),
    ("Home and school speak on the telephone every Friday.", "The mother"),
)


def _key(reference, what):
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{reference} {what}")


def _begun(reference, actor, kind, purpose):
    plan = plans.begin_plan(
        reference,
        actor=actor,
        once=_key(reference, kind),
        kind=kind,
        purpose=purpose,
        began_on=clock.today(),
        review_on=clock.today() + timedelta(days=14),
    )
    for what, who in LINES:
        plans.add_line(
            plan.reference,
            actor=actor,
            once=_key(plan.reference, what),
            what=what,
            owner_name=who,
            due_on=clock.today() + timedelta(days=10),
        )
    return plan


def plans_of_two(story, borough):
    first, second = two_children(story, borough)
    worker, manager = borough.users[WORKER], borough.users["manager"]
    with clock.moved_to(story(days_ago=BEGUN).moment):
        plan = _begun(first, worker, "safety", "School days are calm, and everybody knows whom to ask.")
        plans.submit_plan(plan.reference, actor=worker)
        plans.agree_plan(plan.reference, actor=manager)
        school_may_know(first, worker)
        plans.make_paper(
            plan.reference,
            actor=worker,
            once=_key(plan.reference, "sheet"),
            kind="school_safety_sheet",
            recipient="The safeguarding lead of the school",
            contact="The duty line of the team, in office hours",
            why="Adults at the school know what to do and whom to call.",
            basis="consent",
            consent="The mother agreed on the telephone",
            adults_do="An adult walks along to each lesson, and is in the yard at break. Worries are told at once.",
        )
        _begun(second, worker, "child_in_need", "Home is calm in the evenings, and there is time for friends.")
    with clock.moved_to(story(days_ago=REVIEWED).moment):
        plans.review_plan(
            plan.reference,
            actor=worker,
            once=_key(plan.reference, "review"),
            held_on=clock.today(),
            took_part="The mother, the head of year and the worker",
            child_views="It is easier to go to school now.",
            parents_views="The calls on Friday help.",
            lines={
                1: ("happened", "The head of year has seen it each day."),
                2: ("partly", "One Friday was missed, because the school was shut."),
            },
            outcome="goes_on",
            next_review_on=clock.today() + timedelta(days=28),
        )

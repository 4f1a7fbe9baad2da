"""Two young people of the demo borough, each with a plan of what follows: one nearly 18, one who has just turned 18."""

import uuid
from datetime import timedelta

from hsb.core import clock
from hsb.core.calendar import add_working_days, months_before
from hsb.overview.demo.notes import WORKER
from referrals.services import coming_of_age, intake
from referrals.states import InvolvementRole

PLANNED = 4  # working days ago
FOLLOWS = {
    "goes_on": True,
    "where": ["leaving_care", "health"],
    "asked": "The personal adviser of leaving care, and the transition nurse of the clinic",
    "not_needed_because": "",
    "young_person_says": "I would like to keep my room and the swimming club. I want one person to call, not three.",
    "plan": "The adviser meets the young person and the worker together in the next four weeks. The clinic goes on "
    "until the birthday, and hands over in a meeting of all four. The club stays as it is.",
}


def turning_18(story, borough):
    """Both are with social work; of the second the decision is waited for. The sweep asks for what is due."""
    nearly = _at_work(story(days_ago=12), borough, months_before(borough.today, 17 * 12 + 8))
    just = _at_work(story(days_ago=9), borough, months_before(borough.today, 18 * 12) - timedelta(days=3))
    with clock.moved_to(story(days_ago=PLANNED).moment):
        coming_of_age.sweep()
        for reference, review_on in ((nearly, add_working_days(borough.today, 40)), (just, None)):
            coming_of_age.plan_what_follows(
                reference,
                actor=borough.users[WORKER],
                once=uuid.uuid5(uuid.NAMESPACE_OID, f"{reference} what follows"),
                asked_on=clock.today(),
                review_on=review_on,
                **FOLLOWS,
            )
    with clock.moved_to(story(days_ago=0).moment):
        coming_of_age.sweep()


def _at_work(case, borough, born_on):
    """The story of one young person born on that day, with social work; returns the referral's reference."""
    details = borough.child(born_on=born_on)
    alone = intake.Newcomer(details=details, roles=(InvolvementRole.DISPLAYED,), relationship="Same college")
    case.log("1", people=[alone]).pause().assess().pause(1)
    case.to_statutory(worker=WORKER).pause(1).start(worker=WORKER).decide_meeting(convene=False)
    return case.displayed

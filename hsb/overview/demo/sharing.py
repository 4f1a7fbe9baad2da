"""What was shared of one child of the demo borough, and what was not, by hand; an assessment that is held back from
the family: plainly invented."""

import uuid

from hsb.core import clock
from hsb.overview.demo.notes import WORKER, two_children
from referrals.models import Referral
from referrals.services import sharing, telling

SHARED = (
    {
        "shared": True,
        "recipient": "parent",
        "to_whom": "The mother",
        "what": "Who is there at break, whom the child can go to, and when we meet again.",
        "why": "She carries the plan at home.",
        "basis": "public_task",
        "asked": "not_asked",
        "consent": "It is the mother who is told, of her own child's plan.",
    },
    {
        "shared": False,
        "recipient": "health",
        "to_whom": "The family's doctor, Practice of Notreal Mews",
        "what": "What the child says about school.",
        "why": "The child asked to tell it there first. Weighed with the manager: nothing of it is about health.",
        "basis": "detriment",
    },
)
HELD_BACK = "The officer in the case asks to wait until the witness was heard."


def what_was_shared(story, borough):
    first, second = two_children(story, borough)
    worker = borough.users[WORKER]
    with clock.moved_to(story(days_ago=1).moment):
        for said in SHARED:
            once = uuid.uuid5(uuid.NAMESPACE_OID, f"{first} {said['what']}")
            sharing.record_sharing(first, actor=worker, once=once, happened_on=clock.today(), **said)
        latest = Referral.at(second).get().assessments.order_by("number").last()
        telling.hold_assessment_back(latest.reference, actor=worker, reason=HELD_BACK)

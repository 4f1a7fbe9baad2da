"""Case notes and significant events of the demo borough: on two referrals with social work, plainly invented, nothing
graphic."""

from datetime import time

from referrals.models import Referral
from referrals.states import ReferralState

WRITTEN = (
    {
        "kind": "visit",
        "happened_at": time(8, 5),
        "seen": True,
        "seen_alone": True,
        "who_was_there": "The mother, who was in the kitchen",
        "text": "Seen at home before school. The safety plan hangs on the fridge and everybody can say what is in it. "
        "Bedtime and the way to school are as agreed.",
        "basis": "fact",
        "childs_words": "I know the plan. I would like to go swimming again.",
    },
    {
        "kind": "call",
        "text": "The form tutor says that the week was calm. The named adult is met every morning. I think that the "
        "plan holds at school: that is my opinion, and the tutor shares it.",
        "basis": "both",
    },
    {
        "kind": "call",
        "text": "The officer in the case speaks with a witness next week, and asks that nothing is said of it at home "
        "before then.",
        "basis": "fact",
        "do_not_disclose": True,
    },
)
OVERSIGHT = {
    "kind": "oversight",
    "text": "Read with the worker: how the plan is followed at home and at school, and that the child would like to go "
    "swimming again. As we see it the plan holds.",
    "agreed": "The worker asks the pool about supervised hours before the next visit. We look again in four weeks.",
    "basis": "both",
}
MISSED = {
    "kind": "visit",
    "seen": False,
    "not_seen_reason": "Nobody was at home. A new time is agreed with the father for tomorrow, by telephone.",
    "text": "Called at the agreed time. The father rang back within the hour: they were at the dentist.",
    "basis": "fact",
}
CORRECTION = "The father rang back, not the grandfather: the first name on the call list was read wrongly."

EVENTS = (
    {
        "text": "The family moved to the borough, and the child changed school in the middle of the year.",
        "meaning": "Friends and trusted adults were lost at once: the plan begins with one adult at the new school.",
        "source": "The school's letter of that spring",
        "basis": "both",
        "about_then": True,
    },
    {
        "text": "The family and the school agreed the safety plan, and both keep a copy.",
        "meaning": "For the first time everybody around the child follows the same agreement.",
        "source": "The worker, who was there",
        "basis": "fact",
    },
)
EVENT_CORRECTION = "It was the autumn of that year, not the spring."

WORKER = "practitioner2"
# Working days ago: since when both children have been with their worker at least, and when the first note was written.
KNOWN_SINCE, BEGINS = 8, 4


def two_children(story, borough):
    """References of two children of one worker's: the first two, so the same each time."""
    theirs = Referral.objects.filter(
        worker=borough.users[WORKER],
        state=ReferralState.STATUTORY,
        state_since__lt=story(days_ago=KNOWN_SINCE).moment,
        record__restricted=False,
        record__holding_team__slug="willow",
    )
    return theirs.order_by("record__reference").values_list("record__reference", flat=True)[:2]


def case_notes(story, borough):
    first, second = two_children(story, borough)
    seen = story(days_ago=BEGINS)
    for said in WRITTEN:
        seen.write_note(first, WORKER, said, readers=["manager"] if said["kind"] == "visit" else []).pause(1)
    seen.write_note(first, "manager", OVERSIGHT)
    missed = story(days_ago=BEGINS).write_note(second, WORKER, MISSED).pause(hours=3)
    missed.correct_note(WORKER, CORRECTION, reason="The name was taken from the wrong line.")
    moved, agreed = EVENTS
    missed.record_event(first, WORKER, moved, days_before=400).correct_event(
        "manager", EVENT_CORRECTION, reason="The letter has the autumn's date."
    )
    missed.record_event(first, WORKER, agreed)

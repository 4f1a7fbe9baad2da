"""A known set of open referrals, one or more for every box of the flowchart, for tests that count."""

from datetime import timedelta

from hsb.core import clock
from hsb.core.models import Record
from referrals.models import MeetingDecision
from tests import cast
from tests.remembered import remembered

# What stands in the borough, typed by hand: state, side, then the judgements in force.
REFERRALS = [
    ("received", "displayed", {}),
    ("received", "not_yet_known", {}),
    ("received", "harmed", {}),
    ("assessing", "displayed", {}),
    ("awaiting_decision", "displayed", {"category": "0", "brook": "orange", "tier": 2}),
    ("awaiting_decision", "displayed", {"category": "N", "brook": "green", "tier": 1}),
    ("awaiting_decision", "harmed", {"tier": 2}),
    ("early_help", "displayed", {"category": "0", "brook": "not_used", "tier": 2}),
    ("statutory", "displayed", {"category": "1", "brook": "orange", "tier": 3}),
    ("statutory", "displayed", {"category": "1", "brook": "red", "tier": 3}),
    ("statutory", "displayed", {"category": "2", "brook": "red", "tier": 4, "police_outstanding": True}),
    ("statutory", "both", {"category": "3", "brook": "red", "tier": 4}),
    ("statutory", "harmed", {"tier": 4}),
    ("closing_proposed", "displayed", {"category": "3", "brook": "orange", "tier": 4}),
]
# How many an auditor counts in each box, typed by hand from the list above; and how many of those are late.
COUNTED = {
    "received": (3, 1),
    "assessing": (1, 0),
    "deciding": (3, 1),
    "category-0": (2, 1),
    "category-1": (2, 0),
    "category-2": (1, 1),
    "category-3": (2, 0),
    "category-not-hsb": (1, 0),
    "category-none": (3, 1),
    "harmed": (4, 0),
    "brook-0": (1, 1),
    "brook-1": (1, 0),
    "brook-2": (1, 1),
    "brook-3": (1, 0),
    "brook-0-other": (1, 0),
    "brook-1-other": (1, 0),
    "brook-2-other": (0, 0),
    "brook-3-other": (1, 0),
    "tier-2": (3, 1),
    "tier-3": (2, 0),
    "tier-4": (4, 1),
    "early-help": (1, 0),
    "statutory": (3, 0),
    "statutory-police": (3, 1),
    "police-outstanding": (1, 1),
    "meeting-asked": (1, 0),
    "meeting-convened": (1, 1),
}
LATE = (0, 4, 10)  # places in REFERRALS


@remembered
def build(author, held_by, worker=None):
    """Makes them, held by one team; the late ones were due yesterday. Returns the referrals, in order."""
    today = clock.today()
    made = []
    for place, (state, side, judgements) in enumerate(REFERRALS):
        due = today - timedelta(days=1) if place in LATE else today + timedelta(days=place)
        made.append(
            cast.referral(
                author,
                held_by=held_by,
                state=state,
                side=side,
                child=cast.person("Robin", f"Sample{place}"),
                worker=worker if state in {"early_help", "statutory"} else None,
                next_due_on=due,
                **judgements,
            )
        )
    ask_for_a_meeting(made[9])
    ask_for_a_meeting(made[10], "convened")
    return made


def ask_for_a_meeting(referral, state="requested"):
    return MeetingDecision.objects.create(
        record=Record.objects.get(pk=referral.pk),
        referral=referral,
        reference=f"{referral.reference}-M1",
        state=state,
        requested_at=clock.now(),
        grounds="What was said.",
    )


def more(author, held_by, number=49, **fields):
    """That many more referrals of the same kind, to see whether a page asks more for more rows."""
    return [
        cast.referral(author, held_by=held_by, child=cast.person("Kit", f"More{n}"), **fields) for n in range(number)
    ]

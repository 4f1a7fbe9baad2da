"""One Brook colour of the demo borough, found by a worker who is trained: plainly invented."""

from hsb.overview.demo.notes import KNOWN_SINCE, WORKER
from referrals.models import Referral
from referrals.states import Brook, ReferralState, Side

SAID = {
    "colour": Brook.ORANGE,
    "age_group": "third",
    "tool_version": "Edition of the training year",
    "summary": "It went on after an adult had spoken with both children, and stopped once breaks were watched.",
}


def brook_colour(story, borough):
    """Of the last child who displayed that is this worker's: the first one has the AIM assessment."""
    theirs = Referral.objects.filter(
        worker=borough.users[WORKER],
        state=ReferralState.STATUTORY,
        side=Side.DISPLAYED,
        state_since__lt=story(days_ago=KNOWN_SINCE).moment,
        record__restricted=False,
    )
    referral = theirs.order_by("record__reference").last()
    story(days_ago=2).record_brook(referral, WORKER, SAID)

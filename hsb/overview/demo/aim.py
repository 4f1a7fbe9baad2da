"""One completed AIM assessment of the demo borough, by a worker whose training ends soon: plainly invented."""

from hsb.overview.demo.notes import KNOWN_SINCE, WORKER
from referrals.models import Referral
from referrals.states import AimTool, ReferralState, Side

YOUNGEST_FOR_AIM3 = 12
SAID = {
    "tool_version": "Edition of the training year",
    "summary": "Strengths at school and in sport, and one adult whom the child trusts. What is worked on is how to "
    "recognise other people's limits, and how the day is planned after school.",
    "recommendations": "The worker meets the child every week for twelve weeks. School keeps the named adult. The "
    "family follows the safety plan, and we look at it together in six weeks.",
    # Kept where the child was younger, or older, than the tool is for on the day it began.
    "age_reason": "The child's development was weighed.",
    "no_report_reason": "It is being typed, and is added next week.",
}


def aim_assessment(story, borough):
    """Of the first child who displayed that is this worker's, and was before the last of these days."""
    theirs = Referral.objects.filter(
        worker=borough.users[WORKER],
        state=ReferralState.STATUTORY,
        side=Side.DISPLAYED,
        state_since__lt=story(days_ago=KNOWN_SINCE).moment,
        record__restricted=False,
    )
    referral = theirs.select_related("person").order_by("record__reference").first()
    age = referral.person.age_on(borough.today)
    tool = AimTool.AIM_UNDER_12 if age is not None and age < YOUNGEST_FOR_AIM3 else AimTool.AIM3
    story(days_ago=2).record_aim(referral, WORKER, {"tool": tool, **SAID})

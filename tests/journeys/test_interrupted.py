"""What comes between: the session's end, a colleague who was first, a click too many. Nothing typed is ever lost."""

from datetime import timedelta

import pytest
from django.conf import settings

from hsb.core import clock, words
from hsb.core.models import Entry
from referrals.models import Concern
from tests.journeys import steps
from tests.referrals import assessment_road, case_road

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("postgresql", "the first road is walked on both"),
]

TYPED = {
    "description": "What the teacher saw,\nin two lines.",
    "category": "0",
    "brook_used": "no",
    "tier": "2",
    "rationale": "What was seen, between whom, and how it stopped.",
}


def last_move(reference):
    """When the record was changed last, in words."""
    return words.instant(Entry.objects.filter(record__reference=reference).latest("number").recorded_at)


def test_a_session_that_ends_while_somebody_types_loses_nothing(actors, borough, time_machine):
    referral, assessment = assessment_road.begun(borough["practitioner"])
    practitioner, address = actors("practitioner"), assessment_road.url(referral, "short")
    practitioner.opens(address)
    practitioner.fill(**TYPED)

    time_machine.move_to(clock.now() + timedelta(minutes=settings.SESSION_IDLE_MINUTES + 1))
    practitioner.press("Save and continue")
    assert practitioner.path.startswith("/account/reauthenticate/")
    assert assessment_road.now(assessment).category == ""

    practitioner.page.get_by_label("Password", exact=True).fill(settings.DEMO_PASSWORD)
    practitioner.press("Continue")
    assert practitioner.path == address
    practitioner.reads("This is what you typed before")
    practitioner.finds_filled(**TYPED)
    practitioner.press("Save and continue")

    saved = assessment_road.now(assessment)
    assert (saved.category, saved.tier, saved.rationale) == ("0", 2, TYPED["rationale"])


def test_of_two_on_one_page_the_second_sees_both_versions_and_goes_on(actors, borough):
    referral, assessment = assessment_road.begun(borough["practitioner"])
    amara, dot = actors("practitioner"), actors("duty")
    for each, note in ((amara, "As Amara has it."), (dot, "As Dot has it.")):
        each.opens(assessment_road.url(referral, "context"))
        each.fill(context_displayed=note)

    amara.press("Save and continue")
    dot.press("Save and continue")

    dot.reads(f"Amara Okafor saved a change on {last_move(referral.reference)}")
    dot.reads("As Amara has it.")
    assert dot.main.get_by_label("What you typed (not saved)").input_value() == "As Dot has it."
    assert assessment_road.now(assessment).context_displayed == "As Amara has it."

    dot.press("Open the page again")
    dot.finds_filled(context_displayed="As Dot has it.")
    dot.fill(context_displayed="As both have it.")
    dot.press("Save and continue")
    assert assessment_road.now(assessment).context_displayed == "As both have it."


def test_of_two_managers_the_second_is_told_who_decided(actors, borough):
    referral, _ = case_road.logged(borough["practitioner"], harmed=False)
    case_road.assess_displayed(referral, borough["practitioner"])
    second = actors("manager2")
    second.opens(f"/referrals/{referral.reference}/decide/")
    second.fill(agrees="yes", decision="statutory", statutory_team="willow", reason="I would rather keep this here.")

    steps.to_early_help(actors("manager"), referral.reference)
    second.press("Save the decision")

    second.reads(f"Mo Farrant changed this record on {last_move(referral.reference)}")
    second.reads("It is now: With Early Help.")
    reason = second.main.get_by_role("textbox", name="Reason for your decision")
    assert reason.input_value() == "I would rather keep this here."
    second.press("Go to my work")
    assert case_road.again(referral).state == "early_help"


def test_a_double_click_sends_once_and_logs_one_concern(actors):
    practitioner, sent = actors("practitioner"), []
    practitioner.page.on("request", lambda request: request.method == "POST" and sent.append(request.url))

    steps.log_a_concern(practitioner, clicks=2)

    assert [url.rpartition("/concerns/new/")[2].partition("/")[2] for url in sent].count("check/") == 1
    assert Concern.objects.count() == 1

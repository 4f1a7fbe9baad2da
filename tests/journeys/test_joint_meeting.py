"""A joint strategy meeting: two children who displayed and one who was harmed, each with an outcome of their own."""

import re

import pytest

from referrals.models import Referral, Section47
from strategy_meetings.models import StrategyMeeting
from tests.journeys import steps

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("postgresql", "the first road is walked on both"),
]
BOTH = {
    "child_invited": "no",
    "child_invited_reason": "The police ask to speak to the children first.",
    "family_invited": "yes",
    "outcome_reason": "What every service shared was weighed together.",
    "intel": "not_appropriate",
    "intel_reason": "Nothing beyond the families is known.",
}


def logged_and_allocated(practitioner, manager):
    """Clover and Wren displayed, Juniper was harmed; all three with social work."""
    clover, juniper, wren = steps.log_a_concern(practitioner, crime=True, third="displayed")
    steps.assess(practitioner, clover, "2", 4)
    steps.assess(practitioner, wren, "1", 3)
    steps.look_after(practitioner, juniper, 4)
    steps.refer_to_the_police(practitioner, manager, clover)
    for reference, worker in ((clover, "Bea Lindqvist"), (wren, "Bea Lindqvist"), (juniper, "Amara Okafor")):
        steps.to_statutory(manager, reference)
        steps.name_worker(manager, reference, worker)
    return clover, juniper, wren


def plan(chair, reference):
    """Returns the meeting's reference; its other children are in by default."""
    chair.go("/meetings/")
    chair.reads("To schedule")
    chair.go(f"/referrals/{reference}/schedule-meeting/")
    chair.reads("They are in by default")
    chair.fill(at=steps.today(), at_time="2pm", place="Civic offices, room 2")
    chair.choose_worker("minute_taker", "Min Castle")
    chair.press("Plan the meeting")
    return re.search(r"MTG-\d{4}-\d{5}", chair.path).group()


def hold(chair, meeting):
    """Health stays away: the meeting is not quorate, and the chair says why it goes on."""
    chair.go(f"{meeting}hold/")
    for number, who in enumerate(("The worker", "The manager", "The officer"), start=1):
        chair.fill(**{f"state_{number}": "filled"})
        chair.fill(**{f"who_{number}": who})
    chair.fill(state_4="empty", state_5="apologies")
    # The children have two workers: each has a seat from the beginning.
    chair.fill(state_6="filled")
    chair.press("Begin the meeting")
    chair.reads("The meeting is not quorate")
    chair.fill(quorum_reason="Health sent a full report, and it could not wait.")
    chair.press("Begin the meeting")
    chair.reads("Not quorate. Nobody came for health")


def agree(writer, meeting, number, outcome, *, action=True, **more):
    writer.go(f"{meeting}children/{number}/agree/")
    writer.fill(outcomes=[outcome])
    answers = {**BOTH, **more}
    for shown in ("child_invited", "family_invited", "intel"):
        writer.fill(**{shown: answers.pop(shown)})
    writer.fill(**answers)
    writer.press("Save what is agreed")
    if action:
        writer.press("Add an action")
        writer.fill(what="A safety plan at school.", agency="Education", owner_name="The lead", due_on=steps.today())
        writer.press("Add the action")
    assert "Still to be agreed" not in writer.main.inner_text(), writer.main.inner_text()


def write_up(taker, chair, meeting):
    taker.go(f"{meeting}minutes/")
    taker.fill(shared="Who was there and what each service knows.", closed_1="This child's own plan.")
    taker.press("Save and send to the chair")
    chair.go(f"{meeting}minutes/confirm/")
    chair.reads("This child's own plan.")
    chair.press("Confirm the minutes")
    taker.go(f"{meeting}documents/make/")
    taker.fill(which="copy-1", recipient="Education, the designated lead")
    taker.press("Make the document")
    taker.reads("Education, the designated lead")
    taker.go(f"{meeting}documents/1/went-out/")
    taker.fill(decision="out", how="by_hand", consent="Nobody was asked: the school has its part in the plan.")
    taker.press("Save")
    taker.press("Record that the minutes are circulated")
    taker.press("Record that the minutes are circulated")
    chair.go(f"{meeting}close/")
    chair.press("Close the meeting")


def test_one_meeting_three_children_three_outcomes(actors):
    practitioner, manager = actors("practitioner"), actors("manager")
    clover, juniper, wren = logged_and_allocated(practitioner, manager)
    manager.go(f"/referrals/{clover}/decide-meeting/")
    manager.fill(decision="convene")
    manager.press("Save the decision")
    chair, taker = actors("chair"), actors("minutes")
    reference = plan(chair, clover)
    meeting = f"/meetings/{reference}/"
    taker.go(f"{meeting}invite/")
    taker.press("Record that the invitations are out")
    hold(chair, meeting)

    # Nothing goes out half done.
    chair.go(f"{meeting}issue-decisions/")
    chair.reads("The decisions cannot go out yet")
    agree(taker, meeting, 1, "section_47", category="2", category_reason="As assessed.")
    agree(taker, meeting, 2, "immediate_action", immediate_what="The children are in different classes.")
    agree(taker, meeting, 3, "nfa", action=False, category="1", category_reason="As assessed.")
    chair.go(f"{meeting}issue-decisions/")
    chair.press("Issue the decisions")
    write_up(taker, chair, meeting)

    # No further action for a child who displayed waits for a manager.
    manager.go("/my-work/")
    manager.reads("Decide on no further action")
    manager.go(f"{meeting}children/3/no-further-action/")
    manager.fill(decision="confirm", reason="Help goes on; another meeting would not add to it.")
    manager.press("Save the decision")

    held = StrategyMeeting.at(reference).get()
    assert held.state == "closed"
    assert list(Section47.objects.values_list("referral__record__reference", flat=True)) == [clover]
    assert held.children.get(number=3).nfa_state == "confirmed"
    assert [child.referral.reference for child in held.children_in()] == [clover, juniper, wren]
    assert Referral.at(juniper).get().category == ""

    # Bea has Clover and Wren; what was agreed for Juniper is not hers to read.
    second = actors("practitioner2")
    second.opens(f"/referrals/{clover}/meetings/")
    second.opens(f"{meeting}children/1/")
    second.finds_nothing(f"{meeting}children/2/")
    second.go(meeting)
    second.reads("Child B")
    assert "Juniper" not in second.main.inner_text()
    actors("stranger").finds_nothing(meeting)

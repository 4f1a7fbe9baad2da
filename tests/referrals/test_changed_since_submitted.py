"""What is approved is what is asked now: a role, a concern or a behaviour that came since goes back to the worker."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hsb.core import access
from hsb.core.refusals import NotReady
from hsb.core.states import Because
from hsb.people.states import Role
from referrals.models import PoliceReferral, RiskAssessment
from referrals.services import assessing, behaviours, deciding, intake, meetings, police, working
from tests import cast
from tests.pages import filled, page
from tests.referrals import case_road as road
from tests.referrals.test_own_work import another_concern, to

pytestmark = pytest.mark.django_db
MORE_IS_ASKED = "More is asked of this assessment than when it was submitted"


@pytest.fixture
def harmed(amara, front_door):
    _, referral = road.logged(amara)
    return road.assess_harmed(referral, amara, tier=3)


def test_a_child_who_displayed_after_all_needs_a_category_first(amara, dev, rowan, harmed):
    concern = harmed.involvements.get().concern
    intake.set_roles(harmed.reference, actor=amara, concern=concern, roles=["displayed"])

    with pytest.raises(NotReady, match=MORE_IS_ASKED):
        deciding.allocate(harmed.reference, actor=dev, destination=to(rowan))

    deciding.return_to_worker(harmed.reference, actor=dev, reason="A category is needed now.")
    assert road.again(harmed).state == "assessing"


def test_a_child_who_displayed_in_a_further_concern_needs_a_category_first(dot, dev, rowan, harmed):
    another_concern(dot, harmed.person)

    with pytest.raises(NotReady, match=MORE_IS_ASKED):
        deciding.allocate(harmed.reference, actor=dev, destination=to(rowan))


def test_a_behaviour_that_came_since_is_rated_first(amara, dot, dev, front_door, rowan):
    referral, _ = road.awaiting(amara, "1")
    behaviours.note_behaviour(
        referral.reference, actor=dot, concern=referral.involvements.get().concern, description="Seen later."
    )

    with pytest.raises(NotReady, match=MORE_IS_ASKED):
        deciding.allocate(referral.reference, actor=dev, destination=to(rowan))


def test_the_page_that_was_open_meanwhile_says_so(amara, dot, dev, front_door, rowan, client_of):
    referral, _ = road.awaiting(amara, "1")
    browser = client_of(dev)
    before = browser.get(road.url(referral, "decide"))
    another_concern(dot, referral.person)

    answer = browser.post(
        road.url(referral, "decide"),
        filled(before, agrees="yes", decision="statutory", statutory_team="rowan", reason="What was weighed."),
    )

    assert answer.status_code == 409
    assert road.again(referral).state == "awaiting_decision"


def test_a_reassessment_that_was_returned_and_sent_again_is_not_approved_from_the_old_page(
    amara, mo, dev, front_door, willow, client_of
):
    may = cast.user("May", (willow, Role.MANAGER))
    referral = road.at_work(road.with_statutory(amara, dev, willow, worker=amara), amara)
    referral = road.reassessed(referral, amara, "1")
    before = client_of(mo).get(road.url(referral, "decide-reassessment"))
    deciding.decide_reassessment(referral.reference, actor=may, approve=False, reason="Look again.")
    assessment = referral.latest_assessment()
    assessing.save_page(assessment.reference, actor=amara, page="category", answers={"category": "2"})
    assessing.save_page(
        assessment.reference, actor=amara, page="threshold", answers={"tier": 4, "rationale": "New facts."}
    )
    assessing.submit(assessment.reference, actor=amara)

    answer = client_of(mo).post(
        road.url(referral, "decide-reassessment"), filled(before, agrees="yes", decision="approve")
    )

    assert answer.status_code == 409
    assert RiskAssessment.objects.get(pk=assessment.pk).state == "submitted"


def test_nothing_is_added_to_a_referral_that_has_ended(amara, dev, front_door, client_of):
    referral, _ = road.awaiting(amara, "0")
    deciding.close_with_advice(referral.reference, actor=dev, closed_as="no_service", reason="What was weighed.")
    concern = referral.involvements.get().concern

    with pytest.raises(NotReady, match="This referral has ended"):
        behaviours.note_behaviour(referral.reference, actor=dev, concern=concern, description="Later.")

    assert client_of(amara).get(road.url(referral, "note-behaviour")).status_code == 404


def test_a_reassessment_just_after_midnight_in_summer_counts(amara, dev, front_door, willow, time_machine):
    time_machine.move_to(datetime(2027, 6, 9, 0, 10, tzinfo=ZoneInfo("Europe/London")))
    referral = road.at_work(road.with_statutory(amara, dev, willow, worker=amara), amara)

    assert road.closing_proposed(referral, amara).state == "closing_proposed"


# --- Below the pathway's default ---


def test_tier_4_is_not_closed_with_advice_without_a_reason(amara, dev, front_door):
    referral, _ = road.logged(amara, harmed=False)
    road.assess_displayed(referral, amara, "0", tier=4)

    with pytest.raises(NotReady, match="going below the pathway's default"):
        deciding.close_with_advice(referral.reference, actor=dev, closed_as="no_service", reason="What was weighed.")


def test_tier_3_goes_to_early_help_with_the_managers_reason(amara, dev, front_door, hazel):
    referral, _ = road.logged(amara, harmed=False)
    road.assess_displayed(referral, amara, "0", tier=3)
    agreed = {"family": deciding.FamilyAnswer(agreed=True, given_by="The mother", given_on=road.clock.today())}
    with pytest.raises(NotReady, match="going below the pathway's default"):
        deciding.allocate(referral.reference, actor=dev, destination=to(hazel), **agreed)

    deciding.allocate(
        referral.reference,
        actor=dev,
        destination=to(hazel),
        judgement=deciding.Judgement(below_reason="The family works well with them.", **road.WEIGHED),
        **agreed,
    )

    assert road.again(referral).state == "early_help"
    assert referral.threshold_decisions.last().below_default


# --- After a team refused ---


def test_the_authors_manager_sends_it_back_to_the_worker_after_a_team_refused(amara, mo, max, rowan, front_door):
    referral, _ = road.awaiting(amara, "1")
    deciding.allocate(referral.reference, actor=mo, destination=to(rowan))
    working.refuse_allocation(referral.reference, actor=max, reason="The team is full.")

    deciding.return_to_worker(referral.reference, actor=cast.again(mo), reason="Look at it again.")

    assert road.again(referral).state == "assessing"


def test_an_open_request_to_another_team_is_withdrawn_first(amara, dev, eli, esi, front_door, hazel, rowan):
    referral = road.with_early_help(amara, dev, hazel)
    working.offer(referral.reference, actor=esi, kind="step_up", to_team=rowan, reason="More is needed.")

    with pytest.raises(NotReady, match="withdraw the request first"):
        working.refuse_allocation(referral.reference, actor=esi, reason="The team is full.")


# --- What the author of a concern reads later ---


def test_an_author_reads_on_what_she_typed_and_not_what_others_wrote(amara, mo, dev, max, rowan, front_door, client_of):
    referral, _ = road.awaiting(amara, "2")
    deciding.allocate(referral.reference, actor=mo, destination=to(rowan))
    form = PoliceReferral.objects.get()
    police.excuse(
        form.reference, actor=max, exit_="not_sent_because", reason="What the manager wrote.", weighed=road.weighed()
    )
    access.end_grants(referral.record, Because.AUTHOR)
    concern = referral.involvements.get().concern

    shown = page(client_of(amara).get(f"/concerns/{concern.reference}/")).text

    assert concern.what_was_reported in shown
    assert "What the manager wrote." not in shown
    assert "Form 87A" not in shown
    assert "Referrer told" not in shown


# --- Dead ends ---


@pytest.mark.parametrize("left", ["stale", "begun anew"])
def test_after_a_refusal_the_worker_gets_back_whatever_was_left(amara, dot, dev, max, rowan, front_door, left):
    worker = cast.user("Wyn", (rowan, Role.PRACTITIONER))
    referral = road.with_statutory(dot, dev, rowan, worker=worker)
    if left == "stale":
        behaviours.note_behaviour(
            referral.reference, actor=max, concern=referral.involvements.get().concern, description="Seen later."
        )
    else:
        assessing.begin_reassessment(referral.reference, actor=worker)
    working.refuse_allocation(referral.reference, actor=max, reason="The team is full.")

    deciding.return_to_worker(referral.reference, actor=dev, reason="Bring it up to date.")

    referral = road.again(referral)
    assessment = referral.latest_assessment()
    assert (referral.state, assessment.is_writable) == ("assessing", True)
    for behaviour in referral.behaviours():
        behaviours.rate_behaviour(assessment.reference, actor=dot, behaviour=behaviour, category="1")
    road.answer(assessment, dot, "1")
    assessing.submit(assessment.reference, actor=dot)
    assert road.again(referral).state == "awaiting_decision"


def test_the_decide_page_says_that_no_category_was_asked(amara, dev, front_door, harmed, client_of):
    concern = harmed.involvements.get().concern
    intake.set_roles(harmed.reference, actor=amara, concern=concern, roles=["displayed"])

    shown = client_of(dev).get(road.url(harmed, "decide"))

    assert shown.status_code == 200
    assert "Not asked when this was submitted" in page(shown).text


def test_no_exit_leaves_a_waiting_question_behind(amara, dev, front_door):
    referral, _ = road.awaiting(amara, "0")
    meetings.request_meeting(referral.reference, actor=amara, grounds="Cause to suspect harm.")

    with pytest.raises(NotReady, match="Decide on the request for a strategy meeting first"):
        deciding.close_with_advice(referral.reference, actor=dev, closed_as="no_service", reason="What was weighed.")


def test_a_category_that_rises_in_a_reassessment_asks_for_the_meeting(amara, dev, eli, esi, front_door, hazel):
    referral = road.at_work(road.with_early_help(amara, dev, hazel, worker=eli), eli)
    road.reassessed(referral, eli, "2")

    meanwhile = deciding.Judgement(below_reason="Until it is stepped up.", **road.WEIGHED)
    deciding.decide_reassessment(referral.reference, actor=esi, approve=True, judgement=meanwhile)

    assert referral.meeting_decisions.get().state == "requested"

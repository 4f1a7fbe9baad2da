"""Sent back by a manager, and assessed again later: the reason, what changed since, last time's answers beside."""

import pytest

from hsb.core.models import Task
from hsb.people.states import Role
from referrals.models import CategoryDecision
from referrals.services import assessing, behaviours, deciding
from referrals.states import AssessmentState, ReferralState
from tests import cast
from tests.pages import page
from tests.referrals import assessment_road as road
from tests.referrals import case_road

pytestmark = pytest.mark.django_db


# --- Sent back ---


@pytest.fixture
def returned(dot, dev):
    referral, assessment = road.ready(dot)
    road.submitted(assessment, dot)
    deciding.return_to_worker(referral.reference, actor=dev, reason="Say more about what protects this child.")
    return referral, assessment


@pytest.mark.parametrize("where", ["", "strengths", "behaviours", "check"])
def test_the_managers_reason_stands_at_the_top(returned, dot, client_of, where):
    said = page(client_of(dot).get(road.url(returned[0], where))).text

    assert "Returned by Dev Say more about what protects this child. Changed since then Nothing yet." in said


def test_what_changed_since_is_said_with_who_and_which_question(returned, dot, front_door, client_of):
    referral, assessment = returned
    ned = cast.user("Ned", (front_door, Role.PRACTITIONER))
    road.sent(client_of(dot), road.url(referral, "strengths"), protective_factors="A form tutor, every morning.")
    road.sent(client_of(ned), road.url(referral, "threshold"), tier="4", mismatch_reason="It got worse.")
    road.described(assessment, ned, "1")

    said = page(client_of(dot).get(road.url(referral))).text

    assert "Strengths and views (What protects this child and others): Dot," in said
    assert "Threshold tier and reasons (Why the judgements differ from the pathway; Threshold tier): Ned," in said
    assert "Behaviours: Ned," in said
    assert "Tier 3 was submitted; now Tier 4." in said
    assert "Context (" not in said


def test_saving_a_page_as_it_was_is_no_change(returned, dot, client_of):
    referral, _ = returned
    browser = client_of(dot)

    road.sent(browser, road.url(referral, "strengths"))

    assert "Nothing yet." in page(browser.get(road.url(referral))).text


def test_it_can_be_submitted_again_and_both_views_are_kept(returned, dot, client_of):
    referral, assessment = returned
    browser = client_of(dot)
    road.sent(browser, road.url(referral, "category"), category="0", indicators_0=["0.1"])
    road.sent(browser, road.url(referral, "threshold"), tier="2", rationale="Seen again.")

    answer = road.sent(browser, road.url(referral, "check"))

    assert answer.status_code == 302
    overall = CategoryDecision.objects.filter(behaviour__isnull=True).order_by("pk")
    assert list(overall.values_list("category", "reason")) == [("1", road.RATIONALE), ("0", "Seen again.")]
    assert road.now(assessment).return_reason == ""


# --- Reassessment ---


@pytest.fixture
def with_amara(dot, dev, willow, amara):
    referral, assessment = road.ready(dot)
    road.submitted(assessment, dot)
    deciding.allocate(referral.reference, actor=dev, destination=deciding.Destination(team=willow, worker=amara))
    return referral


def test_a_reassessment_is_begun_beside_the_approved_one(with_amara, amara, client_of):
    browser = client_of(amara)
    assert "Begin a reassessment" in page(browser.get(road.url(with_amara))).text

    answer = browser.post(f"/referrals/{with_amara.reference}/begin-reassessment/")

    assert answer.headers["Location"] == road.url(with_amara, "behaviours")
    assert with_amara.assessments.count() == 2
    assert with_amara.assessments.get(number=1).state == AssessmentState.APPROVED
    assert "Begin a reassessment" not in page(browser.get(road.url(with_amara))).text


def test_a_second_click_begins_no_third(with_amara, amara, client_of):
    browser = client_of(amara)
    browser.post(f"/referrals/{with_amara.reference}/begin-reassessment/")
    browser.post(f"/referrals/{with_amara.reference}/begin-reassessment/")

    assert with_amara.assessments.count() == 2


@pytest.mark.parametrize(
    ("where", "last_time"),
    [
        pytest.param("category", "Overall Hackett category Category 1: Problematic", id="category"),
        pytest.param("brook", "Brook colour Not used", id="Brook"),
        pytest.param("threshold", f"Rationale {road.RATIONALE}", id="threshold"),
        pytest.param("context", "Context of this child School and home.", id="context"),
        pytest.param("strengths", "What protects this child and others A trusted adult.", id="strengths"),
        pytest.param("risk", "Brothers and sisters No", id="risk"),
    ],
)
def test_last_times_answers_stand_beside_this_times(with_amara, amara, client_of, where, last_time):
    assessing.begin_reassessment(with_amara.reference, actor=amara)

    said = page(client_of(amara).get(road.url(with_amara, where))).text

    beside = said[said.index("Last time: assessment 1") :]
    assert last_time in beside


def test_the_judgements_are_made_anew_and_the_rest_is_looked_at_again(with_amara, amara, client_of):
    assessing.begin_reassessment(with_amara.reference, actor=amara)
    browser = client_of(amara)

    assert road.form_of(browser.get(road.url(with_amara, "context")))["context_displayed"] == ["School and home."]
    assert "category" not in road.form_of(browser.get(road.url(with_amara, "category")))
    assert "To look at again" in page(browser.get(road.url(with_amara))).text


def test_a_reassessment_is_submitted_without_moving_the_referral(with_amara, amara, client_of):
    again = assessing.begin_reassessment(with_amara.reference, actor=amara)
    browser = client_of(amara)
    concern = road.concern(with_amara).reference
    road.sent(browser, road.url(with_amara, f"behaviours/{concern}/1"), category="2")
    road.answered(again, amara, category="2", tier=4)

    answer = road.sent(browser, road.url(with_amara, "check"))

    said = page(browser.get(answer.headers["Location"])).text
    moved = case_road.again(with_amara)
    assert (moved.state, moved.category) == (ReferralState.STATUTORY, "2")
    assert "A manager of Willow decides on the reassessment next." in said
    assert Task.objects.open().filter(record=with_amara.record, kind="reassess").exists()
    assert "Begin a reassessment" not in page(browser.get(road.url(with_amara))).text


def test_no_other_is_begun_while_one_waits_for_a_manager(with_amara, amara, client_of):
    again = assessing.begin_reassessment(with_amara.reference, actor=amara)
    behaviours.rate_behaviour(again.reference, actor=amara, behaviour=with_amara.behaviours().get(), category="1")
    road.answered(again, amara)
    road.submitted(again, amara)
    browser = client_of(amara)

    answer = browser.post(f"/referrals/{with_amara.reference}/begin-reassessment/")

    assert "waits for a manager's decision" in page(browser.get(answer.headers["Location"])).text
    assert with_amara.assessments.count() == 2

"""Check your answers and submit: everything that is missing together, what follows, and nothing editable after."""

import pytest

from hsb.core.models import Task
from hsb.core.refusals import NotReady
from hsb.core.timescales import timescale
from hsb.people.states import Role
from referrals.models import CategoryDecision, PoliceReferral, ThresholdDecision
from referrals.services import assessing
from referrals.states import AssessmentState, ReferralState, View
from tests import cast
from tests.pages import page
from tests.referrals import assessment_road as road
from tests.referrals import case_road

pytestmark = pytest.mark.django_db

SHORT_OF = [
    "Choose the overall Hackett category.",
    "Describe at least one behaviour, and choose a category for each.",
    "Record the Brook colour with its date and a user whose training is current, or 'not used'. A colour that was "
    "recorded anew since is chosen again.",
    "Choose the threshold tier.",
    "Give your rationale.",
]
SHORT_OF_FULL = [
    "Say for every group whether they may be at risk.",
    "Describe the context of the child, and what protects them.",
]
SHORT_OF_SAFETY = ["Complete the safety and support page: the child's safety now, and the support they need."]


def check(referral):
    return road.url(referral, "check")


# --- What is missing ---


@pytest.mark.parametrize(
    ("roles", "category", "sentences"),
    [
        pytest.param(("displayed",), "", SHORT_OF, id="displayed, nothing answered"),
        pytest.param(("displayed",), "1", [*SHORT_OF[1:], *SHORT_OF_FULL], id="displayed, only the category 1"),
        pytest.param(("harmed",), "", [*SHORT_OF[3:], *SHORT_OF_SAFETY], id="harmed"),
        pytest.param(("displayed", "harmed"), "", [*SHORT_OF, *SHORT_OF_SAFETY], id="both"),
    ],
)
def test_all_that_is_missing_is_listed_together_with_links_and_no_button(dot, client_of, roles, category, sentences):
    referral, assessment = road.begun(dot, *roles)
    if category:
        assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": category})

    shown = page(client_of(dot).get(check(referral)))

    linked = [words for href, words in shown.links if href.startswith(road.url(referral))]
    assert [sentence for sentence in sentences if sentence not in linked] == []
    assert "Submit to the manager" not in shown.text
    assert len([words for words in linked if words in SHORT_OF + SHORT_OF_FULL + SHORT_OF_SAFETY]) == len(sentences)


def test_a_forged_submit_is_refused_with_every_sentence_and_moves_nothing(dot, client_of):
    referral, assessment = road.begun(dot)
    assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": "1"})

    answer = client_of(dot).post(check(referral), {"version": 2})

    said = page(answer).text
    assert answer.status_code == 422
    assert [s for s in [*SHORT_OF[1:], *SHORT_OF_FULL] if s not in said] == []
    assert road.now(assessment).state == AssessmentState.DRAFT
    assert case_road.again(referral).state == ReferralState.ASSESSING


def test_a_sentence_leads_to_the_page_that_answers_it(dot, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1")
    road.answered(assessment, dot, context_displayed="School.", protective_factors="")

    shown = page(client_of(dot).get(check(referral)))

    assert [road.url(referral, "strengths"), SHORT_OF_FULL[1]] in shown.links


def test_an_unrated_behaviour_stands_in_the_way(dot, client_of):
    referral, assessment = road.ready(dot)
    road.described(assessment, dot, "")

    shown = page(client_of(dot).get(check(referral)))

    assert [road.url(referral, "behaviours"), "Choose a category for behaviour 2."] in shown.links


def test_a_mismatch_without_its_sentence_stands_in_the_way(dot, client_of):
    referral, _ = road.ready(dot, "1", tier=2)

    shown = page(client_of(dot).get(check(referral)))

    assert "The judgements do not match the pathway: write one sentence to say why." in shown.text
    assert "Category 1: Problematic usually goes with Tier 3; Tier 2 is recorded." in shown.text


# --- Submitting ---


def test_submitting_gives_the_workers_view_and_asks_a_manager(dot, client_of, front_door):
    referral, assessment = road.ready(dot)
    browser = client_of(dot)

    answer = road.sent(browser, check(referral))

    assert answer.headers["Location"] == f"/referrals/{referral.reference}/"
    moved = case_road.again(referral)
    assert (road.now(assessment).state, moved.state) == (AssessmentState.SUBMITTED, ReferralState.AWAITING_DECISION)
    assert (moved.category, moved.tier, moved.brook) == ("1", 3, "not_used")
    given = CategoryDecision.objects.filter(behaviour__isnull=True).get()
    assert (given.category, given.view, given.by, given.reason) == ("1", View.WORKER, dot, road.RATIONALE)
    assert ThresholdDecision.objects.get().tier == 3
    assert road.verbs(referral)[-2:] == ["submit", "submit"]
    asked = Task.objects.open().get(record=referral.record, kind="decide")
    assert (asked.team, asked.role) == (front_door, Role.MANAGER)
    assert not Task.objects.open().filter(record=referral.record, kind="assess").exists()


def test_what_happens_next_is_said(dot, client_of):
    referral, _ = road.ready(dot)
    browser = client_of(dot)

    said = page(browser.get(road.sent(browser, check(referral)).headers["Location"])).text

    assert "Submitted. A manager of Front door decides next" in said
    assert "Form 87A to the police is needed today" not in said


@pytest.mark.parametrize("category", ["2", "3"])
def test_category_2_and_3_say_that_form_87a_is_needed_before_and_after(dot, client_of, category):
    referral, _ = road.ready(dot, category)
    browser = client_of(dot)

    before = page(browser.get(check(referral))).text
    after = page(browser.get(road.sent(browser, check(referral)).headers["Location"])).text

    assert f"Form 87A to the police is needed, {timescale('police_referral').in_words}, with this assessment" in before
    assert "Form 87A to the police is needed today: it does not wait for that decision." in after
    assert PoliceReferral.objects.count() == 1
    assert case_road.again(referral).police_outstanding


@pytest.mark.parametrize("category", ["N", "0", "1"])
def test_no_other_category_needs_form_87a(dot, client_of, category):
    referral, _ = road.ready(dot, category)
    browser = client_of(dot)

    assert "Form 87A to the police is needed" not in page(browser.get(check(referral))).text
    road.sent(browser, check(referral))

    assert not PoliceReferral.objects.exists()


def test_a_child_who_was_harmed_is_submitted_without_any_category(dot, client_of):
    referral, assessment = road.begun(dot, "harmed")
    browser = client_of(dot)
    road.sent(browser, road.url(referral, "safety"), safety_now="Safe at home.")
    road.sent(browser, road.url(referral, "support"), support_needed="A listener.")
    road.sent(browser, road.url(referral, "threshold"), tier="3", rationale="Weighed.")

    answer = road.sent(browser, check(referral))

    assert answer.status_code == 302
    assert not CategoryDecision.objects.exists()
    moved = case_road.again(referral)
    assert (moved.state, moved.category, moved.tier) == (ReferralState.AWAITING_DECISION, "", 3)
    entry = case_road.last_entry(referral, "submit")
    assert "category" not in entry.facts


def test_what_was_chosen_before_the_role_was_corrected_leaves_no_trace_in_the_judgement(dot, client_of):
    referral, assessment = road.ready(dot, "2", tier=3)
    referral.involvements.update(role="harmed")
    type(referral).objects.filter(pk=referral.pk).update(side="harmed")
    browser = client_of(dot)
    road.sent(browser, road.url(referral, "safety"), safety_now="Safe at home.")
    road.sent(browser, road.url(referral, "support"), support_needed="A listener.")

    answer = road.sent(browser, check(referral))

    assert answer.status_code == 302
    assert not CategoryDecision.objects.exists()
    assert not PoliceReferral.objects.exists()
    assert road.now(assessment).kind == "safety"


# --- Somebody else in between ---


def test_what_is_submitted_is_what_was_checked(dot, front_door, client_of):
    ned = cast.user("Ned", (front_door, Role.PRACTITIONER))
    referral, assessment = road.ready(dot)
    browser = client_of(dot)
    checked = road.form_of(browser.get(check(referral)))
    road.sent(client_of(ned), road.url(referral, "threshold"), rationale="Ned's own rationale.")

    answer = browser.post(check(referral), checked)

    assert answer.status_code == 409
    assert "Ned saved a change" in page(answer).text
    assert road.now(assessment).state == AssessmentState.DRAFT
    assert browser.post(check(referral), road.form_of(browser.get(check(referral)))).status_code == 302


def test_submitted_twice_says_that_it_was(dot, client_of):
    referral, _ = road.ready(dot)
    browser = client_of(dot)
    form = road.form_of(browser.get(check(referral)))
    browser.post(check(referral), form)

    answer = browser.post(check(referral), form)

    assert answer.status_code == 409
    assert CategoryDecision.objects.filter(behaviour__isnull=True).count() == 1


# --- Afterwards ---


@pytest.mark.parametrize(
    "where", ["short", "behaviours", "behaviours/add", "category", "brook", "threshold", "context", "risk", "check"]
)
def test_the_author_edits_nothing_after_submitting(dot, client_of, where):
    referral, assessment = road.ready(dot)
    road.submitted(assessment, dot)

    answer = client_of(dot).get(road.url(referral, where))

    assert (answer.status_code, answer.headers["Location"]) == (302, road.url(referral))


@pytest.mark.parametrize(
    ("page_", "answers"),
    [
        pytest.param("category", {"category": "0"}, id="category"),
        pytest.param("threshold", {"tier": 1}, id="tier"),
        pytest.param("context", {"context_displayed": "x"}, id="context"),
    ],
)
def test_the_service_saves_nothing_after_submitting(dot, page_, answers):
    _, assessment = road.ready(dot)
    road.submitted(assessment, dot)

    with pytest.raises(NotReady, match="This assessment was submitted"):
        assessing.save_page(assessment.reference, actor=dot, page=page_, answers=answers)


def test_the_service_adds_no_behaviour_after_submitting(dot):
    _, assessment = road.ready(dot)
    road.submitted(assessment, dot)

    with pytest.raises(NotReady, match="This assessment was submitted"):
        road.described(assessment, dot)

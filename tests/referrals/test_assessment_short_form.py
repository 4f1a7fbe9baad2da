"""The one-page form: enough for category 0 and not HSB; from category 1 on the full pages open (practice.md B5)."""

from datetime import date

import pytest

from referrals.models import Behaviour, CategoryDecision
from referrals.services import assessing
from referrals.states import AssessmentKind, ReferralState
from tests import cast
from tests.pages import assert_no_dead_error_links, assert_well_formed, page
from tests.referrals import assessment_road as road
from tests.referrals import case_road

pytestmark = pytest.mark.django_db


def send(browser, referral, **answers):
    return road.sent(browser, road.url(referral, "short"), **(road.SHORT | answers))


def test_one_page_is_the_whole_assessment_of_category_0(dot, client_of):
    referral, assessment = road.begun(dot)

    answer = send(
        client_of(dot), referral, contexts=["school"], happened_in_words="last week", indicators_0=["0.1", "0.4"]
    )

    assert answer.headers["Location"] == road.url(referral, "check")
    saved, behaviour = road.now(assessment), Behaviour.objects.get()
    assert (saved.category, saved.brook, saved.tier, saved.rationale) == ("0", "not_used", 2, road.RATIONALE)
    assert (saved.kind, saved.indicators) == (AssessmentKind.SHORT, ["0.1", "0.4"])
    assert (behaviour.description, behaviour.contexts) == (road.SHORT["description"], ["school"])
    assert (behaviour.happened_in_words, behaviour.author) == ("last week", dot)
    assert list(saved.behaviour_categories.values_list("behaviour", "category")) == [(behaviour.pk, "0")]


@pytest.mark.parametrize(
    ("category", "tier", "ends"),
    [pytest.param("0", "2", "0", id="category 0"), pytest.param("N", "1", "N", id="developmentally expected: not HSB")],
)
def test_the_short_form_can_be_submitted_at_once(dot, client_of, category, tier, ends):
    referral, _ = road.begun(dot)
    browser = client_of(dot)
    send(browser, referral, category=category, tier=tier)

    answer = road.sent(browser, road.url(referral, "check"))

    assert answer.headers["Location"] == f"/referrals/{referral.reference}/"
    referral = case_road.again(referral)
    assert (referral.state, referral.category, referral.tier) == (ReferralState.AWAITING_DECISION, ends, int(tier))
    assert sorted(CategoryDecision.objects.values_list("category", flat=True)) == [ends, ends]


@pytest.mark.parametrize(
    ("category", "tier"), [pytest.param("1", "3", id="category 1"), pytest.param("3", "4", id="category 3")]
)
def test_category_1_and_more_open_the_full_pages(dot, client_of, category, tier):
    referral, assessment = road.begun(dot)
    browser = client_of(dot)

    answer = send(browser, referral, category=category, tier=tier)

    assert answer.headers["Location"] == road.url(referral, "context")
    assert road.now(assessment).kind == AssessmentKind.FULL
    assert "Who may be at risk" in page(browser.get(road.url(referral))).text
    assert browser.get(road.url(referral, "short")).headers["Location"] == road.url(referral)


def test_when_the_category_comes_down_again_the_one_page_is_back_and_what_was_written_stays(dot, client_of):
    referral, assessment = road.begun(dot)
    browser = client_of(dot)
    send(browser, referral, category="1", tier="3")
    road.sent(browser, road.url(referral, "context"), context_displayed="School and home.")

    road.sent(browser, road.url(referral, "category"), category="0")
    road.sent(browser, road.url(referral, f"behaviours/{road.concern(referral).reference}/1"), category="0")

    shown = page(browser.get(road.url(referral))).text
    assert "One-page form" in shown
    assert "Context" in shown
    assert road.now(assessment).kind == AssessmentKind.SHORT


def test_it_starts_from_when_the_concern_says_it_happened(dot, client_of):
    referral, _ = road.begun(dot, happened_on=date(2026, 11, 2))

    data = road.form_of(client_of(dot).get(road.url(referral, "short")))

    assert (data["happened_on_day"], data["happened_on_month"], data["happened_on_year"]) == (["2"], ["11"], ["2026"])


def test_it_says_everything_that_is_missing_together_and_saves_nothing(dot, client_of):
    referral, assessment = road.begun(dot)

    answer = road.sent(client_of(dot), road.url(referral, "short"))

    said = page(answer).text
    assert answer.status_code == 422
    wanted = [
        "Say what happened",
        "Choose the overall category",
        "Choose whether the Brook tool was used",
        "Choose the threshold tier",
        "Give your rationale",
    ]
    assert [sentence for sentence in wanted if sentence not in said] == []
    assert_no_dead_error_links(answer)
    assert_well_formed(answer)
    assert road.now(assessment).version == 1
    assert Behaviour.objects.count() == 0


@pytest.mark.parametrize(
    ("answers", "described", "tier"),
    [
        pytest.param({"description": "What was seen."}, 1, None, id="only what happened"),
        pytest.param({"tier": "2"}, 0, 2, id="only the tier"),
        pytest.param({}, 0, None, id="nothing yet"),
    ],
)
def test_it_can_be_left_unfinished(dot, client_of, answers, described, tier):
    referral, assessment = road.begun(dot)

    answer = road.sent(client_of(dot), road.url(referral, "short"), later="1", **answers)

    assert answer.headers["Location"] == road.url(referral)
    assert Behaviour.objects.count() == described
    assert road.now(assessment).tier == tier


def test_saved_again_it_changes_the_one_behaviour_and_adds_none(dot, client_of):
    referral, assessment = road.begun(dot)
    browser = client_of(dot)
    send(browser, referral)

    send(browser, referral, description="Told more exactly.", category="N", tier="1")

    behaviour = Behaviour.objects.get()
    assert (behaviour.description, behaviour.version) == ("Told more exactly.", 2)
    assert road.now(assessment).behaviour_categories.get().category == "N"


def test_what_differs_from_the_pathway_asks_for_a_sentence_here_too(dot, client_of):
    referral, assessment = road.begun(dot)
    browser = client_of(dot)

    refused = send(browser, referral, tier="4")
    taken = browser.post(road.url(referral, "short"), road.form_of(refused, mismatch_reason="Harm is likely."))

    assert refused.status_code == 422
    assert "Category 0: Inappropriate usually goes with Tier 2; Tier 4 is recorded." in page(refused).text
    assert taken.status_code == 302
    assert road.now(assessment).mismatch_reason == "Harm is likely."


def test_a_colour_that_differs_asks_too(dot, client_of):
    cast.train(dot)
    referral, _ = road.begun(dot)

    refused = send(client_of(dot), referral, **road.brook("red"))

    assert "Category 0: Inappropriate usually goes with Brook Amber; Red is recorded." in page(refused).text


def test_more_than_one_behaviour_has_pages_of_its_own(dot, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "0")
    road.described(assessment, dot, "0")
    browser = client_of(dot)

    shown = page(browser.get(road.url(referral))).text

    assert "One-page form" not in shown
    assert "Behaviours" in shown
    assert browser.get(road.url(referral, "short")).headers["Location"] == road.url(referral)


def test_a_child_with_a_part_in_two_concerns_is_asked_which_one_it_belongs_to(dot, client_of):
    referral, assessment = road.begun(dot)
    second = cast.concern(dot)
    second.involvements.create(person=referral.person, role="displayed", referral=referral)
    browser = client_of(dot)

    refused = send(browser, referral)
    taken = send(browser, referral, concern=second.reference)

    assert "Choose the concern it belongs to" in page(refused).text
    assert taken.status_code == 302
    assert Behaviour.objects.get().involvement.concern == second


def test_a_concern_of_somebody_else_is_refused(dot, client_of):
    referral, _ = road.begun(dot)
    second = cast.concern(dot)
    second.involvements.create(person=referral.person, role="displayed", referral=referral)

    answer = send(client_of(dot), referral, concern=cast.concern(dot).reference)

    assert answer.status_code == 422
    assert Behaviour.objects.count() == 0


def test_somebody_untrained_saves_the_page_without_touching_a_colleagues_colour(dot, front_door, client_of):
    cast.train(dot)
    ned = cast.user("Ned", (front_door, "practitioner"))
    referral, assessment = road.begun(dot)
    road.sent(client_of(dot), road.url(referral, "brook"), **road.brook("orange"))
    answers = {name: value for name, value in road.SHORT.items() if name != "brook_used"}

    answer = road.sent(client_of(ned), road.url(referral, "short"), **answers)

    assert answer.status_code == 302
    saved = road.now(assessment)
    assert (saved.brook, saved.brook_by, saved.category, saved.tier) == ("orange", dot, "0", 2)


def test_a_child_in_both_roles_goes_on_to_the_safety_pages(dot, client_of):
    referral, _ = road.begun(dot, "displayed", "harmed")

    answer = send(client_of(dot), referral)

    assert answer.headers["Location"] == road.url(referral, "safety")


def test_a_late_page_of_somebody_else_is_kept_and_explained(dot, front_door, client_of):
    ned = cast.user("Ned", (front_door, "practitioner"))
    referral, assessment = road.begun(dot)
    late = road.form_of(client_of(ned).get(road.url(referral, "short")), **road.SHORT)
    road.described(assessment, dot, "1")
    assessing.save_page(assessment.reference, actor=dot, page="threshold", answers={"tier": 3})
    road.described(assessment, dot, "1")

    answer = client_of(ned).post(road.url(referral, "short"), late)

    assert answer.status_code == 422
    assert "This assessment has pages of its own by now" in page(answer).text
    assert road.now(assessment).tier == 3

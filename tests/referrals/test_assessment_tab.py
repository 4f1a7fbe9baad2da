"""The tab "Assessment": nothing begun, begun, submitted; who may begin; every view and version kept."""

import pytest

from hsb.core import clock
from hsb.people.states import Role
from referrals.models import RiskAssessment
from referrals.services import assessing, deciding
from referrals.states import ReferralState
from tests import cast
from tests.pages import assert_same_queries, page
from tests.referrals import assessment_road as road
from tests.referrals import case_road

pytestmark = pytest.mark.django_db


def texts(browser, referral, where=""):
    return page(browser.get(road.url(referral, where))).text


def tasks(browser, referral):
    """The task list as {words of the page: its state}."""
    found = texts(browser, referral)
    return found[found.index(" Pages ") : found.index("Check your answers")]


# --- Nothing begun ---


def test_before_anything_is_begun_the_tab_explains_and_offers_to_begin(dot, client_of):
    referral = road.logged(dot)

    shown = page(client_of(dot).get(road.url(referral)))

    assert "Nothing has been begun yet." in shown.text
    assert "Start with the one-page form" in shown.text
    assert f"/referrals/{referral.reference}/begin-assessment/" in [form["action"] for form in shown.forms]


def test_beginning_moves_the_referral_and_opens_the_one_page(dot, client_of):
    referral = road.logged(dot)

    answer = client_of(dot).post(f"/referrals/{referral.reference}/begin-assessment/")

    assert answer.headers["Location"] == road.url(referral, "short")
    assert case_road.again(referral).state == ReferralState.ASSESSING
    assert "begin_assessment" in road.verbs(referral)


def test_a_second_click_begins_nothing_more(dot, client_of):
    referral = road.logged(dot)
    browser = client_of(dot)
    browser.post(f"/referrals/{referral.reference}/begin-assessment/")

    again = browser.post(f"/referrals/{referral.reference}/begin-assessment/")

    assert (again.status_code, again.headers["Location"]) == (302, road.url(referral))
    assert RiskAssessment.objects.count() == 1
    assert road.verbs(referral).count("begin_assessment") == 1


def test_who_comes_back_to_the_button_from_signing_in_finds_the_tab(dot, client_of):
    referral = road.logged(dot)

    answer = client_of(dot).get(f"/referrals/{referral.reference}/begin-assessment/")

    assert answer.headers["Location"] == road.url(referral)


def test_a_reader_who_may_not_begin_is_offered_no_button_and_refused_by_the_door(dot, aud, client_of):
    referral = road.logged(dot)

    shown = page(client_of(aud).get(road.url(referral)))

    assert "Nothing has been begun yet." in shown.text
    assert "Begin the assessment" not in shown.text
    assert client_of(aud).post(f"/referrals/{referral.reference}/begin-assessment/").status_code == 404


def test_a_manager_of_the_authors_team_reads_but_does_not_write(amara, mo, front_door, client_of):
    referral, assessment = road.begun(amara)
    browser = client_of(mo)

    assert "Begun by Amara" in texts(browser, referral)
    assert browser.get(road.url(referral, "context")).status_code == 403
    assert browser.post(road.url(referral, "context"), {"version": 1}).status_code == 403
    assert road.now(assessment).version == 1


@pytest.mark.parametrize("who", ["carl", "dee"])
@pytest.mark.parametrize("where", ["", "short", "category", "check", "behaviours", "behaviours/add", "1"])
def test_a_stranger_finds_nothing(dot, client_of, request, who, where):
    referral, _ = road.begun(dot)

    assert client_of(request.getfixturevalue(who)).get(road.url(referral, where)).status_code == 404


def test_a_role_not_yet_known_is_asked_for_first(dot, client_of):
    referral = road.logged(dot, "not_yet_known")

    shown = page(client_of(dot).get(road.url(referral)))

    assert "This child's part is not yet known." in shown.text
    assert f"/referrals/{referral.reference}/set-roles/" in [href for href, _ in shown.links]
    assert "Begin the assessment" not in shown.text


def test_a_page_that_does_not_exist_is_not_found(dot, client_of):
    referral, _ = road.begun(dot)

    assert client_of(dot).get(road.url(referral, "nonsense")).status_code == 404


def test_no_page_opens_before_the_assessment_is_begun(dot, client_of):
    referral = road.logged(dot)

    assert client_of(dot).get(road.url(referral, "context")).status_code == 404


# --- Begun: the task list ---


@pytest.mark.parametrize(
    ("roles", "category", "pages"),
    [
        pytest.param(("displayed",), "", ["One-page form"], id="displayed, nothing chosen: one page"),
        pytest.param(("displayed",), "0", ["One-page form"], id="displayed, category 0: one page"),
        pytest.param(("displayed",), "N", ["One-page form"], id="displayed, not HSB: one page"),
        pytest.param(
            ("displayed",),
            "1",
            [
                "Behaviours",
                "Hackett category",
                "Brook Traffic Light Tool",
                "Threshold tier and reasons",
                "Context",
                "Strengths and views",
                "Who may be at risk",
            ],
            id="displayed, category 1: the full pages",
        ),
        pytest.param(("harmed",), "", ["Safety now", "Support", "Threshold tier and reasons"], id="harmed"),
        pytest.param(("displayed", "harmed"), "0", ["One-page form", "Safety now", "Support"], id="both, category 0"),
        pytest.param(
            ("displayed", "harmed"),
            "3",
            [
                "Behaviours",
                "Hackett category",
                "Brook Traffic Light Tool",
                "Threshold tier and reasons",
                "Context",
                "Strengths and views",
                "Who may be at risk",
                "Safety now",
                "Support",
            ],
            id="both, category 3: everything",
        ),
    ],
)
def test_the_pages_follow_the_role_and_the_category(dot, client_of, roles, category, pages):
    referral, assessment = road.begun(dot, *roles)
    if category:
        assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": category})

    shown = page(client_of(dot).get(road.url(referral)))

    not_pages = {road.url(referral), road.url(referral, "check")}
    links = [words for href, words in shown.links if href.startswith(road.url(referral)) and href not in not_pages]
    assert links == [*pages, f"Continue with: {pages[0]}", "Decide what the family is told of this assessment"]


def test_each_page_says_how_far_it_is_and_who_saved_it_last(dot, front_door, client_of):
    ned = cast.user("Ned", (front_door, Role.PRACTITIONER))
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1")
    save = {"actor": ned, "page": "category", "answers": {"category": "1"}}
    assessing.save_page(assessment.reference, **save)
    assessing.save_page(assessment.reference, actor=dot, page="threshold", answers={"tier": 3, "rationale": ""})

    said = tasks(client_of(dot), referral)

    assert "Behaviours Last saved by Dot" in said
    assert "Hackett category Last saved by Ned" in said
    assert said.count("Done") == 2
    assert said.count("Needs you") == 1
    assert said.count("Not started") == 4


def test_what_the_reader_typed_and_has_not_saved_is_told_to_that_reader_only(dot, front_door, client_of):
    ned = cast.user("Ned", (front_door, Role.PRACTITIONER))
    referral, assessment = road.begun(dot)
    assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": "1"})
    browser = client_of(dot)
    browser.post("/keep-draft/", {"page": road.url(referral, "context"), "context_displayed": "Half a sent"})

    assert texts(browser, referral).count("You typed something here that is not saved yet.") == 1
    assert "not saved yet" not in texts(client_of(ned), referral)


# --- Judgements, views, versions ---


def test_the_four_judgements_stand_side_by_side_with_what_does_not_match_in_words(dot, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "2")
    road.answered(assessment, dot, category="2", tier=3, mismatch_reason="The parents act already.")

    said = texts(client_of(dot), referral)

    assert "The four judgements, by pathway 2026.1" in said
    assert "Hackett category Category 2: Abusive" in said
    assert "Brook colour Not used Red" in said
    assert "Threshold tier Tier 3 Tier 4" in said
    assert "Service response Not decided yet Statutory Social Work team for response." in said
    assert "Category 2: Abusive usually goes with Tier 4; Tier 3 is recorded." in said
    assert "The worker's reason: The parents act already." in said


def test_where_brook_was_not_used_only_category_and_tier_match(dot, client_of):
    referral, assessment = road.begun(dot)
    road.answered(assessment, dot)

    said = texts(client_of(dot), referral)

    assert "Brook was not used; category and tier match the pathway." in said
    assert "The judgements match the pathway." not in said


def test_judgements_that_all_match_say_so(dot, client_of):
    cast.train(dot)
    referral, assessment = road.begun(dot)
    road.answered(
        assessment, dot, brook="orange", brook_on=clock.today(), brook_age_group="9 to 13", brook_tool_version="2"
    )

    assert "The judgements match the pathway." in texts(client_of(dot), referral)


def test_every_view_is_kept_with_who_when_and_why(dot, dev, willow, amara, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1")
    road.answered(assessment, dot)
    road.submitted(assessment, dot)
    deciding.allocate(
        referral.reference,
        actor=dev,
        destination=deciding.Destination(team=willow, worker=amara),
        judgement=deciding.Judgement(category="2", category_reason="There was force.", tier=4),
    )

    said = texts(client_of(amara), referral)

    assert "Manager Dev Category 2: Abusive There was force." in said
    assert f"Worker Dot Category 1: Problematic {road.RATIONALE}" in said
    assert "Manager Dev Tier 4" in said
    assert f"Worker Dot Tier 3 {road.RATIONALE}" in said


def test_a_long_reason_is_folded_below_its_table(dot, client_of):
    referral, assessment = road.ready(dot, rationale="A long story. " * 40)
    road.submitted(assessment, dot)

    said = texts(client_of(dot), referral)

    assert "Worker Dot Category 1: Problematic Long: folded below this table" in said
    assert "Why: Worker, Dot," in said


def test_while_a_reassessment_says_nothing_yet_what_is_in_force_stands(dot, dev, willow, amara, client_of):
    referral = _with_reassessment(dot, dev, willow, amara)

    said = texts(client_of(amara), referral)

    assert "Hackett category Category 1: Problematic" in said
    assert "Service response Statutory social work: Willow" in said


def test_a_submitted_assessment_is_read_and_not_edited(dot, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1", description="What was seen in the yard.")
    road.answered(assessment, dot)
    road.submitted(assessment, dot)
    browser = client_of(dot)

    said = texts(browser, referral)

    assert "Submitted by Dot" in said
    assert "It waits for a manager's decision." in said
    assert "What was seen in the yard." in said
    assert "School and home." in said
    assert "Check your answers" not in said
    assert browser.get(road.url(referral, "context")).headers["Location"] == road.url(referral)


def test_earlier_assessments_are_listed_and_open(dot, dev, willow, amara, client_of):
    referral = _with_reassessment(dot, dev, willow, amara)
    browser = client_of(amara)

    assert "Earlier assessments" in texts(browser, referral)
    said = texts(browser, referral, "1")

    assert "Assessment 1" in said
    assert "Approved by Dev" in said
    assert road.RATIONALE in said


def test_a_version_that_never_was_is_not_found(dot, client_of):
    referral, _ = road.begun(dot)

    assert client_of(dot).get(road.url(referral, "7")).status_code == 404


def _with_reassessment(dot, dev, willow, amara):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1")
    road.answered(assessment, dot)
    road.submitted(assessment, dot)
    deciding.allocate(referral.reference, actor=dev, destination=deciding.Destination(team=willow, worker=amara))
    assessing.begin_reassessment(referral.reference, actor=amara)
    return referral


# --- Harmed: no category anywhere ---


@pytest.mark.parametrize("where", ["", "safety", "support", "threshold", "check", "1"])
@pytest.mark.parametrize("word", ["Hackett", "ategory", "Brook", "consensual"])
def test_a_child_who_was_harmed_is_never_given_a_category(dot, client_of, where, word):
    referral, _ = road.begun(dot, "harmed")

    assert word not in texts(client_of(dot), referral, where)


@pytest.mark.parametrize("where", ["short", "category", "brook", "behaviours", "behaviours/add", "context", "risk"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_child_who_was_harmed_has_no_page_about_a_category(dot, client_of, where, method):
    referral, assessment = road.begun(dot, "harmed")

    answer = getattr(client_of(dot), method)(road.url(referral, where))

    assert answer.status_code == 404
    assert road.now(assessment).category == ""


def test_a_category_chosen_before_the_role_was_corrected_is_shown_no_more(dot, client_of):
    referral, assessment = road.begun(dot)
    road.answered(assessment, dot)
    referral.involvements.update(role="harmed")
    type(referral).objects.filter(pk=referral.pk).update(side="harmed")

    said = texts(client_of(dot), referral)

    assert "ategory" not in said
    assert "Safety now" in said


# --- How much is read ---


@pytest.mark.parametrize("where", ["", "behaviours", "check"])
def test_as_many_questions_to_the_database_for_one_behaviour_as_for_fifty(dot, client_of, where):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1")
    road.answered(assessment, dot)

    def grow():
        for number in range(49):
            road.described(assessment, dot, "1", description=f"Behaviour {number}.")

    assert_same_queries(client_of(dot), road.url(referral, where), grow)

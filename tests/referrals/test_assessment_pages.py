"""The pages of an assessment, one by one: what each takes, what it refuses and how it says so, where it leads."""

from datetime import date

import pytest

from hsb.core.refusals import NotReady
from referrals.services import assessing
from referrals.states import RiskGroup
from tests import cast
from tests.pages import assert_no_dead_error_links, assert_well_formed, page
from tests.referrals import assessment_road as road

pytestmark = pytest.mark.django_db

EVERY_GROUP = {f"risk_{group}": "unknown" for group in RiskGroup.values}


def saves(assessment):
    return road.verbs(assessment.referral).count("save_page")


# --- What each page saves, and where it leads ---


@pytest.mark.parametrize(
    ("roles", "where", "answers", "kept", "then"),
    [
        pytest.param(
            ("displayed",),
            "category",
            {"indicators_1": ["1.1", "1.4"], "indicators_2": ["2.2"], "category": "1"},
            {"category": "1", "indicators": ["1.1", "1.4", "2.2"]},
            "brook",
            id="category",
        ),
        pytest.param(("displayed",), "brook", {"brook_used": "no"}, {"brook": "not_used"}, "threshold", id="Brook"),
        pytest.param(
            ("displayed",),
            "threshold",
            {"tier": "3", "rationale": "  Weighed.  "},
            {"tier": 3, "rationale": "Weighed.", "mismatch_reason": ""},
            "context",
            id="threshold",
        ),
        pytest.param(
            ("displayed",),
            "context",
            {"context_displayed": "School.", "context_harmed": "Home.", "age_and_power": "A year between them."},
            {"context_displayed": "School.", "context_harmed": "Home.", "age_and_power": "A year between them."},
            "strengths",
            id="context",
        ),
        pytest.param(
            ("displayed",),
            "strengths",
            {"protective_factors": "A friend.", "child_views": "I am sorry.", "family_views": "They worry."},
            {"protective_factors": "A friend.", "child_views": "I am sorry.", "family_views": "They worry."},
            "risk",
            id="strengths",
        ),
        pytest.param(
            ("displayed",),
            "risk",
            {**EVERY_GROUP, "risk_siblings": "yes", "risk_statement": "At home."},
            {"risk_siblings": "yes", "risk_adults": "unknown", "risk_statement": "At home."},
            "check",
            id="risk",
        ),
        pytest.param(
            ("harmed",),
            "safety",
            {"safety_now": "Safe at home.", "safety_contact": "Other classes."},
            {"safety_now": "Safe at home.", "safety_contact": "Other classes."},
            "support",
            id="safety",
        ),
        pytest.param(
            ("harmed",),
            "support",
            {"support_needed": "A listener.", "support_health": "Sees her GP.", "wishes": "To be left alone."},
            {"support_needed": "A listener.", "support_health": "Sees her GP.", "wishes": "To be left alone."},
            "threshold",
            id="support",
        ),
        pytest.param(
            ("harmed",),
            "threshold",
            {"tier": "2", "rationale": "Weighed."},
            {"tier": 2, "rationale": "Weighed.", "category": ""},
            "check",
            id="threshold of a child who was harmed",
        ),
    ],
)
def test_a_page_saves_by_itself_and_leads_to_the_next(dot, client_of, roles, where, answers, kept, then):
    referral, assessment = road.begun(dot, *roles)
    if roles == ("displayed",):
        assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": "1"})
    before = saves(assessment)

    answer = road.sent(client_of(dot), road.url(referral, where), **answers)

    assert (answer.status_code, answer.headers["Location"]) == (302, road.url(referral, then))
    assert {name: getattr(road.now(assessment), name) for name in kept} == kept
    assert saves(assessment) == before + 1


def test_saving_shows_the_answers_again_when_the_page_is_opened(dot, client_of):
    referral, assessment = road.begun(dot)
    browser = client_of(dot)
    road.sent(browser, road.url(referral, "category"), indicators_3=["3.2"], category="3")

    data = road.form_of(browser.get(road.url(referral, "category")))

    assert (data["indicators_3"], data["category"]) == (["3.2"], ["3"])


# --- What is refused ---


@pytest.mark.parametrize(
    ("roles", "where", "answers", "sentence"),
    [
        pytest.param(("displayed",), "category", {}, "Choose the overall category", id="no category"),
        pytest.param(
            ("displayed",), "category", {"category": "4"}, "choose from the answers shown", id="no such category"
        ),
        pytest.param(
            ("displayed",),
            "category",
            {"category": "1", "indicators_1": ["2.2"]},
            "choose from the answers shown",
            id="an indicator of another column",
        ),
        pytest.param(("displayed",), "brook", {}, "Choose whether the Brook tool was used", id="Brook not answered"),
        pytest.param(
            ("displayed",),
            "brook",
            {"brook_used": "yes"},
            "Enter the day the tool was used",
            id="a colour without its day",
        ),
        pytest.param(
            ("displayed",),
            "brook",
            road.brook(on=date(2099, 1, 1)),
            "The day the tool was used must be today or in the past",
            id="used tomorrow",
        ),
        pytest.param(("displayed",), "threshold", {"rationale": "x"}, "Choose the threshold tier", id="no tier"),
        pytest.param(("displayed",), "threshold", {"tier": "2"}, "Give your rationale", id="no rationale"),
        pytest.param(
            ("displayed",),
            "threshold",
            {"tier": "9", "rationale": "x"},
            "choose from the answers shown",
            id="no such tier",
        ),
        pytest.param(
            ("displayed",), "context", {"context_displayed": " "}, "Describe the context of this child", id="no context"
        ),
        pytest.param(
            ("displayed",),
            "strengths",
            {"child_views": "x"},
            "Say what protects this child and others",
            id="no strengths",
        ),
        pytest.param(
            ("displayed",),
            "risk",
            {name: value for name, value in EVERY_GROUP.items() if name != "risk_disabled"},
            "Choose whether disabled peers may be at risk",
            id="one group forgotten",
        ),
        pytest.param(("harmed",), "safety", {}, "Say how safe the child is now", id="no safety"),
        pytest.param(("harmed",), "support", {}, "Say what support the child and family need", id="no support"),
    ],
)
def test_a_page_says_what_is_missing_and_saves_nothing(dot, client_of, roles, where, answers, sentence):
    cast.train(dot)
    referral, assessment = road.begun(dot, *roles)

    answer = road.sent(client_of(dot), road.url(referral, where), **answers)

    assert answer.status_code == 422
    assert sentence in page(answer).text
    assert_no_dead_error_links(answer)
    assert_well_formed(answer)
    assert road.now(assessment).version == 1


@pytest.mark.parametrize(
    ("where", "answers", "name", "kept"),
    [
        pytest.param("threshold", {"tier": "2"}, "tier", 2, id="a tier without its rationale"),
        pytest.param("context", {"age_and_power": "A year."}, "age_and_power", "A year.", id="half a context"),
        pytest.param("risk", {"risk_girls": "no"}, "risk_girls", "no", id="one group of seven"),
        pytest.param("category", {"indicators_0": ["0.1"]}, "indicators", ["0.1"], id="indicators without a category"),
    ],
)
def test_an_unfinished_page_can_be_saved_to_come_back_to(dot, client_of, where, answers, name, kept):
    referral, assessment = road.begun(dot)
    browser = client_of(dot)

    answer = road.sent(browser, road.url(referral, where), later="1", **answers)

    assert answer.headers["Location"] == road.url(referral)
    assert getattr(road.now(assessment), name) == kept
    assert "Saved. You can come back to it at any time." in page(browser.get(road.url(referral))).text


def test_an_unfinished_page_must_still_be_right_in_what_it_says(dot, client_of):
    cast.train(dot)
    referral, assessment = road.begun(dot)

    answer = road.sent(
        client_of(dot), road.url(referral, "brook"), later="1", brook_used="yes", brook="red", brook_on_day="40"
    )

    assert answer.status_code == 422
    assert "The day the tool was used must include a month and year" in page(answer).text
    assert road.now(assessment).brook == ""


def test_a_post_without_its_version_is_refused_whichever_button_was_pressed(dot, client_of):
    referral, assessment = road.begun(dot)

    answer = client_of(dot).post(road.url(referral, "context"), {"context_displayed": "x", "later": "1"})

    assert answer.status_code == 422
    assert "This page is out of date." in page(answer).text
    assert road.now(assessment).context_displayed == ""


# --- The service refuses what the page does not show ---


def test_the_service_takes_no_category_for_a_child_who_was_harmed(dot):
    _, assessment = road.begun(dot, "harmed")

    with pytest.raises(NotReady, match="does not belong to the part this child had"):
        assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": "2"})

    assert road.now(assessment).category == ""

"""Category, Brook, tier: chosen by a professional, a colour only by a trained one, and what differs is explained."""

from datetime import date, timedelta

import pytest

from hsb.core import clock
from hsb.core.refusals import NotReady
from hsb.people.states import Tool
from referrals.models import RiskAssessment
from referrals.services import assessing, deciding
from referrals.states import AssessmentKind
from tests import cast
from tests.pages import assert_no_dead_error_links, page
from tests.referrals import assessment_road as road

pytestmark = pytest.mark.django_db


# --- Category: prompts, never a sum ---


def test_the_columns_of_the_document_are_shown_with_its_own_words_folded(dot, client_of):
    referral, _ = road.begun(dot)

    said = page(client_of(dot).get(road.url(referral, "category"))).text

    assert "Coercion and force to make the other child comply" in said
    assert "Coercion and force to ensure victim compliance" in said
    assert said.index("The workflow document's own words") < said.index("to ensure victim compliance")


@pytest.mark.parametrize(
    ("category", "leads"),
    [
        pytest.param("Developmentally expected: not HSB", "Tier 1. No HSB response.", id="not HSB"),
        pytest.param("Category 0: Inappropriate", "Tier 2. Early Help Service for support as appropriate.", id="0"),
        pytest.param("Category 1: Problematic", "Tier 3. Statutory Social Work team for response.", id="1"),
        pytest.param("Category 2: Abusive", "Tier 4. Statutory Social Work team for response. Form 87A", id="2"),
        pytest.param("Category 3: Violent", "Tier 4. Statutory Social Work team for response. Form 87A", id="3"),
    ],
)
def test_each_category_says_what_it_leads_to(dot, client_of, category, leads):
    referral, _ = road.begun(dot)

    assert f"{category} {leads}" in page(client_of(dot).get(road.url(referral, "category"))).text


def test_ticked_indicators_choose_no_category(dot, client_of):
    referral, assessment = road.begun(dot)

    road.sent(client_of(dot), road.url(referral, "category"), indicators_3=["3.1", "3.2", "3.3", "3.4"], category="0")

    assert road.now(assessment).category == "0"
    assert road.now(assessment).kind == AssessmentKind.SHORT


# --- Ages beside the word consensual ---


@pytest.mark.parametrize(
    ("born_on", "sentences", "not_said"),
    [
        pytest.param(
            date(2017, 1, 1),
            ["Robin Sample: 9 years old.", "cannot consent in law"],
            ["Under 10"],
            id="nine: cannot consent",
        ),
        pytest.param(
            date(2014, 6, 1),
            ["Robin Sample: 12 years old.", "A child under 13 cannot consent in law."],
            ["Under 10"],
            id="twelve: cannot consent",
        ),
        pytest.param(
            None, ["Robin Sample: age not known, because no date of birth is recorded."], ["Under 10"], id="not known"
        ),
    ],
)
@pytest.mark.parametrize("where", ["category", "short", "behaviours"])
def test_ages_at_the_time_stand_beside_the_questions_about_consent(dot, client_of, born_on, sentences, not_said, where):
    referral, _ = road.begun(dot, born_on=born_on, happened_on=date(2026, 11, 2))

    said = page(client_of(dot).get(road.url(referral, where))).text

    assert "Ages when it happened, 2 November 2026" in said
    assert [s for s in sentences if s not in said] == []
    assert [s for s in not_said if s in said] == []


@pytest.mark.parametrize(("category", "said"), [("", False), ("0", False), ("1", False), ("2", True), ("3", True)])
def test_the_police_and_children_under_ten_are_spoken_of_where_the_police_are_informed(dot, client_of, category, said):
    referral, assessment = road.begun(dot, born_on=date(2017, 1, 1), happened_on=date(2026, 11, 2))
    assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": category})

    shown = page(client_of(dot).get(road.url(referral, "category"))).text

    assert ("Under 10 the police are still informed, and no prosecution can follow." in shown) == said


def test_the_law_is_not_quoted_where_everybody_was_old_enough(dot, client_of):
    referral, _ = road.begun(dot, born_on=date(2010, 1, 1))
    other = referral.involvements.first().concern.involvements.get(role="harmed").person
    type(other).objects.filter(pk=other.pk).update(born_on=date(2011, 1, 1))

    assert "cannot consent in law" not in page(client_of(dot).get(road.url(referral, "category"))).text


def test_another_childs_age_is_shown_by_the_readers_right_only(dot, amara, willow, dev, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot)
    road.answered(assessment, dot)
    road.submitted(assessment, dot)
    _given_to(amara, willow, referral, dev)
    assessing.begin_reassessment(referral.reference, actor=amara)

    said = page(client_of(amara).get(road.url(referral, "category"))).text

    assert "Sky" not in said
    assert "Another child: their record is not open to you" in said
    assert "11 years old" not in said


def _given_to(worker, team, referral, manager):
    deciding.allocate(referral.reference, actor=manager, destination=deciding.Destination(team=team, worker=worker))


# --- Brook: colour only by a trained user ---


def test_a_trained_user_records_the_colour_with_its_day_age_group_and_version(dot, client_of):
    cast.train(dot)
    referral, assessment = road.begun(dot)

    road.sent(client_of(dot), road.url(referral, "brook"), **road.brook("red"))

    saved = road.now(assessment)
    assert (saved.brook, saved.brook_by, saved.brook_on) == ("red", dot, clock.today())
    assert (saved.brook_age_group, saved.brook_tool_version) == ("third", "2020")


def test_somebody_untrained_is_told_so_and_can_only_say_not_used(dot, client_of):
    referral, _ = road.begun(dot)

    shown = page(client_of(dot).get(road.url(referral, "brook")))

    assert "used only by people who are trained in it" in shown.text
    assert [a["value"] for tag, a in shown.tags if tag == "input" and a.get("name") == "brook_used"] == ["no"]
    assert not [a for tag, a in shown.tags if tag == "input" and a.get("name") == "brook"]


@pytest.mark.parametrize("where", ["brook", "short"])
def test_a_colour_forged_by_somebody_untrained_is_refused(dot, client_of, where):
    referral, assessment = road.begun(dot)
    answers = {"version": 1, **(road.SHORT if where == "short" else {}), **road.brook("green")}

    answer = client_of(dot).post(road.url(referral, where), answers)

    assert answer.status_code == 422
    assert "a colour can be entered only by a user whose Brook training is recorded and current" in page(answer).text
    assert road.now(assessment).brook == ""


def test_a_training_that_has_run_out_counts_no_longer_whatever_day_is_given(dot, client_of):
    cast.train(dot, Tool.BROOK, trained_on=date(2020, 1, 1), until=date(2021, 1, 1))
    referral, assessment = road.begun(dot)

    answer = client_of(dot).post(
        road.url(referral, "brook"), {"version": 1, **road.brook("green", on=date(2020, 6, 1))}
    )

    assert answer.status_code == 422
    with pytest.raises(NotReady, match="Your Brook training is not recorded or has run out"):
        assessing.save_page(
            assessment.reference,
            actor=dot,
            page="brook",
            answers={"brook": "green", "brook_on": date(2020, 6, 1)},
        )


def test_a_day_before_the_training_is_refused(dot, client_of):
    cast.train(dot, trained_on=clock.today() - timedelta(days=3))
    referral, assessment = road.begun(dot)

    answer = road.sent(
        client_of(dot), road.url(referral, "brook"), **road.brook("green", on=clock.today() - timedelta(days=9))
    )

    assert answer.status_code == 422
    assert "Your Brook training is not recorded or has run out." in page(answer).text
    assert road.now(assessment).brook == ""


@pytest.mark.parametrize("where", ["brook", "short"])
def test_a_colour_of_a_trained_colleague_is_shown_and_kept_by_somebody_untrained(dot, front_door, client_of, where):
    cast.train(dot)
    ned = cast.user("Ned", (front_door, "practitioner"))
    referral, assessment = road.begun(dot)
    browser = client_of(dot)
    road.sent(browser, road.url(referral, "brook"), **road.brook("orange"))

    shown = page(client_of(ned).get(road.url(referral, where)))
    version = road.now(assessment).version
    client_of(ned).post(road.url(referral, where), {"version": version, **road.SHORT, "brook_used": "no"})

    assert "A trained colleague recorded this colour." in shown.text
    assert "Amber" in shown.text
    assert (road.now(assessment).brook, road.now(assessment).brook_by) == ("orange", dot)


def test_choosing_not_used_forgets_what_was_recorded_before(dot, client_of):
    cast.train(dot)
    referral, assessment = road.begun(dot)
    browser = client_of(dot)
    road.sent(browser, road.url(referral, "brook"), **road.brook("red"))

    road.sent(browser, road.url(referral, "brook"), brook_used="no")

    saved = road.now(assessment)
    assert (saved.brook, saved.brook_on, saved.brook_by, saved.brook_tool_version) == ("not_used", None, None, "")


# --- Threshold: what does not match asks for a sentence ---


@pytest.mark.parametrize(
    ("category", "tier", "pair"),
    [
        pytest.param("1", "4", "Category 1: Problematic usually goes with Tier 3; Tier 4 is recorded.", id="above"),
        pytest.param("2", "3", "Category 2: Abusive usually goes with Tier 4; Tier 3 is recorded.", id="below"),
        pytest.param("N", "2", "not HSB usually goes with Tier 1; Tier 2 is recorded.", id="not HSB"),
    ],
)
def test_a_tier_that_does_not_match_asks_for_a_sentence_and_says_which_pair(dot, client_of, category, tier, pair):
    referral, assessment = road.begun(dot)
    assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": category})
    browser = client_of(dot)
    assert "Why do the judgements differ" not in page(browser.get(road.url(referral, "threshold"))).text

    refused = road.sent(browser, road.url(referral, "threshold"), tier=tier, rationale="Weighed.")

    assert refused.status_code == 422
    assert "Say why. " in page(refused).text
    assert pair in page(refused).text
    assert_no_dead_error_links(refused)
    taken = browser.post(road.url(referral, "threshold"), road.form_of(refused, mismatch_reason="Parents act already."))
    assert taken.status_code == 302
    saved = road.now(assessment)
    assert (saved.tier, saved.mismatch_reason) == (int(tier), "Parents act already.")


def test_a_colour_that_does_not_match_asks_too(dot, client_of):
    cast.train(dot)
    referral, assessment = road.begun(dot)
    assessing.save_page(assessment.reference, actor=dot, page="category", answers={"category": "1"})
    browser = client_of(dot)
    road.sent(browser, road.url(referral, "brook"), **road.brook("red"))

    refused = road.sent(browser, road.url(referral, "threshold"), tier="3", rationale="Weighed.")

    assert "Category 1: Problematic usually goes with Brook Amber; Red is recorded." in page(refused).text


def test_a_reason_that_is_not_needed_any_more_is_dropped(dot, client_of):
    referral, assessment = road.begun(dot)
    road.answered(assessment, dot, tier=4, mismatch_reason="Because of the harm.")

    road.sent(client_of(dot), road.url(referral, "threshold"), tier="3")

    assert road.now(assessment).mismatch_reason == ""


def test_a_child_who_was_harmed_is_never_asked_about_a_mismatch(dot, client_of):
    referral, assessment = road.begun(dot, "harmed")

    answer = road.sent(client_of(dot), road.url(referral, "threshold"), tier="4", rationale="Weighed.")

    assert answer.status_code == 302
    assert RiskAssessment.objects.get().tier == 4

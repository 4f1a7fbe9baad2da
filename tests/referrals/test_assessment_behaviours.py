"""Behaviours: added, changed, rated; one that came to light later; none that a view rests on is reworded."""

from datetime import date

import pytest

from hsb.core.refusals import NotReady
from referrals.models import Behaviour
from referrals.services import assessing, behaviours, deciding, episodes
from referrals.states import AssessmentState
from tests import cast
from tests.pages import assert_no_dead_error_links, page
from tests.referrals import assessment_road as road

pytestmark = pytest.mark.django_db

ONE = {"description": "Something at school.", "category": "1"}


def where(referral, number=1):
    return road.url(referral, f"behaviours/{road.concern(referral).reference}/{number}")


def with_amara(dot, dev, willow, amara):
    """An approved assessment of one behaviour; Amara of Willow has the child."""
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1", description="What the first assessment rests on.")
    road.answered(assessment, dot)
    road.submitted(assessment, dot)
    deciding.allocate(referral.reference, actor=dev, destination=deciding.Destination(team=willow, worker=amara))
    return referral, road.now(assessment)


# --- Added ---


def test_a_behaviour_is_added_with_when_where_and_a_category(dot, client_of):
    referral, assessment = road.begun(dot)

    answer = road.sent(
        client_of(dot),
        road.url(referral, "behaviours/add"),
        **ONE,
        contexts=["school", "peer"],
        happened_on_day="3",
        happened_on_month="11",
        happened_on_year="2026",
    )

    assert answer.headers["Location"] == road.url(referral, "behaviours")
    made = Behaviour.objects.get()
    assert (made.description, made.happened_on) == (ONE["description"], date(2026, 11, 3))
    assert sorted(made.contexts) == ["peer", "school"]
    assert assessment.behaviour_categories.get().category == "1"
    assert road.verbs(referral)[-1] == "add_behaviour"


def test_what_happened_stands_folded_and_in_no_heading(dot, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1", description="What was seen.", happened_on=date(2026, 11, 2))

    shown = page(client_of(dot).get(road.url(referral, "behaviours")))

    assert "2 November 2026 (13 years old)" in shown.text
    assert "Category 1: Problematic" in shown.text
    assert "details" in [tag for tag, _ in shown.tags]
    assert "What happened What was seen." in shown.text


def test_a_double_click_adds_one(dot, client_of):
    referral, _ = road.begun(dot)
    browser = client_of(dot)
    form = road.form_of(browser.get(road.url(referral, "behaviours/add")), **ONE)

    browser.post(road.url(referral, "behaviours/add"), form)
    again = browser.post(road.url(referral, "behaviours/add"), form)

    assert again.status_code == 302
    assert Behaviour.objects.count() == 1
    assert road.verbs(referral).count("add_behaviour") == 1


def test_one_after_the_other(dot, client_of):
    referral, _ = road.begun(dot)

    answer = road.sent(client_of(dot), road.url(referral, "behaviours/add"), **ONE, another="1")

    assert answer.headers["Location"] == road.url(referral, "behaviours/add")


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        pytest.param({"description": ""}, "Say what happened", id="nothing said"),
        pytest.param({"category": ""}, "Choose a category for this behaviour", id="not rated"),
        pytest.param(
            {"happened_on_day": "1", "happened_on_month": "1", "happened_on_year": "2099"},
            "The day it happened must be today or in the past",
            id="tomorrow",
        ),
        pytest.param({"contexts": ["moon"]}, "choose from the answers shown", id="no such place"),
    ],
)
def test_what_is_missing_is_said(dot, client_of, answers, sentence):
    referral, _ = road.begun(dot)

    answer = road.sent(client_of(dot), road.url(referral, "behaviours/add"), **(ONE | answers))

    assert answer.status_code == 422
    assert sentence in page(answer).text
    assert_no_dead_error_links(answer)
    assert Behaviour.objects.count() == 0


def test_numbers_go_on_through_the_episodes_of_one_concern(dot, dev):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "0")
    road.answered(assessment, dot, category="0", tier=2)
    road.submitted(assessment, dot)
    deciding.close_with_advice(referral.reference, actor=dev, closed_as="no_service", reason="Advice was enough.")
    episode = episodes.reopen(referral.reference, actor=dev, reason="It happened again.")
    second = assessing.begin_assessment(episode.reference, actor=dot)

    made = road.described(second, dot, "1")

    assert [row.number for row in episode.behaviours().order_by("number")] == [1, 2]
    assert made.number == 2


# --- Changed ---


def test_a_behaviour_is_changed_and_moves_its_version(dot, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1")

    answer = road.sent(client_of(dot), where(referral), description="Told more exactly.", category="2")

    assert answer.headers["Location"] == road.url(referral, "behaviours")
    made = Behaviour.objects.get()
    assert (made.description, made.version) == ("Told more exactly.", 2)
    assert assessment.behaviour_categories.get().category == "2"


def test_the_old_words_of_a_behaviour_are_kept_with_who_wrote_them(dot, dev, front_door):
    _, assessment = road.begun(dot)
    behaviour = road.described(assessment, dot, description="First words.")

    behaviours.change_behaviour(
        assessment.reference, actor=dev, behaviour=behaviour, version=1, description="Later words.", category="1"
    )

    kept = behaviour.history.order_by("history_id").values_list("description", "history_user__name")
    assert list(kept) == [("First words.", "Dot"), ("Later words.", "Dev")]


def test_two_workers_on_one_behaviour_see_both_versions(dot, front_door, client_of):
    ned = cast.user("Ned", (front_door, "practitioner"))
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1", description="As it was first.")
    late = road.form_of(client_of(ned).get(where(referral)), description="As Ned has it.", category="2")
    road.sent(client_of(dot), where(referral), description="As Dot has it.", category="1")

    answer = client_of(ned).post(where(referral), late)

    said = page(answer).text
    assert answer.status_code == 409
    assert "As Dot has it." in said
    assert "As Ned has it." in said
    assert "Category 1: Problematic" in said and "Category 2: Abusive" in said
    assert Behaviour.objects.get().description == "As Dot has it."


def test_after_both_versions_what_was_typed_is_there_and_can_be_saved(dot, front_door, client_of):
    ned = cast.user("Ned", (front_door, "practitioner"))
    referral, assessment = road.begun(dot)
    road.described(assessment, dot, "1")
    browser = client_of(ned)
    late = road.form_of(browser.get(where(referral)), description="As Ned has it.")
    road.sent(client_of(dot), where(referral), description="As Dot has it.")
    browser.post(where(referral), late)

    reopened = browser.get(where(referral))
    saved = browser.post(where(referral), road.form_of(reopened))

    assert road.form_of(reopened)["description"] == ["As Ned has it."]
    assert saved.status_code == 302
    assert Behaviour.objects.get().description == "As Ned has it."


@pytest.mark.parametrize("number", [0, 2, 99])
def test_a_behaviour_that_is_not_there_is_not_found(dot, client_of, number):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot)

    assert client_of(dot).get(where(referral, number)).status_code == 404


def test_a_behaviour_of_another_child_is_not_found(dot, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot)
    other, _ = road.begun(dot)

    address = road.url(other, f"behaviours/{road.concern(referral).reference}/1")

    assert client_of(dot).get(address).status_code == 404


# --- Rated again, never reworded ---


def test_in_a_reassessment_an_earlier_behaviour_is_rated_and_keeps_its_words(dot, dev, willow, amara, client_of):
    referral, _ = with_amara(dot, dev, willow, amara)
    again = assessing.begin_reassessment(referral.reference, actor=amara)
    browser = client_of(amara)

    shown = browser.get(where(referral))
    answer = browser.post(where(referral), road.form_of(shown, category="2"))

    assert "What the first assessment rests on." in page(shown).text
    assert "Category last time Category 1: Problematic" in page(shown).text
    assert "description" not in road.form_of(shown)
    assert answer.status_code == 302
    assert again.behaviour_categories.get().category == "2"
    assert Behaviour.objects.get().version == 1
    assert road.verbs(referral)[-1] == "rate_behaviour"


def test_the_service_rewords_nothing_that_an_earlier_view_rests_on(dot, dev, willow, amara):
    referral, _ = with_amara(dot, dev, willow, amara)
    again = assessing.begin_reassessment(referral.reference, actor=amara)

    with pytest.raises(NotReady, match="An earlier assessment rests on this behaviour"):
        behaviours.change_behaviour(
            again.reference, actor=amara, behaviour=Behaviour.objects.get(), version=1, description="x", category="1"
        )

    assert Behaviour.objects.get().description == "What the first assessment rests on."


def test_two_workers_who_rate_the_same_behaviour_see_both(dot, dev, willow, amara, mo, client_of):
    referral, _ = with_amara(dot, dev, willow, amara)
    assessing.begin_reassessment(referral.reference, actor=amara)
    late = road.form_of(client_of(mo).get(where(referral)), category="3")
    road.sent(client_of(amara), where(referral), category="0")

    answer = client_of(mo).post(where(referral), late)

    assert answer.status_code == 409
    assert "Category 0: Inappropriate" in page(answer).text
    assert "Category 3: Violent" in page(answer).text


# --- Came to light after the approval (B17) ---


def test_a_behaviour_that_came_to_light_marks_the_approval_as_out_of_date(dot, dev, willow, amara, client_of):
    referral, assessment = with_amara(dot, dev, willow, amara)
    browser = client_of(amara)
    address = f"/referrals/{referral.reference}/note-behaviour/"
    assert address in [href for href, _ in page(browser.get(road.url(referral))).links]

    answer = road.sent(browser, address, description="Something new.", happened_in_words="in the holidays")

    assert answer.headers["Location"] == road.url(referral)
    assert Behaviour.objects.order_by("number").last().description == "Something new."
    assert road.now(assessment).state == AssessmentState.STALE
    shown = page(browser.get(road.url(referral)))
    assert "Begin a reassessment" in shown.text
    assert "changed after the approval" in shown.text


def test_a_late_behaviour_sent_twice_is_one(dot, dev, willow, amara, client_of):
    referral, _ = with_amara(dot, dev, willow, amara)
    browser, address = client_of(amara), f"/referrals/{referral.reference}/note-behaviour/"
    form = road.form_of(browser.get(address), description="Something new.")

    browser.post(address, form)
    browser.post(address, form)

    assert Behaviour.objects.count() == 2


def test_while_an_assessment_is_written_it_goes_into_that_one(dot, client_of):
    referral, _ = road.begun(dot)

    answer = client_of(dot).get(f"/referrals/{referral.reference}/note-behaviour/")

    assert answer.headers["Location"] == road.url(referral, "behaviours/add")


@pytest.mark.parametrize("who", ["carl", "dee"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_find_no_behaviour(dot, client_of, request, who, method):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot)
    browser = client_of(request.getfixturevalue(who))

    for address in (where(referral), f"/referrals/{referral.reference}/note-behaviour/"):
        assert getattr(browser, method)(address).status_code == 404

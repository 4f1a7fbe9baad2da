"""Two people, one assessment: a colleague goes on, two pages at once, two on one page, drafts, a locked session."""

from datetime import timedelta

import pytest
from django.utils import timezone

from hsb.core.middleware import SEEN
from hsb.core.models import Draft
from hsb.people.states import Role
from referrals.services import assessing
from tests import cast
from tests.clients import HouseClient
from tests.core.threads import at_once
from tests.pages import filled, page
from tests.referrals import assessment_road as road

pytestmark = pytest.mark.django_db

PAGE = "context"


@pytest.fixture
def ned(front_door):
    """Works at the front door with Dot."""
    return cast.user("Ned", (front_door, Role.PRACTITIONER))


def test_a_colleague_of_the_holding_team_goes_on_with_the_same_pages(amara, dot, client_of):
    referral, assessment = road.begun(amara)
    browser = client_of(dot)
    road.sent(client_of(amara), road.url(referral, PAGE), context_displayed="What Amara knows.")

    opened = browser.get(road.url(referral, PAGE))
    browser.post(road.url(referral, PAGE), road.form_of(opened, context_displayed="What Amara knows, and Dot."))

    assert road.form_of(opened)["context_displayed"] == ["What Amara knows."]
    assert road.now(assessment).context_displayed == "What Amara knows, and Dot."


def test_two_workers_on_two_pages_do_not_stand_in_each_others_way(dot, ned, client_of):
    referral, assessment = road.begun(dot)
    browser, other = client_of(dot), client_of(ned)
    mine = road.form_of(browser.get(road.url(referral, PAGE)), context_displayed="School.")
    road.sent(other, road.url(referral, "strengths"), protective_factors="A friend.")

    answer = browser.post(road.url(referral, PAGE), mine)

    saved = road.now(assessment)
    assert answer.status_code == 302
    assert (saved.context_displayed, saved.protective_factors) == ("School.", "A friend.")


def test_two_workers_on_one_page_see_both_versions_field_by_field(dot, ned, client_of):
    referral, assessment = road.begun(dot)
    browser, other = client_of(dot), client_of(ned)
    late = road.form_of(
        browser.get(road.url(referral, PAGE)), context_displayed="As Dot has it.", age_and_power="Same."
    )
    road.sent(other, road.url(referral, PAGE), context_displayed="As Ned has it.", age_and_power="Same.")

    answer = browser.post(road.url(referral, PAGE), late)

    said = page(answer).text
    assert answer.status_code == 409
    assert "Ned saved a change" in said
    assert "Saved now As Ned has it." in said
    assert "As Dot has it." in said
    assert "Ages, abilities and power between them" not in said
    assert road.now(assessment).context_displayed == "As Ned has it."


def test_both_versions_are_said_in_words_never_in_codes(dot, ned, client_of):
    referral, assessment = road.begun(dot)
    browser, other = client_of(dot), client_of(ned)
    address = road.url(referral, "category")
    late = road.form_of(browser.get(address), category="1", indicators_1=["1.1"])
    road.sent(other, address, category="0", indicators_0=["0.1"])

    said = page(browser.post(address, late)).text

    assert "Saved now Category 0: Inappropriate" in said
    assert "Category 1: Problematic" in said
    assert "Problematic and concerning behaviours" in said
    assert "Single instances of inappropriate sexual behaviour" in said
    assert road.now(assessment).category == "0"


def test_after_both_versions_the_page_opens_with_what_was_typed_and_can_be_saved(dot, ned, client_of):
    referral, assessment = road.begun(dot)
    browser, other = client_of(dot), client_of(ned)
    late = road.form_of(browser.get(road.url(referral, PAGE)), context_displayed="As Dot has it.")
    road.sent(other, road.url(referral, PAGE), context_displayed="As Ned has it.")
    browser.post(road.url(referral, PAGE), late)

    reopened = browser.get(road.url(referral, PAGE))
    answer = browser.post(road.url(referral, PAGE), road.form_of(reopened, context_displayed="As both have it."))

    assert road.form_of(reopened)["context_displayed"] == ["As Dot has it."]
    assert answer.status_code == 302
    assert road.now(assessment).context_displayed == "As both have it."


def test_two_one_page_forms_keep_one_behaviour_and_show_both(dot, ned, client_of):
    referral, assessment = road.begun(dot)
    address = road.url(referral, "short")
    browser, other = client_of(dot), client_of(ned)
    late = road.form_of(browser.get(address), **road.SHORT, indicators_0=["0.1"])
    road.sent(other, address, **(road.SHORT | {"description": "As Ned saw it.", "rationale": "Ned's reasons."}))

    answer = browser.post(address, late)

    said = page(answer).text
    assert answer.status_code == 409
    assert "As Ned saw it." in said
    assert road.SHORT["description"] in said
    assert assessment.behaviour_categories.count() == 1
    reopened = browser.get(address)
    assert browser.post(address, road.form_of(reopened)).status_code == 302
    assert road.now(assessment).rationale == road.RATIONALE


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_one_page_at_the_same_moment_one_is_shown_both_versions(dot, ned):
    referral, assessment = road.begun(dot)
    address = road.url(referral, PAGE)
    browsers = {user.name: HouseClient() for user in (dot, ned)}
    forms = {}
    for user in (dot, ned):
        browsers[user.name].force_login(user)
        forms[user.name] = road.form_of(browsers[user.name].get(address), context_displayed=f"As {user.name} has it.")

    answers = at_once(*[lambda name=name: browsers[name].post(address, forms[name]) for name in browsers])

    assert sorted(answer.status_code for answer in answers) == [302, 409]
    assert road.now(assessment).version == 2


# --- Drafts and a locked session ---


def test_what_is_typed_keeps_itself_and_comes_back_for_its_author_only(dot, ned, client_of):
    referral, assessment = road.begun(dot)
    address = road.url(referral, PAGE)
    browser = client_of(dot)
    shown = browser.get(address)
    assert "/keep-draft/" in [a.get("data-autosave-url") for _, a in page(shown).tags]
    browser.post("/keep-draft/", road.form_of(shown, context_displayed="Half a sentence") | {"page": address})

    again = browser.get(address)

    assert road.form_of(again)["context_displayed"] == ["Half a sentence"]
    assert "This is what you typed before" in page(again).text
    assert road.form_of(client_of(ned).get(address))["context_displayed"] == [""]
    assert road.now(assessment).context_displayed == ""


def test_a_saved_page_leaves_no_draft(dot, client_of):
    referral, _ = road.begun(dot)
    browser, address = client_of(dot), road.url(referral, PAGE)
    browser.post("/keep-draft/", {**filled(browser.get(address), context_displayed="Half"), "page": address})

    road.sent(browser, address, context_displayed="Whole.")

    assert not Draft.objects.exists()


def test_a_draft_kept_before_another_page_was_saved_can_still_be_saved(dot, client_of):
    referral, assessment = road.begun(dot)
    browser, address = client_of(dot), road.url(referral, PAGE)
    browser.post("/keep-draft/", road.form_of(browser.get(address), context_displayed="Kept.") | {"page": address})
    road.sent(browser, road.url(referral, "strengths"), protective_factors="A friend.")

    answer = browser.post(address, road.form_of(browser.get(address)))

    assert answer.status_code == 302
    assert road.now(assessment).context_displayed == "Kept."


def test_a_page_sent_in_a_locked_session_is_kept_and_not_saved(dot, client_of):
    referral, assessment = road.begun(dot)
    browser, address = client_of(dot), road.url(referral, PAGE)
    form = road.form_of(browser.get(address), context_displayed="Typed over lunch.")
    session = browser.session
    session[SEEN] = (timezone.now() - timedelta(hours=2)).isoformat()
    session.save()

    answer = browser.post(address, form)

    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]
    assert road.now(assessment).context_displayed == ""
    fresh = client_of(dot)
    assert road.form_of(fresh.get(address))["context_displayed"] == ["Typed over lunch."]


# --- Submitted meanwhile ---


def test_a_page_sent_after_somebody_submitted_is_refused_and_what_was_typed_stays(dot, ned, client_of):
    referral, assessment = road.begun(dot)
    road.described(assessment, dot)
    road.answered(assessment, dot)
    browser = client_of(dot)
    late = road.form_of(browser.get(road.url(referral, PAGE)), context_displayed="One more thing.")
    assessing.submit(assessment.reference, actor=ned)

    answer = browser.post(road.url(referral, PAGE), late)

    assert answer.status_code == 422
    assert "This assessment was submitted" in page(answer).text
    assert road.form_of(answer)["context_displayed"] == ["One more thing."]
    assert road.now(assessment).context_displayed == "School and home."

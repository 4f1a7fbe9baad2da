"""What the design system's scripts do on a page: the few that are brought do all that the whole did."""

import pytest
from playwright.sync_api import expect

from tests.house.test_scripts import fetched
from tests.referrals import assessment_road

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("embedded", "what a script does does not depend on the database"),
    fetched,
]


def test_signing_in_shows_the_password_and_goes_to_what_went_wrong(actors):
    duty = actors("duty", signs_in=False)
    duty.go("/")
    password = duty.main.locator("input[name=password]")

    password.fill("not-this-one")
    duty.main.get_by_role("button", name="Show password").click()
    expect(password).to_have_attribute("type", "text")

    duty.main.locator("input[name=login]").fill(duty.address)
    duty.press("Sign in")
    expect(duty.main.locator(".govuk-error-summary")).to_be_focused()


def test_on_a_phone_the_navigation_is_folded(actors_on_phones):
    page = actors_on_phones("duty").page
    menu, places = page.get_by_role("button", name="Menu"), page.locator(".govuk-service-navigation__list")

    expect(places).to_be_hidden()
    menu.click()
    expect(places).to_be_visible()
    expect(menu).to_have_attribute("aria-expanded", "true")


def test_a_text_says_how_many_characters_are_left_and_an_answer_opens_its_questions(actors, borough):
    referral, _ = assessment_road.begun(borough["practitioner"])
    practitioner = actors("practitioner")
    practitioner.opens(assessment_road.url(referral, "short"))
    long = practitioner.main.locator("[data-module=govuk-character-count]:visible").first

    long.locator("textarea").fill("x" * (int(long.get_attribute("data-maxlength")) - 7))
    expect(long.locator(".govuk-character-count__status")).to_have_text("You have 7 characters remaining")

    more = practitioner.main.locator(".govuk-radios__conditional").first
    expect(more).to_be_hidden()
    more.locator("xpath=preceding-sibling::*[1]//input").check()
    expect(more).to_be_visible()


def test_a_link_that_looks_like_a_button_is_pressed_with_the_space_bar(actors):
    duty = actors("duty")

    duty.main.get_by_role("button", name="Log a concern").press("Space")

    duty.page.wait_for_url("**/concerns/new/")


def test_where_they_could_not_be_fetched_the_page_works_without(actors):
    duty = actors("duty", signs_in=False)
    # The empty file that stands in for them.
    duty.page.route("**/components.min.js", lambda route: route.fulfill(body="", content_type="text/javascript"))

    duty.sign_in()

    duty.reads("Numbers are of the open referrals that you may open.")
    assert duty.complaints == []


def test_names_of_colleagues_are_offered_when_somebody_comes_to_the_box(actors, borough):
    referral, _ = assessment_road.begun(borough["practitioner"])
    practitioner = actors("practitioner")
    practitioner.opens(f"/referrals/{referral.reference}/notes/write/")
    box = practitioner.main.locator("input[list]").first
    offered = practitioner.page.locator(f"datalist#{box.get_attribute('list')} option")
    assert offered.count() == 0

    box.focus()

    expect(offered.first).to_be_attached()
    assert any(borough["manager"].name in each.get_attribute("value") for each in offered.all())
    box.blur()
    box.focus()
    expect(practitioner.page.locator("datalist")).to_have_count(1)

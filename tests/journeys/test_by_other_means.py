"""Without JavaScript, and without a mouse: everything works, it is only less comfortable."""

import pytest
from django.conf import settings

from hsb.core.models import Draft
from referrals.models import Concern, Referral
from referrals.selectors.concerns import FORM
from tests.journeys import steps

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("postgresql", "the first road is walked on both"),
]


def test_without_javascript_a_concern_is_logged_and_decided(actors_without_scripts):
    practitioner, manager = actors_without_scripts("practitioner"), actors_without_scripts("manager")
    # No script stops the second click: the server knows that it is the same concern.
    displayed, _ = steps.log_a_concern(practitioner, clicks=2)
    assert Concern.objects.count() == 1
    steps.assess(practitioner, displayed, "0", 2)

    steps.to_early_help(manager, displayed)

    assert Referral.at(displayed).get().state == "early_help"
    actors_without_scripts("ehmanager").opens(f"/referrals/{displayed}/")


def test_with_the_keyboard_alone_somebody_signs_in_and_adds_a_person(actors):
    duty = actors("duty", signs_in=False)
    duty.go("/")
    duty.type("input[name=login]", duty.address)
    duty.type("input[name=password]", settings.DEMO_PASSWORD)
    duty.press_key("Enter", leads_on=True)
    duty.reads("Numbers are of the open referrals that you may open.")

    # Past the header in one step, and on.
    duty.tab_to(".govuk-skip-link")
    duty.press_key("Enter")
    duty.tab_to("main a[href='/concerns/new/']")
    duty.press_key("Enter", leads_on=True)

    duty.type("main input[name=words]", "Clover Madeup")
    duty.press_key("Enter", leads_on=True)
    duty.tab_to("main a:has-text('Add somebody new')")
    duty.press_key("Enter", leads_on=True)
    duty.type("main input[name=given_name]", "Clover")
    duty.type("main input[name=family_name]", "Madeup")
    duty.tab_to("main input[name=birth_precision] >> nth=0")
    duty.press_key("Space")
    duty.type("main input[name=born_known_day]", "3")
    duty.type("main input[name=born_known_month]", "4")
    duty.type("main input[name=born_known_year]", "2014")
    duty.tab_to("main input[name=child_parts][value=displayed]")
    duty.press_key("Space")
    duty.tab_to("main button:has-text('Add to the concern')")
    duty.press_key("Enter", leads_on=True)

    duty.reads("Clover Madeup")
    draft = Draft.objects.get(user__email=duty.address, form=FORM)
    assert [person["raw"]["child_parts"] for person in draft.data["people"]] == [["displayed"]]

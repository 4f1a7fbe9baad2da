"""Why a child is here, and the pathway's texts, as their pages say it."""

import pytest
from django.urls import reverse

from referrals.models import PathwayText
from referrals.services import deciding
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


def case(referral):
    return reverse("referrals:case", args=[referral.reference])


def why(answer):
    return " ".join(road.text(answer).split('id="why-here"')[1].split("</section>")[0].split())


def test_why_here_by_default_above_and_below(client_of, amara, mo, front_door, willow):
    referral, _ = road.awaiting(amara, "1")
    browser = client_of(mo)
    by_default = why(browser.get(case(referral)))
    judgement = deciding.Judgement(tier=2, below_reason="Help is in place.", **road.WEIGHED)
    to = deciding.Destination(team=willow, reason="They know the family.")

    deciding.allocate(referral.reference, actor=mo, destination=to, judgement=judgement)

    below, tab = why(browser.get(case(referral))), road.text(browser.get(road.url(referral, "assessment")))
    assert (
        "Category 1: Problematic leads to: Statutory Social Work team for response (pathway 2026.1, in force"
        in by_default
    )
    assert ", the worker's view by Amara on " in by_default
    assert "Tier 3 is the pathway's default." in by_default
    assert "Tier 2 and the service were decided below that default by Mo, " in below
    assert "Help is in place." in below
    assert "See this child's place on the workflow" in below
    for page in (below, tab):
        assert "What was weighed: Manager, Mo" in page
        assert "The child's views: Wants help from the same worker." in page
    assert "Statutory social work; Early Help." in tab


def test_why_here_above_the_default(client_of, amara, front_door):
    referral, _ = road.logged(amara, harmed=False)
    road.assess_displayed(referral, amara, "0", tier=3)

    said = why(client_of(amara).get(case(referral)))

    assert "Tier 3 is above that default, Tier 2: Amara, " in said


def test_why_here_of_a_child_who_was_harmed_and_of_one_nobody_has_judged(client_of, amara, front_door):
    displayed, harmed = road.logged(amara)
    road.assess_harmed(harmed, amara)
    browser = client_of(amara)

    nobody, said = why(browser.get(case(displayed))), why(browser.get(case(harmed)))

    assert "No category and no tier yet." in nobody
    assert "on pathway 2026.1" in nobody
    assert "leads to: " in said
    assert "(pathway 2026.1, in force from 1 January 2026), the worker's view by Amara on " in said
    assert "This child is here" in said
    assert "ategory" not in said


def test_the_managers_page_asks_folded_what_was_weighed(client_of, amara, mo, front_door):
    referral, _ = road.awaiting(amara, "1")
    page = road.text(client_of(mo).get(road.url(referral, "decide")))

    assert "What you weighed: options, information, views" in page
    assert page.count('name="options_considered"') == page.count('name="parents_views"') == 1
    assert '<details class="govuk-details" open' not in page.split("What you weighed")[0].split("</details>")[-1]


def test_the_administrator_changes_a_text_and_brings_the_first_words_back(client_of, dee, front_door, amara):
    browser, every = client_of(dee), reverse("referrals:pathway_texts")
    change = reverse("referrals:change_pathway_text", args=["2026.1", "indicator-2-3"])
    first = road.text(browser.get(every))
    form = road.text(browser.get(change))

    said = "Pressure, so that the other child complied"
    changed = browser.post(change, {"version": "0", "text": said}, follow=True)
    stale = browser.post(change, {"version": "0", "what": "own", "text": "Something else entirely"})
    restored = browser.post(change, {"version": "1", "what": "beginning"}, follow=True)

    assert "Coercion and force to ensure victim compliance" in first, "the document's own words"
    assert "Coercion and force to make the other child comply" in first
    assert "Nothing was changed: every text is as it began." in first
    assert "Tier 4 (" not in first
    assert 'name="what"' not in form
    assert "Coercion and force to ensure victim compliance" in form
    assert said in road.text(changed)
    assert "Changed " in road.text(changed)
    assert stale.status_code == 409
    assert said in road.text(stale)
    assert "The words it began with" in road.text(restored)
    assert [row.text for row in PathwayText.objects.all()] == [said, ""]
    assert browser.get(f"{every}?version=1999.1").status_code == 404
    assert browser.get(change.replace("indicator", "nothing")).status_code == 404
    assert client_of(amara).get(every).status_code == 404

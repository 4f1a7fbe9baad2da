"""Brook colours in a browser: recorded on the tab, beside their behaviour, named by whoever writes the assessment."""

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from referrals.models import BrookFinding
from tests import cast
from tests.pages import assert_well_formed, filled, page
from tests.referrals import assessment_road as road
from tests.referrals import papers_of_a_child
from tests.referrals.brook_road import SUMMARY, recorded, replaced

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(dot, front_door):
    cast.train(dot)
    return *road.begun(dot), cast.user("Ned", (front_door, "practitioner"))


def link(answer, words):
    return next(href for href, text in page(answer).links if text.startswith(words))


def test_it_is_recorded_of_one_behaviour_and_recorded_anew_with_its_report(begun, dot, client_of):
    referral, assessment, ned = begun
    row = road.described(assessment, dot, "1")
    browser, tab = client_of(dot), road.url(referral)

    asked = browser.get(link(browser.get(tab), "Record a Brook colour"))
    answers = filled(
        asked,
        about=str(row.pk),
        colour="red",
        **date_parts("found_on", clock.today()),
        age_group="third",
        tool_version="2020",
        summary=SUMMARY,
        report="none",
    )
    wrong = browser.post(asked.wsgi_request.path, {**answers, "found_by": [ned.email]})
    sent = browser.post(asked.wsgi_request.path, answers)
    document = papers_of_a_child.added(referral, dot, title="The brindle report")
    anew = browser.get(link(browser.get(tab), "Record it anew"))
    corrected = filled(anew, report=document.reference, reason="The report has come.")
    twice = [browser.post(anew.wsgi_request.path, corrected) for _ in range(2)]
    after = client_of(ned).get(tab)
    beside = page(browser.get(road.url(referral, "behaviours"))).text

    for each in (asked, anew, after):
        assert_well_formed(each)
    assert wrong.status_code == 422
    assert "The training of Ned in the Brook tool is not recorded" in page(wrong).text
    assert [each.url for each in (sent, *twice)] == [f"{tab}#brook"] * 3
    assert BrookFinding.objects.get(number=2).behaviour == row
    said = page(after).text
    assert SUMMARY in said
    assert "The brindle report" in said
    assert "Only a user whose Brook training is recorded and current enters a colour" in said
    assert "Brook colour Red, found by Dot on" in beside
    assert browser.get(anew.wsgi_request.path).status_code == 409


@pytest.mark.parametrize("where", ["brook", "short"])
def test_somebody_untrained_names_a_colleagues_colour(begun, dot, client_of, where):
    referral, assessment, ned = begun
    found = recorded(referral, dot, colour="red")
    browser = client_of(ned)

    asked = browser.get(road.url(referral, where))
    told = road.SHORT | {"mismatch_reason": "It was looked at twice."} if where == "short" else {}
    answers = filled(asked, **told) | {"brook_used": ["yes"], "brook_finding": [found.reference]}
    assert browser.post(asked.wsgi_request.path, answers).status_code == 302

    saved = road.now(assessment)
    assert (saved.brook, saved.brook_by, saved.brook_finding) == ("red", dot, found)
    assert_well_formed(asked)
    assert "choose a colour that a trained colleague recorded" in page(asked).text
    assert f"Dot ({found.reference})" in page(browser.get(road.url(referral, "check"))).text
    again = page(browser.get(road.url(referral, where)))
    ticked = [a["value"] for tag, a in again.tags if tag == "input" and "checked" in a]
    assert found.reference in ticked

    newer = replaced(found, dot, colour="green")
    said = page(browser.get(road.url(referral, "check"))).text
    assert f"Recorded anew since: Green ({newer.reference})" in said


def test_somebody_trained_chooses_one_or_enters_their_own(begun, dot, client_of):
    referral, assessment, _ = begun
    found = recorded(referral, dot)
    browser, where = client_of(dot), road.url(referral, "brook")

    road.sent(browser, where, brook_used="yes", brook_finding=found.reference)
    assert road.now(assessment).brook_finding == found
    road.sent(browser, where, **road.brook("red"), brook_finding="own")
    saved = road.now(assessment)
    assert (saved.brook, saved.brook_by, saved.brook_finding) == ("red", dot, None)

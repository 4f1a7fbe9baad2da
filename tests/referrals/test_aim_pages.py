"""AIM assessments in a browser: on the tab, recorded, recorded anew with the report; the instrument nowhere."""

from datetime import date

import pytest

from hsb.core import clock
from hsb.core.forms import date_parts
from referrals.models import AimAssessment
from tests import cast
from tests.pages import assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals import papers_of_a_child
from tests.referrals.aim_road import RECOMMENDED, SUMMARY, recorded

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    born_on = date(clock.today().year - 10, 1, 1)
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=cast.person(born_on=born_on))


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def link(answer, words):
    return next(href for href, text in page(answer).links if text.startswith(words))


def test_it_is_recorded_and_recorded_anew_with_its_report(case, client_of, amara, mo):
    cast.train(amara, "aim3")
    browser, tab = client_of(amara), road.url(case, "assessment")

    asked = browser.get(link(browser.get(tab), "Record an AIM assessment"))
    answers = filled(
        asked,
        tool="aim3",
        tool_version="2023",
        **date_parts("started_on", clock.today()),
        **date_parts("completed_on", clock.today()),
        summary=SUMMARY,
        recommendations=RECOMMENDED,
        report="none",
        no_report_reason="It is being typed.",
    )
    young = browser.post(asked.wsgi_request.path, answers)
    sent = browser.post(asked.wsgi_request.path, {**answers, "age_reason": ["It was weighed."]})
    document = papers_of_a_child.added(case, amara, title="The brindle report")
    after = browser.get(tab)
    anew = browser.get(link(after, "Record it anew"))
    corrected = filled(anew, report=document.reference, reason="The report has come.")
    twice = [browser.post(anew.wsgi_request.path, corrected) for _ in range(2)]
    said = main(client_of(mo).get(tab))

    assert_well_formed(asked)
    assert "are never stored" in main(asked)
    assert young.status_code == 422
    assert "10 years old" in main(young)
    assert "say why this tool was used" in page(young).text
    assert [each.url for each in (sent, *twice)] == [f"{tab}#aim"] * 3
    assert_well_formed(after)
    for words in (
        SUMMARY,
        RECOMMENDED,
        "None yet, because: It is being typed.",
        "Why this tool was used: It was weighed.",
    ):
        assert words in main(after)
    second = AimAssessment.objects.get(number=2)
    assert (second.report, second.summary, second.age_reason) == (document, SUMMARY, "It was weighed.")
    assert said.index("The brindle report") < said.index("Recorded before") < said.index("None yet, because")
    assert "Replaced by</dt>" in said
    assert browser.get(anew.wsgi_request.path).status_code == 409
    chronology = main(browser.get(road.url(case, "chronology")))
    assert "AIM assessment recorded anew" in chronology
    assert SUMMARY not in chronology


def test_who_is_not_trained_reads_it_and_is_told_why_not(case, client_of, amara, bea, mo, aud):
    cast.train(amara, "aim_under_12")
    recorded(case, amara, tool="aim_under_12")

    untrained = client_of(mo).get(road.url(case, "assessment"))
    refused = client_of(mo).get(road.url(case, "aim/record"))

    assert SUMMARY in main(untrained)
    assert "Only a user whose AIM training is recorded" in main(untrained)
    assert "Record an AIM assessment" not in main(untrained)
    assert "Record it anew" not in main(untrained)
    assert refused.status_code == 409
    assert "ask an administrator to record it" in main(refused)
    assert SUMMARY in main(client_of(aud).get(road.url(case, "assessment")))
    assert client_of(amara).get(road.url(case, "aim/9/replace")).status_code == 404


def test_the_tab_asks_as_much_for_many_as_for_one(case, client_of, amara):
    cast.train(amara, "aim_under_12")
    document = papers_of_a_child.added(case, amara)

    def more():
        for _ in range(3):
            recorded(case, amara, tool="aim_under_12", report=document, no_report_reason="")

    more()

    assert_same_queries(client_of(amara), road.url(case, "assessment"), more)

"""The four questions beside a decision's reason: asked on its page, shown where the decision is (practice.md A29)."""

import pytest

from referrals.models import DecisionRecord
from referrals.services import meetings, police, working
from tests.pages import filled, page
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db

SUMMARY = "What you weighed: options, information, views"


@pytest.fixture
def worked(front_door, amara, bea, mo, willow):
    return road.at_work(road.with_statutory(amara, mo, willow, worker=bea), bea)


@pytest.fixture
def helped(front_door, amara, dev, eli, hazel):
    return road.at_work(road.with_early_help(amara, dev, hazel, worker=eli), eli)


@pytest.mark.parametrize("verb", ["decide-meeting", "step-down", "transfer"])
def test_the_page_of_a_decision_asks_them_folded_at_its_end(worked, mo, client_of, verb):
    found = client_of(mo).get(road.url(worked, verb)).content.decode()

    order = [found.index(f'name="{name}"') for name in ("reason", *road.WEIGHED)]
    assert order == sorted(order)
    assert found.count(SUMMARY) == 1


def test_who_does_not_convene_is_asked_beside_the_form_and_it_stands_on_the_case(
    front_door, amara, bea, mo, willow, client_of
):
    case, browser = road.with_statutory(amara, mo, willow, bea, "2"), client_of(mo)
    path = road.url(case, "decide-meeting")
    typed = {"decision": "do_not_convene", "reason": "The children live far apart."}

    refused = browser.post(path, filled(browser.get(path), **typed, **(road.WEIGHED | {"childs_views": ""})))
    done = browser.post(path, filled(browser.get(path), **typed, **road.WEIGHED))

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "Give the child's views, or say why they are not known" in page(refused).text
    assert "The assessment and a visit." in page(refused).text, "what was typed is kept"
    for shown in (browser.get(done.url), browser.get(road.url(case, "chronology"))):
        assert "What was weighed" in page(shown).text
        assert "The child's views: Wants help from the same worker." in page(shown).text


def test_what_is_typed_before_it_is_convened_is_not_kept(worked, mo, juniper, client_of):
    browser, path = client_of(mo), road.url(worked, "decide-meeting")

    done = browser.post(path, filled(browser.get(path), decision="convene", **road.WEIGHED))

    assert done.status_code == 302
    assert not DecisionRecord.objects.exists()


def test_who_closes_is_asked_before_being_asked_whether_they_are_sure(worked, bea, mo, client_of):
    meetings.decide_meeting(worked.meeting_decisions.get().reference, actor=mo, convene=False, reason="No need.")
    browser, path = client_of(mo), road.url(road.closing_proposed(worked, bea), "close")

    refused = browser.post(path, filled(browser.get(path), reason="Agreed."))
    sure = browser.post(path, filled(browser.get(path), reason="Agreed.", **road.WEIGHED))
    done = browser.post(path, filled(sure, confirmed="1"))

    assert (refused.status_code, sure.status_code, done.status_code) == (422, 200, 302)
    assert "Say which options were considered" in page(refused).text
    assert "Options considered: Statutory social work; Early Help." in page(browser.get(done.url)).text


def test_a_step_up_is_weighed_by_whoever_accepts_it(helped, eli, mo, willow, client_of):
    working.offer(helped.reference, actor=eli, kind="step_up", to_team=willow, reason="More is needed.")
    browser, path = client_of(mo), road.url(helped, "answer-offer")

    done = browser.post(path, filled(browser.get(path), decision="accept", tier="3", answer="Yes.", **road.WEIGHED))

    assert "Information relied on: The assessment and a visit." in page(browser.get(done.url)).text


def test_early_help_reads_what_was_weighed_for_a_step_down_and_is_not_asked_again(worked, mo, esi, hazel, client_of):
    family = working.FamilyAnswer(agreed=True, given_by="The mother", given_on=worked.received_at.date())
    told = {"kind": "step_down", "to_team": hazel, "reason": "Calm months.", "family": family}
    working.offer(worked.reference, actor=mo, weighed=road.weighed(), **told)

    shown = client_of(esi).get(road.url(worked, "answer-offer"))

    assert "The child's views: Wants help from the same worker." in page(shown).text
    assert SUMMARY not in page(shown).text


def test_why_a_form_is_not_sent_is_read_by_who_may_open_every_child_of_it(
    front_door, amara, bea, mo, max, willow, rowan, client_of
):
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    harmed = road.assess_harmed(harmed, amara, 3)
    for child, team, manager in ((displayed, willow, mo), (harmed, rowan, mo)):
        there = road.deciding.Destination(team=team, reason="Social work is needed.")
        road.deciding.allocate(child.reference, actor=manager, destination=there)
    police.excuse(
        police_road.of(displayed).reference,
        actor=mo,
        exit_="not_sent_because",
        reason="The police brought it.",
        weighed=road.weighed(),
    )

    decided = page(client_of(mo).get(road.url(displayed, "police-forms"))).text
    other = page(client_of(max).get(road.url(harmed, "police-forms"))).text

    assert "Options considered: Statutory social work; Early Help." in decided
    assert "Options considered" not in other

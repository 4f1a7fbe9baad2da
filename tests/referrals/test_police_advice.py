"""The police's advice for every child stands where somebody is about to tell, until the police lift it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.refusals import NotReady
from referrals.models import PoliceCall
from referrals.services import urgent
from tests.referrals import case_road as road
from tests.referrals import police_road
from tests.referrals.test_police_calls import ADVICE, FOR_ALL, concern_of, overview
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def children(front_door, juniper, willow, amara, mo):
    """Three children of one concern with Amara; the police advised for all of them."""
    found = meeting_road.allocated(amara, mo, willow, amara)
    police_road.called(found[0], amara, advice=ADVICE, advice_for=[concern_of(found[0]).reference])
    return found


@pytest.fixture
def meeting(children, mo, cho, min):
    return meeting_road.planned(meeting_road.convened(children[0], mo), cho, min)


# --- Where somebody is about to tell ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", ["tell-referrer", "what-families-are-told"])
def test_it_stands_before_a_referrer_or_a_family_is_told(children, client_of, amara, address):
    told = road.text(client_of(amara).get(road.url(children[1], address)))

    assert FOR_ALL in told
    assert ADVICE in told


def test_it_stands_where_a_letter_to_a_family_is_made(children, meeting, client_of, cho, min):
    section_47 = {"section_47": True}
    meeting_road.issued(meeting, cho, {1: section_47, 2: section_47, 3: section_47})

    page = road.text(client_of(min).get(reverse("strategy_meetings:make_paper", args=[meeting.reference])))

    assert ADVICE in page


@pytest.mark.parametrize("name", ["child", "agree_child", "add_action"])
def test_whoever_writes_a_childs_part_reads_it(meeting, client_of, cho, min, name):
    meeting_road.held(meeting, cho)

    for user in (cho, min):
        assert ADVICE in road.text(
            client_of(user).get(reverse(f"strategy_meetings:{name}", args=[meeting.reference, 2]))
        )


def test_on_a_childs_part_nobody_else_does(children, meeting, client_of, amara):
    page = client_of(amara).get(reverse("strategy_meetings:child", args=[meeting.reference, 1]))

    assert page.status_code == 200
    assert ADVICE not in road.text(page)


# --- Until the police lift it -------------------------------------------------------------------------------------

LIFTED = "Lifted by the police"
WHY = "They have spoken to the children."


@pytest.fixture
def apart(front_door, amara, mo, willow, rowan, carl, max):
    """(Willow's child, Rowan's child) of one concern; the police advised Amara for both."""
    pair = police_road.apart(amara, mo, ((willow, amara), (rowan, carl)))
    police_road.called(pair[0], amara, advice=ADVICE, advice_for=[concern_of(pair[0]).reference])
    return pair


def lift(browser, referral, **answers):
    url = road.url(referral, "lift-advice")
    typed = {"reason": WHY, **date_parts("lifted_on", clock.today())} | answers
    return browser.post(url, {"call": str(PoliceCall.objects.first().once)} | typed)


def test_the_recorder_records_that_it_is_lifted(apart, client_of, amara):
    displayed, _ = apart
    browser = client_of(amara)

    answer = lift(browser, displayed)

    row = PoliceCall.objects.get()
    assert answer.status_code == 302
    assert (row.lifted_on, row.lifted_by, row.lifted_reason) == (clock.today(), amara, WHY)
    assert road.last_entry(displayed, "lift_advice").actor == amara
    assert "The police lifted their advice for every child" in road.text(browser.get(road.url(displayed, "chronology")))


def test_lifted_advice_stands_first_nowhere_and_stays_with_the_call(apart, client_of, amara, carl):
    displayed, harmed = apart
    lift(client_of(amara), displayed)

    own, others = overview(client_of(amara), displayed), overview(client_of(carl), harmed)

    for page in (own, others):
        assert f"{FOR_ALL}, given on" not in page
        assert f"{LIFTED} on" in page
        assert ADVICE in page
    assert WHY in own
    assert WHY not in others
    assert ADVICE not in road.text(client_of(amara).get(road.url(displayed, "what-families-are-told")))


def test_a_manager_of_any_child_of_the_concern_may_and_it_stands_on_both_records(apart, client_of, max):
    displayed, harmed = apart

    assert lift(client_of(max), harmed).status_code == 302
    assert PoliceCall.objects.get().lifted_by == max
    assert road.last_entry(harmed, "lift_advice").actor == max
    assert road.last_entry(displayed, "lift_advice").actor == max


def test_nobody_else_may(apart, client_of, carl):
    _, harmed = apart
    browser = client_of(carl)

    assert browser.get(road.url(harmed, "lift-advice")).status_code == 403
    assert lift(browser, harmed).status_code == 403
    assert "The police lifted their advice" not in overview(browser, harmed)
    assert PoliceCall.objects.get().lifted_on is None


def test_it_is_not_lifted_before_it_was_given(apart, client_of, amara):
    yesterday = date_parts("lifted_on", clock.today() - timedelta(days=1))

    answer = lift(client_of(amara), apart[0], **yesterday)

    assert answer.status_code == 422
    assert "The police cannot have lifted it before they gave it" in road.text(answer)


def test_what_is_lifted_is_not_lifted_again(apart, client_of, amara, max):
    displayed, harmed = apart
    lift(client_of(amara), displayed)

    assert lift(client_of(max), harmed).status_code == 409
    with pytest.raises(NotReady):
        urgent.lift_advice(
            harmed.reference, actor=max, call=PoliceCall.objects.get(), reason=WHY, lifted_on=clock.today()
        )
    assert PoliceCall.objects.get().lifted_by == amara


def test_advice_that_was_given_for_one_child_alone_is_not_lifted(front_door, client_of, amara):
    displayed, _ = road.logged(amara)
    police_road.called(displayed, amara, advice=ADVICE)

    assert client_of(amara).get(road.url(displayed, "lift-advice")).status_code == 409

"""The police's advice for every child stands where somebody is about to tell, until the police lift it."""

import pytest
from django.urls import reverse

from tests.referrals import case_road as road
from tests.referrals import police_road
from tests.referrals.test_police_calls import ADVICE, FOR_ALL, concern_of
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

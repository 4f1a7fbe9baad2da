"""On a meeting's pages whoever may not open another child reads no name of theirs, whatever somebody typed (B7)."""

from uuid import uuid4

import pytest
from django.urls import reverse

from hsb.core import clock
from hsb.core.models import Action
from hsb.core.refusals import NotReady
from referrals.services import restricting
from strategy_meetings.services import sitting
from tests.pages import page
from tests.strategy_meetings import meeting_road as road

pytestmark = pytest.mark.django_db
TYPED = "What Ash Made-Up said of Robin."
ALL_OF_IT = (
    "child_views",
    "family_views",
    "outcome_reason",
    "closed_minutes",
    "intel_reason",
    "category_reason",
    "child_invited_reason",
)


@pytest.fixture
def meeting(front_door, juniper, willow, rowan, amara, mo, cho, min, carl):
    """About Robin, Ash and Sky, held; what is typed of Robin names Ash. Carl is named on Robin's referral alone."""
    robin, _, _ = road.allocated(amara, mo, willow, amara)
    meeting = road.planned(road.convened(robin, mo), cho, min)
    road.held(meeting, cho)
    road.agreed(meeting, 1, min, section_47=True, **dict.fromkeys(ALL_OF_IT, TYPED))
    restricting.name_reader(robin.reference, actor=mo, reader=carl, reason="Supports the family.")
    return road.again(meeting)


def at(meeting, rest=""):
    return f"{reverse('strategy_meetings:meeting', args=[meeting.reference])}{rest}"


def test_in_a_childs_part(meeting, carl, client_of):
    text = page(client_of(carl).get(at(meeting, "children/1/"))).text

    assert "What Child B said of Robin." in text
    assert "Ash" not in text


def test_in_the_shared_minutes(meeting, carl, client_of):
    type(meeting).objects.filter(pk=meeting.pk).update(shared_minutes=TYPED)

    text = page(client_of(carl).get(at(meeting))).text

    assert "What Child B said of Robin." in text
    assert "Ash" not in text


def test_chair_and_minute_taker_read_it_as_it_was_typed(meeting, min, client_of):
    assert TYPED in page(client_of(min).get(at(meeting, "children/1/"))).text


def test_an_action_on_one_childs_record_names_no_other_child(meeting, min):
    how = {"agency": "Willow", "owner_name": "The teacher", "due_on": clock.today()}

    with pytest.raises(NotReady, match="word it without “Ash”"):
        sitting.agree_action(meeting.reference, 1, actor=min, once=uuid4(), what="Keep Ash away.", **how)

    assert not Action.objects.filter(what__contains="Ash").exists()

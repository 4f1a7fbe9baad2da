"""A concern with many children: its pages ask the database as much as those of a concern with few."""

import pytest

from hsb.core.models import Record
from referrals.models import PoliceReferral
from referrals.states import ReferralState
from tests import cast
from tests.pages import assert_same_queries
from tests.referrals import case_road as road
from tests.referrals import police_road

pytestmark = pytest.mark.django_db


def one_more(author, team, about, number):
    """A child who displayed and one who was harmed, in the concern `about`; both wait for a manager's decision."""
    for side in ("displayed", "harmed"):
        child = cast.person(f"{side} {number}", address="1 Sample Street", address_confidential=True)
        waits = {"held_by": team, "side": side, "state": ReferralState.AWAITING_DECISION}
        made = cast.referral(author, child=child, about=about, **waits)
        if side == "displayed":
            cast.submitted(made, author, category="2", tier=4)


@pytest.fixture
def case(front_door, amara, willow):
    """A referral of category 2 in a concern with four more children: its Form 87A is needed."""
    referral, _ = road.awaiting(amara, "2", harmed=True)
    one_more(amara, willow, referral.involvements.get().concern, 0)
    return referral


@pytest.fixture
def many_more(case, amara, willow):
    """Ten more children come into the concern."""

    def grow():
        about = case.involvements.get().concern
        for number in range(1, 6):
            one_more(amara, willow, about, number)

    return grow


TABS = (
    "",
    "assessment/",
    "people/",
    "plan/",
    "meetings/",
    "notes/",
    "documents/",
    "chronology/",
    "who-looked/",
    "what-may-i-say/",
    "what-families-are-told/",
    "police-forms/",
    "consent/",
    "sharing/",
    "decide/",
    "police-call/",
    "request-meeting/",
    "restrict/",
    "mapping/",
    "intel/",
)


@pytest.mark.parametrize("tab", TABS)
def test_a_page_of_a_large_concern_asks_no_more(client_of, case, many_more, amara, mo, tab):
    police_road.drafted(case, amara)

    assert_same_queries(client_of(mo), f"/referrals/{case.reference}/{tab}", many_more)


def step(referral, name):
    return f"/referrals/{referral.reference}/police-forms/{police_road.of(referral).reference}/{name}/"


def test_a_form_is_drafted_with_as_many_questions(client_of, case, many_more, amara):
    police_road.called(case, amara)

    assert_same_queries(client_of(amara), step(case, "draft"), many_more)


@pytest.mark.parametrize("name", ["approve", "not-sent", "telling"])
def test_a_drafted_form_is_decided_on_with_as_many_questions(client_of, case, many_more, amara, mo, name):
    police_road.drafted(case, amara)

    assert_same_queries(client_of(mo), step(case, name), many_more)


@pytest.mark.parametrize("who", ["amara", "mo", "carl", "aud"])
@pytest.mark.parametrize("restricted", [False, True])
def test_what_is_read_with_a_form_is_what_the_rule_says(case, many_more, request, who, restricted):
    many_more()
    Record.objects.filter(pk=case.involvements.get().concern.involvements.last().referral_id).update(
        restricted=restricted
    )
    user, form = request.getfixturevalue(who), police_road.of(case)

    read = PoliceReferral.objects.read_by(user).get(pk=form.pk)
    PoliceReferral.show_together([read], user)

    assert read.opens == (not form.hidden_from(user))
    assert [child.pk for child in read.hidden_from(user)] == [child.pk for child in form.hidden_from(user)]
    assert read.called == form.calls().exists()

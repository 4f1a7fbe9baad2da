"""What the families may be told: held back by whoever works with the case, told again by a manager."""

import pytest

from hsb.core import words as said
from hsb.core.models import Entry
from hsb.core.refusals import Denied, NotReady
from referrals.models import Concern
from referrals.services import telling
from tests import cast
from tests.pages import page
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(front_door, willow, amara, mo):
    return road.with_statutory(amara, mo, willow, amara)


@pytest.fixture
def concern(referral):
    return Concern.objects.get(involvements__referral=referral)


@pytest.fixture
def held_back(referral, concern, amara):
    return telling.hold_back(referral.reference, actor=amara, concern=concern.reference, reason="The police asked.")


def test_the_warning_stands_where_the_concern_is_read_and_the_reason_on_both_records(
    held_back, referral, amara, client_of
):
    assert "Do not disclose yet" in page(client_of(amara).get(f"/concerns/{held_back.reference}/")).text
    told = Entry.objects.filter(verb="hold_back", reason="The police asked.").values_list("record", flat=True)
    assert set(told) == {held_back.pk, referral.pk}


def test_a_manager_lifts_it(held_back, referral, mo):
    telling.tell_again(referral.reference, actor=mo, concern=held_back.reference, reason="The police agreed.")

    assert Concern.objects.get(pk=held_back.pk).do_not_disclose is False


def test_a_worker_does_not(held_back, referral, amara):
    with pytest.raises(Denied):
        telling.tell_again(referral.reference, actor=amara, concern=held_back.reference, reason="I think so.")


def test_it_needs_a_reason_and_is_recorded_once(held_back, referral, amara):
    with pytest.raises(NotReady, match="Give the reason"):
        telling.hold_back(referral.reference, actor=amara, concern=held_back.reference, reason=" ")
    with pytest.raises(NotReady, match="already"):
        telling.hold_back(referral.reference, actor=amara, concern=held_back.reference, reason="Again.")


def test_another_childs_concern_is_not_decided_here(referral, amara):
    elsewhere = cast.concern(amara)

    with pytest.raises(Denied):
        telling.hold_back(referral.reference, actor=amara, concern=elsewhere.reference, reason="Why.")


def test_each_is_offered_what_is_theirs(held_back, referral, amara, mo, client_of):
    url = f"/referrals/{referral.reference}/what-families-are-told/"

    assert "A manager decides when" in page(client_of(amara).get(url)).text
    offered = client_of(mo).get(url).context["form"].fields["decision"].choices
    assert [words for _, words in offered] == [f"The families can be told about the concern of {day(held_back)}"]


def day(concern):

    return said.day(concern.reported_on)


def test_what_a_manager_sends_is_done(held_back, referral, mo, client_of):
    client_of(mo).post(
        f"/referrals/{referral.reference}/what-families-are-told/",
        {"decision": f"tell_again:{held_back.reference}", "reason": "The police agreed."},
    )

    assert Concern.objects.get(pk=held_back.pk).do_not_disclose is False

"""Who is asked follows who is in the meeting; what somebody wrote in a seat, or who came, stays (B7, B15)."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.core.models import AccessBar, Record
from hsb.core.refusals import Changed, NotReady
from hsb.people.states import Role
from referrals.models import Referral
from referrals.services import restricting
from strategy_meetings.services import planning, sitting
from tests import cast
from tests.pages import filled, page
from tests.strategy_meetings import meeting_road as road

pytestmark = pytest.mark.django_db
S47 = {"section_47": True}


@pytest.fixture
def children(amara, mo, willow, front_door, juniper):
    return road.allocated(amara, mo, willow, amara)


@pytest.fixture
def ben(children, willow):
    """Ash's worker."""
    ben = cast.user("Ben", (willow, Role.PRACTITIONER))
    Referral.objects.filter(pk=children[1].pk).update(worker=ben)
    return ben


def planned(children, mo, cho, min, **fields):
    return road.planned(road.convened(children[0], mo), cho, min, **fields)


def without_ash(children):
    return {children[1].person_id: "Has one of their own."}


def change(meeting, cho, left_out):
    return planning.change_children(meeting.reference, actor=cho, left_out=left_out)


def social_workers(meeting):
    return [seat.who for seat in meeting.seats.filter(role="social_work")]


# --- A child is taken in, or left out ---------------------------------------------------------------------------------


def test_the_worker_of_a_child_who_is_taken_in_is_asked(children, ben, mo, cho, min):
    meeting = planned(children, mo, cho, min, left_out=without_ash(children))
    assert social_workers(meeting) == ["Amara"]

    change(meeting, cho, {})

    assert social_workers(meeting) == ["Amara", "Ben"]
    assert meeting.seats.get(user=ben).state == "expected"


def test_the_worker_of_a_child_who_is_left_out_is_not(children, ben, mo, cho, min):
    meeting = planned(children, mo, cho, min)

    change(meeting, cho, without_ash(children))

    assert social_workers(meeting) == ["Amara"]


def test_whoever_has_another_child_of_it_too_stays(children, ben, mo, cho, min):
    Referral.objects.filter(pk=children[2].pk).update(worker=ben)
    meeting = planned(children, mo, cho, min)

    change(meeting, cho, without_ash(children))

    assert social_workers(meeting) == ["Amara", "Ben"]


def test_the_last_seat_of_a_service_stays_without_a_name(children, ben, mo, cho, min):
    """Nobody may forget that one stayed empty; who comes next sits in it. For a restricted child nobody is named."""
    meeting = planned(children, mo, cho, min)
    for child in (children[0], children[2]):
        Record.objects.filter(pk=child.pk).update(restricted=True)
    change(meeting, cho, without_ash(children))
    assert social_workers(meeting) == [""]

    change(meeting, cho, {})

    assert social_workers(meeting) == ["Ben"]


def test_a_seat_that_somebody_edited_stays(children, ben, mo, cho, min):
    meeting = planned(children, mo, cho, min)
    seat = meeting.seats.get(user=ben)
    sitting.save_seat(
        meeting.reference, actor=cho, number=seat.number, role=seat.role, agency="Willow", user=ben, state="expected"
    )

    change(meeting, cho, without_ash(children))

    assert social_workers(meeting) == ["Amara", "Ben"]


def test_whoever_has_come_stays(children, ben, mo, cho, min):
    meeting = planned(children, mo, cho, min)
    seat = meeting.seats.get(user=ben)
    sitting.save_seat(meeting.reference, actor=cho, number=seat.number, role=seat.role, user=ben, state="filled")

    change(meeting, cho, without_ash(children))

    assert social_workers(meeting) == ["Amara", "Ben"]


def test_whoever_was_typed_by_name_is_not_asked_twice(children, ben, mo, cho, min):
    meeting = planned(children, mo, cho, min, left_out=without_ash(children))
    sitting.save_seat(meeting.reference, actor=cho, role="social_work", name="Ben")

    change(meeting, cho, {})

    assert social_workers(meeting) == ["Amara", "Ben"]


def test_a_form_of_a_seat_that_somebody_else_sits_in_now_is_stale(children, ben, amara, mo, cho, min):
    meeting = planned(children, mo, cho, min, left_out=without_ash(children))
    seat = meeting.seats.get(user=amara)
    Referral.objects.filter(pk__in=[children[0].pk, children[2].pk]).update(worker=ben)
    change(meeting, cho, {})
    assert social_workers(meeting) == ["Ben"]

    with pytest.raises(Changed):
        sitting.save_seat(
            meeting.reference, actor=cho, number=seat.number, role=seat.role, name="Amara", version=seat.version
        )


# --- Barred -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def barred_later(children, ben, mo, cho, min):
    """Ben, who is asked for Ash, is barred from Sky."""
    meeting = planned(children, mo, cho, min)
    restricting.bar(children[2].reference, actor=mo, user=ben, reason="Related.")
    return meeting


def test_barred_later_the_seat_names_nobody(client_of, barred_later, mo, cho):
    for user in (mo, cho):
        told = page(client_of(user).get(f"/meetings/{barred_later.reference}/")).text
        assert "Ben" not in told
        assert "Social work team Nobody is named yet Expected" in told


def test_nor_the_pages_that_fill_it_in(client_of, barred_later, ben, cho):
    seat = barred_later.seats.get(user=ben)
    browser = client_of(cho)
    url = f"/meetings/{barred_later.reference}/seats/{seat.number}/"

    assert "Ben" not in browser.get(f"/meetings/{barred_later.reference}/hold/").content.decode()
    assert browser.post(url, filled(browser.get(url))).status_code == 302

    assert not barred_later.seats.filter(user=ben).exists()


def test_when_the_children_change_it_goes(children, barred_later, ben, cho):
    Referral.objects.filter(pk=children[1].pk).update(worker=ben)
    change(barred_later, cho, {})

    assert not barred_later.seats.filter(user=ben).exists()


def review_of(children, mo, cho, min, barred):
    """A review about Robin and Sky, of a meeting about all; `barred` is barred from Ash since."""
    again = {"review": True, "review_on": clock.today() + timedelta(days=30)}
    meeting = planned(children, mo, cho, min)
    AccessBar.objects.create(
        user=barred, record=children[1].person.record, reason="Related.", set_by=mo, set_at=clock.now()
    )
    road.issued(meeting, cho, {1: again, 2: S47, 3: again})
    return meeting.reviews.get()


def test_in_a_review_nobody_is_named_who_is_barred_from_another_child_of_the_concern(children, willow, mo, cho, min):
    fay = cast.user("Fay", (willow, Role.PRACTITIONER))
    Referral.objects.filter(pk=children[0].pk).update(worker=fay)

    review = review_of(children, mo, cho, min, fay)

    assert social_workers(review) == ["Amara"]


def test_nor_takes_its_minutes(children, juniper, mo, cho, min):
    tim = cast.user("Tim", (juniper, Role.MINUTE_TAKER))
    review = review_of(children, mo, cho, min, tim)
    set_for = {"planned_on": review.planned_on, "starts_at": None, "place": "", "chair": cho, "minute_taker": tim}

    with pytest.raises(NotReady, match="Tim cannot be in this meeting"):
        planning.arrange(review.reference, actor=cho, **set_for)
    with pytest.raises(NotReady, match="Tim cannot be in this meeting"):
        planning.take_over(review.reference, actor=cho, chair=cho, minute_taker=tim, reason="Min is ill.")

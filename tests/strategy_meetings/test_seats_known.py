"""A new meeting's seats say who and which agency are known; nobody is marked as there, a seat opens nothing (B7)."""

from datetime import timedelta

import pytest

from hsb.core import clock
from hsb.core.models import AccessBar, AccessGrant
from hsb.people.states import Role, Service
from referrals.models import Person, Referral
from strategy_meetings.models import StrategyMeeting
from tests import cast
from tests.strategy_meetings import meeting_road as road

pytestmark = pytest.mark.django_db
SCHOOL = "Alder Invented School"


@pytest.fixture
def children(amara, mo, willow, front_door, juniper):
    """Robin and Ash, who displayed, and Sky, who was harmed: all with Willow, and Amara their worker."""
    return road.allocated(amara, mo, willow, amara)


def planned(children, mo, cho, **fields):
    return road.planned(road.convened(children[0], mo), cho, **fields)


def of(meeting, role):
    return [(seat.agency, seat.user and seat.user.name, seat.name) for seat in meeting.seats.filter(role=role)]


def set_workers(children, *workers):
    for child, worker in zip(children, workers, strict=True):
        Referral.objects.filter(pk=child.pk).update(worker=worker)


def at_school(children, *schools):
    for child, school in zip(children, schools, strict=True):
        Person.objects.filter(pk=child.person_id).update(school=school)


def test_a_worker_of_several_children_has_one_seat(children, mo, cho):
    meeting = planned(children, mo, cho)

    assert of(meeting, "social_work") == [("", "Amara", "")]
    assert [seat.role for seat in meeting.seats.all()] == [
        "social_work",
        "social_work_manager",
        "police",
        "health",
        "education",
    ]


def test_every_other_worker_has_a_seat_beside(children, willow, mo, cho, amara):
    ben = cast.user("Ben", (willow, Role.PRACTITIONER))
    set_workers(children, amara, ben, ben)

    meeting = planned(children, mo, cho)

    assert of(meeting, "social_work") == [("", "Amara", ""), ("", "Ben", "")]
    assert meeting.seats.count() == 6


def test_where_there_is_no_worker_it_is_the_teams_manager(children, mo, cho):
    set_workers(children, None, None, None)

    assert of(planned(children, mo, cho), "social_work") == [("", "Mo", "")]


def test_whoever_has_left_is_not_asked(children, mo, cho):
    gone = cast.user("Gone", is_active=False)
    set_workers(children, gone, gone, gone)

    assert of(planned(children, mo, cho), "social_work") == [("", "Mo", "")]


def test_nor_is_a_manager_who_has_left(children, willow, mo, cho):
    decision = road.convened(children[0], mo)
    set_workers(children, None, None, None)
    mo.is_active = False
    mo.save()
    cast.user("Fin", (willow, Role.MANAGER))

    assert of(road.planned(decision, cho), "social_work") == [("", "Fin", "")]


def test_a_child_who_is_left_out_brings_nobody(children, willow, mo, cho, amara):
    ben = cast.user("Ben", (willow, Role.PRACTITIONER))
    set_workers(children, amara, ben, amara)

    meeting = planned(children, mo, cho, left_out={children[1].person_id: "Has one of their own."})

    assert of(meeting, "social_work") == [("", "Amara", "")]


def test_an_early_help_worker_is_no_social_worker(children, mo, cho, amara):
    """Who sits there counts for the quorum (A13)."""
    alder = cast.team("Alder", Service.EARLY_HELP)
    eve = cast.user("Eve", (alder, Role.PRACTITIONER))
    set_workers(children, eve, eve, eve)
    for child in children:
        child.record.holding_team = alder
        child.record.save()

    meeting = planned(children, mo, cho)

    assert of(meeting, "social_work") == [("", None, "")]
    assert of(meeting, "other") == [("Alder", "Eve", "")]


def test_who_is_barred_from_a_child_of_the_meeting_is_not_named(children, willow, mo, cho, amara):
    ben = cast.user("Ben", (willow, Role.PRACTITIONER))
    set_workers(children, ben, amara, amara)
    AccessBar.objects.create(
        user=ben, record=children[2].person.record, reason="Related.", set_by=mo, set_at=clock.now()
    )

    assert of(planned(children, mo, cho), "social_work") == [("", "Amara", "")]


def test_nobody_is_marked_as_there(children, mo, cho):
    meeting = planned(children, mo, cho)

    assert {(seat.state, seat.report_received) for seat in meeting.seats.all()} == {("expected", False)}


def test_a_seat_opens_nothing(children, willow, mo, cho, amara):
    """Whoever is asked for one child opens neither the others' records nor the meeting because of it."""
    ben = cast.user("Ben", (willow, Role.PRACTITIONER))
    set_workers(children, amara, ben, amara)

    meeting = planned(children, mo, cho)

    assert of(meeting, "social_work") == [("", "Amara", ""), ("", "Ben", "")]
    assert not AccessGrant.objects.filter(record=meeting.record, user__in=[amara, ben]).exists()
    assert not AccessGrant.objects.filter(user=ben).exists()
    assert not StrategyMeeting.objects.visible_to(cast.again(ben)).exists()


# --- Agencies ---------------------------------------------------------------------------------------------------------


def test_the_police_seat_says_the_boroughs_team(children, mo, cho):
    assert of(planned(children, mo, cho), "police") == [("Police child abuse investigation team", None, "")]


@pytest.mark.parametrize(
    ("schools", "said"),
    [
        pytest.param((SCHOOL, SCHOOL, SCHOOL), SCHOOL, id="one school"),
        # One child's school is not told to who reads of another alone, nor in the other's copy.
        pytest.param((SCHOOL, "Birch Invented School", SCHOOL), "", id="two schools"),
        pytest.param((SCHOOL, "", SCHOOL), "", id="one not known"),
        pytest.param(("", "", ""), "", id="none known"),
    ],
)
def test_the_education_seat_says_the_school_that_all_of_them_share(children, mo, cho, schools, said):
    at_school(children, *schools)

    assert of(planned(children, mo, cho), "education") == [(said, None, "")]


def test_of_a_meeting_about_one_child_it_is_that_childs(children, mo, cho):
    at_school(children, SCHOOL, "Birch Invented School", "")
    alone = {child.person_id: "Has one of their own." for child in children[1:]}

    assert of(planned(children, mo, cho, left_out=alone), "education") == [(SCHOOL, None, "")]


def test_a_school_that_would_tell_where_a_confidential_address_is_stays_out(children, mo, cho):
    at_school(children, SCHOOL, SCHOOL, SCHOOL)
    Person.objects.filter(pk=children[1].person_id).update(address_confidential=True)

    assert of(planned(children, mo, cho), "education") == [("", None, "")]


def test_a_review_is_filled_in_of_the_children_it_is_about(children, willow, mo, cho, amara):
    ben = cast.user("Ben", (willow, Role.PRACTITIONER))
    set_workers(children, amara, ben, amara)
    at_school(children, SCHOOL, "Birch Invented School", SCHOOL)
    again = {"review": True, "review_on": clock.today() + timedelta(days=30)}
    meeting = planned(children, mo, cho)

    road.issued(meeting, cho, {1: again, 2: {"section_47": True}, 3: again})

    review = meeting.reviews.get()
    assert of(review, "social_work") == [("", "Amara", "")]
    assert of(review, "education") == [(SCHOOL, None, "")]

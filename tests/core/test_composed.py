"""Statements that are composed once answer as if they were composed anew, whoever asks and whatever has changed."""

from datetime import timedelta

import pytest
from django.db.models import BooleanField, CharField, DateTimeField, ExpressionWrapper, Q

from hsb.core import access, clock, composed
from hsb.core.composed import Given, Moment
from hsb.core.models import AccessGrant, Record
from hsb.core.states import Because
from hsb.people.models import Membership
from hsb.people.states import Role
from hsb.people.who_asks import whole
from tests import cast

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("what is kept is the database's own statement"),
    pytest.mark.usefixtures("nothing_kept"),
]


def live_grants(record):
    return composed.kept(
        ("live", record.pk), lambda: AccessGrant.objects.filter(access.live(), record=record).values("pk", "starts_at")
    )


def a_record():
    return Record.objects.create(kind="referral", reference="HSB-2026-00001", opened_at=clock.now())


def a_grant(record, user, because=Because.NAMED, **dates):
    return AccessGrant.objects.create(record=record, user=user, because=because, **dates)


def test_the_instant_is_that_of_the_question(amara):
    record, now = a_record(), clock.now()
    ended = a_grant(record, amara, starts_at=now - timedelta(days=9), ends_at=now + timedelta(hours=1))
    begins = a_grant(record, amara, starts_at=now + timedelta(hours=2), ends_at=None)

    assert [row["pk"] for row in live_grants(record).rows()] == [ended.pk]
    with clock.moved_to(now + timedelta(hours=3)):
        found = live_grants(record).rows()

    assert found == [{"pk": begins.pk, "starts_at": begins.starts_at}]


def test_an_instant_before_now_moves_with_it(amara):
    record, now = a_record(), clock.now()
    a_grant(record, amara, starts_at=now - timedelta(days=3), ends_at=None)

    def lately():
        since = Q(starts_at__gt=Moment(timedelta(days=5)))
        return AccessGrant.objects.filter(since, record=record).values("pk")

    assert composed.kept(("lately", record.pk), lately).number() == 1
    with clock.moved_to(now + timedelta(days=3)):
        assert composed.kept(("lately", record.pk), lately).number() == 0
        assert lately().count() == 0


def test_what_is_composed_may_not_read_the_clock():
    with pytest.raises(RuntimeError, match="use composed.Moment"):
        composed.kept("wrong", lambda: AccessGrant.objects.filter(access.live(clock.now())).values("pk"))

    assert clock.now(), "and it can be read again"


def test_a_given_value_is_another_one_each_time(amara):
    record, now = a_record(), clock.now()
    first = a_grant(record, amara, starts_at=now - timedelta(days=9), ends_at=None)

    def since():
        return AccessGrant.objects.filter(starts_at__lt=Given("before", DateTimeField())).values("pk")

    for before, expected in ((now, [{"pk": first.pk}]), (now - timedelta(days=10), [])):
        assert composed.kept("since", since).rows(before=before) == expected


def test_rows_are_counted_as_they_are_grouped(amara, bea):
    record = a_record()
    for user, because in ((amara, Because.NAMED), (amara, Because.AUTHOR), (bea, Because.NAMED)):
        a_grant(record, user, because, starts_at=clock.now(), ends_at=None)

    def of_whom():
        return AccessGrant.objects.filter(record=record).values_list("pk", "user")

    def nothing():
        return AccessGrant.objects.none().values_list("pk", "user")

    assert sorted(composed.kept("of whom", of_whom).grouped()) == [((amara.pk,), 2), ((bea.pk,), 1)]
    assert composed.kept("of whom", of_whom).number() == 3
    empty = composed.kept("nothing", nothing)
    assert (empty.grouped(), empty.rows(), empty.number()) == ([], [], 0)


def test_rows_are_tallied_by_their_flags(amara, bea):
    record, now = a_record(), clock.now()
    a_grant(record, amara, starts_at=now, ends_at=now + timedelta(days=1))
    a_grant(record, bea, starts_at=now, ends_at=None)

    def that_end(grants):
        ends = ExpressionWrapper(Q(ends_at__isnull=False), BooleanField())
        return grants.annotate(ends=ends, all=ExpressionWrapper(Q(pk__gt=0), BooleanField())).values_list(
            "pk", "ends", "all"
        )

    known = composed.kept("that end", lambda: that_end(AccessGrant.objects.filter(record=record)))
    nobody = composed.kept("nobody's", lambda: that_end(AccessGrant.objects.none()))

    assert (known.tallied(), nobody.tallied()) == ((2, 1, 2), (0, 0, 0))
    assert not any(isinstance(number, bool) for number in known.tallied())


# --- What rides ------------------------------------------------------------------------------------------------------


def test_the_oldest_go_first(monkeypatch):
    monkeypatch.setattr(composed, "KEPT", 2)
    made = []

    def ask(key):
        def rows():
            made.append(key)
            return Record.objects.values("pk")

        composed.kept(key, rows)

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)

    assert made == ["a", "b", "c", "b"]


# --- Who asks --------------------------------------------------------------------------------------------------------


def test_who_asks_is_read_whole_in_one_question(bea, amara, mo, willow, front_door, django_assert_num_queries):
    today = clock.today()
    cast.join(bea, front_door, Role.PRACTITIONER, starts_on=today - timedelta(days=50), ends_on=today)
    cast.join(bea, front_door, Role.CHAIR, starts_on=today - timedelta(days=50), ends_on=today - timedelta(days=1))
    cast.join(bea, front_door, Role.AUDITOR, starts_on=today + timedelta(days=1))
    for covered, until in ((amara, 3), (mo, -1)):
        bea.covers_by_me.create(
            covered=covered,
            starts_on=today - timedelta(days=9),
            ends_on=today + timedelta(days=until),
            arranged_by=mo,
        )

    with django_assert_num_queries(1):
        read = whole(bea.pk)
        seats = {(seat.team.name, seat.role) for seat in read.current_memberships()}
        covered, ever = read.stands_in_for(today), len(read.seats_ever())

    fresh = cast.again(bea)
    assert read == fresh and read.email == fresh.email and read.joined_at == fresh.joined_at
    assert seats == {(seat.team.name, seat.role) for seat in fresh.current_memberships()}
    assert covered == fresh.stands_in_for(today) == [amara.pk]
    assert ever == len(fresh.seats_ever()) == 3
    assert access.rights_today(read) == access.rights_today(fresh)


def test_nobody_and_a_closed_account_have_no_seats(bea):
    bea.is_active = False
    bea.save()

    assert whole(0) is None
    assert whole(bea.pk).current_memberships() == []


@pytest.mark.parametrize("change", ["role", "team", "cover", "closed", "day"])
def test_other_rights_are_another_statement(bea, amara, mo, willow, front_door, change):
    before = access.rights_today(cast.again(bea))
    today = clock.today()
    if change == "role":
        cast.join(bea, willow, Role.AUDITOR)
    elif change == "team":
        cast.join(bea, front_door, Role.PRACTITIONER)
    elif change == "cover":
        bea.covers_by_me.create(covered=amara, starts_on=today, ends_on=today, arranged_by=mo)
    elif change == "closed":
        bea.is_active = False
        bea.save()
    elif change == "day":
        with clock.moved_to(clock.now() + timedelta(days=1)):
            assert access.rights_today(cast.again(bea)) != before
        return

    assert access.rights_today(cast.again(bea)) != before


def test_what_is_kept_of_somebodys_seats_goes_when_they_are_read_anew(bea, amara):
    today = clock.today()
    before = access.rights_today(bea)

    bea.take_seats(bea.seats_ever(), [amara.pk], today)
    covering = access.rights_today(bea)
    bea.take_seats([], [], today)

    assert len({before, covering, access.rights_today(bea)}) == 3


def test_objects_are_those_of_the_model_with_what_hangs_on_them(bea, willow, django_assert_num_queries):
    def seats():
        return Membership.objects.select_related("user", "team").filter(user__name=Given("name", CharField()))

    composed.kept("seats", seats)
    with django_assert_num_queries(1):
        [seat] = composed.kept("seats", seats).objects(name="Bea")
        read = (seat.user, seat.user.joined_at, seat.team, seat.role, seat.starts_on, seat.ends_on)

    fresh = Membership.objects.get(user=bea)
    assert seat == fresh and not seat._state.adding
    assert read == (bea, fresh.user.joined_at, willow, fresh.role, fresh.starts_on, None)
    assert composed.kept("seats", seats).objects(name="Nobody") == []

"""Questions that are asked together (hsb/core/riding.py) are answered as each would be alone."""

import datetime

import pytest
from django.db.models import BooleanField, CharField, Count, DurationField, ExpressionWrapper, Min, Q, Value

from hsb.core import clock, composed
from hsb.core.called import MOST, Called
from hsb.core.composed import Given
from hsb.core.fetched import fetch
from hsb.core.models import AccessGrant, Record
from hsb.core.riding import riding
from hsb.core.states import Because
from hsb.people.models import Membership, User

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.both_databases("each says rows in JSON in its own way"),
    pytest.mark.usefixtures("nothing_kept"),
]


def named(record):
    """The user named on a record, if there is one; as composed.py keeps it."""

    def row():
        return AccessGrant.objects.filter(record=record, because=Because.NAMED).values("user", "starts_at")

    return composed.kept(("named", record.pk), row)


def grants_of(user):
    def row():
        return composed.sums(AccessGrant.objects.filter(user=user), number=Count("pk"), first=Min("starts_at"))

    return composed.kept(("grants of", user.pk), row)


def the_record():
    return composed.kept(
        "the record", lambda: Record.objects.select_related("holding_team").filter(reference=Given("it", CharField()))
    )


@pytest.fixture
def asked(amara, bea, willow):
    """(the record, the sums of Amara's and of Bea's grants): Amara has two, Bea none."""
    record = Record.objects.create(
        kind="referral", reference="HSB-2026-00001", opened_at=clock.now(), holding_team=willow
    )
    for because in (Because.NAMED, Because.AUTHOR):
        AccessGrant.objects.create(record=record, user=amara, because=because, starts_at=record.opened_at)
    return record, grants_of(amara), grants_of(bea)


@pytest.mark.parametrize("again", [False, True])
def test_sums_ride_with_the_first_question_of_one_row(asked, amara, willow, again, django_assert_num_queries):
    record, hers, his = asked
    if again:  # by then they are prepared, where the database prepares
        with riding(hers.asking_one(), his.asking_one()):
            the_record().one(it=record.reference)

    with django_assert_num_queries(1), riding(hers.asking_one()), riding(his.asking_one()):
        found = the_record().one(it=record.reference)
        assert (found, found.holding_team, found.opened_at) == (record, willow, record.opened_at)
        assert hers.sums() == {"number": 2, "first": record.opened_at}
        assert his.sums() == {"number": 0, "first": None}


def test_what_rode_is_told_once_and_asked_anew(asked, amara, django_assert_num_queries):
    record, hers, _ = asked
    with riding(hers.asking_one()):
        the_record().one(it=record.reference)
        assert hers.sums()["number"] == 2
        AccessGrant.objects.filter(because=Because.AUTHOR).delete()
        with django_assert_num_queries(1):
            assert hers.sums()["number"] == 1


def test_what_rides_is_answered_where_nothing_is_found(asked, django_assert_num_queries):
    _, hers, his = asked
    with django_assert_num_queries(1), riding(hers.asking_one(), his.asking_one()):
        assert the_record().one(it="HSB-2026-99999") is None
        assert (hers.sums()["number"], his.sums()["number"]) == (2, 0)


def test_a_row_that_is_not_there_rides_too(asked, amara, django_assert_num_queries):
    record, hers, _ = asked
    other = Record.objects.create(kind="referral", reference="HSB-2026-00002", opened_at=clock.now())
    with django_assert_num_queries(1), riding(named(record).asking_one(), named(other).asking_one()):
        assert hers.sums()["number"] == 2
        assert named(other).row() is None
        assert named(record).row() == {"user": amara.pk, "starts_at": record.opened_at}


def test_nothing_rides_outside(asked, django_assert_num_queries):
    record, hers, _ = asked
    with riding(hers.asking_one()):
        pass
    with django_assert_num_queries(2):
        assert the_record().one(it=record.reference) == record
        assert hers.sums()["number"] == 2


def test_who_is_asked_for_takes_the_others_along(asked, django_assert_num_queries):
    _, hers, his = asked
    with django_assert_num_queries(1), riding(hers.asking_one(), his.asking_one()):
        assert his.sums()["number"] == 0
        assert hers.sums()["number"] == 2


# --- Questions of many rows ------------------------------------------------------------------------------------------


def seats_of(*users):
    """Seats as objects, with their team, whose teams have another name."""
    of_them, given = composed.among("user", [user.pk for user in users])

    def seats():
        return Membership.objects.filter(of_them).select_related("team", "user").order_by("-pk")

    return composed.kept(("seats of", len(given)), seats), given


def grants():
    """Instants, texts, numbers, truth and nothing."""

    def rows():
        named = ExpressionWrapper(Q(because=Because.NAMED), output_field=BooleanField())
        return (
            AccessGrant.objects.annotate(named=named)
            .order_by("because")
            .values("starts_at", "ends_at", "because", "named", "user")
        )

    return composed.kept("grants", rows)


def by_user():
    return composed.kept("by user", lambda: AccessGrant.objects.values_list("pk", "user", "starts_at"))


@pytest.mark.parametrize("again", [False, True])
def test_rows_objects_and_counts_are_asked_together_and_are_as_they_would_be_alone(
    asked, amara, bea, again, django_assert_num_queries
):
    seats, given = seats_of(bea, amara)
    questions = [grants().asking(), seats.asking(**given), by_user().asking_grouped()]
    if again:
        with riding(*questions):
            grants().rows()
    alone = grants().rows(), seats.objects(**given), by_user().grouped()

    with django_assert_num_queries(1), riding(*questions):
        together = grants().rows(), seats.objects(**given), by_user().grouped()
        teams = [(seat.team.name, seat.user.name, seat.starts_on, seat.user.last_login) for seat in together[1]]

    assert together == alone
    assert [seat.__dict__.keys() for seat in together[1]] == [seat.__dict__.keys() for seat in alone[1]]
    assert teams == [(seat.team.name, seat.user.name, seat.starts_on, seat.user.last_login) for seat in alone[1]]
    assert [type(value) for value in together[0][0].values()] == [type(value) for value in alone[0][0].values()]
    assert [seat.user for seat in together[1]] == [bea, amara]


def test_many_rows_ride_with_a_question_of_one_row_and_with_the_header_s(asked, django_assert_num_queries):
    record, hers, _ = asked
    with django_assert_num_queries(1), riding(hers.asking_one()), riding(grants().asking()):
        assert the_record().one(it=record.reference) == record
        assert len(grants().rows()) == 2
        assert hers.sums()["number"] == 2


def test_a_question_of_many_rows_that_nobody_announced_takes_nobody_along(asked, django_assert_num_queries):
    _, hers, _ = asked
    with django_assert_num_queries(2), riding(hers.asking_one()):
        assert len(grants().rows()) == 2
        assert hers.sums()["number"] == 2


def test_the_same_statement_with_other_values_is_another_question(amara, bea, django_assert_num_queries):
    (seats, hers), (_, his) = seats_of(amara), seats_of(bea)
    with django_assert_num_queries(1), riding(seats.asking(**hers), seats.asking(**his)):
        assert [seat.user for seat in seats.objects(**his)] == [bea]
        assert [seat.user for seat in seats.objects(**hers)] == [amara]


def test_nothing_found_and_nothing_to_be_found(asked, amara, django_assert_num_queries):
    nobody = composed.kept("nobody", lambda: User.objects.none().values("pk"))
    of_none = composed.kept("of none", lambda: AccessGrant.objects.filter(because=Because.BREAK_GLASS).values("pk"))
    with django_assert_num_queries(1), riding(grants().asking(), nobody.asking(), of_none.asking(), None):
        assert len(grants().rows()) == 2
        assert (nobody.rows(), of_none.rows()) == ([], [])


def test_what_json_cannot_say_is_refused_and_not_told_wrongly(asked):
    long = composed.kept(
        "long", lambda: Record.objects.annotate(t=Value(datetime.timedelta(1), DurationField())).values("t")
    )
    with pytest.raises(TypeError, match="DurationField"), riding(long.asking(), grants().asking()):
        grants().rows()


def test_a_row_of_more_columns_than_a_function_takes_values(asked, amara, django_assert_num_queries):
    columns = {f"number_{number}": Value(number) for number in range(120)}
    wide = composed.kept("wide", lambda: Record.objects.annotate(**columns).values(*columns))
    with django_assert_num_queries(1), riding(wide.asking(), grants().asking()):
        assert wide.rows() == [{f"number_{number}": number for number in range(120)}]


# --- What things are called ------------------------------------------------------------------------------------------

NAMES = Called(rows=lambda user: User.objects.values("pk", "name"), said=lambda row: f"called {row['name']}")


@pytest.mark.parametrize("number", [1, 2, 3, MOST + 1])
def test_what_several_are_called_whoever_else_is_named(amara, bea, number, django_assert_num_queries):
    keys = {amara.pk, *range(10**9, 10**9 + number - 1), None}
    question = NAMES.asking(bea, keys)
    with django_assert_num_queries(1), riding(question):
        assert NAMES.of(bea, keys) == {amara.pk: "called Amara"}


def test_nobody_is_asked_for_nobody(amara, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert NAMES.asking(amara, set()) is None
        assert NAMES.of(amara, [None]) == {}


def test_seven_and_eight_keys_are_one_statement(amara, bea):
    with riding():
        kept = {id(NAMES.asking(bea, range(number)).asks) for number in (5, 6, 7, 8)}
    assert len(kept) == 1


# --- Querysets that are not kept -------------------------------------------------------------------------------------


def test_querysets_of_every_kind_are_asked_at_once(asked, amara, bea, willow, django_assert_num_queries):
    def querysets():
        return (
            Membership.objects.select_related("team").annotate(same=Value(7)).order_by("-pk"),
            AccessGrant.objects.order_by("because").values("starts_at", "because"),
            AccessGrant.objects.order_by("because").values_list("user", "starts_at"),
            User.objects.order_by("name").values_list("name", flat=True),
            User.objects.filter(name="Nobody"),
            User.objects.none(),
        )

    alone = [list(queryset) for queryset in querysets()]

    with django_assert_num_queries(1):
        together = fetch(*querysets())
        assert [list(queryset) for queryset in together] == alone
        assert [(seat.team.name, seat.same) for seat in together[0]] == [("Willow", 7), ("Willow", 7)]


def test_what_is_prefetched_comes_after(amara, willow, django_assert_num_queries):
    with django_assert_num_queries(2):
        users, grants = fetch(User.objects.prefetch_related("memberships"), AccessGrant.objects.all())
        assert [[seat.team_id for seat in user.memberships.all()] for user in users] == [[willow.pk]]
        assert list(grants) == []

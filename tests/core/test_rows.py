"""Many rows at once: added as they are, what stands is left alone, thousands of keys are one parameter."""

from datetime import timedelta
from operator import itemgetter

import pytest
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from hsb.core import clock
from hsb.core.models import Message
from hsb.core.rows import Among, add_rows

pytestmark = pytest.mark.django_db
FIELDS = ("what", "user", "on", "about", "made_at", "attempts")


def rows(user, *about):
    return [("digest", user.pk, clock.today(), each, clock.now(), 0) for each in about]


def test_rows_are_added_in_one_statement_on_postgresql(amara):
    with CaptureQueriesContext(connection) as asked:
        add_rows(Message, FIELDS, rows(amara, "one", "two", "three"))

    assert sorted(Message.objects.values_list("about", flat=True)) == ["one", "three", "two"]
    assert len(asked) == 1
    assert Message.objects.first().made_at is not None


@pytest.mark.both_databases("each has a statement of its own")
@pytest.mark.parametrize("leases", [(None, None), (None, 5), (5, 5)])
@pytest.mark.parametrize("attempts", [(0, 0), (0, 1)])
def test_each_row_is_as_it_was_given_whether_or_not_its_columns_are_alike(amara, bea, leases, attempts):
    now = clock.now()
    given = [
        ("digest", user.pk, clock.today(), "'{a,b}' \"c\" 100 %s", now, tried, lease and now + timedelta(minutes=lease))
        for user, lease, tried in zip((amara, bea), leases, attempts, strict=True)
    ]

    add_rows(Message, (*FIELDS, "lease_until"), given)

    assert list(Message.objects.order_by("user").values_list(*FIELDS, "lease_until")) == sorted(
        given, key=itemgetter(1)
    )


@pytest.mark.skipif(settings.EMBEDDED, reason="SQLite takes text of any length")
@pytest.mark.parametrize("others", [(), ("two",), ("x" * 41,)])
def test_text_that_is_too_long_is_refused_and_never_cut(amara, others):
    """Cut, it could be taken for a row that stands, and be left out."""
    with pytest.raises(DataError), transaction.atomic():
        add_rows(Message, FIELDS, rows(amara, "x" * 40 + "y", *others), leave_out_standing=True)

    assert not Message.objects.exists()


def test_nothing_to_add_asks_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        add_rows(Message, FIELDS, [])


def test_what_stands_is_left_out_only_where_it_is_said(amara):
    add_rows(Message, FIELDS, rows(amara, "one"))
    with pytest.raises(IntegrityError), transaction.atomic():
        add_rows(Message, FIELDS, rows(amara, "one", "two"))

    add_rows(Message, FIELDS, rows(amara, "one", "two"), leave_out_standing=True)

    assert Message.objects.count() == 2


def test_among_finds_what_in_finds(amara, bea):
    add_rows(Message, FIELDS, [*rows(amara, "one", "two"), *rows(bea, "three")])

    found = Message.objects.filter(Among(F("user_id"), {bea.pk, 10**12}))

    assert [message.about for message in found] == ["three"]
    assert not Message.objects.filter(Among(F("user_id"), ())).exists()
    assert Message.objects.filter(~Among(F("user_id"), [bea.pk])).count() == 2

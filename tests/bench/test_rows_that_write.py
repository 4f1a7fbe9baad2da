"""Rows P8 to P11: both sides write the same rows, and that is looked at before their time counts."""

import re
from datetime import datetime

import pytest
from django.db import connection
from django.utils import timezone
from psycopg2.extensions import make_dsn

from bench import bulk, due, waiting
from bench.database import AS_OF
from bench.pages import Wrong
from bench.rows import p08, p09, p10, p11
from hsb.core import clock, journal
from hsb.core.models import AccessGrant, Entry, Message, Record, Reminder, Task
from panels.models import AgendaItem
from referrals.models import Referral, RiskAssessment
from tests import cast
from tests.bench.stand_ins import Bench, Child, verdicts

pytestmark = pytest.mark.django_db

postgresql_only = pytest.mark.skipif(connection.vendor != "postgresql", reason="the statement by hand is PostgreSQL's")


@pytest.fixture
def day_of_the_bench(monkeypatch):
    """Noon of the day on which the bench's data end; what is filled is not counted for the planner."""
    monkeypatch.setattr(bulk, "settled", lambda: None)
    with clock.moved_to(timezone.make_aware(datetime.fromisoformat(f"{AS_OF}T12:00"))):
        yield


# --- P8 -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("ours", "verdict"), [(2.0, "moonshot"), (6.8, "pass"), (7.2, "FAIL")])
def test_a_slower_verb_fails(ours, verdict):
    rows = [(ours, 2.0, 11, 5, 1.0)] * 30

    assert verdicts(p08.measure(Bench(Child({"both": lambda verb, rounds: rows})))) == [verdict] * 2


def all_that_stands():
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (Record, Entry, Task, Referral, RiskAssessment, AccessGrant)
    ]


@postgresql_only
def test_raw_sql_writes_the_rows_of_the_verb_and_neither_leaves_any(amara, front_door):
    referral = cast.referral(amara, held_by=front_door)
    before = all_that_stands()

    ms, said, in_database = p08._ours("begin_assessment", referral.reference, amara)
    written = p08.writes(said)
    again = p08._raw(written)

    assert 0 < in_database < ms and again > 0
    assert all_that_stands() == before
    tables = re.findall(r'(?:INSERT INTO|UPDATE) "(\w+)"', " ".join(written))
    assert set(tables) >= {"referrals_riskassessment", "referrals_referral", "core_record", "core_entry"}
    assert written[0].endswith("FOR NO KEY UPDATE")


@postgresql_only
def test_whoever_may_not_use_the_verb_is_not_measured(bea, amara, front_door):
    referral = cast.referral(amara, held_by=front_door)

    assert p08._ours("begin_assessment", referral.reference, bea) is None


# --- P9 -----------------------------------------------------------------------------------------------------------


def p9(chained, broken=False):
    moves = {"bare": 1600.0, "chained": chained, "locked": 500.0, "global": 200.0}

    def throughput(way, seconds, seed):
        if broken:
            raise Wrong("deadlock")
        return moves[way]

    child = Child({"throughput": throughput, "take_back": lambda: None})
    return child, p09.measure(Bench(child))


@pytest.mark.parametrize(("chained", "verdict"), [(1300.0, "moonshot"), (720.0, "pass"), (600.0, "FAIL")])
def test_a_slower_chain_fails(chained, verdict):
    child, found = p9(chained)

    assert verdicts(found) == [verdict]
    assert child.called[-1] == "take_back"


def test_what_was_added_is_taken_back_also_where_a_writer_failed():
    child, found = p9(1300.0, broken=True)

    with pytest.raises(Wrong):
        list(found)

    assert child.called[-1] == "take_back"


@postgresql_only
@pytest.mark.django_db(transaction=True)
def test_eight_writers_write_whole_chains_and_the_journal_is_whole_again(amara, front_door, monkeypatch):
    referrals = [cast.referral(amara, held_by=front_door) for _ in range(3)]
    before = list(Record.objects.order_by("pk").values_list("pk", "entry_count", "head"))
    assert len(referrals) < p09.WRITERS, "They meet at the same records."
    options = {k: v for k, v in connection.get_connection_params().items() if k in ("dbname", "host", "port", "user")}
    monkeypatch.setenv("DATABASE_URL", make_dsn(**options))

    assert p09.throughput("chained", seconds=1, seed=1) > 0

    written = Entry.objects.filter(verb="bench")
    assert {entry.record_id for entry in written} == {referral.pk for referral in referrals[:-1]}
    for record in Record.objects.filter(pk__in=[referral.pk for referral in referrals]):
        assert journal.faults(record, record.entries.order_by("number")) == []
    p09.take_back()
    assert list(Record.objects.order_by("pk").values_list("pk", "entry_count", "head")) == before


# --- P10 ----------------------------------------------------------------------------------------------------------


def reminded():
    with connection.cursor() as cursor:
        cursor.execute(p10.ROWS)
        found = [tuple(row) for row in cursor.fetchall()]
    messages = sorted(Message.objects.values_list("what", "user", "on", "about"))
    rows = sorted(Reminder.objects.values_list("kind", "user", "on", "task"))
    Reminder.objects.all().delete()
    Message.objects.all().delete()
    return found, messages, rows


def test_sweep_loop_and_statement_remind_the_same_people_of_the_same(day_of_the_bench):
    due.build(1_200)

    p10.sweep()
    swept = reminded()
    _, number = p10.loop(sample=1_200)
    looped = reminded()

    assert number == 120
    assert {kind for kind, *_ in swept[0]} == {"at_once", "due_soon", "overdue", "overdue_manager"}
    assert looped == swept
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(p10.SINGLE)
        assert reminded() == swept


def p10_of(ours, raw, rows_of_raw=("overdue", 7, 70)):
    """The figures where the sweep takes `ours` and the statement `raw` milliseconds."""
    last = []

    def sweep():
        last.append("ours")
        return ours

    def sql(text):
        last.append("raw")
        return raw

    def rows(text):
        return [["overdue", 7, 70]] if last[-1] == "ours" else [list(rows_of_raw)]

    child = Child({"sweep": sweep, "loop": lambda sample: (10.0, 5000)}, sql=sql, rows=rows)
    return child, p10.measure(Bench(child))


@pytest.mark.parametrize(
    ("ours", "verdict"), [(240, ["pass", "moonshot"]), (270, ["pass", "pass"]), (510, ["FAIL", "FAIL"])]
)
def test_a_slower_sweep_fails(ours, verdict):
    _, found = p10_of(ours, raw=200)

    assert verdicts(found) == verdict


def test_other_reminders_are_noticed_before_anything_is_timed():
    child, found = p10_of(200, raw=200, rows_of_raw=("overdue", 7, 71))

    with pytest.raises(Wrong, match="reminders of the sweep"):
        list(found)

    assert child.called.count("sweep") == 2  # the first round: once, and once again


# --- P11 ----------------------------------------------------------------------------------------------------------


@postgresql_only
def test_compiling_loop_and_statement_collect_the_same_entries(day_of_the_bench):
    waiting.build(90)

    _, ours = p11.ours()
    _, raw = p11.raw()
    _, looped = p11.loop(sample=90)

    assert ours == raw
    assert ours[1] == 90
    assert looped[:2] == ours[:2]
    assert not AgendaItem.objects.exists()


def p11_of(ours, raw, rows_of_raw=(40, 90, 1, 5, 6)):
    child = Child(
        {
            "ours": lambda: (ours, [40, 90, 1, 5, 6]),
            "raw": lambda: (raw, list(rows_of_raw)),
            "loop": lambda sample: (45.0 * sample, [1, sample, 0, 0, 0]),
        }
    )
    return child, p11.measure(Bench(child))


@pytest.mark.parametrize(
    ("ours", "verdict"), [(40, ["moonshot", "moonshot"]), (60, ["pass", "pass"]), (140, ["FAIL", "FAIL"])]
)
def test_slower_compiling_fails(ours, verdict):
    _, found = p11_of(ours, raw=10)

    assert verdicts(found) == verdict


def test_an_agenda_of_other_rows_is_noticed_before_anything_is_timed():
    child, found = p11_of(40, raw=10, rows_of_raw=(40, 90, 1, 5, 7))

    with pytest.raises(Wrong, match="rows of compiling"):
        list(found)

    assert sorted(child.called) == ["ours", "raw"]

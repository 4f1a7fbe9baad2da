"""P9: eight writers: a bare UPDATE against one with a journal entry, chained per record; control: one chain of all.

Raw SQL in each, on the product's own tables with their append-only triggers, each move a transaction of its own. As in
the product each statement is planned once for a connection (hsb/core/prepared.py), the bare one too, and a move and its
entry are one (hsb/core/journal.py). The chain needs no lock; what it is with the one that the door takes first, to ask
its guards, which a bare UPDATE does not have, stands beside it.
"""

import multiprocessing
import os
import random
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from statistics import median

import psycopg2

from bench.figures import interval, timed

WRITERS = 8
WAITS = 30  # seconds, until all writers have come
SECONDS = {"small": 0.5, "full": 5}
ROUNDS = {"small": 9, "full": 15}
# Half a second beside other work tells no tenth: a small run notices one more way to the database.
GOALS = {"small": (2.3, 1.3), "full": (1.6, 1.3)}

RECORDS = "SELECT record_id FROM referrals_referral ORDER BY record_id LIMIT 2000"
MOVE, LOCK, ENTERED = "EXECUTE move (%s)", "EXECUTE lock (%s)", "EXECUTE entered (%s, %s, %s, %s)"
PLANNED = (
    "SET plan_cache_mode = force_generic_plan",
    "PREPARE move (bigint) AS UPDATE referrals_referral SET version = version + 1 WHERE record_id = $1",
    "PREPARE lock (bigint) AS SELECT entry_count FROM core_record WHERE id = $1 FOR NO KEY UPDATE",
    "PREPARE entered (bigint, bigint, timestamptz, text) AS "
    "WITH changed(number, digest) AS (UPDATE core_record SET entry_count = entry_count + 1, "
    "head = encode(sha256(convert_to("
    "'[' || id || ', ' || (entry_count + 1) || ', ' || $4 || ', \"' || head || '\"]', 'UTF8')), 'hex') "
    "WHERE id = $2 RETURNING entry_count, head), "
    "saved AS (UPDATE referrals_referral SET version = version + 1 WHERE record_id = $1 RETURNING 1) "
    "INSERT INTO core_entry (record_id, verb, from_state, to_state, reason, happened_on, recorded_at, "
    "pathway_version, facts, number, digest) "
    "SELECT $2, 'bench', '', '', '', $3::date, $3, '', '{}', number, digest FROM changed, saved "
    "RETURNING id, number, digest",
)


def measure(bench):
    child = bench.large.serve()
    taken = {"bare": [], "chained": [], "locked": [], "global": []}
    try:
        for number in range(ROUNDS[bench.size] + 1):
            for name in bench.rng.sample(sorted(taken), len(taken)):
                moves = child.call("bench.rows.p09:throughput", way=name, seconds=SECONDS[bench.size], seed=number)
                if number:
                    taken[name].append(moves)
    finally:
        child.call("bench.rows.p09:take_back")
    per_second = {name: median(each) for name, each in taken.items()}
    yield timed(
        "P9",
        f"{WRITERS} writers: moves a second of a bare UPDATE / with entry and chain of the record",
        interval([bare / ours for bare, ours in zip(taken["bare"], taken["chained"], strict=True)], median),
        *GOALS[bench.size],
        control=f"one global chain {per_second['bare'] / per_second['global']:.2f}x",
        note=f"{per_second['bare']:,.0f}, {per_second['chained']:,.0f} and, with one chain of all, "
        f"{per_second['global']:,.0f} moves a second; with an entry it is one statement that moves the row, "
        "reckons and moves its record's head and adds the entry, which has two indexes and a foreign key. "
        f"With the door's lock before it {per_second['bare'] / per_second['locked']:.2f}x.",
    )


# --- In the child --------------------------------------------------------------------------------------------------


def throughput(way, seconds, seed):
    """Moves a second of all writers together: processes, as the product's are, each on a connection of its own."""
    fork = multiprocessing.get_context("fork")
    together = (fork.Barrier(WRITERS),)
    with ProcessPoolExecutor(WRITERS, fork, initializer=_begin_together, initargs=together) as pool:
        seeds = range(seed, seed + WRITERS)
        return sum(pool.map(_moves_a_second, repeat(way), repeat(seconds), seeds))


def _begin_together(barrier):
    global _all_ready  # noqa: PLW0603 -- a barrier is handed to a process when it begins, and at no other time
    _all_ready = barrier


def _moves_a_second(way, seconds, seed):
    connection = psycopg2.connect(os.environ["DATABASE_URL"])
    try:
        plan(connection)
        with connection.cursor() as cursor:
            cursor.execute(RECORDS)
            records = [key for (key,) in cursor.fetchall()]
        connection.commit()
        _all_ready.wait(WAITS)
        began = time.monotonic()
        moves = _write(connection, way, records, seed, began + seconds)
        return moves / (time.monotonic() - began)
    except BaseException:
        _all_ready.abort()  # the others need not wait for this one
        raise
    finally:
        connection.close()


def plan(connection):
    """Prepares the statements of every way."""
    with connection.cursor() as cursor:
        cursor.execute("; ".join(PLANNED))
    connection.commit()


def _write(connection, way, records, seed, until):
    rng, moves = random.Random(seed), 0
    at, said = _said()
    # The one chain of all hangs on a record that is nobody's here.
    everybodys = records[-1]
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            record = rng.choice(records[:-1])
            if way == "locked":
                cursor.execute(LOCK, [record])
                cursor.fetchone()
            if way == "bare":
                cursor.execute(MOVE, [record])
            else:
                cursor.execute(ENTERED, [record, everybodys if way == "global" else record, at, said])
                cursor.fetchone()
            connection.commit()
            moves += 1
    return moves


def _said():
    """(its instant, what the journal hashes of it) of the entry that each move leaves."""
    from hsb.core import clock, journal
    from hsb.core.models import Entry

    at = clock.now().replace(hour=12)  # the same day in any time zone
    entry = Entry(verb="bench", happened_on=at.date(), recorded_at=at, facts={})
    return at, journal.said_in(entry, at.timestamp())


def take_back():
    """What was added is taken away again, under the eyes of nobody but the bench: the journals are whole as before."""
    from django.db import connection

    from hsb.core import append_only

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE core_entry DISABLE TRIGGER USER")
        cursor.execute("DELETE FROM core_entry WHERE verb = 'bench'")
        cursor.execute("ALTER TABLE core_entry ENABLE TRIGGER USER")
        cursor.execute(
            "UPDATE core_record r SET entry_count = COALESCE(e.number, 0), head = COALESCE(e.digest, '') "
            f"FROM ({RECORDS}) AS m LEFT JOIN LATERAL (SELECT number, digest FROM core_entry "
            "WHERE record_id = m.record_id ORDER BY number DESC LIMIT 1) AS e ON TRUE WHERE r.id = m.record_id"
        )
    if append_only.missing(connection):
        raise AssertionError("The triggers of the journal were not put back.")

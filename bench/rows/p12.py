"""P12: is this child already known? The product's search by keys against pg_trgm, how fast and how surely.

The truth is known: each query is a person of the database, as a hurried caller might name them (bench/invented.py).

The control is the usual one: a GIN index over the whole name, the similarity operator at its threshold of 0.3, the ten
most similar. It searches the same persons and knows no dates of birth. What it finds is told beside it, and what it
costs at a threshold where it finds as many as ours must.
"""

import json
import random
import subprocess
import sys
import time
from statistics import median

from bench import invented
from bench.database import SEED
from bench.figures import ratio_of_medians, timed
from bench.own import embedded
from bench.serving import ROOT

PERSONS = {"small": 20_000, "full": 800_000}
QUERIES = {"small": 200, "full": 300}  # of each kind of date of birth
TIMED = {"small": 100, "full": 150}
DECIDES = ("referrals/names.py", "bench/invented.py")
SHOWN = 10
BOROUGHS = False
# How similar a name must be to pg_trgm: what it is set to, and where it finds 95 of 100.
USUAL, SURER = 0.3, 0.25
# Of forty times fewer persons pg_trgm compares forty times fewer, and ours reads as many candidates as ever: the small
# run only notices where ours becomes slower than it was.
FASTER = {"small": (0.35, 2), "full": (60, 100)}
RECALLED = {"right": (0.99, 0.995), "wrong": (0.95, 0.98), "unknown": (0.95, 0.98)}


def asked(persons, number, seed):
    """{kind: [(key, (given, family), typed given, typed family, typed date or None)]}, `number` of each kind."""
    rng = random.Random(f"{seed} queries")
    known = list(invented.people(persons, seed))
    dated = [at for at, (_, _, born_on) in enumerate(known) if born_on]
    queries = {}
    for kind in RECALLED:
        queries[kind] = []
        for at in rng.sample(dated, number):
            given, family, born_on = known[at]
            typed = invented.hurried(rng, given, family)
            day = {"right": born_on, "wrong": invented.slipped(rng, born_on), "unknown": None}[kind]
            queries[kind].append((at + invented.FIRST, (given, family), *typed, day.isoformat() if day else None))
    return queries


def measure(bench):
    persons = PERSONS[bench.size]
    queries = asked(persons, QUERIES[bench.size], SEED)
    typed = {kind: [row[2:] for row in rows] for kind, rows in queries.items()}
    child = bench.own("bench.known", persons, SEED, decides=DECIDES).serve()
    child.call("bench.rows.p12:with_trigrams")
    found = {kind: child.call("bench.rows.p12:find_each", queries=rows) for kind, rows in typed.items()}
    both = [each for rows in zip(*typed.values(), strict=True) for each in rows][: TIMED[bench.size]]
    ours, theirs = zip(*child.call("bench.rows.p12:find_both", queries=both), strict=True)
    bench.say("The same on the embedded database.")
    environment = embedded(bench._where, "bench.known", (persons, SEED), DECIDES)
    done = subprocess.run(
        [sys.executable, "-m", "bench.rows.p12"],
        cwd=ROOT,
        env=environment,
        input=json.dumps(typed),
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    on_sqlite = json.loads(done.stdout)
    goal, moonshot = FASTER[bench.size]
    whole = child.call("bench.rows.p12:search_each", queries=both[:50])
    trigrams = [
        _said_of_trigrams(queries["unknown"], child.call("bench.rows.p12:by_trigrams", queries=typed["unknown"], of=of))
        for of in (USUAL, SURER)
    ]
    yield timed(
        "P12",
        f"search among {persons:,} persons: pg_trgm p50 / ours p50",
        ratio_of_medians(theirs, ours),
        goal,
        moonshot,
        at_least=True,
        control=f"pg_trgm {median(theirs):.1f} ms",
        note=f"pg_trgm at {USUAL} {trigrams[0]}, at {SURER} {trigrams[1]}; "
        f"ours {median(ours):.1f} ms (found, compared and put in order), on SQLite "
        f"{median(ms for rows in on_sqlite.values() for ms, _ in rows):.1f} ms; with rights, masking and sealed picks "
        f"{median(whole):.1f} ms."
        + (
            ""
            if bench.size == "full"
            else " Small: pg_trgm's cost grows with the persons, ours hardly: 60x is for 800,000."
        ),
    )
    for kind, (least, best) in RECALLED.items():
        for where, each in (("PostgreSQL", found[kind]), ("SQLite", on_sqlite[kind])):
            hits = [_is_hit(kind, query, rows) for query, (_, rows) in zip(queries[kind], each, strict=True)]
            exact = sum(
                any(row[0] == query[0] for row in rows) for query, (_, rows) in zip(queries[kind], each, strict=True)
            )
            shown = sum(len(rows) for _, rows in each) / len(each)
            yield timed(
                "P12",
                f"recall@{SHOWN}, date of birth {kind}, {where}",
                tuple(100 * part for part in _share(hits)),
                100 * least,
                100 * best,
                at_least=True,
                unit=" %",
                note=f"that very person {100 * exact / len(each):.1f} %; {shown - sum(hits) / len(hits):.1f} others "
                "are shown for each query."
                + (
                    " Without a date the right name is meant: its bearers cannot be told apart."
                    if kind == "unknown"
                    else ""
                ),
            )
    same = all(
        [[row[0] for row in rows] for _, rows in found[kind]]
        == [[row[0] for row in rows] for _, rows in on_sqlite[kind]]
        for kind in typed
    )
    if not same:
        raise AssertionError("The two databases found different people.")


def _share(hits):
    """(share, share, share): recall is counted over a fixed set, and judged as counted."""
    share = sum(hits) / len(hits)
    return share, share, share


def _said_of_trigrams(queries, found):
    hits = [_is_hit("unknown", query, rows) for query, (_, rows) in zip(queries, found, strict=True)]
    return f"finds {100 * sum(hits) / len(hits):.1f} % in {median(ms for ms, _ in found):.1f} ms"


def _is_hit(kind, query, rows):
    key, (given, family), *_ = query
    if kind == "unknown":
        return any((row[1], row[2]) == (given, family) for row in rows)
    return any(row[0] == key for row in rows)


# --- In the child --------------------------------------------------------------------------------------------------

TRIGRAMS = (
    "SELECT record_id, given_name, family_name FROM referrals_person WHERE (given_name || ' ' || family_name) %% %s "
    "ORDER BY similarity(given_name || ' ' || family_name, %s) DESC LIMIT 10"
)


def with_trigrams():
    """The control's index."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        cursor.execute(
            "CREATE INDEX IF NOT EXISTS bench_trigrams ON referrals_person "
            "USING gin ((given_name || ' ' || family_name) gin_trgm_ops)"
        )


def find_each(queries):
    """[(milliseconds, [(key, given name, family name, score)])] of each query, at most ten, best first."""
    user = _searcher()
    for given, family, born_on in queries[:20]:
        _find(user, given, family, born_on)
    return [_find(user, *query) for query in queries]


def find_both(queries):
    """[(milliseconds of ours, of pg_trgm)], the two in turn."""
    from django.db import connection

    user, found = _searcher(), []
    with connection.cursor() as cursor:
        for given, family, born_on in queries:
            ours, _ = _find(user, given, family, born_on)
            found.append((ours, _most_similar(cursor, given, family)[0]))
    return found


def by_trigrams(queries, of):
    """[(milliseconds, [(key, given name, family name)])] of each query by pg_trgm, `of` a similarity at least."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(f"SET pg_trgm.similarity_threshold = {float(of)}")
        try:
            return [_most_similar(cursor, given, family) for given, family, _ in queries]
        finally:
            cursor.execute("RESET pg_trgm.similarity_threshold")


def _most_similar(cursor, given, family):
    name = f"{given} {family}"
    began = time.perf_counter()
    cursor.execute(TRIGRAMS, [name, name])
    found = cursor.fetchall()
    return (time.perf_counter() - began) * 1000, found


def search_each(queries):
    """[milliseconds] of the whole search, as a page asks for it."""
    from referrals.selectors import people

    user, found = _searcher(), []
    for given, family, born_on in queries:
        began = time.perf_counter()
        people.search(user, {"given_name": given, "family_name": family, "born_on": born_on})
        found.append((time.perf_counter() - began) * 1000)
    return found


def _find(user, given, family, born_on):
    from referrals.selectors import people

    terms = {"given_name": given, "family_name": family, "born_on": born_on}
    began = time.perf_counter()
    ranked = people._ranked(user, terms, people.described(terms), SHOWN)[:SHOWN]
    ms = (time.perf_counter() - began) * 1000
    return ms, [(row["pk"], row["given_name"], row["family_name"], row["score"]) for row in ranked]


def _searcher():
    """A social worker."""
    from hsb.core import clock
    from hsb.people.models import Membership, Team, User
    from hsb.people.states import Role, Service

    user = User.objects.filter(email="searcher@example.org").first()
    if user is None:
        user = User.objects.create_user("searcher@example.org", None, name="Searcher")
        team = Team.objects.create(slug="searchers", name="Searchers", service=Service.STATUTORY)
        Membership.objects.create(user=user, team=team, role=Role.PRACTITIONER, starts_on=clock.today())
    return user


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps({kind: find_each(rows) for kind, rows in json.load(sys.stdin).items()}))

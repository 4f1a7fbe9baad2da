"""Row P12 itself: what counts as found, and that two databases that find different people are told."""

import json
from types import SimpleNamespace

import pytest

from bench.rows import p12

# What every session of tests begins with is written into the test database: a file by itself must have one.
pytestmark = pytest.mark.django_db

PERSONS, QUERIES = 300, 20
NOBODY = 7


def found(row):
    """What a search that is never wrong answers to a query of `p12.asked`: (milliseconds, rows)."""
    key, (given, family), *_ = row
    return 2.0, [(NOBODY, "Somebody", "Else", 70), (key, given, family, 65)]


@pytest.fixture
def answers():
    """{(database, kind): [what is answered to each query]}, to be spoilt; `measured` measures with them."""
    queries = p12.asked(PERSONS, QUERIES, p12.SEED)
    return {(where, kind): [found(row) for row in rows] for where in ("pg", "sqlite") for kind, rows in queries.items()}


@pytest.fixture
def measured(answers, monkeypatch):
    for name, value in (("PERSONS", PERSONS), ("QUERIES", QUERIES), ("TIMED", QUERIES)):
        monkeypatch.setattr(p12, name, {"small": value})
    kinds = iter(p12.RECALLED)
    trigrams = [(ms, [row[:3] for row in rows]) for ms, rows in answers["pg", "unknown"]]

    def call(function, queries=(), of=None):
        name = function.rpartition(":")[2]
        if name == "find_each":
            return answers["pg", next(kinds)]
        if name == "by_trigrams":
            # As sure as they are asked to be: at the usual similarity they find nobody here.
            return [(30.0, rows if of == p12.SURER else []) for _, rows in trigrams]
        return {"find_both": [(2.0, 40.0)] * len(queries), "search_each": [3.0] * len(queries)}.get(name)

    def run(words, *, input, **_):
        said = {kind: answers["sqlite", kind] for kind in json.loads(input)}
        return SimpleNamespace(returncode=0, stdout=json.dumps(said))

    monkeypatch.setattr(p12, "embedded", lambda *_: {})
    monkeypatch.setattr(p12.subprocess, "run", run)
    child = SimpleNamespace(call=call)
    bench = SimpleNamespace(
        size="small", _where=None, say=lambda _: None, own=lambda *_, **__: SimpleNamespace(serve=lambda: child)
    )
    return lambda: {figure.what: figure for figure in p12.measure(bench)}


def recall(figures, kind, where="PostgreSQL"):
    return figures[f"recall@10, date of birth {kind}, {where}"].value


def test_who_is_always_found_is_found_in_full(measured):
    figures = measured()

    assert {recall(figures, kind, where) for kind in p12.RECALLED for where in ("PostgreSQL", "SQLite")} == {100}
    assert figures["search among 300 persons: pg_trgm p50 / ours p50"].value == 20


def test_what_trigrams_find_stands_beside_what_they_cost(measured):
    note = measured()["search among 300 persons: pg_trgm p50 / ours p50"].note

    assert note.startswith("pg_trgm at 0.3 finds 0.0 % in 30.0 ms, at 0.25 finds 100.0 % in 30.0 ms;")


@pytest.mark.parametrize("kind", ["right", "wrong"])
def test_a_namesake_is_not_the_person_whose_date_of_birth_was_said(answers, measured, kind):
    for where in ("pg", "sqlite"):
        ms, ((*_, score), (key, given, family, _)) = answers[where, kind][0]
        answers[where, kind][0] = (ms, [(key + 1, given, family, score)])

    figures = measured()

    assert recall(figures, kind) == recall(figures, kind, "SQLite") == 95
    assert recall(figures, "unknown") == 100


def test_without_a_date_the_right_name_is_meant_and_no_other(answers, measured):
    for where in ("pg", "sqlite"):
        ms, (_, (key, given, family, score)) = answers[where, "unknown"][0]
        answers[where, "unknown"][0] = (ms, [(key + 1, given, family, score)])
        answers[where, "unknown"][1] = (ms, [(NOBODY, "Somebody", "Else", score)])

    assert recall(measured(), "unknown") == 95


def test_who_is_not_found_at_all_is_not_found(answers, measured):
    for where in ("pg", "sqlite"):
        answers[where, "right"][:2] = [(2.0, [])] * 2

    assert recall(measured(), "right") == 90


def test_two_databases_that_find_different_people_are_told(answers, measured):
    ms, rows = answers["sqlite", "wrong"][3]
    answers["sqlite", "wrong"][3] = (ms, rows[::-1])

    with pytest.raises(AssertionError, match="different people"):
        measured()

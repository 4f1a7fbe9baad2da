"""Invented people: the same from the same seed; what a hurried caller makes of them differs, and stays near."""

import random
from datetime import date, timedelta

import pytest
from rapidfuzz.distance import OSA

from bench import invented
from bench.rows import p12
from referrals.names import slips


def test_the_same_seed_gives_the_same_people():
    assert list(invented.people(50, 3)) == list(invented.people(50, 3))
    assert list(invented.people(50, 3)) != list(invented.people(50, 4))


def test_they_are_children_with_two_names_and_mostly_a_date_of_birth():
    people = list(invented.people(500, 3))

    assert all(given and family for given, family, _ in people)
    dated = [born_on for _, _, born_on in people if born_on]
    assert 450 < len(dated) < 500
    assert all(invented.YOUNGEST - timedelta(days=19 * 365) < born_on <= invented.YOUNGEST for born_on in dated)


@pytest.mark.parametrize("name", ["Braden", "Wu", "Olufemi Chinwole", "Shah-Marwole"])
def test_a_misspelt_name_is_one_slip_away(name):
    rng = random.Random(1)

    for _ in range(200):
        typed = invented.misspelt(rng, name)
        assert typed
        assert OSA.distance(typed.lower(), name.lower()) <= 2  # "ph" for "f" is two letters


def test_a_slipped_date_is_one_of_the_usual_slips():
    rng, day = random.Random(1), date(2014, 3, 9)

    assert all(invented.slipped(rng, day) in slips(day) for _ in range(100))


def test_the_truth_of_each_query_is_known():
    queries = p12.asked(300, 20, seed=5)
    people = list(invented.people(300, 5))

    for kind, rows in queries.items():
        assert len(rows) == 20
        for key, names, _, _, typed in rows:
            given, family, born_on = people[key - 1000]
            assert names == (given, family)
            assert (typed is None) == (kind == "unknown")
            assert (typed == born_on.isoformat()) == (kind == "right")

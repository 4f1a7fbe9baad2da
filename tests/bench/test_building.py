"""Which databases are built: what is there of the same code stays, migrations are walked through once, stories too."""

from contextlib import contextmanager
from importlib import import_module
from types import SimpleNamespace

import pytest

from bench import database, own, run
from bench.__main__ import ROWS
from bench.database import Borough, Empty
from bench.own import OwnDatabase

# What every session of tests begins with is written into the test database: a file by itself must have one.
pytestmark = pytest.mark.django_db


ANY_ROW = SimpleNamespace()


class Server:
    """A PostgreSQL that knows its databases by what they say of themselves: {name: mark}."""

    def __init__(self):
        self.marks, self.said, self.ran = {}, [], []

    @contextmanager
    def connected(self, url):
        yield SimpleNamespace(cursor=self.cursor)

    @contextmanager
    def cursor(self):
        yield self

    def execute(self, text, params=()):
        words = text.split()
        if words[0] == "SELECT":
            self.found = (self.marks[params[0]],) if params[0] in self.marks else None
        if words[0] == "COMMENT":
            self.marks[words[3].strip('"')] = params[0]
        if words[0] == "CREATE":
            self.said.append(f"{words[2]} of {words[4]}".replace('"', ""))

    def fetchone(self):
        return self.found


@pytest.fixture
def server(monkeypatch):
    found = Server()
    monkeypatch.setattr(database, "connected", found.connected)
    monkeypatch.setattr(database.Database, "_manage", lambda self, *words: found.ran.append((self.name, *words)))
    monkeypatch.setattr(own, "fill", lambda module, arguments, environment: found.ran.append((module, *arguments)))
    return found


@pytest.fixture
def bench(server, tmp_path):
    found = run.Bench("postgres://nowhere", "small", where=tmp_path, say=lambda words: None)
    yield found
    found.close()


def test_migrations_are_walked_through_once_and_every_other_database_is_a_copy(server, bench):
    bench.build([SimpleNamespace(OWN={"small": ("bench.due", 500)})])

    assert server.said[0] == "hsb_bench_empty of template0"
    assert sorted(server.said[1:]) == [f"hsb_bench_{name} of hsb_bench_empty" for name in ("2000", "6000", "due_500")]
    assert sorted(words[0] for words in server.ran if "migrate" in words) == ["django", "hsb_bench_empty"]
    assert ("bench.due", "500") in server.ran


def test_no_borough_is_built_for_rows_that_need_none(server, bench):
    alone = SimpleNamespace(OWN={"small": ("bench.due", 500)}, BOROUGHS=False)

    bench.build([alone])
    assert sorted(server.marks) == ["hsb_bench_due_500", "hsb_bench_empty"]

    bench.build([alone, SimpleNamespace()])
    assert {"hsb_bench_2000", "hsb_bench_6000"} < server.marks.keys()


def test_what_is_there_of_the_same_code_is_not_built_again(server, bench):
    bench.build([ANY_ROW])
    before = list(server.ran)

    bench.build([ANY_ROW])

    assert server.ran == before


@pytest.mark.parametrize("left_behind", ["", "hsb-bench 0123456789abcdef seed 20260401 as of 2026-06-01 open 1000"])
def test_a_half_made_one_and_one_of_other_code_is_built_anew(server, bench, left_behind):
    bench.build([ANY_ROW])
    server.marks["hsb_bench_2000"] = left_behind
    server.said.clear()

    bench.build([ANY_ROW])

    assert server.said == ["hsb_bench_2000 of hsb_bench_empty"]


def test_the_second_borough_tells_the_stories_that_were_walked_for_the_first(server, bench):
    bench.build([ANY_ROW])

    told = [words for words in server.ran if "simulate" in words]
    assert [words[words.index("--open") + 1] for words in told] == ["1000", "2000"]
    assert len({words[words.index("--keep") + 1] for words in told}) == 1


def test_a_borough_chosen_by_hand_has_a_tenth_open(server, tmp_path):
    bench = run.Bench("postgres://nowhere", "small", (500, None), where=tmp_path, say=lambda words: None)

    assert [name.mark().partition(" open ")[2] for name in (bench.small, bench.large)] == ["", "2000"]
    bench.close()


def test_the_mark_says_which_code_seed_day_and_how_many_are_open(tmp_path, monkeypatch):
    def marks():
        return {
            Empty("", tmp_path).mark(),
            OwnDatabase("", tmp_path, "bench.due", [500]).mark(),
            OwnDatabase("", tmp_path, "bench.due", [600]).mark(),
            Borough("", 2_000, tmp_path).mark(),
            Borough("", 2_000, tmp_path, open_referrals=1_000).mark(),
        }

    before = marks()
    assert len(before) == 5
    monkeypatch.setattr(database, "fingerprint", lambda **more: "another")
    monkeypatch.setattr(own, "fingerprint", lambda **more: "another")

    assert not before & marks()


def test_an_embedded_database_is_a_copy_of_the_empty_one_and_built_once(tmp_path, monkeypatch):
    ran = []

    def fill(module, arguments, environment):
        ran.append(module)
        with (tmp_path / environment["HSB_VAR_DIR"] / own.FILE).open("a") as file:
            file.write(f"{module} ")

    monkeypatch.setattr(own, "fill", fill)

    environments = [own.embedded(tmp_path, "bench.known", (persons, 7)) for persons in (20, 20, 30)]

    assert ran == ["django", "django", "bench.known", "bench.known"]
    assert environments[0] == environments[1] != environments[2]
    written = (tmp_path / "hsb_bench_known_30_7_embedded" / own.FILE).read_text()
    assert written == "django django bench.known "


def test_what_a_row_has_of_its_own_is_there_to_be_built():
    modules = {row: import_module(f"bench.rows.{row}") for row in ROWS}

    found = {row: module.OWN for row, module in modules.items() if hasattr(module, "OWN")}

    assert {"p10", "p11", "p14"} <= found.keys()
    for each in found.values():
        assert each.keys() == run.SIZES.keys()
        assert all(import_module(module) for module, *_ in each.values())

"""The table, the file of results, and the exit code."""

import json
import os
import subprocess
import sys
from contextlib import nullcontext
from types import SimpleNamespace

import pytest

import bench.__main__ as program
from bench import report
from bench.__main__ import ROWS, asked
from bench.figures import Figure, counted, unmeasured
from bench.refusals import Refused
from bench.serving import ROOT

# What every session of tests begins with is written into the test database: a file by itself must have one.
pytestmark = pytest.mark.django_db

GOOD = Figure("P1", "worker", 2.1, 2.0, 2.2, 3.2, 2.5, control="admin 60x")
BAD = Figure("P1", "auditor", 4.1, 4.0, 4.2, 3.2, 2.5)
LARGE = Figure("P2", "admin / ours", 20, 18, 22, 15, 25, at_least=True)
NONE = counted("P10", "rows missed", 0, 0, 0)


def test_the_worst_figure_of_a_row_stands_at_its_top():
    found = report.results([GOOD, BAD, LARGE, NONE], {"size": "small"})

    assert list(found) == ["P1", "P2", "P10"]
    assert found["P1"]["what"] == "auditor"
    assert found["P1"]["pass"] is False
    assert [each["what"] for each in found["P1"]["figures"]] == ["worker", "auditor"]
    assert {name: found["P2"][name] for name in ("value", "low", "high", "limit", "moonshot", "pass", "size")} == {
        "value": 20,
        "low": 18,
        "high": 22,
        "limit": 15,
        "moonshot": 25,
        "pass": True,
        "size": "small",
    }


@pytest.mark.parametrize(("figures", "code"), [([GOOD, LARGE, NONE], 0), ([GOOD, BAD], 1)])
def test_a_row_past_its_goal_fails_the_run(figures, code):
    assert report.exit_code(figures) == code


def test_rows_that_were_not_measured_stay(tmp_path):
    path = tmp_path / "results" / "latest.json"
    report.keep(report.results([GOOD, NONE], {}), path)

    report.keep(report.results([BAD], {}), path)

    kept = json.loads(path.read_text(encoding="utf-8"))
    assert list(kept) == ["P1", "P10"]
    assert kept["P1"]["value"] == 4.1
    assert kept["P10"]["pass"] is True


def test_the_table_says_figure_interval_goal_control_and_verdict():
    lines = report.table([GOOD, LARGE, NONE])

    assert [word in lines[2] for word in ("P1", "2.10x", "2 to 2.20", "<= 3.20", "admin 60x", "moonshot")] == [True] * 6
    assert ">= 15" in lines[3]
    assert "exact" in lines[4]


@pytest.mark.parametrize(
    ("value", "said"), [(3, "3"), (3.14159, "3.14"), (31.4159, "31.4"), (3141.59, "3,142"), (0.5, "0.50")]
)
def test_numbers_have_the_digits_that_mean_something(value, said):
    assert report.number(value) == said


def test_only_rows_that_there_are_can_be_asked_for(capsys):
    with pytest.raises(SystemExit):
        asked(["P99"])

    assert "No row P99" in capsys.readouterr().err


# --- A whole run ----------------------------------------------------------------------------------------------------


class Bench:
    """One that has nothing to build; says what it was asked to do."""

    def __init__(self, address, size, referrals, rounds, say):
        self.about = {"size": size, "referrals": [2_000, 6_000], "rounds": 9}
        self.did = []

    def build(self, modules):
        if any(getattr(module, "cannot_be_built", False) for module in modules):
            raise Refused("There is no disk.")

    def begin(self, row):
        self.did.append(row)

    def rest(self):
        self.did.append("rest")

    def close(self):
        self.did.append("close")


def ends_well(bench):
    yield GOOD


def past_its_goal(bench):
    yield BAD


def raises(bench):
    yield LARGE
    raise RuntimeError("Traceback (most recent call last):\n  somewhere\npsycopg2.errors.UndefinedTable: no such table")


@pytest.fixture
def run(monkeypatch, tmp_path):
    """`run({"P1": measure, ...})`: (exit code, what was written, what the bench was asked to do)."""

    def of(rows):
        benches = []
        path = tmp_path / "results.json"

        def bench(*arguments, **more):
            benches.append(Bench(*arguments, **more))
            return benches[0]

        modules = {f"bench.rows.p{int(row[1:]):02}": each for row, each in rows.items()}
        monkeypatch.setattr(program, "import_module", lambda name: SimpleNamespace(measure=modules[name]))
        monkeypatch.setattr(program, "server", lambda folder: nullcontext("postgres://nowhere"))
        monkeypatch.setattr(program, "Bench", bench)
        code = program.main(["--size", "small", "--keep", str(path), *rows])
        return code, json.loads(path.read_text()), benches[0].did

    return of


def test_every_row_stands_in_the_file_with_its_figure_its_limit_and_whether_it_passes(run):
    rows = [f"P{int(row[1:])}" for row in ROWS]

    code, written, _ = run(dict.fromkeys(rows, lambda bench: [Figure(bench.did[-1], "a page", 2, 2, 2, 3, 2)]))

    assert code == 0
    assert list(written) == [f"P{number}" for number in range(1, 15)]
    assert all(
        (row["value"], row["limit"], row["pass"], row["size"]) == (2, 3, True, "small") for row in written.values()
    )


def test_a_row_past_its_goal_ends_the_run_with_one(run):
    code, written, did = run({"P1": past_its_goal})

    assert (code, written["P1"]["pass"]) == (1, False)
    assert did == ["P1", "P1", "close"]


def test_a_small_row_that_is_past_its_goal_is_measured_once_more_and_that_counts(run):
    times = iter([past_its_goal, ends_well])

    code, written, did = run({"P1": lambda bench: next(times)(bench), "P2": ends_well})

    assert (code, written["P1"]["pass"]) == (0, True)
    assert did == ["P1", "P1", "P2", "close"]


def test_a_row_that_raises_fails_and_the_others_are_measured(run, capsys):
    code, written, did = run({"P1": ends_well, "P2": raises, "P10": lambda bench: [NONE]})

    assert code == 1
    assert {row: each["pass"] for row, each in written.items()} == {"P1": True, "P2": False, "P10": True}
    assert (written["P2"]["value"], written["P2"]["limit"], written["P2"]["verdict"]) == (None, None, "FAIL")
    assert "UndefinedTable: no such table" in written["P2"]["note"]
    assert [each["what"] for each in written["P2"]["figures"]][:1] == [LARGE.what]
    # Nothing of a child that was left in the middle is asked again.
    assert did == ["P1", "P2", "rest", "P10", "close"]
    said = capsys.readouterr().out
    assert [line.split()[-1] for line in said.splitlines() if line.startswith("P2  ")] == ["pass", "FAIL"]


def test_what_cannot_be_built_ends_the_run_with_two(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(program, "import_module", lambda name: SimpleNamespace(cannot_be_built=True))
    monkeypatch.setattr(program, "server", lambda folder: nullcontext("postgres://nowhere"))
    monkeypatch.setattr(program, "Bench", Bench)

    assert program.main(["--keep", str(tmp_path / "results.json"), "P1"]) == 2
    assert "There is no disk." in capsys.readouterr().err


def test_the_first_line_says_what_will_be_done_and_how_long_it_takes(run, capsys):
    rows = [f"P{int(row[1:])}" for row in ROWS]

    run(dict.fromkeys(rows, ends_well))

    first, *others = capsys.readouterr().out.splitlines()
    assert "all 14 rows on boroughs of 2,000 and 6,000 referrals" in first
    assert "minutes" in first
    assert others[0].split()[1:4] == ["s", "P1", "took"]


@pytest.mark.parametrize("value", [float("inf"), float("nan"), None])
def test_a_number_that_is_none_is_no_json_and_fails(value):
    figure = unmeasured("P1", RuntimeError("no")) if value is None else Figure("P1", "a page", *[value] * 3, 3, 2)

    text = json.dumps(report.results([figure], {}), allow_nan=False)

    assert json.loads(text)["P1"]["pass"] is False
    assert report.table([figure])[2].split()[-1] == "FAIL"


def test_a_row_that_cannot_be_read_fails_alone(monkeypatch):
    def cannot(name):
        raise ImportError("No module named bench.rows.p99")

    monkeypatch.setattr(program, "import_module", cannot)

    (figure,) = program.of_row(Bench("", "small", (), None, print), "P1", program.loaded("bench.rows.p99"), print)

    assert (figure.row, figure.verdict) == ("P1", "FAIL")
    assert "p99" in figure.note


def test_every_row_can_be_read_where_django_is_not_set_up():
    words = "; ".join(f"import bench.rows.{row}" for row in ROWS)
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}

    done = subprocess.run([sys.executable, "-c", words], cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 0, done.stderr

"""The table, the file of results, and the exit code."""

import json

import pytest

from bench import report
from bench.__main__ import asked
from bench.figures import Figure, counted

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

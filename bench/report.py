"""The table on the screen, and bench/results/latest.json."""

import json
import math
from itertools import groupby
from pathlib import Path

LATEST = Path(__file__).resolve().parent / "results" / "latest.json"
HEAD = ("row", "what", "figure", "95 % interval", "goal", "moonshot", "control", "verdict")
LONGEST = {"what": 64, "control": 44}


def table(figures):
    """The lines of the table, and below it the notes."""
    rows = [HEAD, *(_cells(figure) for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    notes = [f"{figure.row} {figure.what}: {figure.note}" for figure in figures if figure.note]
    return [*lines, *(["", "Notes", *notes] if notes else [])]


def _cells(figure):
    if figure.value is None:
        return (figure.row, _short(figure.what, "what"), *["-"] * 4, "", figure.verdict)
    sign = ">=" if figure.at_least else "<="
    return (
        figure.row,
        _short(figure.what, "what"),
        f"{number(figure.value)}{figure.unit}",
        f"{number(figure.low)} to {number(figure.high)}" if figure.low != figure.high else "exact",
        f"{sign} {number(figure.goal)}",
        f"{sign} {number(figure.moonshot)}",
        _short(figure.control, "control"),
        figure.verdict,
    )


def _short(text, column):
    longest = LONGEST[column]
    return text if len(text) <= longest else f"{text[: longest - 3]}..."


def number(value):
    """A number as the table shows it: three digits that mean something; "-" where there is none."""
    if value is None or not math.isfinite(value):
        return "-"
    if value == int(value) and abs(value) < 1e9:
        return f"{int(value):,}"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


def results(figures, about):
    """{row: {"value", "low", "high", "limit", "moonshot", "pass", ..., "figures"}}: the worst figure of a row stands
    at its top. `about` ({name: value}: size, referrals, day) is added to each row."""
    found = {}
    for row, group in groupby(sorted(figures, key=lambda figure: _order(figure.row)), key=lambda figure: figure.row):
        group = list(group)
        worst = max(group, key=lambda figure: (not figure.passes, figure.badness))
        found[row] = {**_facts(worst), "pass": all(each.passes for each in group), **about}
        found[row]["figures"] = [_facts(each) for each in group]
    return found


def _order(row):
    return row[0], int(row[1:])


def _facts(figure):
    return {
        "what": figure.what,
        "value": _rounded(figure.value),
        "low": _rounded(figure.low),
        "high": _rounded(figure.high),
        "limit": figure.goal,
        "moonshot": figure.moonshot,
        "at_least": figure.at_least,
        "unit": figure.unit,
        "verdict": figure.verdict,
        "pass": figure.passes,
        "control": figure.control,
        "note": figure.note,
    }


def _rounded(value):
    """JSON knows only numbers that there are."""
    return round(value, 4) if value is not None and math.isfinite(value) else None


def keep(found, path=LATEST):
    """Writes the results; rows that were not measured this time stay as they were, each with its own size and day."""
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    rows = before | found
    path.parent.mkdir(parents=True, exist_ok=True)
    ordered = {row: rows[row] for row in sorted(rows, key=_order)}
    path.write_text(json.dumps(ordered, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def exit_code(figures):
    """1 when any figure is past its goal."""
    return 0 if all(figure.passes for figure in figures) else 1

"""`python -m bench`: measures the rows, prints the table, keeps the results; exit code 1 when one is past its goal."""

import argparse
import os
import sys
import time
import traceback
from functools import partial
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

from bench import report
from bench.figures import unmeasured
from bench.postgres import server
from bench.refusals import Refused
from bench.run import SIZES, Bench, folder

ROWS = sorted(path.stem for path in (Path(__file__).parent / "rows").glob("p[0-9][0-9].py"))


def asked(words):
    parser = argparse.ArgumentParser(prog="bench", description="Measures the speed of the product against raw SQL.")
    parser.add_argument("rows", nargs="*", metavar="ROW", help="P1 P4 ...: only these rows")
    parser.add_argument("--size", choices=SIZES, default=os.environ.get("SIZE", "full"))
    parser.add_argument("--small", type=int, help="referrals of the small database, instead of the size's")
    parser.add_argument("--large", type=int, help="referrals of the large database, instead of the size's")
    parser.add_argument("--rounds", type=int, help="how often each variant is taken, instead of the size's")
    parser.add_argument("--keep", default=str(report.LATEST), help="where the results are written")
    options = parser.parse_args(words)
    if options.size not in SIZES:
        parser.error(f"SIZE is one of {', '.join(SIZES)}.")
    named = {f"P{int(row[1:])}": row for row in ROWS}
    unknown = [row for row in options.rows if row not in named]
    if unknown:
        parser.error(f"No row {', '.join(unknown)}; there are {', '.join(named)}.")
    options.modules = {row: f"bench.rows.{named[row]}" for row in options.rows or named}
    return options


def teller():
    """Says each sentence with the seconds since the beginning."""
    began = time.monotonic()
    return lambda words: print(f"{time.monotonic() - began:6.0f} s  {words}", flush=True)


def plan(options, bench):
    """What this run will do, and how long it takes, for whoever waits."""
    small, large = bench.about["referrals"]
    takes = f"building what is not there takes {SIZES[options.size].building}"
    rows = ", ".join(options.modules)
    if len(options.modules) == len(ROWS):
        rows = f"all {len(ROWS)} rows"
        takes += f", measuring {SIZES[options.size].measuring}"
    return f"Measures {rows} on boroughs of {small:,} and {large:,} referrals: {takes}."


def measure(options, say):
    """The figures of the rows that were asked for, in order. Each row is kept when it is measured.

    A small run has few rounds, and other work beside it: a row that is past its goal is measured once more, and the
    second time counts. What became slower is past its goal both times.
    """
    figures = []
    with server(folder()) as address:
        bench = Bench(address, options.size, (options.small, options.large), options.rounds, say=say)
        try:
            say(plan(options, bench))
            modules = {row: loaded(name) for row, name in options.modules.items()}
            bench.build(modules.values())
            for row, module in modules.items():
                found = of_row(bench, row, module, say)
                if options.size == "small" and past_its_goal(found):
                    say(f"{row} is past its goal: once more.")
                    found = of_row(bench, row, module, say)
                figures += found
                about = bench.about | {"day": time.strftime("%Y-%m-%d")}
                report.keep(report.results(found, about), Path(options.keep))
        finally:
            bench.close()
    return figures


def loaded(name):
    """The module of a row; where it cannot even be read, one that says so when it is measured."""
    try:
        return import_module(name)
    except Exception as problem:
        return SimpleNamespace(measure=partial(_raised, problem))


def _raised(problem, bench):
    raise problem


def past_its_goal(figures):
    """Whether a row was measured, and something of it is past its goal."""
    return all(figure.value is not None for figure in figures) and not all(figure.passes for figure in figures)


def of_row(bench, row, module, say):
    """Its figures; where it ends in an exception that is one too, and the other rows are measured all the same."""
    bench.begin(row)
    began, found = time.monotonic(), []
    try:
        for figure in module.measure(bench):
            found.append(figure)
    except Exception as problem:
        traceback.print_exc()
        found.append(unmeasured(row, problem))
        # What it left behind in a child is nobody's any more.
        bench.rest()
    said = ", ".join(f"{report.number(figure.value)}{figure.unit} {figure.verdict}" for figure in found)
    say(f"{row} took {time.monotonic() - began:.0f} s: {said}")
    return found


def main(words):
    options = asked(words)
    say = teller()
    try:
        figures = measure(options, say)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print()
    print("\n".join(report.table(figures)))
    print()
    say(f"The results are in {options.keep}.")
    return report.exit_code(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

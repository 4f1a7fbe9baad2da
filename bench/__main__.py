"""`python -m bench`: measures the rows, prints the table, keeps the results; exit code 1 when one is past its goal."""

import argparse
import os
import sys
import time
from importlib import import_module
from pathlib import Path

from bench import report
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
    options.modules = [named[row] for row in options.rows or named]
    return options


def measure(options):
    """The figures of the rows that were asked for, in order."""
    figures = []
    small, large, _ = SIZES[options.size]
    referrals = (options.small or small, options.large or large)
    with server(folder()) as address:
        bench = Bench(address, options.size, referrals, options.rounds)
        try:
            for name in options.modules:
                began = time.monotonic()
                row = f"P{int(name[1:])}"
                bench.begin(row)
                found = list(import_module(f"bench.rows.{name}").measure(bench))
                figures += found
                verdicts = ", ".join(figure.verdict for figure in found)
                print(f"{row} ({time.monotonic() - began:.0f} s): {verdicts}", flush=True)
            about = bench.about | {"day": time.strftime("%Y-%m-%d")}
        finally:
            bench.close()
    return figures, about


def main(words):
    options = asked(words)
    try:
        figures, about = measure(options)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 2
    print()
    print("\n".join(report.table(figures)))
    report.keep(report.results(figures, about), Path(options.keep))
    return report.exit_code(figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

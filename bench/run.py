"""One run: which sizes, how many rounds, which rows; `Bench` is what a row is given."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.database import Borough, Empty
from bench.own import OwnDatabase, empty_embedded
from bench.serving import ROOT

SEED = 20260401
AT_ONCE = 2  # databases that are built at the same time


@dataclass(frozen=True)
class Size:
    """Referrals of the small and the large borough, how many of them are open (None: a tenth), how often each variant
    is taken; and in words how long building takes, and measuring all rows."""

    referrals: tuple
    open_referrals: tuple
    rounds: int
    building: str
    measuring: str


SIZES = {
    # The first area's open work, 1,000 referrals, is whole in both: what has ended is what they have less of.
    "small": Size((2_000, 6_000), (1_000, 2_000), 7, "one to two minutes", "about four"),
    "full": Size((10_000, 1_000_000), (None, None), 100, "about half an hour", "an hour or more"),
}


def folder():
    """Where the bench keeps its databases and logs: BENCH_DIR, or var/bench."""
    given = os.environ.get("BENCH_DIR")
    return Path(given).resolve() if given else ROOT / "var" / "bench"


class Bench:
    """What a row measures with: `size`, `rounds`, `rng`, `small` and `large` (Boroughs), `own(...)`."""

    def __init__(self, server, size="full", referrals=(None, None), rounds=None, where=None, say=print):
        """`server` is a server's address; `referrals` (small, large) and `rounds` instead of those of the size."""
        its = SIZES[size]
        self.size, self.rounds = size, rounds or its.rounds
        self._server, self._where, self.say = server, where or folder(), say
        self._own = []
        # Of a borough whose size was chosen by hand a tenth is open.
        sizes = [
            (asked, None) if asked else (usual, open_referrals)
            for asked, usual, open_referrals in zip(referrals, its.referrals, its.open_referrals, strict=True)
        ]
        self._walk = TemporaryDirectory()
        self.small, self.large = (
            Borough(
                server,
                number,
                self._where,
                say,
                open_referrals=open_referrals,
                walk=Path(self._walk.name) / "stories.json",
            )
            for number, open_referrals in sizes
        )
        self.rng = random.Random(SEED)

    def build(self, modules):
        """Builds what is not there yet of all that these rows stand on: while it measures, nothing is built.

        A row's `OWN` ({size: (module, argument, ...)}) says which database of its own it has; where its `BOROUGHS` is
        False it needs no other.
        """
        self._where.mkdir(parents=True, exist_ok=True)
        modules = list(modules)
        own = [partial(self.own, *module.OWN[self.size]) for module in modules if hasattr(module, "OWN")]
        boroughs = [self._boroughs] if any(getattr(module, "BOROUGHS", True) for module in modules) else []
        empty = Empty(self._server, self._where, self.say)
        for at_the_same_time in (
            [empty.ensure, partial(empty_embedded, self._where)],
            [*boroughs, *own],
        ):
            with ThreadPoolExecutor(AT_ONCE) as builders:
                for building in [builders.submit(build) for build in at_the_same_time]:
                    building.result()

    def _boroughs(self):
        """The second tells the stories that were walked for the first."""
        for borough in (self.small, self.large):
            borough.ensure()

    def begin(self, row):
        """Chance begins anew for each row, so that a row alone draws the same as in the whole run."""
        self.rng = random.Random(f"{SEED} {row}")

    def own(self, module, *arguments, decides=()):
        """A database that `python -m module arguments` fills (bench/own.py); closed with the others."""
        database = OwnDatabase(self._server, self._where, module, arguments, decides, self.say).ensure()
        self._own.append(database)
        return database

    @property
    def about(self):
        """What every result says of its run."""
        return {"size": self.size, "referrals": [self.small.referrals, self.large.referrals], "rounds": self.rounds}

    def rest(self):
        """Ends every child: the next row begins with new ones."""
        for database in [self.small, self.large, *self._own]:
            database.close()
        self._own.clear()

    def close(self):
        self.rest()
        self._walk.cleanup()

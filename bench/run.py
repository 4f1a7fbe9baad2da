"""One run: which sizes, how many rounds, which rows; `Bench` is what a row is given."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

from bench.database import Database
from bench.own import OwnDatabase
from bench.serving import ROOT

SEED = 20260401
# Referrals of the small and the large borough, and how often each variant is taken.
SIZES = {"small": (10_000, 20_000, 9), "full": (10_000, 1_000_000, 100)}
NAMES = {"10k": "small", "1k": "small", "1M": "large", "20k": "large"}


def folder():
    """Where the bench keeps its databases and logs: BENCH_DIR, or var/bench."""
    given = os.environ.get("BENCH_DIR")
    return Path(given).resolve() if given else ROOT / "var" / "bench"


class Bench:
    """What a row measures with: `size`, `rounds`, `rng`, `small` and `large` (Databases), `database(name)`."""

    def __init__(self, server, size="full", referrals=None, rounds=None, where=None, say=print):
        """`server` is a server's address; `referrals` (small, large) and `rounds` instead of those of the size."""
        small, large, often = SIZES[size]
        self.size, self.rounds = size, rounds or often
        self._referrals = referrals or (small, large)
        self._server, self._where, self.say = server, where or folder(), say
        self._own = []
        self.rng = random.Random(SEED)

    def begin(self, row):
        """Chance begins anew for each row, so that a row alone draws the same as in the whole run."""
        self.rng = random.Random(f"{SEED} {row}")

    @cached_property
    def _databases(self):
        """Both, built at the same time: most of it is the work of one process each."""
        both = [Database(self._server, referrals, self._where, self.say) for referrals in self._referrals]
        with ThreadPoolExecutor(len(both)) as builders:
            return list(builders.map(Database.ensure, both))

    @property
    def small(self):
        return self._databases[0]

    @property
    def large(self):
        return self._databases[1]

    def own(self, module, *arguments, decides=()):
        """A database that `python -m module arguments` fills (bench/own.py); closed with the others."""
        database = OwnDatabase(self._server, self._where, module, arguments, decides, self.say).ensure()
        self._own.append(database)
        return database

    def database(self, name):
        """The small database by the names "10k" or "1k", the large one by "1M" or "20k", whatever the run's size."""
        return getattr(self, NAMES[name])

    @property
    def about(self):
        """What every result says of its run."""
        return {"size": self.size, "referrals": list(self._referrals), "rounds": self.rounds}

    def close(self):
        for database in [*self.__dict__.get("_databases", ()), *self._own]:
            database.close()

"""The databases of the bench: an invented borough of a given size, built once and kept while the code is the same.

Each begins as a copy of an empty one, so that migrations are walked through once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from functools import cached_property
from pathlib import Path
from time import monotonic

from bench.postgres import connected
from bench.raw import Raw
from bench.readers import READERS
from bench.refusals import Refused
from bench.serving import ROOT, Serving

SEED = 20260401
MIGRATING = (("createcachetable",), ("migrate", "--noinput", "-v", "0"))
# The day on which every simulated borough ends: the same data from the same seed, whatever day it is.
AS_OF = "2026-06-01"
# What decides the tables and their triggers, and with them the data of a simulated borough.
TABLES = ("*/migrations/*.py", "*/*/migrations/*.py", "hsb/core/append_only.py", "referrals/readers.py")
DECIDES = (*TABLES, "hsb/overview/simulated/**/*.py", "hsb/overview/management/commands/simulate.py")


def fingerprint(root=ROOT, patterns=DECIDES):
    """Changes when the tables or what fills them change: the files below `root` that `patterns` name."""
    files = sorted({path for pattern in patterns for path in Path(root).glob(pattern)})
    digest = hashlib.sha256()
    for path in files:
        digest.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


class Database:
    """A database that is built where there is none, or one of other code: `url`, `readers` ({name: e-mail address}),
    `serve()`, `as_of` (a day). What it holds is its kinds' to say: `called`, `mark()`, `_fill()`."""

    def __init__(self, server, name, folder, say=print):
        """`server` is an address without a database; `folder` (a Path) holds the product's own files and the logs."""
        self.name, self.folder = name, folder
        self.url = f"{server}/{self.name}"
        self.files = folder / self.name
        self.as_of = AS_OF
        self.readers = dict(READERS)
        self._server, self._say, self._raw = server, say, {}

    def environment(self, **more):
        """The environment of a child process that works on this database."""
        return os.environ | {
            "DATABASE_URL": self.url,
            "DJANGO_SETTINGS_MODULE": "bench.settings",
            "HSB_MODE": "demo",
            "HSB_VAR_DIR": str(self.files),
            "BENCH_AS_OF": self.as_of,
            "LOG_LEVEL": "WARNING",
            "REDIS_URL": "",
            **more,
        }

    def ensure(self):
        """Builds the database where there is none, or one of other code; returns self."""
        mark = self.mark()
        with connected(f"{self._server}/postgres") as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [self.name]
            )
            found = cursor.fetchone()
            if found and found[0] == mark:
                return self
            began = monotonic()
            self._say(f"Building {self.called}.")
            template = self._template()
            shutil.rmtree(self.files, ignore_errors=True)
            self.files.mkdir(parents=True)
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{template}" ENCODING UTF8')
            self._fill()
            # Written last: a database without it is half made.
            cursor.execute(f'COMMENT ON DATABASE "{self.name}" IS %s', [mark])
            self._say(f"Built in {monotonic() - began:.0f} s.")
        return self

    @property
    def called(self):
        """What is built, for whoever waits."""
        return self.name

    def mark(self):
        """What the database says of itself once it is whole: another one is built where it says something else."""
        raise NotImplementedError

    def _template(self):
        """The name of the database that it begins as a copy of."""
        return Empty(self._server, self.folder, self._say).ensure().name

    def _fill(self):
        """Puts into the copy what this database holds."""
        raise NotImplementedError

    def _manage(self, *words):
        # What is being built is thrown away when the power goes: it need not wait for the disk.
        environment = self.environment(DJANGO_SETTINGS_MODULE="hsb.settings", PGOPTIONS="-c synchronous_commit=off")
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=environment, capture_output=True, text=True
        )
        if done.returncode != 0:
            raise Refused(f"`manage.py {' '.join(words)}` did not succeed:\n{done.stdout}{done.stderr}")

    @cached_property
    def _serving(self):
        return Serving(self, self.folder / "serving.log")

    def serve(self):
        """The child process that answers for this database; started at the first call."""
        return self._serving

    def raw(self, reader):
        """The raw SQL of that reader: which way is the fastest is tried once for all rows."""
        if reader not in self._raw:
            self._raw[reader] = Raw(self, reader)
        return self._raw[reader]

    def close(self):
        self._raw.clear()  # it asks the child that ends here
        if "_serving" in self.__dict__:
            self._serving.close()
            del self.__dict__["_serving"]


class Empty(Database):
    """All tables and no rows: what the others begin as a copy of."""

    def __init__(self, server, folder, say=print):
        super().__init__(server, "hsb_bench_empty", folder, say)

    @property
    def called(self):
        return "the tables"

    def mark(self):
        return f"hsb-bench {fingerprint(patterns=TABLES)}"

    def _template(self):
        return "template0"

    def _fill(self):
        for words in MIGRATING:
            self._manage(*words)


class Borough(Database):
    """An invented borough with `referrals` referrals, `open_referrals` of them open (a tenth where it is None)."""

    def __init__(self, server, referrals, folder, say=print, *, open_referrals=None, walk=None):
        """`walk` is a file that keeps the stories for the next borough that is built."""
        super().__init__(server, f"hsb_bench_{referrals}", folder, say)
        self.referrals, self._open, self._walk = referrals, open_referrals, walk

    @property
    def called(self):
        return f"a borough of {self.referrals:,} referrals"

    def mark(self):
        how_many = "" if self._open is None else f" open {self._open}"
        return f"hsb-bench {fingerprint()} seed {SEED} as of {self.as_of}{how_many}"

    def _fill(self):
        words = ["--referrals", self.referrals, "--seed", SEED, "--as-of", self.as_of]
        words += [] if self._open is None else ["--open", self._open]
        words += [] if self._walk is None else ["--keep", self._walk]
        self._manage("simulate", *map(str, words))
        with connected(self.url) as connection, connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute("CHECKPOINT")

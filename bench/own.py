"""Databases of the bench's own making, for what the simulated boroughs do not have: so many tasks, persons, entries.

Each begins as a copy of an empty one, so that migrations are walked through once.
"""

import subprocess
import sys
from pathlib import Path

from bench.database import DECIDES, SEED, Database, fingerprint
from bench.refusals import Refused
from bench.serving import ROOT


class OwnDatabase(Database):
    """A database that `python -m MODULE ARGUMENT ...` filled, kept while the code that decides its rows is the same."""

    def __init__(self, server, folder, module, arguments=(), decides=(), say=print):
        """`decides` are the files (below the project's folder) that decide the rows, beside the module itself."""
        super().__init__(server, 0, folder, say)
        self.module, self.arguments = module, [str(each) for each in arguments]
        self.name = "_".join(["hsb_bench", module.rpartition(".")[2], *self.arguments]) if module else "hsb_bench_empty"
        self.url, self.files = f"{server}/{self.name}", folder / "product"
        self.decides = [*decides, *([f"{module.replace('.', '/')}.py", "bench/bulk.py"] if module else [])]

    @property
    def called(self):
        return self.name

    def mark(self):
        return f"hsb-bench {fingerprint(patterns=[*DECIDES[:2], *self.decides])} {SEED} {self.as_of} {self.arguments}"

    def _begin(self):
        self.files.mkdir(parents=True, exist_ok=True)
        if not self.module:
            return "template0"
        return OwnDatabase(self._server, self.folder, "", say=self._say).ensure().name

    def _fill(self):
        if not self.module:
            self._manage("createcachetable")
            self._manage("migrate", "--noinput", "-v", "0")
            return
        fill(self.module, self.arguments, self.environment(PGOPTIONS="-c synchronous_commit=off"))


def fill(module, arguments, environment):
    """Runs `python -m MODULE ARGUMENT ...` in a process of its own; Refused where it does not succeed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise Refused(f"`python -m {module}` did not succeed:\n{done.stdout}{done.stderr}")


def embedded(folder, module, arguments, decides=()):
    """The environment of the same rows in the embedded database, SQLite; built where it is not there yet."""
    like = OwnDatabase("", folder, module, arguments, decides)
    var = Path(folder) / f"{like.name}_embedded"
    mark = var / "mark"
    environment = like.environment(DATABASE_URL="", HSB_VAR_DIR=str(var))
    if mark.exists() and mark.read_text() == like.mark():
        return environment
    var.mkdir(parents=True, exist_ok=True)
    for tail in ("", "-wal", "-shm"):
        (var / f"hsb.sqlite3{tail}").unlink(missing_ok=True)
    for words in (("createcachetable",), ("migrate", "--noinput", "-v", "0")):
        fill("django", words, environment)
    fill(module, like.arguments, environment)
    mark.write_text(like.mark())
    return environment

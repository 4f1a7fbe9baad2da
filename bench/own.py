"""Databases of the bench's own making, for what the simulated boroughs do not have: so many tasks, persons, entries."""

import shutil
import subprocess
import sys
from pathlib import Path

from bench.database import MIGRATING, SEED, TABLES, Database, fingerprint
from bench.refusals import Refused
from bench.serving import ROOT


class OwnDatabase(Database):
    """A database that `python -m MODULE ARGUMENT ...` filled, kept while the code that decides its rows is the same."""

    def __init__(self, server, folder, module, arguments=(), decides=(), say=print):
        """`decides` are the files (below the project's folder) that decide the rows, beside the module itself."""
        self.module, self.arguments = module, [str(each) for each in arguments]
        super().__init__(server, "_".join(["hsb_bench", module.rpartition(".")[2], *self.arguments]), folder, say)
        self.decides = [*decides, f"{module.replace('.', '/')}.py", "bench/bulk.py"]

    def mark(self):
        return f"hsb-bench {fingerprint(patterns=[*TABLES, *self.decides])} {SEED} {self.as_of} {self.arguments}"

    def _fill(self):
        fill(self.module, self.arguments, self.environment(PGOPTIONS="-c synchronous_commit=off"))


def fill(module, arguments, environment):
    """Runs `python -m MODULE ARGUMENT ...` in a process of its own; Refused where it does not succeed."""
    done = subprocess.run(
        [sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    if done.returncode != 0:
        raise Refused(f"`python -m {module}` did not succeed:\n{done.stdout}{done.stderr}")


# --- The embedded database, SQLite: a file each ---------------------------------------------------------------------

FILE = "hsb.sqlite3"


def embedded(folder, module, arguments, decides=()):
    """The environment of the same rows in the embedded database; built where it is not there yet."""
    like = OwnDatabase("", folder, module, arguments, decides)
    var = Path(folder) / f"{like.name}_embedded"
    environment = like.environment(DATABASE_URL="", HSB_VAR_DIR=str(var))

    def make():
        shutil.copy(empty_embedded(folder) / FILE, var / FILE)
        fill(module, like.arguments, environment)

    _kept(var, like.mark(), make)
    return environment


def empty_embedded(folder):
    """The folder of an embedded database with all tables and no rows: what the others begin as a copy of."""
    var = Path(folder) / "hsb_bench_empty_embedded"

    def make():
        environment = Database("", var.name, Path(folder)).environment(DATABASE_URL="", HSB_VAR_DIR=str(var))
        for words in MIGRATING:
            fill("django", words, environment)

    _kept(var, f"hsb-bench {fingerprint(patterns=TABLES)}", make)
    return var


def _kept(var, mark, make):
    """Lets `make` fill the folder `var` anew, unless what is there says `mark`; said last, when it is whole."""
    said = var / "mark"
    if said.exists() and said.read_text() == mark:
        return
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir(parents=True)
    make()
    said.write_text(mark)

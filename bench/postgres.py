"""A PostgreSQL for the bench: one of its own in var/bench, with fsync on, or the one that BENCH_DATABASE_URL names."""

import fcntl
import os
import shutil
import socket
import subprocess
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2

from bench.refusals import Refused

OWNER = "postgres"
# What a server of some size is given; nothing that makes it less safe. No just-in-time compiling: it costs more than
# any of our statements.
SETTINGS = {
    "fsync": "on",
    "synchronous_commit": "on",
    "shared_buffers": "2GB",
    "effective_cache_size": "6GB",
    "work_mem": "32MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "listen_addresses": "127.0.0.1",
}


@contextmanager
def server(folder):
    """The address of a running server, without a database: `postgres://user@host:port`. Ours is stopped at the end.

    `folder` (a Path) keeps its data between runs; one run at a time. BENCH_DATABASE_URL names another server, whose
    role must be allowed to create databases.
    """
    if given := os.environ.get("BENCH_DATABASE_URL"):
        yield given.rsplit("/", 1)[0] if urlsplit(given).path else given
        return
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w", encoding="utf-8") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(f"Another run of the bench is at work in {folder}.") from None
        own = _OwnServer(folder)
        own.start()
        try:
            yield f"postgres://{OWNER}@127.0.0.1:{own.port}"
        finally:
            own.stop()


class _OwnServer:
    def __init__(self, folder):
        self.programs = programs()
        self.data = folder / "postgres" / "data"
        self.log = folder / "postgres" / "server.log"
        self.port = free_port()

    def start(self):
        if not (self.data / "PG_VERSION").exists():
            self._make()
        if self._pg_ctl("status", check=False).returncode == 0:
            # Left behind by a run that was killed: nobody else works in this folder, for the lock is ours.
            self.stop()
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        options += f" -p {self.port} -c unix_socket_directories="
        self._pg_ctl("start", "--wait", "--silent", f"--log={self.log}", f"--options={options}")

    def _make(self):
        shutil.rmtree(self.data.parent, ignore_errors=True)
        self.data.parent.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.data.parent, OWNER)
            self._check_reach()
        _as_postgres(
            self.programs / "initdb",
            f"--pgdata={self.data}",
            f"--username={OWNER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
        )

    def _check_reach(self):
        found = subprocess.run(["runuser", "-u", OWNER, "--", "test", "-w", self.data.parent])
        if found.returncode != 0:
            raise Refused(
                f"As root the bench runs PostgreSQL as {OWNER}, who cannot reach {self.data.parent}: "
                "set BENCH_DIR to a folder that everybody may enter."
            )

    def stop(self):
        self._pg_ctl("stop", "--wait", "--silent", "--mode=fast", check=False)

    def _pg_ctl(self, *words, check=True):
        return _as_postgres(self.programs / "pg_ctl", *words, f"--pgdata={self.data}", check=check)


def _as_postgres(*words, check=True):
    """Runs one of PostgreSQL's programs, which refuse to be run by root."""
    before = ["runuser", "-u", OWNER, "--"] if os.geteuid() == 0 else []
    # Not a pipe: the server that is started would hold it open.
    done = subprocess.run(
        [*before, *map(str, words)], cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    )
    if check and done.returncode != 0:
        raise Refused(f"{Path(words[0]).name} ended with code {done.returncode}: {' '.join(map(str, words))}")
    return done


def programs():
    """The folder of PostgreSQL's own programs: the newest that Debian installed, or where PATH finds them."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda folder: float(folder.parent.name),
    )
    if found:
        return found[-1]
    if path := shutil.which("initdb"):
        return Path(path).resolve().parent
    raise Refused(
        "The bench needs PostgreSQL: install it (`apt-get install postgresql`), or name a server in BENCH_DATABASE_URL."
    )


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def connected(url):
    """A psycopg2 connection that commits each statement by itself."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        yield connection
    finally:
        connection.close()

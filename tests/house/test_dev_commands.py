"""dev.py on a machine that lacks something: one sentence, exit code 2, soon, and nothing left behind.

Each run gets a copy of the few files it needs in a folder of its own: the environment these tests run in is
never touched.
"""

import ast
import json
import os
import queue
import re
import secrets
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen

import psycopg2
import pytest

import dev as commands

ROOT = Path(commands.__file__).parent
FILES = ["dev.py", "Makefile", "requirements.txt", "requirements-dev.txt"]
# Of the sixteen parts of a Redis server.
UNUSED_BY_THE_TESTS = 15
# Of a slow machine with everything else at work; what lasts longer is stuck. The first start brings an empty database
# up to date and builds the demo borough.
SECONDS_TO_SAY = 420
SECONDS_TO_END = 30
NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture
def tree(tmp_path):
    """A folder with dev.py and what it reads, and nothing set up."""
    folder = tmp_path / "tree"
    folder.mkdir()
    [shutil.copy(ROOT / name, folder) for name in FILES]
    return folder


@pytest.fixture
def here(tree, monkeypatch):
    """dev.py's functions, looking at `tree` instead of this project."""
    monkeypatch.setattr(commands, "ROOT", tree)
    monkeypatch.setattr(commands, "VAR", tree / "var")
    monkeypatch.setattr(commands, "BUILD", tree / "build")
    monkeypatch.setattr(commands, "VENV", tree / ".venv")
    monkeypatch.setattr(commands, "PYTHON", tree / ".venv/bin/python")
    monkeypatch.setattr(commands, "STAMP", tree / ".venv/stamp")
    return commands


def run(tree, *words, python=sys.executable, user=None, **variables):
    """Run dev.py in `tree` on a machine that offers nothing: no packages, no settings, an empty home."""
    started = time.monotonic()
    bare = {"PATH": os.defpath, "HOME": str(tree), "PIP_CONFIG_FILE": os.devnull, "PIP_INDEX_URL": NOWHERE}
    done = subprocess.run(
        [python, "-B", "dev.py", *words],
        cwd=tree,
        env={**bare, "PIP_RETRIES": "0", **variables},
        user=user,
        capture_output=True,
        text=True,
        timeout=150,
        check=False,
    )
    done.seconds = time.monotonic() - started
    return done


def assert_refused(done, sentence, seconds=3):
    assert done.stderr.count("\n") == 1, done.stderr
    assert sentence in done.stderr
    assert done.returncode == 2
    assert done.seconds < seconds


# --- Before any work ----------------------------------------------------------------------------------------


def test_a_taken_port_is_named_before_any_work(tree):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        done = run(tree, "run", PORT=str(port))

    assert_refused(done, f"Port {port} on 127.0.0.1 is taken by another program")
    assert sorted(os.listdir(tree)) == sorted(FILES)


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        pytest.param({"PORT": "eight"}, "PORT=eight is not a port number", id="a port that is no number"),
        pytest.param({"PORT": "65536"}, "PORT=65536 is not a port number", id="a port that does not exist"),
        pytest.param({"HOST": "192.0.2.1"}, "Cannot listen on 192.0.2.1 port 8000", id="an address of another machine"),
    ],
)
def test_an_impossible_address_is_refused(tree, variables, sentence):
    done = run(tree, "run", **variables)

    assert_refused(done, sentence)


def test_a_tree_that_cannot_be_written_is_refused():
    python = shutil.which("python3", path="/usr/bin:/usr/local/bin") if os.geteuid() == 0 else sys.executable
    if not python:
        pytest.skip("root may write anywhere, and there is no Python here that another user may run")
    nobody = 65534 if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        tree = Path(folder)
        [shutil.copy(ROOT / name, tree) for name in FILES]
        tree.chmod(0o555)

        done = run(tree, "setup", python=python, user=nobody)

        tree.chmod(0o755)
    assert_refused(done, f"Cannot write to {folder} (Permission denied).")


def test_a_full_disk_is_refused(here, monkeypatch, capsys):
    monkeypatch.setattr(shutil, "disk_usage", lambda path: shutil._ntuple_diskusage(10**12, 10**12 - 10**9, 10**9))

    with pytest.raises(SystemExit) as ended:
        here.ensure_environment([here.RUNTIME])

    assert ended.value.code == 2
    assert "has 1.0 GB free, and setting up needs 1.5 GB." in capsys.readouterr().err


def test_an_old_python_is_told_so_in_one_sentence(capsys):
    with pytest.raises(SystemExit) as ended:
        commands.check_python((3, 10, 13))

    assert ended.value.code == 2
    assert capsys.readouterr().err.startswith("This is Python 3.10, and HSB casework needs Python 3.11 or newer;")


def test_an_old_python_can_read_the_file_that_tells_it():
    tree = ast.parse((ROOT / "dev.py").read_text(encoding="ascii"), feature_version=(3, 7))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.Match, ast.AsyncFunctionDef, ast.Nonlocal)

    assert [node.lineno for node in ast.walk(tree) if isinstance(node, newer)] == []
    assert [node.lineno for node in ast.walk(tree) if isinstance(node, ast.arguments) and node.kwonlyargs] == []


def test_without_ensurepip_the_package_is_named(here, monkeypatch, capsys):
    monkeypatch.setattr(here.importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(here.os, "geteuid", lambda: 1000)

    with pytest.raises(SystemExit) as ended:
        here.ensure_environment([here.RUNTIME])

    assert ended.value.code == 2
    assert "as root, install the package python3-venv" in capsys.readouterr().err
    assert not here.VENV.exists()


def test_where_browser_tests_are_owed_a_missing_browser_is_refused(tree):
    done = run(tree, "test", PATH="", CI="true")

    assert_refused(done, "There is no Chromium on this machine")


def test_an_unknown_command_is_refused(tree):
    assert_refused(run(tree, "fly"), "There is no command fly.")


# --- The environment and its stamp ----------------------------------------------------------------------------


def test_a_half_made_environment_is_started_over_and_without_a_registry_nothing_is_left(tree):
    (tree / ".venv/bin").mkdir(parents=True)
    (tree / ".venv/bin/python").symlink_to(sys.executable)

    done = run(tree, "run", PORT=str(free_port()))

    assert "The environment in .venv is outdated or half made: starting over." in done.stdout
    assert_refused(done, "Could not install Django==5.2.19: is a Python package registry reachable", seconds=120)
    assert not (tree / ".venv").exists()


@pytest.fixture
def steps(here, monkeypatch):
    """What ensure_environment does, as a list of words, without doing it."""
    done = []

    def make_environment():
        done.append("make")
        here.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        here.PYTHON.touch()

    monkeypatch.setattr(here, "make_environment", make_environment)
    monkeypatch.setattr(here, "install", done.append)
    return done


def test_a_whole_environment_is_left_alone(here, steps):
    here.ensure_environment([here.RUNTIME, here.DEVELOPMENT])
    steps.clear()

    here.ensure_environment([here.RUNTIME, here.DEVELOPMENT])

    assert steps == []


def test_the_test_tools_are_added_to_a_running_environment(here, steps):
    here.ensure_environment([here.RUNTIME])

    here.ensure_environment([here.RUNTIME, here.DEVELOPMENT])

    assert steps == ["make", "requirements.txt", "requirements-dev.txt"]


def test_an_environment_without_its_stamp_starts_over(here, steps):
    here.ensure_environment([here.RUNTIME])
    here.STAMP.unlink()

    here.ensure_environment([here.RUNTIME])

    assert steps == ["make", "requirements.txt", "make", "requirements.txt"]


def test_changed_pins_start_over(here, steps, tree):
    here.ensure_environment([here.RUNTIME])
    (tree / "requirements.txt").write_text("Django==6.0\n", encoding="utf-8")

    here.ensure_environment([here.RUNTIME])

    assert steps == ["make", "requirements.txt", "make", "requirements.txt"]


def test_a_moved_environment_starts_over(here, steps, tree, monkeypatch):
    here.ensure_environment([here.RUNTIME])
    moved = tree.parent / "moved"
    moved.mkdir()
    shutil.copy(tree / "requirements.txt", moved)
    monkeypatch.setattr(here, "ROOT", moved)

    here.ensure_environment([here.RUNTIME])

    assert steps == ["make", "requirements.txt", "make", "requirements.txt"]


@pytest.mark.parametrize(
    ("words", "package", "reason"),
    [
        pytest.param(
            "ERROR: No matching distribution found for Django==5.2.19",
            "Django==5.2.19",
            "No matching distribution found for Django==5.2.19",
            id="not there",
        ),
        pytest.param(
            "WARNING: Retrying after 'NewConnectionError: [Errno 111] Connection refused': /simple/celery/\n"
            "ERROR: No matching distribution found for celery==5.7.0",
            "celery==5.7.0",
            "Connection refused",
            id="no connection",
        ),
        pytest.param("ERROR: something else\n[notice] a new pip", "the packages", "something else", id="anything else"),
    ],
)
def test_a_failed_installation_names_the_package_and_the_reason(words, package, reason):
    assert commands.failed_package(words) == package
    assert commands.failure(words) == reason


# --- The settings file --------------------------------------------------------------------------------------------


def test_the_settings_file_holds_demo_mode_and_a_key_for_its_owner_only(here, monkeypatch):
    monkeypatch.delenv("HSB_MODE", raising=False)

    here.write_settings_file()

    written = here.VAR / "env"
    assert stat.S_IMODE(written.stat().st_mode) == 0o600
    mode, key = written.read_text(encoding="utf-8").splitlines()
    assert mode == "HSB_MODE=demo"
    assert len(key) > len("SECRET_KEY=") + 50
    assert here.mode() == "demo"


def test_the_settings_file_is_written_once(here, monkeypatch):
    monkeypatch.delenv("HSB_MODE", raising=False)
    here.write_settings_file()
    before = (here.VAR / "env").read_bytes()

    here.write_settings_file()

    assert (here.VAR / "env").read_bytes() == before


def test_production_never_gets_the_settings_file(here, monkeypatch):
    monkeypatch.setenv("HSB_MODE", "production")

    here.write_settings_file()

    assert not here.VAR.exists()
    assert here.mode() == "production"


# --- Web, worker and beat ---------------------------------------------------------------------------------------


@contextmanager
def data_of_its_own():
    """The variables of a new database and an unused part of Redis, where the tests run on such servers; else {}."""
    database, redis = os.environ.get("DATABASE_URL", ""), os.environ.get("REDIS_URL", "")
    if not database:
        yield {}
        return
    name = f"hsb_run_{secrets.token_hex(4)}"
    server = psycopg2.connect(database)
    server.autocommit = True
    try:
        server.cursor().execute(f"CREATE DATABASE {name}")
        try:
            yield {
                "DATABASE_URL": urlsplit(database)._replace(path=f"/{name}").geturl(),
                "REDIS_URL": urlsplit(redis)._replace(path=f"/{UNUSED_BY_THE_TESTS}").geturl(),
            }
        finally:
            server.cursor().execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        server.close()


class Running:
    """`dev.py run` on a free port, with data of its own: embedded, or the servers that the tests run on."""

    def __init__(self, folder, data):
        self.port = free_port()
        address = {"HOST": "127.0.0.1", "PORT": str(self.port)}
        own = {
            "HSB_MODE": "test",
            "HSB_VAR_DIR": str(folder),
            "HEARTBEAT_SECONDS": "1",
            "SWEEP_SECONDS": "2",
            **address,
            **data,
        }
        inherited = {
            name: value for name, value in os.environ.items() if not name.endswith(("DATABASE_URL", "REDIS_URL"))
        }
        self.program = subprocess.Popen(
            [sys.executable, "dev.py", "run"],
            cwd=ROOT,
            env={**inherited, **own},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self.lines = queue.Queue()
        self.listener = threading.Thread(target=self._listen, daemon=True)
        self.listener.start()

    def _listen(self):
        """Reading waits for as long as anybody holds the other end: not in the test's own thread."""
        with self.program.stdout:
            for line in self.program.stdout:
                self.lines.put(line)
        self.lines.put(None)

    def next_line(self, by):
        """The next line it says until `by` (monotonic), None when it will say no more; in silence, queue.Empty."""
        line = self.lines.get(timeout=max(0, by - time.monotonic()))
        self.said += line or ""
        return line

    def wait_for(self, words):
        """Read on until a line with `words` comes; fails at the end, and when it does not come in time."""
        by = time.monotonic() + SECONDS_TO_SAY
        try:
            while (line := self.next_line(by)) is not None:
                if words in line:
                    return
        except queue.Empty:
            self.program.kill()
        pytest.fail(f"It never said {words!r}:\n{self.said}")

    def pid(self, name):
        return int(re.search(rf"{name}\.1 started \(pid=(\d+)\)", self.said).group(1))

    def ended(self):
        """The rest of what it says, and its exit code, once it has ended."""
        by = time.monotonic() + SECONDS_TO_END
        before = len(self.said)
        while self.next_line(by) is not None:
            pass
        return self.said[before:], self.program.wait(timeout=max(1, by - time.monotonic()))

    def stop(self):
        """Whatever is left of it goes away, also when it does not want to."""
        if self.program.poll() is None:
            self.program.terminate()
            try:
                self.program.wait(timeout=SECONDS_TO_END)
            finally:
                self.program.kill()
        self.program.wait(timeout=SECONDS_TO_END)
        self.listener.join(timeout=SECONDS_TO_END)

    def lives(self, name):
        try:
            os.kill(self.pid(name), 0)
        except ProcessLookupError:
            return False
        return True

    def answers(self):
        with socket.socket() as visitor:
            return visitor.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture(scope="module")
def data():
    """What the services of these tests run on: the first to start fills it with the demo borough, which takes long."""
    if commands.stamped().get(commands.RUNTIME) != commands.fingerprint(commands.RUNTIME):
        pytest.skip("this environment was not made by dev.py, which would make it anew under our feet")
    with data_of_its_own() as its:
        yield its


@pytest.fixture
def running(data, tmp_path_factory):
    service = Running(tmp_path_factory.getbasetemp() / "var_of_the_services", data)
    try:
        service.wait_for("HSB casework is ready: ")
        yield service
    finally:
        service.stop()


@pytest.mark.full_stack
def test_beat_sends_and_the_worker_works(running):
    """The scheduler's message goes through the broker, and what the worker did with it stands in the database."""
    told = {}
    for _ in range(90):
        try:
            with urlopen(f"http://127.0.0.1:{running.port}/readyz") as answer:  # noqa: S310 (our own address)
                told = json.load(answer)
        except HTTPError as not_yet:
            told = json.load(not_yet)
        if told.get("status") == "ready":
            return
        time.sleep(1)
    pytest.fail(f"Not ready in 90 seconds: {told}")


@pytest.mark.full_stack
def test_a_service_that_is_stopped_leaves_nothing_behind(running):
    assert running.answers()
    started = time.monotonic()

    running.program.send_signal(signal.SIGTERM)

    said, code = running.ended()
    assert time.monotonic() - started < 10
    assert (said.splitlines()[-1], code) == ("Stopped.", 0)
    assert not running.answers()
    assert [name for name in ("web", "worker", "beat") if running.lives(name)] == []


@pytest.mark.full_stack
def test_a_process_that_ends_is_named_and_takes_the_others_with_it(running):
    os.kill(running.pid("beat"), signal.SIGKILL)

    said, code = running.ended()
    assert said.splitlines()[-1] == "beat ended by itself, so everything was stopped."
    assert code == 1
    assert not running.answers()
    assert [name for name in ("web", "worker", "beat") if running.lives(name)] == []


# --- Make ------------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not shutil.which("make"), reason="there is no make on this machine")
def test_make_help_lists_what_dev_py_can_do():
    done = subprocess.run(
        ["make", "help"], cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True
    )

    there_are = ["help", "setup", "run", "test", "bench", "lint", "clean"]
    assert [line.split()[1] for line in done.stdout.splitlines()] == there_are
    assert list(commands.COMMANDS) == there_are


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]

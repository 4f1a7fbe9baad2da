#!/usr/bin/env python3
"""Set up, run, test and check HSB casework on any machine that has Python 3.11 or newer.

Only the standard library is used, and nothing is expected of the machine beyond Python itself: no pip, no
compiler, no Node, no curl (docs/running.md; docs/decisions/0004). What cannot be done is said in one sentence
with exit code 2, before any work and with nothing left behind.

This file keeps to a syntax that every older Python can read (no f-strings, no annotations), so that even
there the answer is a sentence and not a SyntaxError.
"""

import sys

OLDEST_PYTHON = (3, 11)


def say(text):
    """Print a line at once, also when the output goes to a file or a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def refuse(sentence):
    """Say in one sentence what is in the way, and end with exit code 2."""
    sys.stderr.write(sentence + "\n")
    sys.exit(2)


def check_python(version):
    """`version`: as in sys.version_info."""
    if tuple(version[:2]) < OLDEST_PYTHON:
        refuse(
            "This is Python {}.{}, and HSB casework needs Python 3.11 or newer; "
            "name another one with `make PYTHON=python3.11 ...`.".format(*version[:2])
        )


check_python(sys.version_info)

import contextlib  # noqa: E402  (an old Python must meet the check above before an import it does not have)
import errno  # noqa: E402
import fcntl  # noqa: E402
import hashlib  # noqa: E402
import http.client  # noqa: E402
import importlib.util  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import secrets  # noqa: E402
import shutil  # noqa: E402
import signal  # noqa: E402
import socket  # noqa: E402
import subprocess  # noqa: E402
import tempfile  # noqa: E402
import threading  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

ROOT = Path(__file__).resolve().parent
VAR = ROOT / (os.environ.get("HSB_VAR_DIR") or "var")
BUILD = ROOT / "build"
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
# Says which requirements are in the environment. Written last: an environment without it is half made.
STAMP = VENV / "stamp"
RUNTIME = "requirements.txt"
DEVELOPMENT = "requirements-dev.txt"

DISK_NEEDED = 1500 * 1000 * 1000  # bytes: the environment, and Node for a moment while it is being made
SECONDS_TO_START = 60
SECONDS_TO_STOP = 9  # honcho kills what has not stopped after 5


# --- What is checked before any work --------------------------------------------------------------------


def check_writable():
    """Root may write anywhere except where it may not (a read-only disk): only trying tells."""
    for folder in (ROOT, VAR, BUILD, VENV):
        if not folder.exists():
            continue
        try:
            tempfile.TemporaryFile(dir=str(folder)).close()
        except OSError as problem:
            refuse("Cannot write to {} ({}).".format(folder, problem.strerror))


def check_disk():
    """Asked for only where the environment must still be made."""
    free = shutil.disk_usage(str(ROOT)).free
    if free < DISK_NEEDED:
        refuse(
            "The disk of {} has {:.1f} GB free, and setting up needs {:.1f} GB.".format(
                ROOT, free / 1e9, DISK_NEEDED / 1e9
            )
        )


def check_port(host, port):
    """Take the address for a moment, the way the web server will."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            # The web server does the same: a connection that ended a minute ago does not hold the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen(1)
    except OSError as problem:
        if problem.errno == errno.EADDRINUSE:
            refuse("Port {} on {} is taken by another program; choose another one with PORT=8001.".format(port, host))
        refuse("Cannot listen on {} port {} ({}); see HOST and PORT.".format(host, port, problem.strerror))


def address():
    """HOST and PORT of the environment, as (host, port); an IPv6 host may stand in square brackets."""
    host = os.environ.get("HOST", "127.0.0.1").strip("[]")
    port = os.environ.get("PORT", "8000")
    if not (port.isdigit() and 0 < int(port) < 65536):
        refuse("PORT={} is not a port number between 1 and 65535.".format(port))
    return host, int(port)


# --- Other programs --------------------------------------------------------------------------------------


def environment(**extra):
    """The environment of every program that is started here, with what the caller adds."""
    variables = dict(os.environ, DJANGO_SETTINGS_MODULE="hsb.settings", PYTHONUNBUFFERED="1")
    variables["PATH"] = os.pathsep.join([str(VENV / "bin"), os.environ.get("PATH", os.defpath)])
    variables.pop("PYTHONHOME", None)
    variables.update(extra)
    return variables


def call(command, **extra):
    """Run a program in the foreground and give back its exit code; whatever ends us ends it too."""
    program = subprocess.Popen([str(word) for word in command], cwd=str(ROOT), env=environment(**extra))
    try:
        return program.wait()
    except BaseException:
        end(program)
        raise


def end(program):
    """Ask a program to stop, and make it stop when it does not. A second Ctrl-C must not cut this short."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    program.terminate()
    try:
        program.communicate(timeout=SECONDS_TO_STOP)
    except subprocess.TimeoutExpired:
        program.kill()


def manage(*words, **extra):
    """Run a command of manage.py whose success the rest depends on."""
    if call([PYTHON, "manage.py"] + list(words), **extra) != 0:
        sys.stderr.write("`manage.py {}` did not succeed; its own words are above.\n".format(words[0]))
        sys.exit(1)


def remove(path):
    if path.is_symlink() or path.is_file():
        path.unlink()
    else:
        shutil.rmtree(str(path), ignore_errors=True)


# --- The Python environment ------------------------------------------------------------------------------


def fingerprint(requirements):
    """Changes with the pins, with the Python, and with the folder: an environment that was moved is broken."""
    facts = "{}.{} {}\n".format(sys.version_info[0], sys.version_info[1], ROOT).encode()
    return hashlib.sha256(facts + (ROOT / requirements).read_bytes()).hexdigest()


def stamped():
    """What the stamp says: a fingerprint for each requirements file; empty when there is no stamp."""
    if not (STAMP.exists() and PYTHON.exists()):
        return {}
    return dict(line.split() for line in STAMP.read_text(encoding="utf-8").splitlines())


def write_stamp(installed):
    lines = "".join("{} {}\n".format(*item) for item in sorted(installed.items()))
    whole = STAMP.with_suffix(".new")
    whole.write_text(lines, encoding="utf-8")
    whole.replace(STAMP)


def ensure_environment(wanted):
    """Have a .venv that holds the `wanted` requirements files; start over where it is half made or outdated."""
    installed = stamped()
    if installed.get(RUNTIME) != fingerprint(RUNTIME):
        check_disk()
        ensure_ensurepip()
        installed = {}
        make_environment()
    for requirements in wanted:
        if installed.get(requirements) != fingerprint(requirements):
            install(requirements)
            installed[requirements] = fingerprint(requirements)
            write_stamp(installed)


def make_environment():
    """Make it where it will stay: the scripts of a renamed environment would keep the old path."""
    if VENV.exists() or VENV.is_symlink():
        say("The environment in .venv is outdated or half made: starting over.")
        remove(VENV)
    say("Making a Python environment in .venv.")
    try:
        # Not sys.executable: it may be the Python inside the environment that was just removed.
        done = subprocess.run(
            [os.path.realpath(sys.executable), "-m", "venv", str(VENV)], capture_output=True, text=True, cwd=str(ROOT)
        )
    except BaseException:
        remove(VENV)
        raise
    if done.returncode != 0:
        remove(VENV)
        refuse("Python could not make an environment in .venv ({}).".format(last_line(done.stdout + done.stderr)))


def ensure_ensurepip():
    """Debian and Ubuntu keep what `python3 -m venv` needs in a package of its own."""
    if importlib.util.find_spec("ensurepip"):
        return
    package = "python3-venv"
    apt_get = shutil.which("apt-get")
    if os.geteuid() != 0 or not apt_get:
        refuse("Python's ensurepip is missing: as root, install the package {} and try again.".format(package))
    say("Python's ensurepip is missing: installing Debian's package {} with apt-get.".format(package))
    quiet = environment(DEBIAN_FRONTEND="noninteractive")
    for words in (["update"], ["install", "-y", "--no-install-recommends", package]):
        done = subprocess.run(
            [apt_get, "-q"] + words, env=quiet, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    importlib.invalidate_caches()
    if done.returncode != 0 or not importlib.util.find_spec("ensurepip"):
        refuse("apt-get could not install the package {} ({}).".format(package, last_line(done.stdout)))


def install(requirements):
    """Install one requirements file. A new environment that could not be filled is removed again."""
    say("Installing the packages of {} (about a minute the first time).".format(requirements))
    fresh = not STAMP.exists()
    # pip's own five tries take a minute and more where no registry answers.
    patience = environment()
    patience.setdefault("PIP_RETRIES", "2")
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", "-q"]
    try:
        done = subprocess.run(
            command + ["-r", requirements],
            cwd=str(ROOT),
            env=patience,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        if done.returncode != 0:
            refuse(
                "Could not install {}: is a Python package registry reachable from here? (pip: {})".format(
                    failed_package(done.stdout), failure(done.stdout)
                )
            )
    except BaseException:
        if fresh:
            remove(VENV)
        raise


def failed_package(words):
    """The package at which pip stopped, from pip's own words."""
    patterns = (
        r"No matching distribution found for (\S+)",
        r"requirement (\S+) \(from",
        r"/simple/([^/\s]+)/",
        r"Failed building wheel for (\S+)",
    )
    for pattern in patterns:
        found = re.search(pattern, words)
        if found:
            return found.group(1)
    return "the packages"


def failure(words):
    """Why pip stopped: the network's own reason where it had one, or else pip's last line."""
    found = re.search(r"\[(?:Errno -?\d+|SSL: \w+)\] ([^'\"()<>\[\]]+)", words)
    return found.group(1).strip() if found else last_line(words)


def last_line(words):
    """The last line that says something, without the label that pip and apt put before it."""
    lines = [line.strip() for line in words.splitlines() if line.strip() and "[notice]" not in line]
    return re.sub(r"^(ERROR|E): ", "", lines[-1]) if lines else "it gave no reason"


# --- Everything else that running needs ------------------------------------------------------------------


def set_up(wanted):
    """The environment, the settings file and the design system's files: what every command stands on."""
    check_writable()
    with only_one_at_a_time():
        ensure_environment(wanted)
        write_settings_file()
        # The static file server warns when its folder is missing, and in tests a warning is an error.
        (BUILD / "static").mkdir(parents=True, exist_ok=True)
        # Says itself what it could not fetch; every page stays legible without, and the next start tries again.
        call([PYTHON, "manage.py", "assets"])


@contextlib.contextmanager
def only_one_at_a_time():
    """Two set-ups in one folder would pull the environment from under each other: the second one waits."""
    with open(__file__, encoding="utf-8") as this_file:
        try:
            fcntl.flock(this_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Another set-up is at work in this folder: waiting for it.")
            fcntl.flock(this_file, fcntl.LOCK_EX)
        yield


def write_settings_file():
    """var/env: demo mode and a secret key of this copy's own, readable by its owner only. Never in production."""
    if (VAR / "env").exists() or os.environ.get("HSB_MODE") == "production":
        return
    VAR.mkdir(parents=True, exist_ok=True)
    text = "HSB_MODE=demo\nSECRET_KEY={}\n".format(secrets.token_urlsafe(50))
    with os.fdopen(os.open(str(VAR / "env"), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as settings_file:
        settings_file.write(text)


def mode():
    """HSB_MODE as the settings will read it."""
    if "HSB_MODE" in os.environ:
        return os.environ["HSB_MODE"]
    found = re.search(r"^HSB_MODE=(\w+)", (VAR / "env").read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(1) if found else "production"


def prepare_database():
    """Tables and static files. Migrations run as the tables' owner where MIGRATE_DATABASE_URL names one."""
    say("Bringing the database up to date.")
    # The cache's table first: what migrate does at its end lets the service's role use every table there is.
    manage("createcachetable", "-v", "0", HSB_MIGRATING="1")
    manage("migrate", "--noinput", "-v", "0", HSB_MIGRATING="1")
    say("Collecting the static files.")
    manage("collectstatic", "--noinput", "-v", "0")


def cores():
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextlib.contextmanager
def scratch():
    """The variables of a program that must touch neither the demo's data nor its mode."""
    VAR.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="test-", dir=str(VAR)))
    try:
        yield {"HSB_MODE": "test", "HSB_VAR_DIR": str(folder)}
    finally:
        remove(folder)


# --- Web, worker and beat ----------------------------------------------------------------------------------


def serve(host, port, welcome):
    """Run the Procfile until somebody stops us or one of its processes ends; then all of them end.

    `welcome` is printed when the service answers. honcho gets a session of its own: Ctrl-C then reaches only
    us, and honcho hears about it once.
    """
    variables = environment(HOST="[{}]".format(host) if ":" in host else host, PORT=str(port))
    # On a bare machine root is often the only user; a production host starts the Procfile without us.
    variables.setdefault("PYTHONWARNINGS", "ignore:You're running the worker with superuser privileges")
    honcho = subprocess.Popen(
        [str(PYTHON), "-m", "honcho", "start"],
        cwd=str(ROOT),
        env=variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    started = time.monotonic()
    threading.Thread(target=greet, args=(host, port, welcome), daemon=True).start()
    try:
        ended = relay(honcho.stdout)
    except SystemExit:
        say("\nStopping web, worker and beat.")
        ended = None
    finally:
        # honcho forgets processes whose start it has not noted yet.
        time.sleep(max(0, started + 1 - time.monotonic()))
        end(honcho)
    if ended is None:
        say("Stopped.")
        return 0
    sys.stderr.write("{} ended by itself, so everything was stopped.\n".format(ended))
    return 1


def relay(lines):
    """Pass honcho's lines on until there are no more; gives back the name of the process that ended first."""
    ended = ""
    for line in lines:
        text = line.decode("utf-8", "replace")
        sys.stdout.write(text)
        sys.stdout.flush()
        found = re.search(r"system\s+\| (\w+)\.1 stopped", text)
        if found and not ended:
            ended = found.group(1)
    return ended or "honcho"


def greet(host, port, welcome):
    """Print the welcome once the web server answers, whatever it answers."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104  (asks there, does not listen there)
    until = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection(here, port, timeout=SECONDS_TO_START)
            connection.request("GET", "/healthz")
            connection.getresponse().close()
        except (OSError, http.client.HTTPException):
            time.sleep(0.2)
        else:
            say(welcome)
            return


def accounts():
    """The demo's accounts and their password, as manage.py prints them; nothing outside demo mode."""
    if mode() != "demo":
        return ""
    done = subprocess.run(
        [str(PYTHON), "manage.py", "demo_accounts"],
        cwd=str(ROOT),
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    return done.stdout.strip("\n")


# --- The commands ------------------------------------------------------------------------------------------


def setup(_words):
    """Make everything ready: environment, design system files, database; then stop"""
    set_up([RUNTIME, DEVELOPMENT])
    prepare_database()
    say("Everything is ready: `make run` starts it, `make test` tests it.")
    return 0


def run(_words):
    """Run the service with demo data on http://127.0.0.1:8000/ (HOST and PORT choose another address)"""
    host, port = address()
    check_port(host, port)
    set_up([RUNTIME])
    prepare_database()
    if mode() == "demo" and call([PYTHON, "manage.py", "seed_demo", "--if-empty"]) != 0:
        say("The demo borough was not built; the service starts with the data that is there.")
    place = "[{}]".format(host) if ":" in host else host
    lines = ["", "HSB casework is ready: http://{}:{}/".format(place, port), accounts(), "Stop it with Ctrl-C.", ""]
    return serve(host, port, "\n".join(lines))


def test(words):
    """Run the tests; anything after `test` goes to pytest"""
    skipped = []
    notice = "The browser tests are left out: there is no Chromium here (`apt-get install chromium` brings it)."
    if not shutil.which("chromium"):
        if os.environ.get("CI"):
            refuse("There is no Chromium on this machine, and here the browser tests may not be left out.")
        say(notice)
        skipped = ["-m", "not journey"]
    set_up([RUNTIME, DEVELOPMENT])
    with scratch() as variables:
        # Some processes, each with a database of its own; the tests of one file stay together, in the order of
        # tests/conftest.py. Twice as many as a small machine has cores: a journey waits for its browser, and a test for
        # its database. One that dies is not replaced: what it had left would wait for ever.
        processes = ["-n", str(max(4, min(cores(), 8)))]
        processes += ["--dist", "loadfile", "--no-loadscope-reorder", "--max-worker-restart", "0"]
        code = call([PYTHON, "-m", "pytest"] + processes + skipped + words, **variables)
    if skipped:
        say(notice)
    return code


def bench(words):
    """Measure the speed of every row of docs/bench.md; anything after `bench` goes to python -m bench"""
    set_up([RUNTIME])
    manage("collectstatic", "--noinput", "-v", "0")
    return call([PYTHON, "-m", "bench"] + words)


def lint(_words):
    """Check style, mistakes, who imports whom, and that no migration is missing"""
    set_up([RUNTIME, DEVELOPMENT])
    checks = (
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["lint-imports"],
        ["python", "manage.py", "makemigrations", "--check", "--dry-run"],
    )
    failed = []
    with scratch() as variables:
        for words in checks:
            say("--- " + " ".join(words))
            if call([VENV / "bin" / words[0]] + words[1:], **variables) != 0:
                failed.append(" ".join(words[:3]))
    if failed:
        sys.stderr.write("Not clean: {}.\n".format(", ".join(failed)))
    return 1 if failed else 0


def clean(_words):
    """Remove what can be made again; the data in var/ stays"""
    for path in (VENV, BUILD, ROOT / ".pytest_cache", ROOT / ".ruff_cache", ROOT / ".import_linter_cache"):
        remove(path)
    for path in VAR.glob("test-*"):
        remove(path)
    say("Removed. The data in {} stays: delete that folder for a fresh start.".format(VAR))
    return 0


def show_help(_words):
    """List these commands"""
    say("Usage: python3 dev.py COMMAND   (or: make COMMAND)\n")
    for name, command in COMMANDS.items():
        say("  {:<6} {}.".format(name, command.__doc__.strip()))
    return 0


COMMANDS = {
    "help": show_help,
    "setup": setup,
    "run": run,
    "test": test,
    "bench": bench,
    "lint": lint,
    "clean": clean,
}


def stop_on_signal(number, _frame):
    """End as on Ctrl-C: by an exception, so that whatever was started is stopped on the way out."""
    sys.exit(128 + number)


def main(words):
    name = words[0] if words else "help"
    if name not in COMMANDS:
        show_help([])
        refuse("There is no command {}.".format(name))
    # Also where a shell started us in the background and told us to ignore Ctrl-C.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop_on_signal)
    return COMMANDS[name](words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

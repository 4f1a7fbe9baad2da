"""Journeys in a real browser, by actors. Skipped with a sentence where there is no Chromium (`make test`)."""

import hashlib
import os

import pytest

from hsb.overview.demo.accounts import make_accounts
from tests.journeys.actors import PHONE, Actors

CHROMIUM = "/usr/bin/chromium"
# Without these Chromium looks up hosts of its own at every start, many at a time.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright's own loop runs in this thread; Django would otherwise refuse the ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture
def borough(transactional_db):
    """An empty borough with its teams and accounts."""
    return make_accounts()


class Remembered:
    """What the journeys have looked over so far, all of them, in whichever process: a set of words, kept in a file."""

    def __init__(self, path):
        self.path, self.known, self.read = path, set(), 0

    def __contains__(self, words):
        return self._hash(words) in self.known or self._hash(words) in self._news()

    def _news(self):
        """What other processes have added since the last look."""
        if self.path.exists():
            with self.path.open() as kept:
                kept.seek(self.read)
                self.known |= set(kept.read().split())
                self.read = kept.tell()
        return self.known

    def add(self, words):
        self.known.add(self._hash(words))
        with self.path.open("a") as kept:
            kept.write(f"{self._hash(words)}\n")

    @staticmethod
    def _hash(words):
        return hashlib.sha256(repr(words).encode()).hexdigest()


@pytest.fixture(scope="session")
def remembered(tmp_path_factory):
    folder = tmp_path_factory.getbasetemp()
    # Each of several processes has a folder of its own in the one that they share.
    shared = folder.parent if os.environ.get("PYTEST_XDIST_WORKER") else folder
    return Remembered(shared / "looked-over")


@pytest.fixture
def stage(borough, live_server, browser, remembered):
    """Makes windows of one kind for everybody; closes them at the end."""
    stages = []

    def make(**context):
        stages.append(Actors(browser, live_server.url, remembered, **context))
        return stages[-1]

    yield make
    for each in stages:
        each.leave()


@pytest.fixture
def actors(stage):
    """Everybody with a browser window of their own."""
    return stage()


@pytest.fixture
def actors_on_phones(stage):
    return stage(viewport=PHONE, has_touch=True)


@pytest.fixture
def actors_without_scripts(stage):
    return stage(viewport=PHONE, java_script_enabled=False)

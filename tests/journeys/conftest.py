"""Journeys in a real browser, by actors. Skipped with a sentence where there is no Chromium (`make test`)."""

import os

import pytest

from hsb.overview.demo.accounts import make_accounts
from tests.journeys.actors import Actors

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
def actors(transactional_db, live_server, browser):
    """The demo accounts in an empty borough, each with a browser window of their own."""
    make_accounts()
    stage = Actors(browser, live_server.url)
    yield stage
    stage.leave()

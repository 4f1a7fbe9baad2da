"""What every test stands on: a database that keeps its fences, the small cast, and clients that notice.

The cast, for ever: Amara has the case, Bea is in her team, Carl is in another team and opens nothing, Dee is the
administrator and sees no case content. The others hold one role each. A user's memberships are read once for the
life of the object (one request): after changing them, take `cast.again(user)`.
"""

import gc
import os
from pathlib import Path
from zlib import crc32

import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.test.utils import override_settings
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from hsb.core import composed
from hsb.core.remembered import forget_all
from hsb.people.states import Role, Service
from tests import append_only_flush, cast, remembered, unknown_variables
from tests.clients import HouseClient, reads_only_block

if settings.MODE != "test":
    pytest.exit("Run the tests with `make test`: they need HSB_MODE=test and a folder of their own.", returncode=2)

# The database is slower on a busy machine than hypothesis expects; what is found must be found again tomorrow.
hypothesis_settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
hypothesis_settings.load_profile("house")


# What was made while the tests were collected stays: looking through it again and again takes a tenth of the time.
GARBAGE_THRESHOLDS = (50_000, 20, 100)


def pytest_collection_finish():
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE_THRESHOLDS)


# What lasts longest begins first, so that nothing long is left for the end.
LONGEST = (
    "tests/referrals/test_hostile",
    "tests/journeys/",
    "tests/house/test_dev_commands",
    "tests/overview/test_seed",
    "tests/house/",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    if "CI" in os.environ:
        _ask_one_database(items)
    items.sort(
        key=lambda item: next((n for n, path in enumerate(LONGEST) if item.nodeid.startswith(path)), len(LONGEST))
    )


# Each page is asked for on the embedded database by test_every_url_by_role and test_every_page.
PAGES = pytest.mark.one_database("postgresql", "what stands on a page does not depend on the database")
OF_PAGES = ("overview", "panels", "referrals", "strategy_meetings")
BROWSERS = {"client", "client_of"}


def _reads_a_page(item):
    """By its file's name, or because it opens a browser; not where several transactions are what is asked about."""
    if item.path.name.endswith("_pages.py"):
        return True
    if item.path.parent.name not in OF_PAGES or not BROWSERS.intersection(item.fixturenames):
        return False
    commits = any(marker.kwargs.get("transaction") for marker in item.iter_markers("django_db"))
    return not commits and item.get_closest_marker("both_databases") is None


def _takes_turns(item):
    """Whether it says nothing of databases: neither which one is to be asked, nor that both are, nor does it commit."""
    said = any(item.get_closest_marker(name) for name in ("one_database", "both_databases"))
    return not said and not any(marker.kwargs.get("transaction") for marker in item.iter_markers("django_db"))


def _in_turn(item, day):
    """The database that the item's file is asked of on a day: a number that grows by one each day."""
    names = ("embedded", "postgresql")
    name = names[(crc32(item.path.name.encode()) + day) % 2]
    return pytest.mark.one_database(name, "this file's turn today")


def _ask_one_database(items):
    """Where the whole suite runs twice, what the other database was asked is left out (decision 24)."""
    here = "embedded" if settings.EMBEDDED else "postgresql"
    for item in items:
        if _reads_a_page(item):
            item.add_marker(PAGES)
        elif "CI_DAY" in os.environ and _takes_turns(item):
            item.add_marker(_in_turn(item, int(os.environ["CI_DAY"])))
        for name, reason in (marker.args for marker in item.iter_markers("one_database")):
            if name != here:
                item.add_marker(pytest.mark.skip(reason=f"asked on {name}: {reason}"))


# --- The database ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Beside a test database that a killed run left behind lies its write-ahead log: SQLite would replay it."""
    name = settings.DATABASES["default"].get("TEST", {}).get("NAME")
    if settings.EMBEDDED and name:
        for tail in ("-wal", "-shm"):
            Path(f"{name}{tail}").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        # Where no test asks for the database, it has no tables.
        if connection.introspection.table_names():
            append_only_flush.words_of_the_beginning()


@pytest.fixture
def db(db):
    """The cast has the same keys in each test, whatever was rolled back before."""
    remembered.keys_from_the_start()
    return db


@pytest.fixture(scope="session", autouse=True)
def _nobody_stays_behind(django_db_setup, django_db_blocker):
    """A thread of the live server keeps its connection while a browser keeps the line open: PostgreSQL would refuse to
    drop the database at the end."""
    yield
    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="session", autouse=True)
def _journal_is_emptied_between_tests():
    """The one place where the append-only triggers are taken away: only a flush does it, and puts them back."""
    with append_only_flush.patched(TransactionTestCase):
        yield


@pytest.fixture(autouse=True)
def _nothing_remembered():
    """Settings in force and other small tables are kept for half a minute by each process: no test sees another's."""
    forget_all()
    yield
    forget_all()


# --- The house in test dress ------------------------------------------------------------------------------------


@pytest.fixture
def nothing_kept():
    """Statements are composed anew in this test, and after it."""
    composed.forget()
    yield
    composed.forget()


@pytest.fixture(scope="session", autouse=True)
def _quick_and_quiet():
    """Passwords are hashed fast, and the queue is this process's memory: no worker hears what tests send."""
    current_app.conf.broker_url, current_app.conf.broker_transport = "memory://", "memory"
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _unknown_template_variables_fail():
    with unknown_variables.forbidden():
        yield


@pytest.fixture
def client():
    """Somebody who has not signed in; every GET fails the test if it writes more than it may."""
    return HouseClient()


@pytest.fixture
def client_of(db):
    """`client_of(amara)`: a browser in which that user has signed in."""

    def signed_in(user):
        browser = HouseClient()
        browser.force_login(user)
        return browser

    return signed_in


@pytest.fixture
def reads_only():
    """`with reads_only(): ...` fails where more than access and session rows is written."""
    return reads_only_block


# --- The cast --------------------------------------------------------------------------------------------------------


@pytest.fixture
def front_door(db):
    return cast.team("Front door", Service.FRONT_DOOR)


@pytest.fixture
def willow(db):
    return cast.team("Willow", Service.STATUTORY)


@pytest.fixture
def rowan(db):
    return cast.team("Rowan", Service.STATUTORY)


@pytest.fixture
def hazel(db):
    return cast.team("Hazel", Service.EARLY_HELP)


@pytest.fixture
def juniper(db):
    return cast.team("Juniper", Service.SPECIALIST)


@pytest.fixture
def aspen(db):
    return cast.team("Aspen", Service.PANEL)


@pytest.fixture
def linden(db):
    return cast.team("Linden", Service.GOVERNANCE)


@pytest.fixture
def amara(willow):
    """Has the case."""
    return cast.user("Amara", (willow, Role.PRACTITIONER))


@pytest.fixture
def bea(willow):
    """Is in Amara's team."""
    return cast.user("Bea", (willow, Role.PRACTITIONER))


@pytest.fixture
def carl(rowan):
    """Is in another team, and opens nothing."""
    return cast.user("Carl", (rowan, Role.PRACTITIONER))


@pytest.fixture
def dee(linden):
    """Is the administrator: no case content."""
    return cast.user("Dee", (linden, Role.ADMINISTRATOR))


@pytest.fixture
def mo(willow):
    """Manages Willow."""
    return cast.user("Mo", (willow, Role.MANAGER))


@pytest.fixture
def max(rowan):
    """Manages Rowan."""
    return cast.user("Max", (rowan, Role.MANAGER))


@pytest.fixture
def dot(front_door):
    """Is on duty at the front door."""
    return cast.user("Dot", (front_door, Role.PRACTITIONER))


@pytest.fixture
def dev(front_door):
    """Manages the front door."""
    return cast.user("Dev", (front_door, Role.MANAGER))


@pytest.fixture
def eli(hazel):
    """Works in Early Help."""
    return cast.user("Eli", (hazel, Role.PRACTITIONER))


@pytest.fixture
def esi(hazel):
    """Manages Early Help."""
    return cast.user("Esi", (hazel, Role.MANAGER))


@pytest.fixture
def cho(juniper):
    """Chairs strategy meetings."""
    return cast.user("Cho", (juniper, Role.CHAIR))


@pytest.fixture
def min(juniper):
    """Takes minutes."""
    return cast.user("Min", (juniper, Role.MINUTE_TAKER))


@pytest.fixture
def coo(aspen):
    """Coordinates the panel."""
    return cast.user("Coo", (aspen, Role.COORDINATOR))


@pytest.fixture
def aud(linden):
    """Audits."""
    return cast.user("Aud", (linden, Role.AUDITOR))

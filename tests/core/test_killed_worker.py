"""A real worker on PostgreSQL and Redis, killed in the middle of the sweep: nothing lost, nothing twice (B14)."""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import redis
from celery import Celery
from django.conf import settings
from django.db import connection, transaction

from hsb.core import clock, reminders, work
from hsb.core.models import Message, Reminder
from tests import cast

FULL_STACK = bool(settings.REDIS_URL) and not settings.EMBEDDED
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FULL_STACK, reason="asks for PostgreSQL and Redis"),
]
# A part of Redis for each process of the tests, used by nobody else: a worker takes whatever lies in its part.
PART = 10 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw4").removeprefix("gw")) % 5
# Of a slow machine with everything else at work; what lasts longer is stuck.
SECONDS = 90


@pytest.fixture
def queue():
    """The address of an empty queue."""
    address = urlsplit(settings.REDIS_URL)._replace(path=f"/{PART}").geturl()
    server = redis.Redis.from_url(address, socket_timeout=SECONDS)
    server.flushdb()
    yield address
    server.flushdb()
    server.close()


@contextmanager
def worker(queue, folder):
    """One Celery worker in a process of its own, on the database of this test; killed at the end, whatever happens."""
    at = connection.settings_dict
    login = f"{at['USER']}:{at['PASSWORD']}@" if at["PASSWORD"] else f"{at['USER']}@"
    said = (folder / "worker.log").open("ab")
    process = subprocess.Popen(
        [sys.executable, "-m", "celery", "--quiet", "-A", "hsb", "worker", "--pool", "solo", "--loglevel", "INFO"],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": f"postgres://{login}{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}",
            "REDIS_URL": queue,
            "HSB_VAR_DIR": str(folder),
        },
        stdout=said,
        stderr=said,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with_all_it_started(process)
        said.close()


def with_all_it_started(process):
    """SIGKILL: no worker hears it coming."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=SECONDS)


def until(true, what, folder):
    """What `true()` says once it says something."""
    deadline = time.monotonic() + SECONDS
    while not (found := true()):
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not happen. The worker said: {(folder / 'worker.log').read_text()[-2000:]}")
        time.sleep(0.1)
    return found


@contextmanager
def held(statement, *params):
    """Rows that somebody else has locked, so that the worker stands still at them."""
    other = connection.copy()
    try:
        other.set_autocommit(False)
        with other.cursor() as cursor:
            cursor.execute(statement, params)
        yield
        other.rollback()
    finally:
        other.close()


def who_waits():
    """The database's own process that stands still for a lock in this database; None where none does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        found = cursor.fetchone()
        return found and found[0]


def is_gone(pid):
    """The database has noticed that whoever it worked for is dead, and has taken back what was not committed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE pid = %s", [pid])
        return cursor.fetchone()[0] == 0


def ask(queue):
    with Celery(broker=queue) as app:
        app.send_task("hsb.core.tasks.sweep", ignore_result=True)


def what_was_written():
    return (
        sorted(Message.objects.values_list("what", "user", "on", "about")),
        sorted(Reminder.objects.values_list("task", "kind", "user", "on")),
    )


def letters(folder):
    """The Message-ID of every letter that went out."""
    found = sorted((folder / "mail").glob("*")) if (folder / "mail").is_dir() else []
    return [name for path in found for name in re.findall(r"(?m)^Message-ID: (\S+)", Path(path).read_text())]


@pytest.fixture
def asked(front_door, amara, bea, mo, willow):
    """Tasks that are told at once, of two people; returns them with all that a whole sweep writes."""
    referral = cast.referral(amara, held_by=willow)
    owners = enumerate((bea, mo, bea))
    for number, owner in owners:
        work.ask(referral.record, "protection", owner=owner, about=str(number))
    tasks = list(referral.record.tasks.filter(kind="protection").order_by("pk"))
    with transaction.atomic():
        reminders.sweep()
        whole = what_was_written()
        transaction.set_rollback(True)
    assert whole[0]
    assert not Message.objects.exists()
    return tasks, whole


def test_killed_while_it_writes(queue, tmp_path, asked):
    tasks, whole = asked

    # Somebody else writes one of its reminders and has not said yet whether it stands: the sweep, whose messages are
    # written by then, stands still to hear.
    task = tasks[1]
    same = (
        'INSERT INTO core_reminder (message_id, task_id, kind, user_id, "on") VALUES (0, %s, %s, %s, %s)',
        *(task.pk, "at_once", task.owner_id, task.started_on),
    )
    with held(*same), worker(queue, tmp_path) as first:
        ask(queue)
        stuck = until(who_waits, "The sweep standing still in the middle", tmp_path)
        with_all_it_started(first)
    until(lambda: is_gone(stuck), "The end of the killed worker's connection", tmp_path)
    assert what_was_written() == ([], [])

    finished_by_the_next(queue, tmp_path, whole)


def test_killed_while_it_sends(queue, tmp_path, asked):
    _, whole = asked
    reminders.sweep()
    second = Message.objects.order_by("made_at", "pk")[1]

    with held("SELECT 1 FROM core_message WHERE id = %s FOR UPDATE", second.pk), worker(queue, tmp_path) as first:
        ask(queue)
        stuck = until(who_waits, "The sending standing still in the middle", tmp_path)
        with_all_it_started(first)
    until(lambda: is_gone(stuck), "The end of the killed worker's connection", tmp_path)
    assert Message.objects.filter(sent_at__isnull=False).count() == 1
    assert len(letters(tmp_path)) == 1
    # What the killed worker had taken in hand is free again when its lease is over.
    Message.objects.filter(lease_until__isnull=False).update(lease_until=clock.now())

    finished_by_the_next(queue, tmp_path, whole)


def finished_by_the_next(queue, folder, whole):
    """The sweep of the next minute, by another worker: everything once, and nothing new by a third."""
    with worker(queue, folder):
        ask(queue)
        until(
            lambda: Message.objects.exists() and not Message.objects.filter(sent_at__isnull=True).exists(),
            "The next sweep",
            folder,
        )
        assert what_was_written() == whole
        went_out = letters(folder)
        assert len(went_out) == len(set(went_out)) == len(whole[0])
        ask(queue)
        until(lambda: (folder / "worker.log").read_text().count("succeeded") >= 2, "The third sweep", folder)
    assert what_was_written() == whole
    assert letters(folder) == went_out

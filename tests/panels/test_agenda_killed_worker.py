"""A real worker on PostgreSQL and Redis, killed in the middle of compiling: nothing is left, nothing stands twice."""

from datetime import timedelta

import pytest
from celery import Celery

from hsb.core import clock
from hsb.core.models import Entry
from panels.models import AgendaItem, AgendaSource, AgendaVersion, Panel
from tests.core.test_killed_worker import (
    FULL_STACK,
    held,
    is_gone,
    queue,  # noqa: F401  (a fixture)
    until,
    who_waits,
    with_all_it_started,
    worker,
)
from tests.panels import panel_road as road

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not FULL_STACK, reason="asks for PostgreSQL and Redis"),
]
# Where the worker is made to stand still: rows that somebody else writes and has not committed.
STANDS_STILL = {
    "items": (
        "INSERT INTO panels_agendaitem (panel_id, number, section, subject, described, police_only, position, forms, "
        "carried_times, moved_reason, label, label_before, discussion, outcome, version) "
        "VALUES (%s, 1, 'L', 'place-0', '', false, 0, 0, 0, '', '', '', '', '', 1)"
    ),
    "sources": "SELECT 1 FROM panels_panel WHERE record_id = %s FOR UPDATE",
}


def ask(address):
    with Celery(broker=address) as app:
        app.send_task("panels.tasks.compile_due_agendas", ignore_result=True)


def written():
    return (
        AgendaItem.objects.count(),
        AgendaSource.objects.count(),
        AgendaVersion.objects.count(),
        Entry.objects.filter(verb="compile_agenda").count(),
    )


@pytest.fixture
def panel(robin, amara, coo):
    """Its cut-off has passed: one place of two forms, and a theme."""
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place(), road.of_theme())
    road.accepted(robin, amara, coo, road.at_place())
    Panel.objects.filter(pk=panel.pk).update(cut_off_at=clock.now() - timedelta(hours=1))
    return panel


@pytest.mark.parametrize("where", STANDS_STILL)
def test_killed_while_it_compiles(queue, tmp_path, panel, where):  # noqa: F811
    with held(STANDS_STILL[where], panel.pk), worker(queue, tmp_path) as first:
        ask(queue)
        stuck = until(who_waits, "The compiling standing still in the middle", tmp_path)
        with_all_it_started(first)
    until(lambda: is_gone(stuck), "The end of the killed worker's connection", tmp_path)
    assert written() == (0, 0, 0, 0)

    with worker(queue, tmp_path):
        ask(queue)
        until(AgendaVersion.objects.exists, "The next compiling", tmp_path)
        whole = written()
        assert whole == (2, 3, 1, 1)
        ask(queue)
        until(lambda: (tmp_path / "worker.log").read_text().count("succeeded") >= 2, "The third compiling", tmp_path)
    assert written() == whole

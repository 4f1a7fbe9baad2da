"""A process that is killed while it compiles leaves nothing, and two at once make one agenda: on whichever database."""

import os
import signal

import pytest
from django.db import connections

from hsb.core.models import Entry
from panels.models import AgendaItem, AgendaSource, AgendaVersion
from panels.services import agenda
from tests.panels import panel_road as road

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def panel(robin, amara, coo):
    """It collects: one place of two forms, and a theme."""
    panel = road.collecting(coo)
    road.accepted(robin, amara, coo, road.at_place(), road.of_theme())
    road.accepted(robin, amara, coo, road.at_place())
    return panel


def written():
    entries = Entry.objects.filter(verb="compile_agenda").count()
    return AgendaItem.objects.count(), AgendaSource.objects.count(), AgendaVersion.objects.count(), entries


def in_a_process(work):
    """Does `work` in a process of its own, with connections of its own; gives how to wait for its end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        finally:
            os._exit(1)
    return lambda: os.waitpid(child, 0)[1]


def dies(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("_reconcile_sources", id="the items are written"),
        pytest.param("_version", id="the sources are written too"),
        pytest.param("journal.write", id="the version is written too"),
    ],
)
def test_who_is_killed_leaves_nothing_and_the_next_makes_it_whole(panel, monkeypatch, step):
    def killed():
        monkeypatch.setattr(f"panels.services.agenda.{step}", dies)
        agenda.compile_agenda(panel.reference)

    status = in_a_process(killed)()

    assert os.WTERMSIG(status) == signal.SIGKILL
    assert written() == (0, 0, 0, 0)
    first = agenda.compile_agenda(panel.reference)
    again = agenda.compile_agenda(panel.reference)
    assert (first.sha256, first.new, again.new) == (again.sha256, True, False)
    assert written() == (2, 3, 1, 1)


def test_two_at_once_make_one_agenda(panel):
    ends = [in_a_process(lambda: agenda.compile_agenda(panel.reference)) for _ in range(2)]

    assert [end() for end in ends] == [0, 0]
    assert written() == (2, 3, 1, 1)

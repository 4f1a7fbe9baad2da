"""A process that is killed while it compiles leaves nothing, and two at once make one agenda: on whichever database."""

import os
import signal
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from hsb.core.models import Entry
from panels.models import AgendaItem, AgendaSource, AgendaVersion
from panels.services import agenda
from tests.panels import panel_road as road

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = settings.BASE_DIR


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


def compiling(panel, *step):
    """A process that compiles; a fork of this one would inherit locks that other threads of it hold for ever."""
    words = [str(connection.settings_dict["NAME"]), panel.reference, *step]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "hsb.settings"}
    return subprocess.Popen([sys.executable, "-m", "tests.panels.compile_alone", *words], cwd=ROOT, env=environment)


def ended(process):
    return process.wait(timeout=120)


@pytest.mark.parametrize(
    "step",
    [
        pytest.param("_reconcile_sources", id="the items are written"),
        pytest.param("_version", id="the sources are written too"),
        pytest.param("journal.write", id="the version is written too"),
    ],
)
def test_who_is_killed_leaves_nothing_and_the_next_makes_it_whole(panel, step):
    assert ended(compiling(panel, step)) == -signal.SIGKILL
    assert written() == (0, 0, 0, 0)
    first = agenda.compile_agenda(panel.reference)
    again = agenda.compile_agenda(panel.reference)
    assert (first.sha256, first.new, again.new) == (again.sha256, True, False)
    assert written() == (2, 3, 1, 1)


def test_two_at_once_make_one_agenda(panel):
    both = [compiling(panel), compiling(panel)]

    assert [ended(each) for each in both] == [0, 0]
    assert written() == (2, 3, 1, 1)

"""Is it alive, is it ready: what a monitor asks, in words and without personal data."""

from datetime import timedelta

import pytest
from celery import current_app

from hsb.core import clock, tasks
from hsb.core.models import Heartbeat

pytestmark = pytest.mark.django_db


@pytest.fixture
def everything_beats(time_machine):
    time_machine.move_to("2026-11-24T10:00:00Z", tick=False)  # a busy machine takes a second between two lines
    tasks.beat("worker")
    tasks.beat("beat")
    tasks.beat("sweep")


def test_alive_asks_nothing_of_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


def test_without_a_worker_it_is_not_ready_and_says_so(client):
    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json() == {
        "status": "not ready",
        "database": "ok",
        "broker": "ok",
        "worker": "not seen yet",
        "beat": "not seen yet",
        "sweep": "not seen yet",
        "sweep_seconds": None,
    }


def test_with_everything_running_it_is_ready(client, everything_beats):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "status": "ready",
        "database": "ok",
        "broker": "ok",
        "worker": "ok",
        "beat": "ok",
        "sweep": "ok",
        "sweep_seconds": 0,
    }


def test_a_sweep_that_stopped_makes_it_not_ready_and_its_age_is_told(client, everything_beats):
    Heartbeat.objects.filter(process="sweep").update(at=clock.now() - timedelta(seconds=300))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["sweep_seconds"] == 300


@pytest.mark.parametrize(("process", "other"), [("worker", "beat"), ("beat", "worker")])
def test_a_process_that_stopped_is_told_from_the_other(client, everything_beats, settings, process, other):
    settings.HEARTBEAT_SECONDS = 15
    Heartbeat.objects.filter(process=process).update(at=clock.now() - timedelta(seconds=75))

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()[process].startswith("last seen 75 seconds ago")
    assert response.json()[other] == "ok"


def test_three_missed_beats_are_forgiven(client, everything_beats, settings):
    settings.HEARTBEAT_SECONDS = 15
    Heartbeat.objects.update(at=clock.now() - timedelta(seconds=55))

    assert client.get("/readyz").status_code == 200


def test_without_its_broker_it_is_not_ready(client, everything_beats, monkeypatch):
    def refuse(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(current_app, "connection_for_write", refuse)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["broker"] == "unreachable"


def test_the_workers_pulse_is_one_row_however_often_it_beats():
    tasks.heartbeat()
    tasks.heartbeat()

    assert list(Heartbeat.objects.values_list("process", flat=True)) == ["worker"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_asking_is_allowed(client, path):
    assert client.post(path).status_code == 405

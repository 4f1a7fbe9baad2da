"""What the clock starts for the foundation."""

from datetime import timedelta

from celery import shared_task
from celery.signals import beat_init, before_task_publish

from hsb.core import clock, outbox, reminders
from hsb.core.models import Draft, Heartbeat, SearchTerms
from hsb.people.models import Session

SEARCH_KEPT = timedelta(hours=12)
DRAFT_KEPT = timedelta(days=90)
_this_process = {"is_beat": False}


@shared_task(ignore_result=True)
def heartbeat():
    """The worker's pulse; /readyz tells its age."""
    beat("worker")


@shared_task(ignore_result=True)
def clear_leftovers():
    """Forgets search terms after half a day, drafts nobody came back to after 90 days, and sessions that are over."""
    SearchTerms.objects.filter(at__lt=clock.now() - SEARCH_KEPT).delete()
    Draft.objects.filter(saved_at__lt=clock.now() - DRAFT_KEPT).delete()
    Session.get_session_store_class().clear_expired()


@shared_task(ignore_result=True)
def sweep():
    """Writes who is reminded of what today, and sends it."""
    sweep_and_deliver()


def sweep_and_deliver():
    """(how many messages are new, how many went out). /readyz tells when it was done last."""
    made = reminders.sweep()
    sent = outbox.deliver()
    beat("sweep")
    return made, sent


def beat(process):
    """Notes that `process` lives."""
    Heartbeat.objects.update_or_create(process=process, defaults={"at": clock.now()})


@beat_init.connect
def _this_is_beat(**kwargs):
    _this_process["is_beat"] = True


@before_task_publish.connect
def _scheduler_lives(**kwargs):
    # The scheduler shows its own pulse each time it sends a task, so that a dead worker and a dead scheduler
    # are told apart.
    if _this_process["is_beat"]:
        beat("beat")

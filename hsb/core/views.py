"""Pages of the foundation: is the service alive and ready, keep what is being typed, a forged or late POST."""

from datetime import timedelta

from celery import current_app
from django.conf import settings
from django.db import connection
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST
from kombu.exceptions import OperationalError

from hsb.core import clock, colleagues, drafts
from hsb.core.models import Heartbeat
from hsb.people.states import Role

# Three missed beats: the process is gone, not merely busy.
BEATS_MISSED = 3


@require_GET
def healthz(request):
    """The web process is alive."""
    return JsonResponse({"status": "alive"})


@require_GET
def readyz(request):
    """Database, broker, worker, beat, sweep, each "ok" or what is wrong; 503 when any is not ok. No personal data."""
    found = {"database": _database(), "broker": _broker()}
    beats = dict(Heartbeat.objects.values_list("process", "at")) if found["database"] == "ok" else {}
    for process in ("worker", "beat"):
        found[process] = _pulse(beats.get(process), settings.HEARTBEAT_SECONDS)
    found["sweep"] = _pulse(beats.get("sweep"), settings.SWEEP_SECONDS)
    ready = all(state == "ok" for state in found.values())
    return JsonResponse(
        {"status": "ready" if ready else "not ready", **found, "sweep_seconds": _age(beats.get("sweep"))},
        status=200 if ready else 503,
    )


def _database():
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Exception:  # noqa: BLE001  (whatever is wrong with it, it is not ready)
        return "unreachable"
    return "ok"


def _broker():
    try:
        with current_app.connection_for_write(connect_timeout=2) as connection_:
            connection_.ensure_connection(max_retries=0, timeout=2)
    except (OSError, OperationalError):
        return "unreachable"
    return "ok"


def _age(at):
    """Seconds since; None where it was never."""
    return None if at is None else int((clock.now() - at).total_seconds())


def _pulse(at, every):
    if at is None:
        return "not seen yet"
    age = clock.now() - at
    if age > timedelta(seconds=BEATS_MISSED * every + 15):
        return f"last seen {int(age.total_seconds())} seconds ago"
    return "ok"


@require_POST
def still_here(request):
    """Somebody chose "stay signed in" on the time-out warning."""
    return HttpResponse(status=204)


@require_GET
def colleague_names(request):
    """{"names": what is suggested where somebody types a colleague's name}: of those who hold one of the roles `role`
    today, or of all. Everybody who has an account may know of every colleague that they have one."""
    roles = [role for role in request.GET.getlist("role") if role in Role.values]
    return JsonResponse({"names": colleagues.suggested(roles)})


@require_POST
def keep_draft(request):
    """Autosave: keeps the posted form as the reader's draft of the page named in `page` (a path of ours)."""
    path = drafts.storable(request.POST.get("page", ""))
    try:
        resolve(path)
    except Resolver404:
        return HttpResponse(status=404)
    draft = drafts.keep_page(request.user, path, request.POST)
    if draft is None:
        return HttpResponse(status=413)
    return JsonResponse({"saved_at": timezone.localtime(draft.saved_at).strftime("%-I:%M%p").lower()})


def csrf_failure(request, reason=""):
    """A POST without the token of this browser's session: forged, or from a session that is over."""
    return render(request, "403_csrf.html", status=403)


def server_error(request):
    """Something broke: a page that needs nothing that could be broken too."""
    return render(request, "500.html", status=500)

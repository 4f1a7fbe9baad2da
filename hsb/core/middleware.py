"""The fences around every request: rules per URL, the session's clock, and the pages that say no."""

from datetime import datetime, timedelta

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from hsb.core import access, drafts
from hsb.core.refusals import AlreadyMoved, Denied

SEEN, STARTED, LOCKED = "seen_at", "started_at", "locked_at"
# Writing the session on every request would cost a write per page; half a minute of doubt harms nobody.
SEEN_STEP = timedelta(seconds=30)
NUL = "%00"
OPEN_WHILE_LOCKED = {
    "account_reauthenticate",
    "mfa_reauthenticate",
    "account_logout",
    # What is being typed goes on being kept, under its own page and for its author only.
    "core:keep_draft",
    "core:healthz",
    "core:readyz",
}


class NeverCached:
    """No page of this service is kept by a browser or a proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store, private"
        return response


class RealAddresses:
    """No address of ours has a NUL in its path: nothing has that name, and PostgreSQL would stumble. What is asked
    behind the path is asked without."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        asked = request.META.get("QUERY_STRING", "")
        while NUL in asked:  # what stood around one can be another
            asked = request.META["QUERY_STRING"] = asked.replace(NUL, "")
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if "\x00" in request.path:
            raise Http404("No address has a NUL.")


class SessionClock:
    """Idle: the session is locked, not deleted; what is posted then is kept as that user's draft.

    After the absolute end a late POST is refused and the session is over; earlier drafts stay.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        # In process_view, not before: a forged POST has been refused by the CSRF check by now.
        if not request.user.is_authenticated:
            return None
        session, now = request.session, timezone.now()
        started, seen = _instant(session.get(STARTED)), _instant(session.get(SEEN))
        if started is None:
            session[STARTED] = session[SEEN] = now.isoformat()
            return None
        if now - started > timedelta(hours=settings.SESSION_ABSOLUTE_HOURS):
            logout(request)
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': _page(request)})}")
        if LOCKED not in session and now - (seen or started) > timedelta(minutes=settings.SESSION_IDLE_MINUTES):
            session[LOCKED] = now.isoformat()
        if LOCKED in session:
            if _proved_since(request, _instant(session[LOCKED])):
                del session[LOCKED]
            else:
                return self.locked(request)
        if seen is None or now - seen > SEEN_STEP:
            session[SEEN] = now.isoformat()
        return None

    def locked(self, request):
        if request.resolver_match.view_name in OPEN_WHILE_LOCKED:
            return None
        if request.method == "POST":
            drafts.keep_page(request.user, request.path, request.POST)
        return redirect(f"{reverse('account_reauthenticate')}?{urlencode({'next': _page(request)})}")


class UrlRules:
    """Deny first: a page opens only when the table of URL rules names it and the rule says yes."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        # The table stands at the roof; the setting names it, so that the foundation imports nothing from above.
        rule = url_rules().get(request.resolver_match.view_name)
        if rule is None:
            raise Http404("This page has no rule.")
        if not request.user.is_authenticated:
            if rule.open_to_all:
                return None
            return redirect(f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': _page(request)})}")
        if not rule.admits(request.user):
            if rule.hides:
                raise Http404
            raise Denied
        return None


class RefusalPages:
    """Turns a refusal into its page. The refused transaction has rolled back by the time this runs."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, Denied):
            if exception.record is not None and request.user.is_authenticated:
                access.refused(request.user, exception.record, exception.verb)
            return render(request, "403.html", {"sentence": exception.sentence}, status=403)
        if isinstance(exception, AlreadyMoved):
            return render(
                request,
                "409_moved.html",
                {"moved": exception, "url": request.path},
                status=409,
            )
        return None


def url_rules():
    """The table of URL rules that settings.URL_RULES names."""
    from django.utils.module_loading import import_string

    return import_string(settings.URL_RULES)


def _page(request):
    """Where to come back to: the page asked for, or for a POST the page whose form it was."""
    return request.path


def _instant(text):
    return datetime.fromisoformat(text) if text else None


def _proved_since(request, instant):
    records = get_authentication_records(request, request.user)
    return any(record.get("at", 0) > instant.timestamp() for record in records)


class CompressedPages(GZipMiddleware):
    """Pages are sent compressed, but to nobody whom another site sent here.

    Who can make a browser ask for pages of ours, and see how long the answers are, could guess what stands in them from
    how well they are compressed (BREACH). What another site asks for is therefore sent as it is, and so is an answer to
    a browser that does not say who asks; beside it Django adds chance bytes to the length, and masks its tokens.
    """

    OURS = ("same-origin", "none")  # a link or a form of ours; an address that somebody typed

    def process_response(self, request, response):
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        if not is_page or request.headers.get("Sec-Fetch-Site") not in self.OURS:
            return response
        return super().process_response(request, response)

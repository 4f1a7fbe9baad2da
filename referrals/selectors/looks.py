"""The tab "Who looked": every page, document and export of this record that somebody opened, the newest first."""

from datetime import UTC, datetime

from django.db.models import Q

from hsb.core import words
from hsb.core.models import AccessRecord
from hsb.core.states import AccessKind

PAGE_SIZE = 50
# What a page calls itself in the access record -> its words; others are said by their own code.
PAGES = {
    "overview": "Overview",
    "assessment": "Assessment",
    "people": "People",
    "chronology": "Chronology",
    "who_looked": "Who looked",
    "decide": "The manager's decision page",
}


def looks(referral, before=""):
    """One page of who looked: {"rows", "next", "first"}; `before` is where the last page ended."""
    found = AccessRecord.objects.filter(record=referral.record_id).select_related("user").order_by("-at", "-pk")
    if point := _point(before):
        at, key = point
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
    page = list(found[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    return {
        "rows": [_row(look) for look in shown],
        "next": _key(shown[-1]) if len(page) > PAGE_SIZE else "",
        "first": not before,
    }


def _row(look):
    page = PAGES.get(look.page, look.page.replace("_", " ").replace("-", " ").capitalize())
    reason = look.terms.get("reason", "") if isinstance(look.terms, dict) else ""
    what = {"text": page, "note": reason}
    if look.kind != AccessKind.PAGE:
        meaning = "late" if look.kind in (AccessKind.REFUSED, AccessKind.BREAK_GLASS) else "quiet"
        what["tags"] = [{"text": look.get_kind_display(), "meaning": meaning}]
    return [look.user.name, words.instant(look.at), what]


def _key(look):
    return f"{look.at.astimezone(UTC).strftime('%Y%m%d%H%M%S%f')}-{look.pk}"


def _point(before):
    at, _, key = before.partition("-")
    try:
        return datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC), int(key[:18])
    except ValueError:
        return None

"""What others did on a referral since the reader's last visit to it, in the chronology's words.

Looks that follow each other within half an hour are one visit, so that the page that is being read, and the one before
it, never hide what the reader came for.
"""

from datetime import timedelta

from django.urls import reverse

from hsb.core import clock, words
from hsb.core.models import AccessRecord, Entry
from hsb.core.states import AccessKind
from referrals.selectors.chronology import in_words

ONE_VISIT = timedelta(minutes=30)
# Of a visit with more looks than that the beginning is not searched for.
LOOKS_READ = 200
SHOWN = 8


def since_last_looked(referral, user, looks=None):
    """{"since", "entries", "more", "url"}; None for who never looked before, and where nothing is new. `looks` is what
    `asking_looks` asks, where it was asked with others."""
    last = last_visit(asking_looks(referral, user) if looks is None else looks)
    if last is None:
        return None
    new = Entry.objects.filter(record=referral.record_id, recorded_at__gt=last).exclude(actor=user)
    found = list(new.select_related("actor").order_by("-number")[: SHOWN + 1])
    if not found:
        return None
    return {
        "since": words.instant(last),
        "entries": in_words(referral, found[:SHOWN], user),
        "more": len(found) > SHOWN,
        "url": reverse("referrals:chronology", args=[referral.reference]),
    }


def asking_looks(referral, user):
    """The instants at which the reader looked, the last first."""
    looks = AccessRecord.objects.filter(
        record=referral.record_id, user=user, kind__in=(AccessKind.PAGE, AccessKind.DOCUMENT)
    )
    return looks.order_by("-at", "-pk").values_list("at", flat=True)[:LOOKS_READ]


def last_visit(looks):
    """The instant of the last look of the visit before this one; None where there was none."""
    later = clock.now()
    for at in looks:
        if later - at > ONE_VISIT:
            return at
        later = at
    return None

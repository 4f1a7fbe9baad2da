"""What was shared about a child, and what was decided not to be: the page, and what a family was told (A30, B21).

Every row stands on one record; of the child's other episodes only those that the reader may open are read.
"""

from django.urls import reverse

from hsb.core import words
from referrals.models import Disclosure
from referrals.permissions import can_record_sharing
from referrals.states import OF_THE_FAMILY, ConsentAsked, Recipient

# A log that is read as a whole: more than this is never drawn on one page.
MOST = 500
COLUMNS = ("When", "What", "With whom", "Why, and on what basis", "Consent", "Recorded by")
TOLD_COLUMNS = ("Who", "What they were told", "When, and by whom")
ENDED = "This referral has ended and stays as it is: reopen it first, and record it on the new episode."
NOT_SHARED = {"text": "Not shared", "meaning": "soon"}
CAN_BE_SHARED = {"text": "Can be told now", "meaning": "open"}


def unmet(referral):
    """Why nothing is recorded on it now: sentences."""
    return (ENDED,) if referral.has_ended else ()


def tags_of(row):
    if row.shared:
        return []
    return [CAN_BE_SHARED if row.lifts else NOT_SHARED]


def sharing_page(referral, user, opened):
    """Plain data for the page of the episodes `opened`, the newest first, in a constant number of queries."""
    found = list(_about(opened).order_by("-happened_on", "-pk")[: MOST + 1])
    may = can_record_sharing(referral, user)
    several = len(opened) > 1
    return {
        "columns": COLUMNS,
        "rows": [_row(each, several) for each in found[:MOST]],
        "more": len(found) > MOST,
        "most": MOST,
        "record_url": reverse("referrals:record_sharing", args=[referral.reference])
        if may and not unmet(referral)
        else "",
        "why_not": ENDED if may and unmet(referral) else "",
    }


def told_to_family(opened):
    """A queryset of what somebody of the family was told, or was given, of the episodes `opened` (a queryset), the
    newest first."""
    found = _of(opened.values("pk")).filter(shared=True, recipient__in=OF_THE_FAMILY)
    return found.order_by("-happened_on", "-pk")[:MOST]


def told_in_rows(told):
    """Rows (TOLD_COLUMNS) of `told_to_family`."""
    return [
        [
            {"text": each.to_whom, "note": Recipient(each.recipient).label},
            {"text": each.what},
            {"text": words.day(each.happened_on), "note": each.by.name},
        ]
        for each in told
    ]


def _about(referrals):
    return _of([referral.pk for referral in referrals])


def _of(records):
    return Disclosure.objects.filter(record__in=records).select_related("by", "record")


def _row(each, several):
    episode = f" on {each.record.reference}" if several else ""
    kind = Recipient(each.recipient).label if each.recipient else ""
    asked = ConsentAsked(each.asked).label if each.asked else each.consent
    return [
        {"text": words.day(each.happened_on)},
        {"text": each.what, "note": each.reference or "", "tags": tags_of(each)},
        {"text": each.to_whom, "note": kind},
        {"text": each.why, "note": each.basis},
        {"text": asked, "note": each.consent if each.asked else ""},
        {"text": each.by.name, "note": f"{words.instant(each.recorded_at)}{episode}"},
    ]

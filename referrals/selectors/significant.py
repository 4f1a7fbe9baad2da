"""Significant events of a child, of every episode that the reader may open, in the order of their days."""

from django.db.models import Prefetch
from django.urls import reverse

from hsb.core import words
from referrals.models import EventCorrection, Referral, SignificantEvent
from referrals.permissions import can_record_event
from referrals.selectors.notes import may_correct

# A table that is read as a whole: more than this is never drawn on one page.
MOST = 1000
ENDED = "This referral has ended and stays as it is: reopen it first, and record the event on the new episode."


def episodes(referral, user):
    """This referral and the child's others that `user` may open, the first first; others are not told of."""
    return list(opened_of(referral, user).select_related("record__holding_team").order_by("received_at", "pk"))


def opened_of(referral, user):
    """A queryset of the same, in any order."""
    return Referral.objects.visible_to(user).filter(person=referral.person_id)


def significant_events(referral, user, opened):
    """{"rows", "more"}: the events of the episodes `opened`, the first first; `more` says that not all are here."""
    by_key = {each.pk: each for each in opened}
    found = SignificantEvent.objects.filter(referral__in=list(by_key)).select_related("author", "entry")
    corrections = Prefetch("corrections", EventCorrection.objects.select_related("by"))
    events = list(found.prefetch_related(corrections)[: MOST + 1])
    for event in events:
        event.referral = by_key[event.referral_id]
    several = len(opened) > 1
    return {
        "rows": [_said(event, user, several) for event in events[:MOST]],
        "more": len(events) > MOST,
    }


def one_event(event, user):
    """One event as `significant_events` gives it."""
    return _said(event, user, several=False)


def taken_in(referral, numbers):
    """{number of an entry: reference of the event into which it was taken}, of these entries of the referral."""
    found = SignificantEvent.objects.filter(referral=referral, entry__number__in=numbers)
    return dict(found.values_list("entry__number", "reference"))


def may_record(referral, user):
    """Whether the reader may add an event now."""
    return can_record_event(referral, user) and not referral.has_ended


def _said(event, user, several):
    at = [event.referral.reference, event.number]
    return {
        "number": event.number,
        "reference": event.reference,
        "anchor": f"event-{event.reference}",
        "when": words.day(event.happened_on),
        "about": event.about_then,
        "text": event.text,
        "meaning": event.meaning,
        "basis": event.get_basis_display(),
        "source": event.source,
        "by": f"Recorded by {event.author.name} on {words.instant(event.recorded_at)}",
        "episode": event.referral.reference if several else "",
        "corrections": [
            {
                "text": each.text,
                "why": each.reason,
                "by": f"Correction {each.number}, by {each.by.name} on {words.instant(each.recorded_at)}",
            }
            for each in event.corrections.all()
        ],
        "correct_url": reverse("referrals:correct_event", args=at) if may_correct(event, event.referral, user) else "",
    }

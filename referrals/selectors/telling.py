"""What of a referral's concerns is held back from the families, and what the reader can decide about it."""

from hsb.core import words
from referrals import permissions
from referrals.selectors.joining import concerns_in


def choices_for(reading):
    """[(value, words)]: to hold back what may be told, or to tell what is held back, concern by concern."""
    referral, user = reading.referral, reading.user
    parts = referral.involvements.select_related("concern__record").order_by("-concern__reported_on", "-concern")
    found = []
    for concern in concerns_in(parts):
        day = words.day(concern.reported_on)
        if concern.do_not_disclose and permissions.can_tell_again(referral, user):
            found.append((f"tell_again:{concern.reference}", f"The families can be told about the concern of {day}"))
        if not concern.do_not_disclose and permissions.can_hold_back(referral, user):
            found.append((f"hold_back:{concern.reference}", f"Nothing about the concern of {day} is told to them yet"))
    return found

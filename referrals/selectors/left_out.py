"""Who stands in no list of workers because they may not see the record: said, with the way to name or to ask (B15)."""

from django.urls import reverse

from hsb.core import words
from referrals.permissions import can_restrict
from referrals.selectors import colleagues
from referrals.selectors.reading import Reading


def left_out(referral, teams, user):
    """{"sentences", "url", "whom"}: how many workers of `teams` are left out; where `user` names readers, or whose
    managers do. None where nobody is left out."""
    if not (referral.record.restricted or Reading.of(referral, user).there_is["bars"]):
        return None
    found = colleagues.left_out(teams, referral)
    if not found:
        return None
    sentences = [
        f"{name}: {words.count(number, 'worker')} may not see this record, and {_is(number)} not in the list."
        for name, number in found
    ]
    # Of a record that is not restricted only a bar shuts somebody out: nobody is named, or asks, against it.
    names = referral.record.restricted and can_restrict(referral, user)
    return {
        "sentences": sentences,
        "url": reverse("referrals:name_reader", args=[referral.reference]) if names else "",
        "whom": referral.record.holding_team.name if referral.record.restricted and not names else "",
    }


def _is(number):
    return "is" if number == 1 else "are"

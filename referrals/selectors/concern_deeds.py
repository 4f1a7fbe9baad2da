"""What is done on a concern after it was logged, and from where: the address for whoever may, "" for everybody else."""

from django.urls import reverse

from referrals.permissions import can_add_to_concern, can_correct_concern


def add_url(concern, referral, user):
    """Where somebody is added to the concern from that referral's pages."""
    return _url("add_to_concern", concern, referral, can_add_to_concern(referral, user))


def correct_url(concern, referral, user):
    """Where what is known of the concern is corrected from that referral's pages."""
    return _url("correct_concern", concern, referral, can_correct_concern(referral, user))


def _url(name, concern, referral, may):
    if referral.has_ended or not may:
        return ""
    return reverse(f"referrals:{name}", args=[referral.reference, concern.reference])

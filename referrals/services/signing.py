"""One page, one signature: what a manager approves and decides together, together or not at all (practice.md B3)."""

from django.db import transaction

from referrals.services import police


@transaction.atomic
def sign(reference, decide, *, actor, police_forms=()):
    """Approves these Forms 87A, then makes the decision on the referral; returns what `decide()` returns.

    `police_forms` are pairs of reference and version, as the page showed them. The form comes first: a decision can
    end the manager's own right to the record.
    """
    if police_forms:
        police.lock_with_siblings(reference)
    for form, version in police_forms:
        police.approve(form, actor=actor, version=version)
    return decide()

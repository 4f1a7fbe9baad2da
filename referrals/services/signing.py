"""One page, one signature: what a manager approves and decides together, together or not at all (practice.md B3)."""

from contextlib import ExitStack

from django.db import transaction

from hsb.core.document_store import undone_together
from referrals.services import police


@transaction.atomic
@undone_together()
def sign(reference, decide, *, actor, police_forms=()):
    """Approves these Forms 87A and makes the decision on the referral; returns what `decide()` returns.

    `police_forms` are pairs of reference and version, as the page showed them. The right to approve is asked first: the
    decision can end it. The packs are made last: they say what was decided.
    """
    if police_forms:
        police.lock_with_siblings(reference)
    with ExitStack() as approvals:
        for form, version in police_forms:
            approvals.enter_context(police.approving(form, actor=actor, version=version))
        return decide()

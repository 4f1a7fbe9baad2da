"""What a family may be told: held back on a concern, and told again (practice.md A23, B21)."""

from django.db import transaction

from hsb.core import journal
from hsb.core.door import noted
from hsb.core.refusals import Denied, NotReady
from referrals.models import Concern, Referral
from referrals.permissions import can_hold_back, can_tell_again
from referrals.services import police


@transaction.atomic
def hold_back(reference, *, actor, concern, reason):
    """Nothing of the concern is told to a child or a family yet. Returns the Concern.

    `reference` is the referral's on whose pages it is decided, `concern` that of one of its own.
    """
    return _set(reference, actor, concern, reason, verb="hold_back", may=can_hold_back, held_back=True)


@transaction.atomic
def tell_again(reference, *, actor, concern, reason):
    """A manager decides that the families can be told. Returns the Concern."""
    return _set(reference, actor, concern, reason, verb="tell_again", may=can_tell_again, held_back=False)


def _set(reference, actor, concern, reason, *, verb, may, held_back):
    police.lock_with_siblings(reference)
    with noted(
        Referral,
        reference,
        verb,
        actor=actor,
        may=may,
        reason=reason,
        asks="Give the reason: who asked for it, or who agreed.",
        concern=concern,
    ) as move:
        part = move.subject.involvements.filter(concern__record__reference=concern).select_related("concern__record")
        found = part.first()
        if found is None:
            raise Denied(record=move.subject.record, verb=verb)
        if found.concern.do_not_disclose == held_back:
            raise NotReady("This was recorded already.")
        Concern.objects.filter(pk=found.concern_id).update(do_not_disclose=held_back)
        found.concern.do_not_disclose = held_back
    journal.write(found.concern.record, verb, actor=actor, reason=reason)
    return found.concern

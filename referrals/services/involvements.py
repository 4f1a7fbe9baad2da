"""What is known of a concern and of everybody's part in it, recorded as it comes to light: status, contexts (A7)."""

from django.db import transaction

from hsb.core import clock
from hsb.core.door import lock, noted
from hsb.core.refusals import Changed, Denied, NotReady
from referrals.models import Concern, Involvement, Referral
from referrals.permissions import can_find, can_set_contexts, can_set_status
from referrals.selectors.involved import part_of
from referrals.services import holders, patterns
from referrals.states import FINDINGS, Context, InvolvementStatus, StatusBasis

ENDED = "This referral has ended: open a new episode before you change what it says."


@transaction.atomic
def set_status(reference, *, actor, part, status, basis, since, reason, was=None, version=None):
    """The status of one part in a concern of the referral: the child's own, or of somebody without a referral.

    `part` is the Involvement's key; established and unfounded are a manager's to say, and to take back. `was` is the
    status that stood when the form was opened. Returns the referral. Raises Changed, Denied, NotReady.
    """
    about = Involvement.objects.filter(pk=part).select_related("concern__record").first()
    lock(reference, *([about.concern.reference] if about else []))
    with noted(
        Referral,
        reference,
        "set_status",
        actor=actor,
        may=can_set_status,
        reason=reason,
        asks="Say why the status changes.",
        version=version,
        edits=True,
    ) as move:
        referral = move.subject
        row = part_of(referral, part, actor)
        if row is None:
            raise Denied(record=referral.record, verb="set_status")
        _refuse_unready(referral, row, status, basis, since)
        if was is not None and was != row.status:
            raise Changed(reference=reference, version=referral.version, now={"status": row.get_status_display()})
        if (status in FINDINGS or row.status in FINDINGS) and not can_find(referral, actor):
            raise Denied("A manager records that a part is established or unfounded.", record=referral.record)
        move.facts.update(
            concern=row.concern.reference,
            role=row.role,
            was=row.status,
            now=status,
            basis=basis,
            since=since.isoformat(),
        )
        if row.referral_id is None:
            move.facts["person"] = row.person.reference
        row.status, row.status_basis, row.status_since = status, basis, since
        row.save(update_fields=["status", "status_basis", "status_since"])
        if row.referral_id == referral.pk:
            referral.side = holders.side_of(referral)
            if not referral.has_category:
                referral.category = referral.brook = ""
    patterns.follow(row.person_id, actor=actor)
    return move.subject


def _refuse_unready(referral, row, status, basis, since):
    if referral.has_ended:
        raise NotReady(ENDED)
    if status not in InvolvementStatus.values or basis not in StatusBasis.values:
        raise NotReady("Choose the status, and what it rests on.")
    if status == row.status:
        raise NotReady(f"It is {row.get_status_display().lower()} already: choose another status.")
    if since > clock.today():
        raise NotReady("The day since when it holds cannot be in the future.")


@transaction.atomic
def set_contexts(reference, *, actor, concern, contexts, version=None):
    """Where in the children's lives a concern of the referral belongs. Returns the referral."""
    lock(reference, concern)
    with noted(
        Referral, reference, "set_contexts", actor=actor, may=can_set_contexts, version=version, edits=True
    ) as move:
        if move.subject.has_ended:
            raise NotReady(ENDED)
        found = Concern.objects.filter(record__reference=concern, involvements__referral=move.subject).first()
        if found is None:
            raise NotReady("Choose a concern of this referral.")
        chosen = [code for code in Context.values if code in contexts]
        move.facts.update(concern=concern, was=found.contexts, now=chosen)
        found.contexts = chosen
        found.save(update_fields=["contexts"])
    return move.subject

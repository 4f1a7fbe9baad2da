"""What a family may be told: held back on a concern or of a note, and told again (practice.md A23, B21)."""

from django.db import transaction

from hsb.core import clock, journal
from hsb.core.door import held, noted, record_reference
from hsb.core.refusals import Denied, NotReady
from referrals.models import CaseNote, Concern, NoteTelling, Referral
from referrals.permissions import can_hold_back, can_tell_again
from referrals.services import police

GIVE_THE_REASON = "Give the reason: who asked for it, or who agreed."
RECORDED = "This was recorded already."


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
        asks=GIVE_THE_REASON,
        concern=concern,
    ) as move:
        part = move.subject.involvements.filter(concern__record__reference=concern).select_related("concern__record")
        found = part.first()
        if found is None:
            raise Denied(record=move.subject.record, verb=verb)
        if found.concern.do_not_disclose == held_back:
            raise NotReady(RECORDED)
        Concern.objects.filter(pk=found.concern_id).update(do_not_disclose=held_back)
        found.concern.do_not_disclose = held_back
    journal.write(found.concern.record, verb, actor=actor, reason=reason)
    return found.concern


@transaction.atomic
def hold_note_back(reference, *, actor, reason):
    """Nothing of a final note is told to the child or the family yet. `reference` is the CaseNote's.

    Returns the NoteTelling.
    """
    return _set_of_note(reference, actor, reason, verb="hold_note_back", may=can_hold_back, held_back=True)


@transaction.atomic
def tell_note(reference, *, actor, reason):
    """A manager decides that the family can be told of the note. Returns the NoteTelling."""
    return _set_of_note(reference, actor, reason, verb="tell_note", may=can_tell_again, held_back=False)


def _set_of_note(reference, actor, reason, *, verb, may, held_back):
    held(Referral, record_reference(reference))
    note = CaseNote.at(reference).get()
    record = note.record
    with noted(Referral, record.reference, verb, actor=actor, may=may, reason=reason, asks=GIVE_THE_REASON) as move:
        if note.is_held_back == held_back:
            raise NotReady(RECORDED)
        number = note.tellings.count() + 1
        new = NoteTelling.objects.create(
            record=record,
            note=note,
            number=number,
            reference=f"{note.reference}-T{number}",
            held_back=held_back,
            reason=reason.strip(),
            by=actor,
            recorded_at=clock.now(),
        )
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, "text": digest}
    return new

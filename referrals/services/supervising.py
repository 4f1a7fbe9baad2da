"""What a manager and a worker discuss about the worker's children: each is a note of management oversight."""

from django.db import transaction

from hsb.core.door import held
from hsb.core.refusals import Denied, NotReady
from referrals.models import Referral
from referrals.services import notes
from referrals.states import NoteKind

MOVED_ON = "This referral is not with this worker any more. Nothing was written: open it to see who has it now."


@transaction.atomic
def discussed(reference, *, actor, worker, once, happened_on, text, agreed, basis):
    """The referral was discussed with its `worker`: writes the oversight note. Returns the CaseNote.

    Raises Denied where the two are one person: nobody supervises their own work. Raises NotReady where the child has
    gone to somebody else meanwhile, and what `write_note` raises.
    """
    referral = held(Referral, reference)
    if worker.pk == actor.pk:
        raise Denied(record=referral.record, verb="write_note")
    if referral.worker_id != worker.pk:
        raise NotReady(MOVED_ON)
    return notes.write_note(
        reference,
        actor=actor,
        once=once,
        kind=NoteKind.OVERSIGHT,
        happened_on=happened_on,
        text=text,
        agreed=agreed,
        basis=basis,
    )

"""Documents that people bring to a child's record: added, taken out again, held back or let be disclosed
(decision 26)."""

import hashlib
import logging

from django.db import transaction

from hsb.core import clock, document_store, scanning
from hsb.core.door import lock, noted
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import Denied, NotReady
from referrals.models import CaseDocument, Referral
from referrals.permissions import can_hold_back, can_see, can_take_out_document, can_tell_again
from referrals.services.disclosing import hold_from_families
from referrals.states import ReferralState

INFECTED = (
    "The virus scanner found something in this file, and it was not taken. Do not open it, and tell your IT service."
)
NOT_SCANNED_NOW = "The file could not be scanned for viruses, and was not taken. Try again in some minutes."
RECORDED = "This was recorded already."
ATTACHED = "This referral was attached to another of the same child. Add the document there."

log = logging.getLogger(__name__)


def add(reference, *, actor, once, upload, kind, title, came_from, dated_on=None, do_not_disclose=False):
    """Keeps what somebody brought. `upload` is hsb.core.uploads.Upload. Returns the CaseDocument.

    The scanner is asked before the record is locked: nobody else waits for it.
    """
    try:
        scanned = scanning.scan(upload.content)
    except scanning.Found:
        _note_refused(reference, actor, upload)
        raise NotReady(INFECTED) from None
    except scanning.NoAnswer:
        log.error("The virus scanner does not answer: an upload was refused.")
        raise NotReady(NOT_SCANNED_NOW) from None
    return _keep(
        reference,
        actor=actor,
        once=once,
        upload=upload,
        kind=kind,
        title=title,
        came_from=came_from,
        dated_on=dated_on,
        do_not_disclose=do_not_disclose,
        scanned=scanned,
    )


@transaction.atomic
@document_store.undone_together()
def _keep(reference, *, actor, once, upload, **told):
    lock(reference)
    own = CaseDocument.objects.filter(referral__record__reference=reference, added_by=actor)
    before = made_before(own, once)
    if before is not None:
        return before
    sha256 = hashlib.sha256(upload.content).hexdigest()
    with noted(Referral, reference, "add_document", actor=actor, may=can_see) as move:
        referral = move.subject
        if referral.state == ReferralState.ATTACHED:
            raise NotReady(ATTACHED)
        number = last_number(referral.case_documents) + 1
        document = CaseDocument.objects.create(
            referral=referral,
            number=number,
            reference=f"{referral.reference}-U{number}",
            stored_name=document_store.write(upload.content, upload.type),
            file_type=upload.type,
            sha256=sha256,
            size=len(upload.content),
            added_by=actor,
            added_at=clock.now(),
            once=once,
            **told,
        )
        if document.do_not_disclose:
            hold_from_families([referral], actor=actor, what=_called(document), held_back=True)
        move.facts.update(
            document_reference=document.reference, kind=document.kind, scanned=document.scanned, sha256=sha256
        )
    return document


def _note_refused(reference, actor, upload):
    """That the scanner found something stands on the record; what it was called stands nowhere."""
    log.warning("The virus scanner found something in an upload, which was refused.")
    sha256 = hashlib.sha256(upload.content).hexdigest()
    with noted(Referral, reference, "refuse_document", actor=actor, may=can_see, sha256=sha256):
        pass


@transaction.atomic
def take_out(reference, *, actor, document, reason):
    """It was added by mistake. `document` is one that is read through the referral. Returns the CaseDocument."""
    with noted(
        Referral,
        reference,
        "take_out_document",
        actor=actor,
        may=lambda referral, user: (
            _is_read_through(referral, document) and can_take_out_document(referral, user, document)
        ),
        reason=reason,
        asks="Say why it does not belong here.",
        document_reference=document.reference,
    ):
        standing = CaseDocument.objects.filter(pk=document.pk, taken_out_at__isnull=True)
        if not standing.update(taken_out_at=clock.now(), taken_out_by=actor, taken_out_reason=reason):
            raise NotReady("Somebody has taken it out already.")
    return CaseDocument.objects.get(pk=document.pk)


@transaction.atomic
def let_disclose(reference, *, actor, document, reason):
    """A manager decides that the family may be told of it. Returns the CaseDocument."""
    with noted(
        Referral,
        reference,
        "let_disclose_document",
        actor=actor,
        may=can_tell_again,
        reason=reason,
        asks="Give the reason: who agreed.",
        document_reference=document.reference,
    ) as move:
        if not _is_read_through(move.subject, document):
            raise Denied(record=move.subject.record, verb="let_disclose_document")
        held_back = CaseDocument.objects.filter(pk=document.pk, do_not_disclose=True, taken_out_at__isnull=True)
        if not held_back.update(do_not_disclose=False):
            raise NotReady(RECORDED)
        hold_from_families([move.subject], actor=actor, what=_called(document), held_back=False, why=reason)
    return CaseDocument.objects.get(pk=document.pk)


@transaction.atomic
def hold_back(reference, *, actor, document, reason):
    """The family is not told of it yet: also where a manager said before that it can be. Returns the CaseDocument."""
    with noted(
        Referral,
        reference,
        "hold_document_back",
        actor=actor,
        may=can_hold_back,
        reason=reason,
        asks="Give the reason: who asked for it.",
        document_reference=document.reference,
    ) as move:
        if not _is_read_through(move.subject, document):
            raise Denied(record=move.subject.record, verb="hold_document_back")
        can_be_told = CaseDocument.objects.filter(pk=document.pk, do_not_disclose=False, taken_out_at__isnull=True)
        if not can_be_told.update(do_not_disclose=True):
            raise NotReady(RECORDED)
        hold_from_families([move.subject], actor=actor, what=_called(document), held_back=True, why=reason)
    return CaseDocument.objects.get(pk=document.pk)


def _called(document):
    """Without its title: one that belongs to somebody else may say whose."""
    return f"The document {document.reference}"


def _is_read_through(referral, document):
    return CaseDocument.objects.read_through(referral).filter(pk=document.pk).exists()

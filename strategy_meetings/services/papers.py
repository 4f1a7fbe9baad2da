"""The meeting's documents, made for one recipient at a time, and kept as they went out (B11)."""

from django.db import transaction

from hsb.core import document_store
from hsb.core.door import noted
from hsb.core.refusals import Denied, NotReady
from strategy_meetings import documents
from strategy_meetings.models import StrategyMeeting
from strategy_meetings.permissions import can_take_minutes
from strategy_meetings.states import LETTERS_CAN_GO, MINUTES_CONFIRMED, PaperKind


@transaction.atomic
def make_paper(reference, *, actor, once, kind, recipient, number=None, contact=""):
    """A document of the meeting: the full record, one agency's copy about a child, or a family's letter.

    `number` is the child's, of whom a copy or a letter is; `contact` whom the family can call. Returns the Document,
    the same form twice the same one.
    """
    with noted(StrategyMeeting, reference, "make_paper", actor=actor, may=can_take_minutes, kind=kind) as move:
        meeting = move.subject
        if kind == PaperKind.LETTER and meeting.state not in LETTERS_CAN_GO:
            raise NotReady("A family is written to once the decisions are issued.")
        if kind != PaperKind.LETTER and meeting.state not in MINUTES_CONFIRMED:
            raise NotReady("The chair confirms the minutes before anybody gets a copy.")
        if kind == PaperKind.LETTER and not contact.strip():
            raise NotReady("Say whom the family can call.")
        child = None if kind == PaperKind.FULL else _child(meeting, number)
        data = {
            PaperKind.FULL: lambda: documents.full_record(meeting),
            PaperKind.COPY: lambda: documents.copy_about(child),
            PaperKind.LETTER: lambda: documents.family_letter(child, contact),
        }[kind]()
        letter = kind == PaperKind.LETTER
        document = document_store.keep(
            meeting.record,
            kind=kind,
            template="family_letter.typ" if letter else "minutes.typ",
            title="After our meeting" if letter else f"Minutes: {meeting.get_kind_display().lower()}",
            recipient=recipient,
            data=data,
            actor=actor,
            once=once,
            about=str(child.number) if child else "",
        )
        move.facts["document"] = document.number
    return document


def _child(meeting, number):
    child = meeting.children_in().filter(number=number).first()
    if child is None:
        raise Denied(record=meeting.record, verb="make_paper")
    return child

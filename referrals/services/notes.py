"""Case notes: written once, then only corrected underneath; who is asked to read one, and that they have."""

from functools import partial

from django.db import transaction

from hsb.core import access, clock, work
from hsb.core.door import held, noted, record_reference
from hsb.core.models import Task
from hsb.core.numbers import last_number
from hsb.core.once import made_alike
from hsb.core.refusals import NotReady
from hsb.people.states import CASE_ROLES, Role
from referrals.models import CaseNote, Referral
from referrals.permissions import can_write_note
from referrals.selectors.notes import ENDED, READ_NOTE, alert_key
from referrals.services.corrections import put_under
from referrals.services.disclosing import hold_from_families
from referrals.states import NoteBasis, NoteKind

# Whose own work is listed: who is asked for something finds it there.
HAVE_WORK = (*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER)
SAYS_SOMETHING_ELSE = (
    "This note is final already, and says something else: it was sent before. What you typed last is not in it. Add it "
    "to the note as a correction."
)


@transaction.atomic
def write_note(
    reference,
    *,
    actor,
    once,
    kind,
    happened_on,
    text,
    basis,
    happened_at=None,
    agreed="",
    childs_words="",
    seen=None,
    seen_alone=None,
    not_seen_reason="",
    who_was_there="",
    do_not_disclose=False,
    readers=(),
):
    """A note on the referral, final from now on. `readers` are asked to read it. Returns the CaseNote.

    The same page sent twice makes one note; sent again with other words it is refused, for the note stays as it is.
    """
    referral = held(Referral, reference)
    new = CaseNote(
        record=referral.record,
        referral=referral,
        kind=kind,
        happened_on=happened_on,
        happened_at=happened_at,
        text=text.strip(),
        basis=basis,
        agreed=agreed.strip(),
        childs_words=childs_words.strip(),
        seen=seen,
        seen_alone=seen_alone if seen else None,
        not_seen_reason=not_seen_reason.strip() if seen is False else "",
        who_was_there=who_was_there.strip(),
        do_not_disclose=do_not_disclose,
        author=actor,
        once=once,
    )
    own = CaseNote.objects.filter(referral=referral, author=actor)
    if (before := made_alike(own, once, new, SAYS_SOMETHING_ELSE)) is not None:
        return before
    may = partial(_may_write, kind)
    with noted(Referral, reference, "write_note", actor=actor, may=may, happened_on=happened_on) as move:
        if move.subject.has_ended:
            raise NotReady(ENDED)
        _refuse_unfinished(new)
        readers = _who_may_open(move.subject, readers, actor)
        new.number = last_number(CaseNote.objects.filter(referral=referral)) + 1
        new.reference = f"{referral.reference}-N{new.number}"
        new.recorded_at = clock.now()
        new.save(force_insert=True)
        _alert(new, readers)
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, "kind": new.kind, "text": digest}
        if new.do_not_disclose:
            move.facts["held_back"] = True
            hold_from_families([referral], actor=actor, what=f"The note {new.reference}", held_back=True)
        if readers:
            move.facts["alerted"] = [reader.reference for reader in readers]
    return new


@transaction.atomic
def correct_note(reference, *, actor, once, text, reason, version=None):
    """Adds a correction under a final note, which stays as it was. Whoever was asked to read it is asked again.

    `reference` is the CaseNote's; `version` how many corrections stood on the page. Returns the NoteCorrection.
    """

    def ask_again(note, referral):
        asked_before = [task.owner for task in alerts(note) if task.owner_id != actor.pk]
        _alert(note, [reader for reader in dict.fromkeys(asked_before) if access.opens(reader, referral)])

    return put_under(
        CaseNote,
        reference,
        "correct_note",
        actor=actor,
        once=once,
        text=text,
        reason=reason,
        version=version,
        ended=ENDED,
        also=ask_again,
    )


@transaction.atomic
def read_note(reference, *, actor):
    """Whoever was asked to read the note has read it. `reference` is the CaseNote's. Returns it."""
    held(Referral, record_reference(reference))
    note = CaseNote.at(reference).get()
    mine = [task for task in alerts(note) if task.owner_id == actor.pk]
    if mine and all(task.done_at is not None for task in mine):
        return note
    with noted(
        Referral, note.record.reference, "read_note", actor=actor, may=lambda referral, user: bool(mine)
    ) as move:
        work.finish(note.record, READ_NOTE, by=actor, about=alert_key(note.number, actor))
        move.facts["noun"] = note.reference
    return note


def alerts(note):
    """The tasks by which somebody was asked to read the note, the first first; also those that are done."""
    found = Task.objects.filter(record=note.record, kind=READ_NOTE, about__endswith=f"-{note.number}")
    return list(found.select_related("owner").order_by("opened_at", "pk"))


def _alert(note, readers):
    for reader in readers:
        work.ask(note.record, READ_NOTE, owner=reader, about=alert_key(note.number, reader))


def _may_write(kind, referral, user):
    return can_write_note(referral, user, kind)


def _refuse_unfinished(note):
    """Raises NotReady with every sentence about what a final note must say and this one does not."""
    unmet = []
    if note.kind not in NoteKind.values:
        unmet.append("Choose what the note is of.")
    if note.basis not in NoteBasis.values:
        unmet.append("Say whether it is fact or opinion.")
    if not note.text:
        unmet.append("Say what happened.")
    if note.kind == NoteKind.OVERSIGHT and not note.agreed:
        unmet.append("Say what was agreed: who does what by when, or that nothing is to be done.")
    if note.happened_on > clock.today():
        unmet.append("A note is of something that has happened: check the day.")
    if note.seen and note.seen_alone is None:
        unmet.append("Say whether the child was seen alone.")
    if note.kind == NoteKind.VISIT and note.seen is None:
        unmet.append("Say whether the child was seen on the visit.")
    if note.kind == NoteKind.VISIT and note.seen is False and not note.not_seen_reason:
        unmet.append("Say why the child was not seen on the visit.")
    if unmet:
        raise NotReady(*unmet)


def _who_may_open(referral, readers, actor):
    """Those to be asked, each once and not the author; raises NotReady for each who cannot be."""
    others = [reader for reader in dict.fromkeys(readers) if reader.pk != actor.pk]
    unmet = [why for reader in others if (why := _why_not_asked(referral, reader))]
    if unmet:
        raise NotReady(*unmet)
    return others


def _why_not_asked(referral, reader):
    """The sentence why `reader` cannot be asked to read a note; "" for who can."""
    if not access.opens(reader, referral):
        return (
            f"{reader.name} may not open this record, and cannot be asked to read a note on it. Choose somebody else, "
            "or ask a manager to name them as a reader first."
        )
    if not reader.has_role(*HAVE_WORK):
        return f"{reader.name} is an auditor, who has no list of work to find it on: choose somebody else."
    return ""

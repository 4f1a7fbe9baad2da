"""What a family may be told: held back on a concern, or of a note, an assessment or a Form 87A, and told again
(practice.md A23, B21). Each decision stands with what was shared, and was not, on the records of those children."""

from django.db import transaction

from hsb.core import clock, journal
from hsb.core.borough_words import police_form
from hsb.core.door import held, noted, record_reference
from hsb.core.refusals import Denied, NotReady
from referrals.models import (
    CaseNote,
    Concern,
    NoteTelling,
    PaperTelling,
    PoliceReferral,
    Referral,
    RiskAssessment,
)
from referrals.permissions import can_hold_back, can_hold_form_back, can_tell_again, can_tell_form
from referrals.selectors.joining import concern_in_words
from referrals.services import police
from referrals.services.disclosing import hold_from_families
from referrals.states import ReferralState

GIVE_THE_REASON = "Give the reason: who asked for it, or who agreed."
WITH_THE_CONCERN = "Why stands with the concern, for whoever may open the record on which it was decided"
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
    told = {"actor": actor, "what": concern_in_words(found.concern), "held_back": held_back}
    children = _children_of(found.concern)
    hold_from_families([child for child in children if child.pk == move.subject.pk], why=reason, **told)
    # Why may speak of the child on whose record it was decided.
    hold_from_families([child for child in children if child.pk != move.subject.pk], why=WITH_THE_CONCERN, **told)
    return found.concern


def _children_of(concern):
    """The latest referral of each of its children: none of their families is told."""
    every = Referral.objects.filter(involvements__concern=concern).exclude(state=ReferralState.ATTACHED)
    return {referral.person_id: referral for referral in every.select_related("record").order_by("pk")}.values()


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
        what = f"The note {note.reference}"
        hold_from_families([move.subject], actor=actor, what=what, held_back=held_back, why=reason)
    return new


# --- An assessment, a Form 87A ----------------------------------------------------------------------------------------


@transaction.atomic
def hold_assessment_back(reference, *, actor, reason):
    """Nothing of an assessment is told to the child or the family yet. `reference` is the assessment's.

    Returns the PaperTelling.
    """
    return _set_of_assessment(reference, actor, reason, verb="hold_assessment_back", may=can_hold_back, held_back=True)


@transaction.atomic
def tell_assessment(reference, *, actor, reason):
    """A manager decides that the family can be told of the assessment. Returns the PaperTelling."""
    return _set_of_assessment(reference, actor, reason, verb="tell_assessment", may=can_tell_again, held_back=False)


def _set_of_assessment(reference, actor, reason, *, verb, may, held_back):
    held(Referral, record_reference(reference))
    paper = RiskAssessment.at(reference).get()
    record = paper.record
    with noted(Referral, record.reference, verb, actor=actor, may=may, reason=reason, asks=GIVE_THE_REASON) as move:
        new = _tell(paper, actor, reason, held_back, move)
        what = f"The assessment {paper.reference}"
        hold_from_families([move.subject], actor=actor, what=what, held_back=held_back, why=reason)
    return new


@transaction.atomic
def hold_form_back(reference, *, actor, reason):
    """Nothing of a Form 87A is told to the children or their families yet. `reference` is the police referral's.

    Returns the PaperTelling.
    """
    return _set_of_form(reference, actor, reason, verb="hold_form_back", may=can_hold_form_back, held_back=True)


@transaction.atomic
def tell_form(reference, *, actor, reason):
    """A manager who may open every child of it decides that the families can be told. Returns the PaperTelling."""
    return _set_of_form(reference, actor, reason, verb="tell_form", may=can_tell_form, held_back=False)


def _set_of_form(reference, actor, reason, *, verb, may, held_back):
    police.lock_children(reference)
    with noted(PoliceReferral, reference, verb, actor=actor, may=may, reason=reason, asks=GIVE_THE_REASON) as move:
        paper = move.subject
        new = _tell(paper, actor, reason, held_back, move)
        children = paper.children()
        # The reason may speak of each of them: of several it stays with the form.
        why = reason if len(children) == 1 else f"{actor.name} decided it. The reason stands with {police_form()}."
        what = f"{police_form()} for {concern_in_words(paper.concern)}"
        hold_from_families(children, actor=actor, what=what, held_back=held_back, why=why)
    police.tell_children(paper, actor, verb)
    return new


def _tell(paper, actor, reason, held_back, move):
    """Writes the decision about an assessment or a Form 87A, of which the latest stands; its entry vouches for it."""
    last = paper.tellings.order_by("number").last()
    if (last is not None and last.held_back) == held_back:
        raise NotReady(RECORDED)
    number = last.number + 1 if last else 1
    new = PaperTelling(
        record=paper.record,
        number=number,
        reference=f"{paper.reference}-T{number}",
        held_back=held_back,
        reason=reason.strip(),
        by=actor,
        recorded_at=clock.now(),
        **{"police_referral" if isinstance(paper, PoliceReferral) else "assessment": paper},
    )
    new.save(force_insert=True)
    _, digest = new.vouched_for()
    move.facts |= {"noun": new.reference, "text": digest}
    return new

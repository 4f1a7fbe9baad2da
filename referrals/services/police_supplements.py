"""What is added to a Form 87A that went out: drafted, approved by somebody else, sent, answered (B4).

The form itself stays sent or acknowledged, whatever becomes of what adds to it.
"""

from uuid import uuid4

from django.db import transaction

from hsb.core import clock, document_store, work
from hsb.core.borough_words import police_form
from hsb.core.door import noted
from hsb.core.refusals import NotReady
from referrals.models import PoliceReferral
from referrals.permissions import can_approve_police_supplement, can_write_police_referral
from referrals.services import holders, police, police_refusals
from referrals.states import POLICE_WENT_OUT

SEND = "send_supplement"
NONE_IN_WORK = "Nothing is drafted that adds to it, or it went out already. Look at the page again."


@transaction.atomic
def draft(reference, *, actor, on, content, addresses=(), version=None):
    """A new supplement, or the one in work written anew: approved, it is approved again. Returns the PoliceForm.

    `on`, `content` and `addresses` as for services.police.draft.
    """
    with _step(reference, "draft_supplement", actor, can_write_police_referral, version) as move:
        police_referral = move.subject
        if not police_referral.referrals():
            raise NotReady("Every referral of this concern has ended: open a new episode of the child first.")
        last = police_referral.latest_supplement()
        before = police_referral.latest_form()
        form = police.new_version(police_referral, on, content, actor, supplement_to=before, addresses=addresses)
        move.facts["form"] = form.number
    police.done_with(last, actor, *police.WRITING, SEND)
    police.ask_for_approval(form, reference)
    police.tell_children(police_referral, actor, "police_supplement_drafted")
    return form


@transaction.atomic
def return_to_drafter(reference, *, actor, reason, version=None):
    """A manager sends it back, with what needs to change. Returns the PoliceForm."""
    asks = "Say what needs to change before you can approve it."
    with _step(
        reference, "return_supplement", actor, can_approve_police_supplement, version, reason=reason, asks=asks
    ) as move:
        form = _in_work(move.subject, approved=False)
        form.returned_by, form.returned_at, form.return_reason = actor, clock.now(), reason
        form.save(update_fields=["returned_by", "returned_at", "return_reason"])
        move.facts["form"] = form.number
    police.done_with(form, actor, *police.WRITING)
    if form.referral.is_open:
        work.ask(form.referral.record, "draft_police_referral", owner=form.drafted_by, about=reference)
    else:  # whoever has another child of the concern writes it anew; where all have ended, nobody can
        for child in move.subject.referrals()[:1]:
            work.ask(child.record, "draft_police_referral", about=reference, **holders.holder(child))
            holders.refresh_due(child)
    holders.refresh_due(form.referral)
    police.tell_children(move.subject, actor, "police_supplement_returned")
    return form


@transaction.atomic
@document_store.undone_together()
def approve(reference, *, actor, version=None):
    """Approved as it is drafted: its pack is made. Returns the PoliceForm."""
    with _step(reference, "approve_supplement", actor, can_approve_police_supplement, version) as move:
        form = police.make_pack(move.subject, _in_work(move.subject, approved=False), actor, uuid4())
        move.facts.update(form=form.number, document=form.document.number, word=form.word_document.number)
    police.done_with(form, actor, *police.WRITING)
    through = form.referral
    work.ask(through.record, SEND, about=reference, **holders.holder(through))
    police.tell_children(move.subject, actor, "police_supplement_approved")
    holders.refresh_due(through)
    return form


@transaction.atomic
def record_sent(reference, *, actor, sent_to, sent_how, sent_on, sent_at=None, version=None):
    """It went out: to whom, how, when. Writes a Disclosure on each child's record. Returns the PoliceForm."""
    with _step(reference, "send_supplement", actor, can_write_police_referral, version, happened_on=sent_on) as move:
        form = _in_work(move.subject, approved=True)
        police.went_out(form, actor, sent_to, sent_how, sent_on, sent_at)
        move.facts.update(form=form.number, how=sent_how)
    police.disclose_to_police(move.subject, form, f"{police_form()}: supplement, version {form.number}")
    about = police.about_supplement(form)
    through = form.referral
    police.done_with(form, actor, SEND)
    police.were_told_of_all(move.subject, form, actor=actor)
    work.ask(through.record, police.ANSWER, about=about, started_on=sent_on, **holders.holder(through))
    police.tell_children(move.subject, actor, "police_supplement_sent")
    holders.refresh_due(through)
    return form


@transaction.atomic
def acknowledge(reference, *, actor, acknowledged_on, police_reference, officer="", version=None):
    """The police have the first supplement that waits for their answer. Returns the PoliceForm."""
    with _step(
        reference, "acknowledge_supplement", actor, can_write_police_referral, version, happened_on=acknowledged_on
    ) as move:
        form = _unanswered(move.subject)
        police.was_acknowledged(form, acknowledged_on, police_reference, officer)
        move.facts["form"] = form.number
    return _answered(move, form, "police_supplement_acknowledged")


@transaction.atomic
def refuse(reference, *, actor, refused_on, refused_by, reason, done, version=None):
    """The police do not take it. The form that went out stays as it was. Returns the PoliceForm.

    `done` says what is done now, as for services.police.refuse.
    """
    asks = "Say why the police refused it."
    with _step(
        reference,
        "refuse_supplement",
        actor,
        can_write_police_referral,
        version,
        reason=reason,
        asks=asks,
        happened_on=refused_on,
    ) as move:
        form = _unanswered(move.subject)
        police.was_refused(form, refused_on, refused_by, reason)
        form.police_referral = move.subject
        step, facts = police_refusals.write(form, done, actor=actor, once=uuid4())
        move.facts |= facts
    police_refusals.follow(step)
    return _answered(move, form, "police_supplement_refused", after=step.kind)


def _answered(move, form, verb, **facts):
    work.finish(form.referral.record, police.ANSWER, by=move.actor, about=police.about_supplement(form))
    holders.refresh_due(form.referral)
    police.tell_children(move.subject, move.actor, verb, **facts)
    return form


def _step(reference, verb, actor, may, version, **told):
    """The door, with the children's records locked; opens only while the form that is added to stands as sent.

    What was drafted before the referrals ended is still approved, sent and answered.
    """
    standing = police.lock_children(reference)
    if standing.state not in POLICE_WENT_OUT or standing.latest_form() is None:
        raise NotReady(f"{police_form()} is added to once it went out, and while the police have not refused it.")
    return noted(PoliceReferral, reference, verb, actor=actor, may=may, version=version, edits=True, **told)


def _in_work(police_referral, *, approved):
    form = police_referral.latest_supplement()
    if form is None or not form.is_in_work or form.is_approved != approved:
        raise NotReady(NONE_IN_WORK)
    return form


def _unanswered(police_referral):
    form = police_referral.unanswered_supplement()
    if form is None:
        raise NotReady("Every supplement that went out is answered.")
    return form

"""Answers about consent of a child, one row each, for ever; and what follows where Early Help is refused (A6, A22).

Statutory work does not rest on consent, Early Help does (section 9 of the practice guide). Nothing is overwritten: an
answer that changes is another answer; one that was recorded wrongly is recorded anew, and the row before it stays.
"""

from django.db import transaction

from hsb.core import clock, work
from hsb.core.door import held, noted
from hsb.core.numbers import last_number
from hsb.core.once import made_alike, tidy
from hsb.core.refusals import NotReady
from hsb.people.states import Role
from referrals.models import ConsentAnswer, Referral
from referrals.permissions import can_manage, can_record_consent
from referrals.selectors import consent as reading
from referrals.states import (
    NAMED_PURPOSES,
    AnsweredHow,
    Basis,
    ConsentBy,
    ConsentPurpose,
    ConsentSaid,
    HelpDecision,
    NotAskedBecause,
    ReferralState,
)

SAYS_SOMETHING_ELSE = (
    "This answer is recorded already, and says something else: it was sent before. What you typed last is not in it. "
    "Record it anew from the page “Consent”."
)
REPLACED_ALREADY = "Somebody has recorded this answer anew already: open the page “Consent” again."
NEVER_AGREED = "Nobody withdraws what they never agreed to: record first when the same person agreed to the same."
IS_WITHDRAWN_LATER = "A later answer withdraws this agreement: record that answer anew first."
TASK = "decide_help"
# What stands in a row beside its own keys.
FIELDS = (
    "purpose",
    "purpose_words",
    "answered_by",
    "relationship",
    "answerer_name",
    "answer",
    "happened_on",
    "how",
    "told",
    "own_words",
    "holds_until",
    "not_asked_because",
    "not_asked_words",
)


@transaction.atomic
def record_consent(reference, *, actor, once, **told):
    """What somebody answered, or why nobody was asked, on the referral; `told` are FIELDS. Returns the ConsentAnswer.

    The same page sent twice makes one; sent again with other words it is refused, for what is recorded stays.
    """
    return _write(reference, "record_consent", actor, once, told)


@transaction.atomic
def replace_consent(reference, *, actor, once, number, reason, **told):
    """Records the answer of that number anew, with the reason why; the one before it stays. Returns the new one."""
    old = ConsentAnswer.objects.get(referral__record__reference=reference, number=number)
    return _write(reference, "replace_consent", actor, once, told, replaces=old, replaces_reason=reason.strip())


def _write(reference, verb, actor, once, told, **replacing):
    referral = held(Referral, reference)
    new = ConsentAnswer(
        record=referral.record,
        referral=referral,
        recorded_by=actor,
        once=once,
        **tidy({name: told[name] for name in FIELDS if name in told}),
        **replacing,
    )
    own = ConsentAnswer.objects.filter(referral=referral, recorded_by=actor)
    if (before := made_alike(own, once, new, SAYS_SOMETHING_ELSE)) is not None:
        return before
    with noted(Referral, reference, verb, actor=actor, may=can_record_consent, happened_on=new.happened_on) as move:
        last = last_number(ConsentAnswer.objects.filter(referral=referral))
        new.number = last + 1
        rows = reading.answers_of([referral])[referral.pk]
        _refuse_unready(new, move.subject, actor, rows)
        new.reference = f"{referral.reference}-CON{new.number}"
        new.recorded_at = clock.now()
        new.save(force_insert=True)
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, "purpose": new.purpose, "answer": new.answer, "text": digest}
        if new.replaces_id:
            move.facts["replaces"] = new.replaces.reference
        _follow_early_help(move.subject, rows, [*rows, new])
    return new


def _refuse_unready(new, referral, actor, rows):
    """Raises NotReady with every sentence about what cannot be recorded so."""
    unmet = list(reading.unmet(referral))
    unmet += _about_the_purpose(new)
    unmet += _about_who(new, referral, actor)
    unmet += _about_the_answer(new)
    if new.happened_on > clock.today():
        unmet.append("An answer is recorded once it was given: check the day.")
    if new.replaces_id:
        if not new.replaces_reason:
            unmet.append("Say why the answer is recorded anew.")
        if any(row.replaces_id == new.replaces_id for row in rows):
            unmet.append(REPLACED_ALREADY)
    if not unmet:
        unmet += [NEVER_AGREED if row is new else IS_WITHDRAWN_LATER for row in reading.withdraws_nothing([*rows, new])]
    if unmet:
        raise NotReady(*dict.fromkeys(unmet))


def _about_the_purpose(new):
    if new.purpose not in ConsentPurpose.values:
        yield "Choose for what somebody was asked."
    elif (new.purpose in NAMED_PURPOSES) != bool(new.purpose_words):
        yield "Say which council, which service or what else, and only of these."


def _about_who(new, referral, actor):
    if new.answered_by not in ConsentBy.values:
        yield "Choose whose answer it is."
    elif new.answered_by == ConsentBy.CHILD:
        if new.relationship_id or new.answerer_name:
            yield "The child's answer is the child's alone: name nobody else."
    elif bool(new.relationship_id) == bool(new.answerer_name):
        yield "Choose the parent or carer among the child's family, or enter their name: one of these."
    elif new.relationship_id and not _was_theirs(new) and not _is_offered(new, referral, actor):
        yield "Choose a parent or carer of this child who has, or may have, parental responsibility."


def _was_theirs(new):
    """Recorded anew, the answer stays theirs whose it was, also where the relationship has ended since."""
    return new.replaces_id and new.replaces.relationship_id == new.relationship_id


def _is_offered(new, referral, actor):
    return new.relationship_id in {each.row.pk for each in reading.carers(referral, actor)}


def _about_the_answer(new):
    if new.answer not in ConsentSaid.values:
        yield "Choose the answer."
        return
    if new.answer == ConsentSaid.NOT_ASKED:
        if new.not_asked_because not in NotAskedBecause.values:
            yield "Say why nobody was asked."
        elif (new.not_asked_because == NotAskedBecause.OTHER) != bool(new.not_asked_words):
            yield "Say which other reason there was, and only then."
        if new.how or new.told or new.own_words:
            yield "Where nobody was asked, nothing was told and nothing was answered."
    else:
        if new.not_asked_because or new.not_asked_words:
            yield "Somebody was asked: no reason is given for not asking."
        if new.how not in AnsweredHow.values:
            yield "Say how they answered."
        if not new.told:
            yield "Say what they were told."
        if not new.own_words:
            yield "Say what they answered, in their own words."
    if new.holds_until is not None:
        if new.answer != ConsentSaid.AGREED:
            yield "Only what was agreed holds until a day."
        elif new.holds_until < new.happened_on:
            yield "The day until which it holds must be on or after the day of the answer."


# --- Sharing ----------------------------------------------------------------------------------------------------------


def refuse_without_consent(referrals, basis, purpose):
    """Raises NotReady where something is shared “with consent” and that does not stand for each of these children;
    returns the references of the answers on which it rests, none for any other basis.

    The purpose follows from the paper: the school's sheet is information for a school, Form 87A is for the police. Any
    other basis is the worker's own to choose, and is never refused here.
    """
    if basis != Basis.CONSENT:
        return []
    answers = reading.answers_of(referrals)
    if why := reading.refusal_of_all(referrals, purpose, answers):
        raise NotReady(why)
    return [row.reference for referral in referrals for row in reading.yes_to(answers[referral.pk], purpose)]


def refuse_without_answer(referral, basis, number):
    """The same for a paper of which no purpose follows, such as a page for the family itself: it names the standing
    answer on which it rests."""
    if basis != Basis.CONSENT:
        return []
    rows = reading.answers_of([referral])[referral.pk]
    if why := reading.refusal_of(rows, number):
        raise NotReady(why)
    return [row.reference for row in rows if row.number == number]


# --- Early Help is refused --------------------------------------------------------------------------------------------


def _follow_early_help(referral, before, after):
    """Early Help rests on agreement: its managers decide again where somebody says no, and are asked no longer where
    nobody does any more."""
    was, now = reading.says_no_to_help(before), reading.says_no_to_help(after)
    if now - was and referral.state == ReferralState.EARLY_HELP:
        work.ask(referral.record, TASK, team=referral.record.holding_team, role=Role.MANAGER)
    elif not now:
        work.cancel(referral.record, TASK, reason="Nobody says no to Early Help any more.")
    referral.next_due_on = work.next_due_on(referral.record)


@transaction.atomic
def decide_help(reference, *, actor, decision, reason):
    """A manager decides again: Early Help stays, steps up, or closing is proposed. `decision` is of HelpDecision.

    Stepping up and closing are steps of their own, by their own rules. Returns the referral.
    """
    with noted(
        Referral,
        reference,
        TASK,
        actor=actor,
        may=can_manage,
        reason=reason,
        asks="Say why, and what the risk is without it.",
        decision=decision,
    ) as move:
        referral = move.subject
        if decision not in HelpDecision.values:
            raise NotReady("Choose what you decide.")
        if not work.finish(referral.record, TASK, by=actor):
            raise NotReady("Nobody asks for this decision any more.")
        referral.next_due_on = work.next_due_on(referral.record)
    return referral

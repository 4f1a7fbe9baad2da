"""Somebody who turns out to be in a concern after it was logged (practice.md A7, B8, B17, B22).

Who is put in, who gets a referral and whose open referral takes the concern in follows the rules of logging
(services/intake.py). Whoever has another child of the concern is asked to look at it; no name leaves a record for it.
"""

from dataclasses import dataclass

from django.db import transaction

from hsb.core import clock, journal
from hsb.core.door import noted
from hsb.core.models import Entry
from hsb.core.refusals import Denied, NotReady
from referrals.models import Concern, Person, Referral
from referrals.permissions import can_add_to_concern
from referrals.selectors.involved import people_in
from referrals.selectors.joining import concern_in_words
from referrals.services import episodes, holders, intake, meetings, patterns, police
from referrals.services.disclosing import hold_from_families
from referrals.services.involvements import ENDED
from referrals.services.joining import ask_to_look, no_longer_answers, says_nothing, take_in
from referrals.services.searching import keep_search
from referrals.states import OPEN, InvolvementRole

# Somebody who only saw it, or an adult who was affected, asks nothing new of the other children's workers.
SAID_ONLY = {InvolvementRole.WITNESS, InvolvementRole.ADULT_AFFECTED}
FACT = "Somebody was added to the concern that this meeting is about: look at who is involved."


@dataclass
class Added:
    """What adding made: the concern, the person, the referral that was opened for them, that it was sent before."""

    concern: Concern
    person: Person | None = None
    opened: Referral | None = None
    again: bool = False


@transaction.atomic
def search(reference, *, actor, terms):
    """Who may be meant: the same search as when a concern is logged, recorded like it (B8). `terms` as there.

    Returns the UUID under which its author finds what it gave.
    """
    referral = Referral.objects.visible_to(actor).filter(record__reference=reference).first()
    if referral is None or not can_add_to_concern(referral, actor):
        raise Denied(verb="add_to_concern")
    if referral.has_ended:
        raise NotReady(ENDED)
    return keep_search(actor=actor, terms=terms, page="add to a concern")


@transaction.atomic
def add_to_concern(reference, *, actor, once, concern, part):
    """Puts somebody (intake.Known or Newcomer) in a concern of the referral. Returns Added.

    `concern` is its reference. The same `once` twice adds nobody more. Raises Denied, NotReady.
    """
    persons = intake.hold_persons([part])
    police.lock_with_siblings(reference, concern, *intake.open_referrals_of(persons))
    found = Concern.at(concern).filter(involvements__referral__record__reference=reference).first()
    if found is not None and _was_sent(reference, actor, once):
        return Added(found, again=True)
    with noted(Referral, reference, "add_to_concern", actor=actor, may=can_add_to_concern) as move:
        referral = move.subject
        if referral.has_ended:
            raise NotReady(ENDED)
        if found is None:
            raise Denied(record=referral.record, verb="add_to_concern")
        if not part.roles:
            raise NotReady("Choose what part this person had in it.")
        logged = intake.Logged(found)
        person = _put_in(referral, logged, part, actor)
        move.facts.update(concern=concern, roles=sorted(part.roles), once=str(once))
    _follow(referral, logged, part, actor)
    return Added(found, person, next(iter(logged.opened), None))


def _was_sent(reference, actor, once):
    sent = Entry.objects.filter(record__reference=reference, verb="add_to_concern", actor=actor)
    return sent.filter(facts__once=str(once)).exists()


def _put_in(referral, logged, part, actor):
    known = isinstance(part, intake.Known)
    if known and logged.concern.involvements.filter(person=part.person).exists():
        _say_again(referral, logged.concern, part, actor)
        return part.person
    running = episodes.running(part.person) if known else None
    by = intake.By(actor, episodes.team_of(actor), clock.today())
    gets_referral = intake.who_gets_a_referral([part], held=True)(part)
    person = intake.involve(logged, part, by, gets_referral=gets_referral)
    for made in logged.opened:
        take_in(made, actor=actor, tell=False)
    for joined in logged.attached:
        if joined.side != running.side:
            no_longer_answers(joined, actor=actor)
    if logged.opened or logged.attached:
        police.ask_to_write_anew(logged.concern)
    if logged.concern.do_not_disclose:
        theirs = [*logged.opened, *logged.attached]
        hold_from_families(theirs, actor=actor, what=concern_in_words(logged.concern), held_back=True)
    if known:
        patterns.follow(person, actor=actor)
    return person


def _say_again(referral, concern, part, actor):
    """They are in it already. To whoever may not read that, nothing says so: whoever has the child is told instead."""
    seen = next((each for each in people_in(concern, actor) if each["person"] == part.person), None)
    if seen is not None and not seen["hidden"]:
        raise NotReady(
            f"{seen['name']} is in this concern already: {', '.join(seen['roles']).lower()}. The part somebody had is "
            "changed on their own record."
        )
    theirs = episodes.running(part.person)
    if theirs is not None:
        if not says_nothing(referral):
            facts = {"concern": concern.reference, "roles": sorted(part.roles)}
            journal.write(theirs.record, "named_again", actor=actor, **facts)
        ask_to_look(theirs)
        holders.refresh_due(theirs)


def _follow(referral, logged, part, actor):
    """Whoever has another child of the concern looks at it; a chair who is to hold a meeting about it is told."""
    meetings.tell_chair(referral, actor=actor, facts=FACT)
    holders.refresh_due(referral)
    if set(part.roles) <= SAID_ONLY:
        return
    told = {referral.pk, *(one.pk for one in (*logged.opened, *logged.attached))}
    others = Referral.objects.filter(involvements__concern=logged.concern, state__in=OPEN).exclude(pk__in=told)
    for other in others.select_related("record__holding_team", "worker", "person").distinct():
        ask_to_look(other)
        if not says_nothing(referral):
            journal.write(other.record, "added_to_concern", actor=actor, concern=logged.concern.reference)
            meetings.tell_chair(other, actor=actor, facts=FACT)
        holders.refresh_due(other)

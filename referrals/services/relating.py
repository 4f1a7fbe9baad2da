"""Who is what to a child: recorded, changed, ended. One row for two people, and nothing of it is ever deleted.

Each act stands in the journal of the referral on whose page it was done; and, where the other one has an open referral
too, in that one's, as it is seen from there. What was typed stays out of both: a name may be in it.
"""

from contextlib import contextmanager

from django.db import transaction

from hsb.core import clock, journal
from hsb.core.door import check_version, last_moved, lock, noted
from hsb.core.once import made_before
from hsb.core.refusals import AlreadyMoved, Denied, NotReady
from referrals.kinships import CAN_HAVE_RESPONSIBILITY, IN_ONE_HOME, NEEDS_WORDS, PARENTS, SIDES, DayKnown
from referrals.models import Referral, Relationship
from referrals.permissions import can_relate
from referrals.selectors.family import may_change
from referrals.services import episodes
from referrals.services.intake import add_person
from referrals.services.searching import keep_search
from referrals.states import OPEN, YesNoUnknown

# What can be said of a relationship beside who and what; `safe_contact` is kept for the page on which it was said.
DETAILS = (
    "words",
    "starts_known",
    "starts_on",
    "parental_responsibility",
    "lives_together",
    "together_from",
    "together_until",
    "safe_contact",
)


SAYS_SOMETHING_ELSE = (
    "This was sent before, and the relationship that it recorded says something else. Look at it under People: change "
    "it there, or add somebody anew."
)


@transaction.atomic
def search(reference, *, actor, terms):
    """Who may be meant: the same search as when a concern is logged, recorded like it (B8). `terms` as there.

    Returns the UUID under which its author finds what it gave.
    """
    referral = Referral.objects.visible_to(actor).filter(record__reference=reference).first()
    if referral is None or not can_relate(referral, actor):
        raise Denied(verb="record_relationship")
    return keep_search(actor=actor, terms=terms, page="family")


@transaction.atomic
def relate(reference, *, actor, once, code, details, other=None, newcomer=None):
    """Records that somebody is `code` (of kinships.SIDES) to the referral's child. Returns the Relationship.

    `other` is a Person, or `newcomer` the fields of one whom nobody knows yet. `details`: see DETAILS. The same `once`
    twice gives the first one back.
    """
    child, other = _held(reference, other)
    made = made_before(Relationship.objects.of(child).filter(recorded_by=actor), once)
    if made is not None:
        if not _says_the_same(made, child, other or newcomer, code, details):
            raise NotReady(SAYS_SOMETHING_ELSE)
        return made
    theirs = _open_elsewhere(other)
    lock(reference, *([theirs] if theirs else []))
    side = SIDES[code]
    with noted(Referral, reference, "record_relationship", actor=actor, may=can_relate) as move:
        if other is not None:
            _refuse_impossible(child, other, side.kind)
        else:
            other = add_person(newcomer, actor=actor)
        row = Relationship(kind=side.kind, once=once, recorded_by=actor, recorded_at=clock.now())
        row.person, row.other = (other, child) if side.flipped else (child, other)
        _say(row, child, details)
        _saved(row, actor)
        move.facts.update(_facts(row, child))
    _tell_other(move.subject, row, theirs, "record_relationship", actor)
    return row


@transaction.atomic
def change_relationship(reference, *, actor, about, version, details):
    """Changes what is said of an open relationship (DETAILS); who and what it is stays."""
    with _one(reference, "change_relationship", actor, about, version) as (move, row):
        if not may_change(row, move.subject.person, actor):
            raise Denied(record=move.subject.record, verb="change_relationship")
        _say(row, move.subject.person, details)


@transaction.atomic
def end_relationship(reference, *, actor, about, version, reason, ends_known=DayKnown.UNKNOWN, ends_on=None):
    """It is over, since a day that may be estimated or not known. It stays on record."""
    with _one(reference, "end_relationship", actor, about, version) as (_, row):
        if ends_on and row.starts_on and ends_on < row.starts_on:
            raise NotReady("The day it ended is before the day it began. Check both.")
        _end(row, actor, reason)
        row.ends_known, row.ends_on = ends_known, ends_on


@transaction.atomic
def withdraw_relationship(reference, *, actor, about, version, reason):
    """It was recorded by mistake: it ends at once, and stays on record as that."""
    with _one(reference, "withdraw_relationship", actor, about, version) as (_, row):
        _end(row, actor, reason)
        row.by_mistake = True


def _says_the_same(made, child, who, code, details):
    """Whether the row that this form made says what the form says now. `who`: a Person, or the fields of a new one."""
    there = made.other_than(child)
    if isinstance(who, dict):
        same_person = all(getattr(there, name) == value for name, value in who.items())
    else:
        same_person = there == who
    said = Relationship(kind=made.kind, person=made.person, other=made.other)
    _say(said, child, details)
    names = {*DETAILS, "safe_contact_of_person"}
    return same_person and made.code_for(child) == code and all(getattr(made, n) == getattr(said, n) for n in names)


# --- One row ----------------------------------------------------------------------------------------------------------


@contextmanager
def _one(reference, verb, actor, about, version):
    """The door for a verb about a relationship that stands: yields (move, row), saves it, and writes both entries."""
    child = Referral.at(reference).select_related("person__record").get().person
    row = Relationship.objects.of(child).select_related("person__record", "other__record").get(once=about)
    child, other = _held(reference, row.other_than(child))
    theirs = _open_elsewhere(other)
    lock(reference, *([theirs] if theirs else []))
    with noted(Referral, reference, verb, actor=actor, may=can_relate) as move:
        # Both persons are locked: whoever changes it too waits, and reads what is written here.
        row.refresh_from_db()
        row.record = move.subject.record
        if not row.is_open:
            raise AlreadyMoved(reference=reference, state="ended", verb=verb, **last_moved(row.record))
        check_version(row, version)
        yield move, row
        row.version += 1
        _saved(row, actor)
        move.facts.update(_facts(row, child))
    _tell_other(move.subject, row, theirs, verb, actor)


def _held(reference, other):
    """(the referral's child, `other`), both locked. A record that was joined to another meanwhile gives way to it."""
    referral = Referral.at(reference).select_related("person__record")
    child = referral.get().person
    episodes.hold_children(*filter(None, (child, other)))
    if other is not None:
        other.refresh_from_db()
    stands = other and other.joined_to
    if referral.get().person != child or stands:
        child = referral.get().person
        episodes.hold_children(*filter(None, (child, stands)))
    return child, stands or other


def _say(row, child, details):
    """Puts details (DETAILS) on the row, as they were said on the page of `child`."""
    kind = row.kind
    for name in ("words", "lives_together", "starts_known"):
        setattr(row, name, details.get(name) or row._meta.get_field(name).get_default())
    if kind in NEEDS_WORDS and not row.words:
        raise NotReady("Say in words what the relationship is.")
    row.starts_on = details.get("starts_on") if row.starts_known != DayKnown.UNKNOWN else None
    asked = kind in CAN_HAVE_RESPONSIBILITY
    row.parental_responsibility = (details.get("parental_responsibility") or YesNoUnknown.UNKNOWN) if asked else ""
    home = row.lives_together in IN_ONE_HOME
    row.together_from, row.together_until = (
        details.get(name) if home else None for name in ("together_from", "together_until")
    )
    setattr(row, row.contact_field(child), details.get("safe_contact") or "")


def _end(row, actor, reason):
    if not reason.strip():
        raise NotReady("Give the reason why it ends.")
    row.ended_at, row.ended_by, row.end_reason = clock.now(), actor, reason


def _refuse_impossible(child, other, kind):
    if other.pk == child.pk:
        raise NotReady(f"This is {child.known_as}: choose somebody else.")
    stands = set(Relationship.objects.between(child, other).open().values_list("kind", flat=True))
    if kind in stands or (kind in PARENTS and stands & set(PARENTS)):
        raise NotReady("This relationship is on record already. Change it there, or end it first.")


def _saved(row, actor):
    """Saves it with an old version of it kept: `actor` wrote it, now."""
    row._history_user, row._history_date = actor, clock.now()
    row.save()


# --- The journal ------------------------------------------------------------------------------------------------------


def _facts(row, person):
    """What an entry keeps, seen from `person`: a code and a key, and of what was typed a digest."""
    typed = (row.words, row.safe_contact, row.safe_contact_of_person, row.end_reason)
    return {"relationship": row.code_for(person), "about": str(row.once), "text": journal.digest_of_text(*typed)}


def _open_elsewhere(person):
    """The reference of the open referral of the other one, or ""."""
    if person is None:
        return ""
    found = person.referrals.filter(state__in=OPEN).order_by("-received_at")
    return found.values_list("record__reference", flat=True).first() or ""


def _tell_other(referral, row, theirs, verb, actor):
    """Whoever has the other child finds it in that chronology; not from a restricted record: who has it says nothing
    of itself elsewhere (B15)."""
    if not theirs or referral.record.restricted or referral.person.record.restricted:
        return
    there = Referral.at(theirs).get()
    journal.write(there.record, verb, actor=actor, **_facts(row, row.other_than(referral.person)))

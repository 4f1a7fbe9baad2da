"""The one door: the only way a state changes.

`perform` moves one noun by one verb; `opened` does the same around a block that writes the rows the verb needs
(an agreement, an allocation) while the record is locked. Both re-read the noun under the lock on its Record,
give back a new object, and leave one journal entry, in one transaction:

    wrong source state -> AlreadyMoved; not visible or no permission -> Denied; version -> Changed;
    guards unmet -> NotReady, all their sentences together.

The same rules draw the buttons (`doors`): a button that shows is a door that opens.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from django.db import OperationalError, connection, transaction
from django.db.models import BigIntegerField, CharField
from psycopg2.errors import DeadlockDetected

from hsb.core import access, clock, composed, journal
from hsb.core.asked_once import asked_once
from hsb.core.composed import Given
from hsb.core.models import Entry, Record, Recorded
from hsb.core.refusals import AlreadyMoved, AtTheSameMoment, Changed, Denied, NotReady
from hsb.core.written import ComposedOnce


class Guard:
    """A statement that must hold before a verb moves: a predicate over the noun, and its plain sentence.

    `asked` marks what the verb's own form supplies: it must hold at the end, but does not hide the button.
    """

    def __init__(self, predicate, sentence, *, asked=False):
        self.predicate, self.sentence, self.asked = predicate, sentence, asked
        self.__name__ = predicate.__name__

    def __call__(self, subject):
        # django-fsm asks the conditions again inside the transition: answer from what the door just found.
        known = subject.__dict__.get("_guards_known")
        return known[self] if known is not None and self in known else bool(self.predicate(subject))


def guard(sentence, *, asked=False):
    """Decorator: makes a predicate a Guard with this sentence."""
    return lambda predicate: Guard(predicate, sentence, asked=asked)


@dataclass
class Move:
    """What happens while the door is open: the locked noun, and the facts the entry will keep."""

    subject: object
    actor: object
    verb: str
    facts: dict = field(default_factory=dict)
    entry: Entry | None = None
    # Another rule than the noun's own said that the actor may know of it.
    known: bool = False
    # By which permission the door was opened.
    permission: object = None


@contextmanager
def _no_deadlock():
    """Of two verbs that wait for each other the database ends one: a refusal like others. Raises AtTheSameMoment."""
    try:
        yield
    except OperationalError as error:
        if isinstance(error.__cause__, DeadlockDetected):
            raise AtTheSameMoment from error
        raise


def record_reference(reference):
    """The reference of the record a noun hangs on: `HSB-2026-00042` of `HSB-2026-00042-A1`."""
    return "-".join(reference.split("-")[:3])


def lock(*references):
    """Locks these records, always in the same order; call at the start of a verb that moves several."""
    wanted = {record_reference(r) for r in references}
    with _no_deadlock():
        return list(Record.objects.locked().filter(reference__in=wanted).order_by("pk"))


def held(model, reference):
    """The noun, re-read under the lock on its record. Raises model.DoesNotExist. Call in a transaction."""
    record = _locked(model, reference)
    subject = _noun_of(model, reference, record)
    if subject is None:
        raise model.DoesNotExist(reference)
    return subject


def _held_for(actor, model, reference, verb):
    """The same for whoever may open it now: the right is asked under the lock, with the row, in one question.

    Raises Denied for everybody else. A verb inside a verb of the same person on the same noun, or on what it hangs on,
    does not ask again: it was asked under this very lock.
    """
    record = _locked(model, reference)
    if actor is None:
        raise Denied(record=record, verb=verb)
    subject = _noun_of(model, reference, record, None if _asked_around(actor, model, record) else actor)
    if subject is None:
        if _noun_of(model, reference, record) is None:
            raise model.DoesNotExist(reference)
        raise Denied(record=record, verb=verb)
    return subject


NAMED, RECORD = Given("reference", CharField()), Given("record", BigIntegerField())


def _locked(model, reference):
    """The record, under the lock. Where a door stands open around this one, which locked it, the very same object: what
    changes the record meanwhile changes it there.

    Raises TransactionManagementError outside a transaction, where nothing would be locked.
    """
    wanted = record_reference(reference)
    for around in _standing.get():
        if around.subject.record.reference == wanted:
            return around.subject.record

    # Django says so when it composes the statement, which it does once.
    if not connection.in_atomic_block and connection.features.has_select_for_update:
        raise transaction.TransactionManagementError(f"{wanted} is to be locked outside a transaction.")

    def row():
        return Record.objects.locked().filter(reference=NAMED).order_by()

    with _no_deadlock():
        found = composed.kept(("locked",), row).objects(reference=wanted)
    if not found:
        raise model.DoesNotExist(reference)
    return found[0]


def _noun_of(model, reference, record, reader=None):
    """The noun's row, or None; where a `reader` is given, only if they may open it now. It has the locked record, and
    so has what it hangs on. The row is bare: a verb asks for little of what a page shows beside it."""

    def rows():
        if issubclass(model, Recorded):
            found = model.objects.filter(pk=RECORD).select_related(None)
        else:
            # What it hangs on has the key of their record.
            found = model.at(NAMED).filter(**{model.hangs_on: RECORD})
            found = found.select_related(None).select_related(model.hangs_on)
        return (found.visible_to(reader) if reader else found).order_by()

    if issubclass(model, Recorded) and reference != record.reference:
        return None  # the reference of something that hangs on it
    rights = access.rights_today(reader) if reader else ()
    found = composed.kept(("noun", model, rights), rows).objects(reference=reference, record=record.pk)
    if not found:
        return None
    [subject] = found
    subject.record = record
    if subject.hangs_on:
        getattr(subject, subject.hangs_on).record = record
    return subject


# The doors that stand open, the outermost first.
_standing = ContextVar("doors_standing_open", default=())


@contextmanager
def _standing_open(move):
    token = _standing.set((*_standing.get(), move))
    try:
        yield move
    finally:
        _standing.reset(token)


def _asked_around(actor, model, record):
    """Whether a door that stands open has asked if the actor may open this noun, or what it hangs on."""
    nouns = {model, model._meta.get_field(model.hangs_on).related_model} if model.hangs_on else {model}
    return any(
        not move.known and move.actor == actor and move.subject.record.pk == record.pk and type(move.subject) in nouns
        for move in _standing.get()
    )


def _read_around(actor, noun):
    """The noun, with the record of the door that stands open around this one. Raises ValueError where there is none
    that has asked if the actor may open it."""
    records = [around.subject.record for around in _standing.get() if around.subject.record.pk == noun.record_id]
    if not records or not _asked_around(actor, type(noun), records[0]):
        raise ValueError(f"No door of the same person stands open around {noun.reference}.")
    noun.record = records[0]
    return noun


def may_still(permission, noun, user):
    """permission(noun, user). Where a door stands open that was opened by it, for the same user on the same noun, that
    was asked already, under this very lock."""
    for move in _standing.get():
        if move.permission is permission and move.actor == user and move.subject == noun:
            return True
    return permission(noun, user)


@contextmanager
def _one_piece():
    """The transaction of one verb. Inside another one, of a service or of a verb around it, it is a part of that: a
    refusal takes all of it back, and there is no half of it to come back to. Whoever goes on after a refusal puts a
    transaction of their own around what may be refused."""
    with _no_deadlock(), transaction.atomic(savepoint=False):
        yield


@contextmanager
def opened(
    model, reference, verb, *, actor, reason="", version=None, happened_on=None, known=False, read=None, **facts
):
    """Opens the door for one verb; yields a Move whose `subject` is locked. The move is made on leaving.

    Write the rows the verb needs inside. `reason` is required where the transition says `custom={"reason": ...}`
    (its value is the sentence that asks for it). `known` says that the caller has asked by another rule whether the
    actor may know of the noun; the verb's permission is asked all the same. `read` is the noun, where it was read under
    the lock of a door around this one that the same person opened: it is not read again.
    """
    with _one_piece():
        if read is not None:
            subject = _read_around(actor, read)
        else:
            subject = held(model, reference) if known else _held_for(actor, model, reference, verb)
        transition = _transition(subject, verb)
        _check(subject, transition, verb, actor, version)
        asks = transition.custom.get("reason")
        if asks and not reason.strip():
            raise NotReady(asks)
        move = Move(subject, actor, verb, dict(facts), known=known, permission=transition.permission)
        with _standing_open(move):
            yield move
        subject._guards_known = {g: bool(g.predicate(subject)) for g in transition.conditions}
        unmet = [g.sentence for g, holds in subject._guards_known.items() if not holds]
        if unmet:
            raise NotReady(*unmet)
        was = subject.state
        getattr(subject, verb)()
        del subject._guards_known
        subject.moved(clock.now())
        subject.version += 1
        _enter(move, from_state=was, to_state=subject.state, reason=reason, happened_on=happened_on)


def perform(model, reference, verb, *, actor, reason="", version=None, happened_on=None, **facts):
    """Moves the noun by one verb and returns it, new. Raises what `opened` raises."""
    with opened(
        model,
        reference,
        verb,
        actor=actor,
        reason=reason,
        version=version,
        happened_on=happened_on,
        **facts,
    ) as move:
        pass
    return move.subject


@contextmanager
def noted(
    model,
    reference,
    verb,
    *,
    actor,
    may,
    reason="",
    asks="",
    version=None,
    edits=False,
    fields=(),
    happened_on=None,
    known=False,
    **facts,
):
    """The door for a verb that leaves the state as it is: lock, rights, version, entry, in one transaction.

    `may(subject, actor)` is the verb's permission; `asks` the sentence that asks for a reason, where one is
    needed. `edits` says that the row itself is edited (its version moves on); an addition leaves it alone.
    `fields` are those whose present values the page with both versions shows; `known` as for `opened`.
    """
    with _one_piece():
        subject = held(model, reference) if known else _held_for(actor, model, reference, verb)
        if not may(subject, actor):
            raise Denied(record=subject.record, verb=verb)
        check_version(subject, version, fields)
        if asks and not reason.strip():
            raise NotReady(asks)
        move = Move(subject, actor, verb, dict(facts), known=known)
        with _standing_open(move):
            yield move
        if edits:
            subject.version += 1
        _enter(move, reason=reason, happened_on=happened_on)


def _enter(move, **said):
    """Saves the noun and writes the move's journal entry."""
    subject = move.subject
    move.entry = journal.write(
        subject.record,
        move.verb,
        actor=move.actor,
        pathway_version=getattr(subject, "pathway_version", ""),
        saving=subject,
        **said,
        **_noun(subject),
        **move.facts,
    )


def _noun(subject):
    """Names the noun in the entry where it is not the record itself (an assessment, an offer)."""
    return {"noun": subject.reference} if subject.reference != subject.record.reference else {}


@dataclass(frozen=True)
class Door:
    """A verb the reader may use on a noun now. `unmet` are the sentences of what must be true first."""

    verb: str
    unmet: tuple

    @property
    def opens(self):
        return not self.unmet


@asked_once
def doors(subject, user):
    """The verbs `user` may use on `subject` in its present state, with what still stands in the way."""
    found, allowed, holds = [], {}, {}  # verbs share permissions and guards: each is asked once
    for transition in subject.get_available_state_transitions_whatever_the_guards():
        if transition.permission not in allowed:
            allowed[transition.permission] = transition.has_perm(subject, user)
        if allowed[transition.permission]:
            asked = [g for g in transition.conditions if not g.asked]
            holds.update({g: bool(g(subject)) for g in asked if g not in holds})
            found.append(Door(transition.name, tuple(g.sentence for g in asked if not holds[g])))
    return found


def may(subject, verb, user):
    """Whether the present state has the verb and `user` the permission; guards aside."""
    transition = _transition(subject, verb)
    return transition is not None and transition.has_perm(subject, user)


class Vouched:
    """Mixin of every noun whose words the journal vouches for: verify_record compares the two."""

    def vouched_for(self):
        """(verb, digest): the last entry of `verb` kept, as `text`, the digest of what the noun says now; or None."""
        return None


class Doored(ComposedOnce, Vouched):
    """Mixin of every noun with a state field that the door moves."""

    # The relation to the noun whose record it hangs on and with which it opens (access.HangsOnQuerySet); empty where
    # the record is its own.
    hangs_on = ""

    def get_available_state_transitions_whatever_the_guards(self):
        by_name = {}
        for transition in self.get_all_state_transitions():
            if transition.source in (self.state, "*"):
                by_name.setdefault(transition.name, transition)
        return [by_name[name] for name in sorted(by_name)]

    def moved(self, at):
        """Called after each move, before the save, with the instant; for nouns that keep since when."""

    @property
    def state_in_words(self):
        return self.get_state_display()


def _transition(subject, verb):
    method = getattr(type(subject), verb, None)
    meta = getattr(method, "_django_fsm", None)
    if meta is None:
        raise ValueError(f"{type(subject).__name__} has no verb {verb!r}.")
    return meta.get_transition(subject.state)


def _check(subject, transition, verb, actor, version):
    record = subject.record
    if transition is None:
        raise AlreadyMoved(
            reference=record.reference,
            state=subject.state_in_words,
            verb=verb,
            **last_moved(record),
        )
    if not transition.has_perm(subject, actor):
        raise Denied(record=record, verb=verb)
    check_version(subject, version)


def check_version(subject, version, fields=()):
    """Raises Changed where the form was opened on another version of the row, with what `fields` say now."""
    if version is not None and int(version) != subject.version:
        now = {name: _in_words(subject, name) for name in fields}
        raise Changed(
            reference=subject.record.reference, version=subject.version, now=now, **last_moved(subject.record)
        )


def _in_words(subject, name):
    """A field's present value as a person would read it."""
    display = getattr(subject, f"get_{name}_display", None)
    value = display() if display else getattr(subject, name)
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def last_moved(record):
    """Who wrote the record's last entry, and when: {"who": name, "when": instant}."""
    last = Entry.objects.filter(record=record).select_related("actor").order_by("-number").first()
    return {
        "who": last.actor.name if last and last.actor else "",
        "when": last.recorded_at if last else None,
    }

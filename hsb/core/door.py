"""The one door: the only way a state changes.

`perform` moves one noun by one verb; `opened` does the same around a block that writes the rows the verb needs
(an agreement, an allocation) while the record is locked. Both re-read the noun under the lock on its Record,
give back a new object, and leave one journal entry, in one transaction:

    wrong source state -> AlreadyMoved; not visible or no permission -> Denied; version -> Changed;
    guards unmet -> NotReady, all their sentences together.

The same rules draw the buttons (`doors`): a button that shows is a door that opens.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import transaction

from hsb.core import access, clock, journal
from hsb.core.models import Entry, Record
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady


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


def record_reference(reference):
    """The reference of the record a noun hangs on: `HSB-2026-00042` of `HSB-2026-00042-A1`."""
    return "-".join(reference.split("-")[:3])


def lock(*references):
    """Locks these records, always in the same order; call at the start of a verb that moves several."""
    wanted = {record_reference(r) for r in references}
    return list(Record.objects.select_for_update().filter(reference__in=wanted).order_by("pk"))


def held(model, reference):
    """The noun, re-read under the lock on its record. Raises model.DoesNotExist. Call in a transaction."""
    record = Record.objects.select_for_update().filter(reference=record_reference(reference)).first()
    subject = model.at(reference).first() if record else None
    if subject is None:
        raise model.DoesNotExist(reference)
    subject.record = record
    return subject


@contextmanager
def opened(model, reference, verb, *, actor, reason="", version=None, happened_on=None, known=False, **facts):
    """Opens the door for one verb; yields a Move whose `subject` is locked. The move is made on leaving.

    Write the rows the verb needs inside. `reason` is required where the transition says `custom={"reason": ...}`
    (its value is the sentence that asks for it). `known` says that the caller has asked by another rule whether the
    actor may know of the noun; the verb's permission is asked all the same.
    """
    with transaction.atomic():
        subject = held(model, reference)
        transition = _transition(subject, verb)
        _check(subject, transition, verb, actor, version, known)
        asks = transition.custom.get("reason")
        if asks and not reason.strip():
            raise NotReady(asks)
        move = Move(subject, actor, verb, dict(facts))
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
        subject.save()
        move.entry = journal.write(
            subject.record,
            verb,
            actor=actor,
            from_state=was,
            to_state=subject.state,
            reason=reason,
            happened_on=happened_on,
            pathway_version=getattr(subject, "pathway_version", ""),
            **_noun(subject),
            **move.facts,
        )


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
    with transaction.atomic():
        subject = held(model, reference)
        if not (known or access.opens(actor, subject)) or not may(subject, actor):
            raise Denied(record=subject.record, verb=verb)
        check_version(subject, version, fields)
        if asks and not reason.strip():
            raise NotReady(asks)
        move = Move(subject, actor, verb, dict(facts))
        yield move
        if edits:
            subject.version += 1
        subject.save()
        move.entry = journal.write(
            subject.record,
            verb,
            actor=actor,
            reason=reason,
            happened_on=happened_on,
            pathway_version=getattr(subject, "pathway_version", ""),
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


class Doored(Vouched):
    """Mixin of every noun with a state field that the door moves."""

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


def _check(subject, transition, verb, actor, version, known):
    record = subject.record
    if not (known or access.opens(actor, subject)):
        raise Denied(record=record, verb=verb)
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

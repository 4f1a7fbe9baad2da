"""Two records of one child: joined by a manager, and parted again; and who is never joined (practice.md B22).

The record that is joined keeps its row and what it said. Every row that named it names the record that stands, and is
written down (JoinedRow), so that parting gives back what still stands as the joining left it.
"""

from django.db import transaction

from hsb.core import access, clock, journal
from hsb.core.door import lock, noted
from hsb.core.models import AccessBar, ExternalId, Record
from hsb.core.refusals import Changed, Denied, NotReady
from referrals.models import JoinedRow, Person, PersonJoin, PersonLock, Referral
from referrals.permissions import can_join
from referrals.related import moving
from referrals.selectors import same_child
from referrals.selectors.parting import parting
from referrals.selectors.person_details import MAIN_SYSTEM
from referrals.selectors.two_records import LOCAL_ID, NUMBERS, TwoRecords, details, differences, local_id, value
from referrals.services.joining import open_now_named
from referrals.services.person_keys import index_persons
from referrals.states import LockKind, RowWas

WHY_JOINED = "Say why this is the same child."
WHY_PARTED = "Say why these are two children."
WHY_NEVER = "Say how you know."


@transaction.atomic
def join(reference, *, actor, person, reason, takes=(), seen=None):
    """Joins the record `person` to that of `reference`, which stands (references of persons). Returns PersonJoin.

    `takes` names the differences (selectors.two_records.Difference) in which the other's value stands from now on;
    `seen` is the digest of what the page showed. Raises NotReady with everything that stands in the way.
    """
    _lock_children(reference, person)
    other = _seen_by(actor, person, "join_person")
    with noted(
        Person,
        reference,
        "join_person",
        actor=actor,
        may=can_join,
        reason=reason,
        asks=WHY_JOINED,
        edits=True,
        joined=person,
    ) as move:
        into = move.subject
        two = TwoRecords(into, other)
        if sentences := two.in_the_way():
            raise NotReady(*sentences)
        _refuse_overtaken(seen, two.seen, into)
        of_both = _referrals_of(into, other)
        joined = PersonJoin.objects.create(person=other, into=into, by=actor, at=clock.now(), reason=reason)
        rows = _move_rows(joined, two.moves)
        rows += _bar_from_both(joined, actor)
        JoinedRow.objects.bulk_create(rows)
        joined.details = {
            "taken": _take_details(into, other, takes),
            "aliases": _keep_names(into, other),
            "restricted": [into.record.restricted, other.record.restricted],
        }
        joined.save(update_fields=["details"])
        _restrict_both(into, other)
        into._history_user = actor
        move.facts.update(rows=len(rows), text=_digest_of(rows))
    other.joined_to = into
    _save(other, actor)
    journal.write(other.record, "joined_to", actor=actor, reason=reason, into=reference)
    _tell(of_both, "child_joined", actor)
    index_persons([into, other])
    open_now_named(into, actor=actor)
    return joined


@transaction.atomic
def part(reference, *, actor, person, reason, chosen=(), seen=None):
    """Parts the record `person` from that of `reference`, to which it is joined. Returns the PersonJoin.

    `chosen` are codes of rows added since that go along (selectors.parting.Parting).
    """
    _lock_children(reference, person)
    with noted(
        Person,
        reference,
        "part_person",
        actor=actor,
        may=can_join,
        reason=reason,
        asks=WHY_PARTED,
        edits=True,
        parted=person,
    ) as move:
        into = move.subject
        joined = next((one for one in same_child.joins_into(into) if one.person.reference == person), None)
        if joined is None:
            raise NotReady("These two records are not joined.")
        _refuse_overtaken(seen, parting(joined).seen, into)
        plan = parting(joined, chosen)
        if plan.in_the_way:
            raise NotReady(*plan.in_the_way)
        of_both = _referrals_of(into)
        other = joined.person
        for each in plan.goes:
            each.relation.move([each.row.pk], into.pk, other.pk)
        _lift_made(joined, actor, reason)
        _give_details_back(joined, into, other)
        _restrict_each(joined, into, other)
        into._history_user = actor
        joined.parted_by, joined.parted_at, joined.parted_reason = actor, clock.now(), reason
        joined.save()
        move.facts.update(rows=len(plan.goes), text=journal.digest_of_text(*sorted(each.code for each in plan.goes)))
    _give_numbers_back(joined, into, other)
    other.joined_to = None
    _save(other, actor)
    journal.write(other.record, "parted_from", actor=actor, reason=reason, into=reference)
    _tell(of_both, "child_parted", actor)
    index_persons([into, other])
    return joined


@transaction.atomic
def say_not_the_same(reference, *, actor, person, reason):
    """These two are not the same person: the pair is never offered again, nor joined. Returns the PersonLock."""
    lock(reference, person)
    other = Person.at(person).first()
    with noted(
        Person, reference, "not_the_same", actor=actor, may=can_join, reason=reason, asks=WHY_NEVER, other=person
    ) as move:
        if other is None or other.pk == move.subject.pk or other.joined_to_id == move.subject.pk:
            raise NotReady("These are not two records. Part them first.")
        made = _lock_once(move.subject, other=other, kind=LockKind.NOT_THE_SAME, reason=reason, actor=actor)
    journal.write(other.record, "not_the_same", actor=actor, reason=reason, other=reference)
    return made


@transaction.atomic
def never_link(reference, *, actor, reason):
    """An adopted child is never linked: offered for nobody, and nobody for it. Returns the PersonLock."""
    with noted(Person, reference, "never_link", actor=actor, may=can_join, reason=reason, asks=WHY_NEVER) as move:
        if move.subject.joined.exists():
            raise NotReady("Another record is joined to this one: part them first.")
        return _lock_once(move.subject, other=None, kind=LockKind.ADOPTED, reason=reason, actor=actor)


def _lock_once(person, *, other, kind, reason, actor):
    pair = [(person, other)] if other is None else [(person, other), (other, person)]
    if any(PersonLock.objects.filter(person=one, other=another, kind=kind).exists() for one, another in pair):
        raise NotReady("This is recorded already.")
    return PersonLock.objects.create(person=person, other=other, kind=kind, reason=reason, by=actor, at=clock.now())


# --- Both -------------------------------------------------------------------------------------------------------------


def _lock_children(*references):
    """Locks both persons, then every referral of theirs: nothing is opened or attached meanwhile."""
    lock(*references)
    referrals = Referral.objects.filter(person__record__reference__in=references)
    lock(*referrals.values_list("record__reference", flat=True))


def _seen_by(actor, reference, verb):
    found = Person.at(reference).first()
    if found is None or not access.opens(actor, found):
        raise Denied(record=found and found.record, verb=verb)
    return found


def _refuse_overtaken(seen, now, into):
    if seen is not None and seen != now:
        raise Changed(reference=into.reference, version=now, **_last_moved(into))


def _last_moved(into):
    last = into.record.entries.select_related("actor").order_by("-number").first()
    return {"who": last.actor.name if last and last.actor else "", "when": last.recorded_at if last else None}


def _referrals_of(*persons):
    return list(Referral.objects.filter(person__in=persons).select_related("record").order_by("pk"))


def _tell(referrals, verb, actor):
    """Each referral's own journal says that the child's record was joined or parted; why stands with the person."""
    for referral in referrals:
        journal.write(referral.record, verb, actor=actor)


def _digest_of(rows):
    return journal.digest_of_text(*sorted(f"{row.table}.{row.column}.{row.key}.{row.was}" for row in rows))


# --- Joining ----------------------------------------------------------------------------------------------------------


def _move_rows(joined, moves):
    """JoinedRow of everything that moves, and of what stood with the other record already; the rows are moved."""
    other, into = joined.person_id, joined.into_id
    moved = {each.relation: each.keys for each in moves}
    rows = []
    for relation in moving():
        stood = relation.rows(into).values_list("pk", flat=True)
        rows += [_row(joined, relation, key, RowWas.STOOD) for key in stood]
        rows += [_row(joined, relation, key, RowWas.MOVED) for key in sorted(moved.get(relation, ()))]
    for relation, keys in moved.items():
        relation.move(keys, other, into)
    return rows


def _row(joined, relation, key, was):
    table, column = relation.name
    return JoinedRow(join=joined, table=table, column=column, key=str(key), was=was)


def _bar_from_both(joined, actor):
    """Whoever is barred from one record is barred from both: JoinedRow of the bars that are made."""
    rows = []
    for one, another in ((joined.person_id, joined.into_id), (joined.into_id, joined.person_id)):
        there = AccessBar.objects.filter(record=another, lifted_at__isnull=True).values("user")
        for bar in AccessBar.objects.filter(record=one, lifted_at__isnull=True).exclude(user__in=there):
            made = AccessBar.objects.create(
                user=bar.user, record_id=another, reason=bar.reason, set_by=actor, set_at=clock.now()
            )
            rows.append(
                JoinedRow(join=joined, table="core.AccessBar", column="record", key=str(made.pk), was=RowWas.MADE)
            )
    return rows


def _restrict_both(into, other):
    """The stricter holds. The records of referrals stay as they are."""
    if into.record.restricted or other.record.restricted:
        Record.objects.filter(pk__in=[into.pk, other.pk]).update(restricted=True)


def _take_details(into, other, takes):
    """Writes the values that stand from now on; returns {field: [what stood, what stands]}. Numbers change places."""
    taken = {}
    for difference in differences(into, other):
        if difference.name not in takes:
            continue
        for name in difference.fields:
            ours, theirs = value(into, name), value(other, name)
            taken[name] = [ours, theirs]
            setattr(into, name, theirs)
            if {*difference.fields} & {*NUMBERS, LOCAL_ID}:
                setattr(other, name, ours)
            if name in NUMBERS:
                # The other's row is saved after the one that stands: meanwhile nobody has the number.
                Person.objects.filter(pk=other.pk).update(**{name: None})
        if difference.name == LOCAL_ID:
            _swap_local_ids(into, other)
    return taken


def _swap_local_ids(into, other):
    numbers = ExternalId.objects.filter(system=MAIN_SYSTEM)
    ours = list(numbers.filter(record=into.pk).values_list("pk", flat=True))
    theirs = list(numbers.filter(record=other.pk).values_list("pk", flat=True))
    numbers.filter(pk__in=ours).update(record=other.pk)
    numbers.filter(pk__in=theirs).update(record=into.pk)


def _keep_names(into, other):
    """The other's names, and the names it was known by, become other names; returns those that were added."""
    preferred = f"{other.preferred_name} {other.family_name}".strip() if other.preferred_name else ""
    known = {into.full_name.casefold(), into.known_as.casefold(), *(name.casefold() for name in into.other_names)}
    added = []
    for name in (other.full_name, preferred, *other.other_names):
        if name and name.casefold() not in known:
            known.add(name.casefold())
            added.append(name)
    into.aliases = "\n".join([*into.other_names, *added])
    return added


# --- Parting ----------------------------------------------------------------------------------------------------------


def _lift_made(joined, actor, reason):
    made = joined.rows.filter(was=RowWas.MADE, table="core.AccessBar").values_list("key", flat=True)
    AccessBar.objects.filter(pk__in=[int(key) for key in made], lifted_at__isnull=True).update(
        lifted_by=actor, lifted_at=clock.now(), lifted_reason=reason
    )


def _give_details_back(joined, into, other):
    """What still stands as the joining wrote it is as it was before; what was changed since stays."""
    taken = joined.details.get("taken", {})
    fields = {field.name: field for field in Person._meta.concrete_fields}
    for group in details():
        names = [name for name in group if name in taken and name != LOCAL_ID]
        before = {name: fields[name].to_python(taken[name][0]) for name in names}
        put = {name: fields[name].to_python(taken[name][1]) for name in names}
        if names and all(getattr(into, name) == put[name] for name in names):
            for name in names:
                setattr(into, name, before[name])
            if {*names} & {*NUMBERS}:
                for name in names:
                    setattr(other, name, None if name in NUMBERS else put[name])
                Person.objects.filter(pk=other.pk).update(**dict.fromkeys({*names} & {*NUMBERS}))
    if LOCAL_ID in taken:
        _give_local_id_back(into, other, theirs=taken[LOCAL_ID][1])
    added = set(joined.details.get("aliases", ()))
    into.aliases = "\n".join(name for name in into.other_names if name not in added)


def _give_local_id_back(into, other, *, theirs):
    if local_id(into) == theirs:
        _swap_local_ids(into, other)
    else:
        # Changed since: that stays, and the other has its own again where nobody else has it.
        numbers = ExternalId.objects.filter(system=MAIN_SYSTEM)
        numbers.filter(record=other.pk).delete()
        if theirs and not numbers.filter(value=theirs).exists():
            ExternalId.objects.create(record_id=other.pk, system=MAIN_SYSTEM, value=theirs)
    for person in (into, other):
        person.local_id = local_id(person)


def _give_numbers_back(joined, into, other):
    """The numbers that the record that stands has given back, or given up, are the other's again; it keeps no other."""
    taken = joined.details.get("taken", {})
    for name in {*NUMBERS} & {*taken}:
        number = taken[name][1]
        free = number and not Person.objects.filter(**{name: number}).exclude(pk=other.pk).exists()
        setattr(other, name, number if free else None)
        if name == "upn":
            other.upn_unknown = taken["upn_unknown"][1]


def _save(other, actor):
    other.version += 1
    other._history_user = actor
    other.save()


def _restrict_each(joined, into, other):
    """Each record is as strict as its own referrals ask, or as it was before where nothing lifted that since."""
    still = Record.objects.filter(pk=into.pk, restricted=True).exists()
    restricted = Referral.objects.filter(record__restricted=True)
    for person, before in zip((into, other), joined.details.get("restricted", (False, False)), strict=True):
        strict = restricted.filter(person=person.pk).exists() or (still and before)
        Record.objects.filter(pk=person.pk).update(restricted=strict)

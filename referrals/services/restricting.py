"""Restricting a record beyond need-to-know, and barring a person from a child's record (practice.md B15).

Each writes on the child's own record too, and holds it before the referral's, as whoever logs a concern does: of two
that took them the other way round, the database would break one off.
"""

from django.db import transaction

from hsb.core import access, clock, journal, work
from hsb.core.door import noted
from hsb.core.models import AccessBar, Record
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import Because
from referrals.models import AccessRequest, Person, Referral
from referrals.permissions import can_restrict
from referrals.services import episodes, holders
from referrals.states import OPEN


@transaction.atomic
def restrict(reference, *, actor, reason, readers=()):
    """From now on only grants to a named person count. `readers` (users) are named beside the actor, the worker
    and the author. Returns the referral."""
    _hold_child_of(reference)
    with noted(
        Referral,
        reference,
        "restrict",
        actor=actor,
        may=can_restrict,
        reason=reason,
        asks="Give the reason for restricting this record.",
    ) as move:
        referral = move.subject
        if referral.record.restricted:
            raise NotReady("This record is restricted already.")
        _refuse_barred(referral, readers)
        for reader in {actor, *readers}:
            access.grant(referral.record, because=Because.NAMED, user=reader, given_by=actor)
        _set(referral, True)
        move.facts["named"] = sorted(reader.reference for reader in {actor, *readers})
    return referral


@transaction.atomic
def lift_restriction(reference, *, actor, reason):
    """Back to need-to-know by team and role. Grants to named people end. Returns the referral."""
    _hold_child_of(reference)
    with noted(
        Referral,
        reference,
        "lift_restriction",
        actor=actor,
        may=can_restrict,
        reason=reason,
        asks="Give the reason for lifting the restriction.",
    ) as move:
        referral = move.subject
        if not referral.record.restricted:
            raise NotReady("This record is not restricted.")
        # Leave that was given for some days was given whatever the record is.
        leave = dict(AccessRequest.objects.filter(referral=referral, granted=True).values_list("by", "until"))
        named = referral.record.grants.filter(because=Because.NAMED)
        over = [grant.pk for grant in named if grant.ends_at is None or leave.get(grant.user_id) != grant.ends_at]
        access.end_grants(referral.record, Because.NAMED, pk__in=over)
        holders.unname_managers(referral)
        _set(referral, False)
    return referral


def _hold_child_of(reference):
    """The child's record, and those that are joined to it, before the referral's."""
    referral = Referral.at(reference).first()
    if referral is not None:
        episodes.hold_children(*Person.objects.filter(pk__in=_records_of(referral)).select_related("record"))


def _set(referral, restricted):
    referral.record.restricted = restricted
    referral.record.save(update_fields=["restricted"])
    # The person follows, so that search and a new episode know; another restricted episode keeps it so.
    others = Referral.objects.filter(person=referral.person_id, record__restricted=True).exclude(pk=referral.pk)
    Record.objects.filter(pk__in=_records_of(referral)).update(restricted=restricted or others.exists())


def _records_of(referral):
    """Keys of the child's record, and of those that are joined to it: what is for one is for all."""
    return [referral.person_id, *Person.objects.filter(joined_to=referral.person_id).values_list("pk", flat=True)]


@transaction.atomic
def name_reader(reference, *, actor, reader, reason, until=None):
    """A manager names one more person who may open the record. Returns the referral."""
    with noted(
        Referral,
        reference,
        "name_reader",
        actor=actor,
        may=can_restrict,
        reason=reason,
        asks="Say why this person needs to see the record.",
        reader=reader.reference,
    ) as move:
        _refuse_barred(move.subject, [reader])
        if reader.pk == actor.pk and until is not None:
            raise NotReady("You cannot set a last day for yourself: ask another manager.")
        access.grant(move.subject.record, because=Because.NAMED, user=reader, until=until, given_by=actor)
    return move.subject


def _refuse_barred(referral, readers):
    bars = AccessBar.objects.filter(user__in=readers, record=referral.person_id, lifted_at__isnull=True)
    names = bars.order_by("user__name").values_list("user__name", flat=True)
    if names:
        raise NotReady(*(f"{name} cannot be given access to this record." for name in names))


@transaction.atomic
def bar(reference, *, actor, user, reason):
    """`user` never opens anything of this child from now on (conflict of interest). Returns the AccessBar.

    The allocated worker cannot be barred before somebody else has the child.
    """
    _hold_child_of(reference)
    with noted(
        Referral,
        reference,
        "bar",
        actor=actor,
        may=can_restrict,
        reason=reason,
        asks="Give the reason for barring this person.",
        user=user.reference,
    ) as move:
        referral = move.subject
        if user.pk == actor.pk:
            raise NotReady("You cannot bar yourself: ask another manager.")
        if Referral.objects.filter(person=referral.person_id, worker=user, state__in=OPEN).exists():
            raise NotReady(f"{user.name} is the allocated worker: name another worker first.")
        if AccessBar.objects.filter(user=user, record=referral.person_id, lifted_at__isnull=True).exists():
            raise NotReady(f"{user.name} is barred already.")
        made = [
            AccessBar(user=user, record_id=record, reason=reason, set_by=actor, set_at=clock.now())
            for record in _records_of(referral)
        ]
        barred = AccessBar.objects.bulk_create(made)[0]
        _note_on_person(referral.person, "bar", actor, reason, user)
        for each in Referral.objects.filter(person=referral.person_id, state__in=OPEN).select_related("record"):
            _pass_on_tasks_of(user, each)
        referral.next_due_on = work.next_due_on(referral.record)
    return barred


def _pass_on_tasks_of(user, referral):
    """What was asked of whoever is barred is asked of who has the child: they could not open it any more."""
    holders.pass_tasks_on(referral)
    for task in referral.record.tasks.open().filter(owner=user).exclude(kind__in=work.PERSONAL):
        work.ask(referral.record, task.kind, about=task.about, **holders.holder_of(referral, task.kind))
    holders.refresh_due(referral)


@transaction.atomic
def lift_bar(reference, *, actor, user, reason):
    """The bar on `user` for this child ends. Returns the AccessBar."""
    _hold_child_of(reference)
    with noted(
        Referral,
        reference,
        "lift_bar",
        actor=actor,
        may=can_restrict,
        reason=reason,
        asks="Give the reason for lifting the bar.",
        user=user.reference,
    ) as move:
        referral = move.subject
        if user.pk == actor.pk:
            raise Denied(record=referral.record, verb="lift_bar")
        barred = AccessBar.objects.filter(user=user, record=referral.person_id, lifted_at__isnull=True).first()
        if barred is None:
            raise NotReady(f"{user.name} is not barred.")
        AccessBar.objects.filter(user=user, record__in=_records_of(referral), lifted_at__isnull=True).update(
            lifted_by=actor, lifted_at=clock.now(), lifted_reason=reason
        )
        barred.refresh_from_db()
        _note_on_person(referral.person, "lift_bar", actor, reason, user)
    return barred


def _note_on_person(person: Person, verb, actor, reason, user):
    record = Record.objects.locked().get(pk=person.pk)
    journal.write(record, verb, actor=actor, reason=reason, user=user.reference)

"""Logging a concern: everybody in it, and a referral for each child who needs one (practice.md B5, B6, B22)."""

from dataclasses import dataclass, field
from datetime import date, time
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from hsb.core import clock, journal, work
from hsb.core.access import end_grants
from hsb.core.door import lock, noted, opened
from hsb.core.models import ExternalId, Place, Record
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import Because, RecordKind
from hsb.people.states import CASE_ROLES
from referrals.codes import Borough
from referrals.models import Concern, Involvement, Person, Referral
from referrals.permissions import can_assess, can_see
from referrals.selectors.joining import concern_in_words
from referrals.services import episodes, holders, markers, patterns, police, urgent
from referrals.services.disclosing import disclose, hold_from_families
from referrals.services.joining import take_in
from referrals.services.person_keys import index_person
from referrals.states import (
    NEEDS_REFERRAL,
    OPEN,
    InvolvementRole,
    InvolvementStatus,
    Recipient,
    YesNoUnknown,
)

# The borough's main case system, where a child's local number comes from.
MAIN_SYSTEM = "main"


@dataclass(kw_only=True)
class Known:
    """Somebody in the concern who is already on the books, and the part they have in it."""

    person: Person
    roles: tuple
    relationship: str = ""
    # False: open a referral of its own though one is open already, for this reason.
    attach: bool = True
    separate_because: str = ""


@dataclass(kw_only=True)
class Newcomer:
    """Somebody in the concern whom we do not know yet. `details` are fields of Person, and `local_id`."""

    details: dict
    roles: tuple
    relationship: str = ""


@dataclass(kw_only=True)
class Urgent:
    """The immediate protection that was given before the concern was logged."""

    what: str
    done_on: date
    who_was_told: str
    done_at: time | None = None


@dataclass(frozen=True)
class By:
    """Who puts people in a concern, for which of their teams, and the day from which it is known."""

    author: object
    team: object
    on: date


@dataclass
class Logged:
    """What logging made: the concern, the referrals it opened, those it was attached to."""

    concern: Concern
    opened: list = field(default_factory=list)
    attached: list = field(default_factory=list)
    again: bool = False  # the same form had been sent before: nothing new was made


@transaction.atomic
def log_concern(
    *,
    author,
    once: UUID,
    people,
    what_was_reported,
    source,
    reported_on,
    place_kind,
    protection_needed,
    reported_by="",
    happened_on=None,
    happened_in_words="",
    place_name="",
    place_postcode="",
    borough=Borough.UNKNOWN,
    other_borough="",
    contexts=(),
    do_not_disclose=False,
    crime_suspected=False,
    protection: Urgent | None = None,
):
    """Logs a concern and opens, or attaches it to, a referral for each child who needs one. Returns Logged.

    `people` are Known and Newcomer, at least one of them a child with a role. The same `once` twice gives the
    first result back. Raises Denied, or NotReady with every sentence of what is missing.
    """
    if not author.has_role(*CASE_ROLES):
        raise Denied("Only practitioners and managers log concerns.")
    before = Concern.objects.filter(once=once, author=author).select_related("record").first()
    if before is not None:
        return _as_logged_before(before)
    _refuse_incomplete(people, protection_needed, protection)
    team = episodes.team_of(author)
    now = clock.now()
    front_door = holders.front_door()
    try:
        with transaction.atomic():
            concern = Concern.objects.create(
                record=Record.objects.open(RecordKind.CONCERN, at=now, holding_team=front_door),
                author=author,
                authors_team=team,
                what_was_reported=what_was_reported,
                source=source,
                reported_by=reported_by,
                reported_on=reported_on,
                happened_on=happened_on,
                happened_in_words=happened_in_words,
                recorded_at=now,
                place_kind=place_kind,
                place=Place.called(place_kind, place_name, place_postcode) if place_name.strip() else None,
                borough=borough,
                other_borough=other_borough,
                contexts=list(contexts),
                do_not_disclose=do_not_disclose,
                crime_suspected=crime_suspected,
                protection_needed=protection_needed,
                once=once,
            )
    except IntegrityError:  # the same form arrived twice at once, and the other one won
        return _as_logged_before(Concern.objects.select_related("record").get(once=once))
    logged = Logged(concern)
    journal.write(
        concern.record,
        "log_concern",
        actor=author,
        happened_on=reported_on,
        source=source,
        text=journal.digest_of_text(what_was_reported),
        people=len(people),
    )
    lock(*open_referrals_of(hold_persons(people)))
    gets_referral = who_gets_a_referral(people)
    by = By(author, team, reported_on)
    for part in people:
        involve(logged, part, by, gets_referral=gets_referral(part))
    if do_not_disclose:
        hold_from_families(
            [*logged.opened, *logged.attached], actor=author, what=concern_in_words(concern), held_back=True
        )
    if protection is not None:
        for referral in [*logged.opened, *logged.attached]:
            urgent.add_protection(referral, actor=author, once=uuid4(), **vars(protection))
    if crime_suspected:
        police.need_police_referral(concern, actor=author)
    for part in people:
        if isinstance(part, Known):
            patterns.follow(part.person, actor=author)
    return logged


def _as_logged_before(concern):
    referrals = Referral.objects.filter(involvements__concern=concern).select_related("record", "person").distinct()
    return Logged(concern, opened=list(referrals), again=True)


def _refuse_incomplete(people, protection_needed, protection):
    missing = []
    if not _children_who_need_one(people):
        missing.append(
            "Add at least one child who displayed the behaviour, was harmed, or whose role is not yet known."
        )
    if any(not part.roles for part in people):
        missing.append("Choose what part each person had in it.")
    if protection_needed == YesNoUnknown.YES and protection is None:
        missing.append("Say what was done to protect the child, and who was told.")
    if missing:
        raise NotReady(*missing)


def who_gets_a_referral(people, *, held=False):
    """The rule, a predicate of a part: each child of our borough known by more than a first name (docs/house.md).

    Somebody must hold every concern: unless it is `held` already, a first name will do where nobody in it is known by
    a full one, and where all are another borough's children (B9) the front door holds them until that borough was told.
    """
    needing = _children_who_need_one(people)
    ours = [part for part in needing if not _said(part, "other_authority")]
    named = [part for part in ours if _said(part, "family_name")]
    chosen = named if held else named or ours or needing
    return lambda part: any(part is one for one in chosen)


def _children_who_need_one(people):
    return [part for part in people if set(part.roles) & set(NEEDS_REFERRAL) and not _said(part, "is_adult")]


def _said(part, name):
    return getattr(part.person, name) if isinstance(part, Known) else part.details.get(name)


def hold_persons(people):
    """Locks the children who are known already, before anything is asked of them. Returns the persons who stand."""
    episodes.hold_children(*(part.person for part in people if isinstance(part, Known)))
    return _standing(people)


def open_referrals_of(persons):
    """The references of what is open about them, to be locked before it is asked. Call after `hold_persons`."""
    return Referral.objects.open().filter(person__in=persons).values_list("record__reference", flat=True)


def _standing(people):
    """The known persons, locked: a record that was joined to another since it was picked gives way to that one."""
    parts = [part for part in people if isinstance(part, Known)]
    joined = Person.objects.filter(pk__in=[part.person.pk for part in parts], joined_to__isnull=False)
    stands = {one.pk: one.joined_to for one in joined.select_related("joined_to__record")}
    for part in parts:
        part.person = stands.get(part.person.pk, part.person)
    episodes.hold_children(*stands.values())
    if stands and len({part.person.pk for part in parts}) < len(parts):
        raise NotReady("Two of these people were found to be the same child meanwhile: take one of them out.")
    return [part.person for part in parts]


def involve(logged, part, by, *, gets_referral):
    """Puts somebody in the concern, with a referral of their own where they get one. Returns the person.

    A child's open referral takes the concern in, and whoever has the child is asked to look at it (B22).
    """
    person = part.person if isinstance(part, Known) else add_person(part.details, actor=by.author)
    referral = _referral_for(logged, part, person, by) if gets_referral else None
    Involvement.objects.bulk_create(
        Involvement(
            concern=logged.concern,
            person=person,
            role=role,
            relationship=part.relationship,
            referral=referral,
        )
        for role in part.roles
    )
    if referral is not None and referral in logged.attached:
        journal.write(
            referral.record,
            "concern_attached",
            actor=by.author,
            happened_on=by.on,
            concern=logged.concern.reference,
        )
        take_in(referral, actor=by.author)
    return person


def _referral_for(logged, part, person, by):
    open_one = episodes.running(person)
    if open_one is not None and getattr(part, "attach", True):
        logged.attached.append(open_one)
        return open_one
    if open_one is not None and not part.separate_because.strip():
        raise NotReady("Say why this child needs a second referral though one is open.")
    could_open = Referral.objects.visible_to(by.author).filter(person=person).exists()
    referral = episodes.open_episode(
        person,
        side=holders.side_of_roles(set(part.roles)),
        author=by.author,
        authors_team=by.team,
        team=holders.front_door(),
        happened_on=by.on,
        verb="log_concern",
        reason=getattr(part, "separate_because", ""),
        concern=logged.concern.reference,
    )
    if person.record.restricted and not could_open:
        # Logging a concern about a child whose record is restricted opens nothing of it to the author (B15).
        end_grants(referral.record, Because.AUTHOR, user=by.author)
    logged.opened.append(referral)
    return referral


def add_person(details, *, actor):
    """A new person from the fields of Person (and `local_id`), findable at once. Returns it."""
    details = dict(details)
    local_id = details.get("local_id", "")
    for unique in ("nhs_number", "upn"):
        details[unique] = details.get(unique) or None
    now = clock.now()
    person = Person(record=Record.objects.open(RecordKind.PERSON, at=now), **details)
    person._history_user = actor
    try:
        with transaction.atomic():
            person.save()
            if local_id:
                ExternalId.objects.create(record=person.record, system=MAIN_SYSTEM, value=local_id)
    except IntegrityError as taken:
        raise NotReady(
            f"Another record has the NHS number, UPN or local number of {person.full_name}: search for it, this may be "
            "the same person."
        ) from taken
    index_person(person)
    journal.write(person.record, "add_person", actor=actor)
    return person


@transaction.atomic
def attach(reference, *, actor, to_reference, reason, version=None):
    """A late discovery: the referral's concerns move to the child's referral that is already open (B22, B23)."""
    lock(reference, to_reference)
    with opened(
        Referral,
        reference,
        "attach",
        actor=actor,
        reason=reason,
        version=version,
        to=to_reference,
    ) as move:
        referral = move.subject
        target = (
            referral.person.referrals.filter(state__in=OPEN, record__reference=to_reference)
            .exclude(pk=referral.pk)
            .select_related("record", "person")
            .first()
        )
        if target is None:
            raise NotReady("Choose an open referral of the same child.")
        referral.attached_to = target
        _carry_involvements(referral, target)
        # What was done to protect the child is followed up where the child is now.
        unfinished = referral.protections.filter(followed_up_on__isnull=True)
        carried = [protection.done_on for protection in unfinished]
        unfinished.update(referral=target)
        police.carry_over(referral, target)
        urgent.carry_over(referral, target)
        markers.carry_over(referral, target)
        referral.next_due_on = None
    # After the guards have been asked: a waiting decision on no further action stops it.
    work.cancel(move.subject.record, reason=f"Attached to {to_reference}.")
    holders.keep_for_last_holders(move.subject, given_by=actor)
    journal.write(target.record, "concern_attached", actor=actor, from_referral=reference)
    if carried:
        work.ask(target.record, "protection", started_on=min(carried), **holders.holder(target))
    take_in(target, actor=actor)
    markers.follow(target)
    patterns.follow(target.person, actor=actor)
    return move.subject


def _carry_involvements(referral, target):
    """The parts move. One that the target's child has there in the same role stays, with the referral that ends."""
    same = Involvement.objects.filter(
        referral=target, concern=OuterRef("concern"), person=OuterRef("person"), role=OuterRef("role")
    )
    moving = referral.involvements.exclude(Exists(same)).values_list("pk", flat=True)
    Involvement.objects.filter(pk__in=list(moving)).update(referral=target)


@transaction.atomic
def set_roles(reference, *, actor, concern, roles, version=None):
    """The child's roles in one concern, now that they are known; the referral's questions follow them.

    `concern` is one the referral belongs to; `roles` are some of NEEDS_REFERRAL. Returns the referral.
    """
    with noted(
        Referral,
        reference,
        "set_roles",
        actor=actor,
        may=can_assess,
        version=version,
        edits=True,
    ) as move:
        referral = move.subject
        if referral.has_ended:
            raise NotReady("This referral has ended: open a new episode before you change what it says.")
        mine = referral.involvements.filter(concern=concern)
        rows = {part.role: part for part in mine}
        if not rows or not roles or not set(roles) <= set(NEEDS_REFERRAL):
            raise NotReady("Choose the part this child had in it.")
        _refuse_settled(rows, set(roles))
        _give_roles(rows, set(roles))
        move.facts.update(concern=concern.reference, was=sorted(rows), now=sorted(roles))
        referral.side = holders.side_of(referral)
        if not referral.has_category:
            referral.category = referral.brook = ""
    patterns.follow(move.subject.person, actor=actor)
    return move.subject


def _refuse_settled(rows, roles):
    """Raises NotReady where choosing roles would undo a status that somebody recorded with what it rests on."""
    for role, part in rows.items():
        stands = part.status != InvolvementStatus.UNFOUNDED
        if part.status_basis and stands != (role in roles):
            raise NotReady(
                f"“{part.get_role_display()}” is recorded as {part.get_status_display().lower()}: change its status "
                "first."
            )


def _give_roles(rows, roles):
    """Makes `roles` the child's parts in a concern. A part no longer held stays on record as unfounded."""
    spare = rows.get(InvolvementRole.NOT_YET_KNOWN) if InvolvementRole.NOT_YET_KNOWN not in roles else None
    pattern = next(iter(rows.values()))
    for role in sorted(roles):
        part = rows.get(role)
        if part is None and spare is not None:
            part, spare = spare, None
            part.role = role
        elif part is None:
            part = Involvement(
                concern=pattern.concern,
                person=pattern.person,
                role=role,
                relationship=pattern.relationship,
                referral=pattern.referral,
            )
        if part.status == InvolvementStatus.UNFOUNDED:
            part.status = InvolvementStatus.ALLEGED
        part.save()
    for role, part in rows.items():
        if role not in roles and part.role == role:
            part.status = InvolvementStatus.UNFOUNDED
            part.save()


@transaction.atomic
def tell_referrer(reference, *, actor, told_on, how):
    """The referrer was told of the decision: within 1 working day (B21). Returns the referral."""
    with noted(
        Referral,
        reference,
        "tell_referrer",
        actor=actor,
        may=can_see,
        reason=how,
        asks="Say how the referrer was told.",
        happened_on=told_on,
    ) as move:
        concerns = list(Concern.objects.filter(involvements__referral=move.subject).distinct().order_by("pk"))
        # Of one that was told of already, by way of another child, it is told again about this one.
        told_now = [concern for concern in concerns if concern.referrer_told_on is None] or concerns
        Concern.objects.filter(pk__in=[concern.pk for concern in concerns], referrer_told_on__isnull=True).update(
            referrer_told_on=told_on
        )
        for concern in told_now:
            who = ", ".join(filter(None, [concern.reported_by, concern.get_source_display()]))
            disclose(
                move.subject.record,
                actor=actor,
                what=f"What was decided on {concern_in_words(concern)}. {how.strip()}",
                to_whom=who,
                recipient=Recipient.REFERRER,
                why="Whoever reports a concern is told what was decided",
                basis="Safeguarding a child: the referrer is told",
                on=told_on,
            )
        work.finish(move.subject.record, "tell_referrer", by=actor)
        move.subject.next_due_on = work.next_due_on(move.subject.record)
    return move.subject

"""Everybody in a concern, each by the reader's right: a name, or "another child" (practice.md B7; docs/house.md)."""

from django.db.models import Case, Exists, Min, OuterRef, Subquery, When
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from hsb.core import access, composed, words
from hsb.core.asked_once import asked_once
from hsb.core.models import AccessBar
from referrals.models import Involvement, Person, Referral
from referrals.states import ADULT_ROLES, NEEDS_REFERRAL, InvolvementRole, InvolvementStatus, Side


@asked_once
def people_in(concern, user):
    """Everybody in one concern as `user` may see them: see `people_in_each`."""
    return people_in_each([concern], user)[concern.pk]


def people_in_each(concerns, user):
    """Key of each concern -> everybody in it as `user` may see them, in the order they were added.

    Each a dict: person (the object, for pages that may go on to show more), name, shown (their details may be shown),
    by_author (the name only, which the reader typed), hidden (neither), parts (Involvement rows), roles in words, their
    codes, relationship, referral (the object, None where there is none), opens (the reader may open it), why_none. One
    query, however many.
    """
    rows = _everybody(concerns, user).objects()
    shown = {row.person_id for row in rows if row.shown}
    opens = {row.referral_id for row in rows if row.opens}
    not_barred = {row.person_id for row in rows if not row.barred}
    found = {}
    for concern in concerns:
        by_person = {}
        for row in rows:
            if row.concern_id == concern.pk:
                by_person.setdefault(row.person_id, []).append(row)
        typed_by_reader = not_barred if concern.author_id == user.pk else set()
        found[concern.pk] = [_person_in(parts, shown, opens, typed_by_reader) for parts in by_person.values()]
    return found


def asking_people(concerns, user):
    """The Question of `people_in_each` (riding.py)."""
    return _everybody(concerns, user).asking


def _everybody(concerns, user):
    """What asks for every part in these concerns."""
    of_them, given = composed.among("concern", [concern.pk for concern in concerns])

    def everybody():
        # Of a record that was joined to another only that is left which the other says too.
        return (
            Involvement.objects.filter(of_them, person__joined_to__isnull=True)
            .select_related("person__record", "referral__record__holding_team", "referral__worker", "referral__person")
            .annotate(
                shown=Exists(Person.objects.visible_to(user).filter(pk=OuterRef("person"))),
                opens=Exists(Referral.objects.visible_to(user).filter(pk=OuterRef("referral"))),
                barred=Exists(AccessBar.objects.filter(user=user, record=OuterRef("person"), lifted_at__isnull=True)),
            )
            .order_by("pk")
        )

    key = ("everybody in concerns", len(given), access.rights_today(user))
    return composed.Asked(composed.kept(key, everybody), given)


def _person_in(parts, shown, opens, typed_by_reader):
    person = parts[0].person
    episodes = [part.referral for part in parts if part.referral_id]
    referral = next((r for r in reversed(episodes) if r.pk in opens), episodes[-1] if episodes else None)
    if referral is not None:
        parts = [part for part in parts if part.referral_id == referral.pk]
    restricted = person.record.restricted or any(r.record.restricted for r in episodes)
    may_open = person.pk in shown
    by_author = not may_open and person.pk in typed_by_reader and not restricted
    adult = person.is_adult or all(part.role in ADULT_ROLES for part in parts)
    masked = "Another adult" if adult else "Another child"
    return {
        "person": person,
        "name": person.known_as if may_open or by_author else masked,
        "shown": may_open,
        "by_author": by_author,
        "hidden": not may_open and not by_author,
        "parts": parts,
        "roles": [role_in_words(part) for part in parts],
        "codes": {part.role for part in parts},
        "relationship": parts[0].relationship if may_open or by_author else "",
        "referral": referral,
        "opens": referral is not None and referral.pk in opens,
        "why_none": "" if referral is not None else why_no_referral(person, {part.role for part in parts}),
    }


def role_in_words(part):
    """The part; "alleged" is what every part is until something says otherwise, and then it is said."""
    role = InvolvementRole(part.role).label
    return role if part.status == InvolvementStatus.ALLEGED else f"{role}: {part.get_status_display().lower()}"


def is_unfounded(referral="pk"):
    """For a query: whether every part that the child of that referral had in its concerns is unfounded by now."""
    # One sum for each row that is shown: of an EXISTS PostgreSQL may think it cheaper to read every part there is.
    unfounded = Case(When(status=InvolvementStatus.UNFOUNDED, then=1), default=0)
    parts = Involvement.objects.filter(referral=OuterRef(referral)).order_by().values("referral")
    return Exact(Coalesce(Subquery(parts.annotate(all=Min(unfounded)).values("all")), 0), 1)


def was_unfounded(referral):
    """The same of one referral, by its key; of a child without one, False."""
    return referral is not None and Referral.objects.filter(is_unfounded(), pk=referral).exists()


def side_in_words(side, unfounded):
    """ "Child who displayed: unfounded": wherever an allegation is shown, that it does not stand is said."""
    label = Side(side).label
    return f"{label}: {InvolvementStatus.UNFOUNDED.label.lower()}" if unfounded else label


def status_in_words(part):
    """The status of a part, since when and what it rests on, as lines."""
    if not part.status_since:
        return [part.get_status_display()]
    return [f"{part.get_status_display()} since {words.day(part.status_since)}", part.get_status_basis_display()]


def part_of(referral, part, user):
    """The part, as an Involvement, where its status is set on the page of `referral`; else None."""
    found = Involvement.objects.filter(pk=part, concern__involvements__referral=referral)
    row = found.select_related("concern__record", "person__record").distinct().first()
    if row is None or row.referral_id == referral.pk:
        return row
    if row.referral_id is not None or not Person.objects.visible_to(user).filter(pk=row.person_id).exists():
        return None
    return row


def why_no_referral(person, roles):
    """Why nothing was opened for somebody in a concern, and what to do where something is to be done."""
    if person.is_adult:
        return "No referral is opened for an adult."
    if not roles & set(NEEDS_REFERRAL):
        return "No referral is opened for this part. If it turns out that the child was harmed, log it as a concern."
    if not person.ours:
        return f"{person.other_authority} is responsible for this child and opens its own referral: tell them today."
    if person.first_name_only:
        return (
            "No referral yet: only the first name is known. Add the family name when you know it, and a referral is "
            "opened."
        )
    return "No referral."

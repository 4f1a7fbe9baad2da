"""Two records of one child: which are likely, and what the tab "People" shows of them (practice.md B8, B22)."""

from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse

from hsb.core import words
from hsb.core.fetched import fetch
from referrals import likeness
from referrals.models import Person, PersonJoin, PersonLock
from referrals.permissions import can_join
from referrals.selectors import people
from referrals.selectors.found import hit
from referrals.selectors.reading import Reading
from referrals.states import BirthPrecision, LockKind

SHOWN = 10


# --- Who may be the same child ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Likely:
    """Who may be the same child, as `user` may see them (B8). `found` is what the search gave, to be recorded."""

    terms: dict
    found: people.Found
    rows: list
    masked: str


def likely(user, person, locks=None):
    """Likely: the persons who answer well to what is known of `person`, and why; nobody who is locked. `locks` are the
    rows of `asking_locks`, where they were asked with others."""
    terms = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "preferred_name": person.preferred_name,
        "born_on": None if person.birth_precision == BirthPrecision.UNKNOWN else person.born_on,
        "postcode": "" if person.address_confidential else person.postcode,
    }
    never = never_offered(person, asking_locks(person) if locks is None else locks)
    if never is None or person.joined_to_id:
        return Likely({}, people.Found([]), [], "")
    found = people.search(user, terms, limit=SHOWN, leave_out={person.pk, *never}, least=likeness.GOOD)
    masked = next((row["text"] for row in found.rows if row["restricted"]), "")
    rows = [_hit(user, row) for row in found.rows if not row["restricted"]]
    return Likely({"same_as": person.reference}, found, rows, masked)


def _hit(user, row):
    return {**hit(row), "reference": people.unsign_pick(user, row["pick"]), "url": row["url"]}


def asking_locks(person):
    """What is never offered to anybody, or never to `person`: rows of kind and keys."""
    mine = Person.objects.filter(Q(pk=person.pk) | Q(joined_to=person)).values("pk")
    locks = PersonLock.objects.order_by()
    adopted, pairs = locks.filter(kind=LockKind.ADOPTED), locks.filter(kind=LockKind.NOT_THE_SAME)
    every = adopted.union(pairs.filter(person__in=mine), pairs.filter(other__in=mine))
    return every.values_list("kind", "person", "person__joined_to", "other", "other__joined_to")


def never_offered(person, locks):
    """Keys of the persons who are not `person`, whatever they look like; None where that is everybody."""
    named = set()
    for kind, *keys in locks:
        if kind == LockKind.ADOPTED:
            if person.pk in keys:
                return None
            keys = keys[:1]
        named.update(keys)
    return named - {person.pk, None}


def on_the_tab(user, person, likely_ones, referral):
    """What the tab "People" shows of it: the likely ones with what a manager may do, and what is joined already."""
    manages = can_join(person, user)
    there_is = Reading.of(referral, user).there_is
    opens, locks, joins = fetch(
        _opened(user, [row["reference"] for row in likely_ones.rows] if manages else []),
        _locks_of(person) if there_is["locks"] else PersonLock.objects.none(),
        _joins_into(person) if there_is["joins"] else PersonJoin.objects.none(),
    )
    opens = set(opens)
    rows = [
        row
        | {
            "join_url": _url("join_person", referral, row["reference"]) if row["reference"] in opens else "",
            "lock_url": _url("not_the_same", referral, row["reference"]) if manages else "",
        }
        for row in likely_ones.rows
    ]
    adopted = any(lock.kind == LockKind.ADOPTED for lock in locks)
    return {
        "rows": rows,
        "searched": bool(likely_ones.terms),
        "masked": likely_ones.masked,
        "manages": manages,
        "joined": [_joined(join, referral, manages) for join in joins],
        # That a child is adopted is nobody's to read who does not decide on it.
        "locks": [_lock_in_words(lock, person) for lock in locks if manages or lock.kind != LockKind.ADOPTED],
        "never_url": reverse("referrals:never_link", args=[referral.reference]) if manages and not adopted else "",
    }


def _locks_of(person):
    """The locks of a person, the first first."""
    found = PersonLock.objects.filter(Q(person=person) | Q(other=person))
    return found.select_related("person__record", "other__record", "by")


def _lock_in_words(lock, person):
    by = f"{lock.by.name}, {words.day(lock.at)}"
    if lock.kind == LockKind.ADOPTED:
        return f"{lock.get_kind_display()}. {by}."
    other = lock.other if lock.person_id == person.pk else lock.person
    return f"Not the same person as {other.reference}. {by}."


def joins_into(person):
    """The records that are joined to `person` now, the first first: PersonJoin."""
    return list(_joins_into(person))


def _joins_into(person):
    found = PersonJoin.objects.filter(into=person, parted_at__isnull=True)
    return found.select_related("person__record", "into__record", "by")


def _joined(join, referral, manages):
    return {
        "text": f"{join.person.reference}, {join.person.full_name}: joined by {join.by.name} on {words.day(join.at)}.",
        "url": _url("part_person", referral, join.person.reference) if manages else "",
        "reference": join.person.reference,
    }


def _url(name, referral, reference):
    return reverse(f"referrals:{name}", args=[referral.reference, reference])


def _opened(user, references):
    mine = Person.objects.visible_to(user).filter(record__reference__in=references)
    return mine.values_list("record__reference", flat=True)


def stands_for(reference):
    """The reference of the record that stands where the one of `reference` is joined to it; "" where it is not."""
    joined = Person.objects.filter(record__reference=reference, joined_to__isnull=False)
    return joined.values_list("joined_to__record__reference", flat=True).first() or ""

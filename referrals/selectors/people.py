"""Who may already be known? Search before create (practice.md B8; docs/decisions/0009).

Takes what was typed, gives rows of plain words: never a model object, and of a restricted record nothing but whom to
ask. A person from whom the reader is barred is not there at all.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from rapidfuzz.distance import JaroWinkler

from hsb.core import access, clock, words
from hsb.core.models import ExternalId, Record
from hsb.core.states import AccessKind
from hsb.people.states import CASE_ROLES, Role
from referrals import likeness, names
from referrals.models import Person, Referral
from referrals.selectors import candidates
from referrals.selectors.people_rights import Rights
from referrals.states import OPEN, BirthPrecision

# Panel coordinator, minute taker and administrator do not search: they meet children on their own pages, or never.
SEARCHERS = (*CASE_ROLES, Role.CHAIR, Role.AUDITOR)
MANY = 300  # read for one search, those who share most keys first
# Where two names and a date are asked, which tell people apart, so many times the rows to show are read. Of those read
# for two names so many times are compared word by word.
READ, COMPARED = 10, 2
RANKED = 100  # of them, those for whom referrals and rights are read
PICK_KEPT = timedelta(hours=12)
NO_OPEN_REFERRAL = "no open referral"
OPEN_REFERRAL, EARLIER_REFERRAL = "Open referral", "Earlier referral"
BY_NUMBER = 1000  # an exact number comes before every likeness


@dataclass(frozen=True)
class Found:
    """What a search gave: the rows to show, and the record that was masked where it is exactly one."""

    rows: list
    masked_record: int | None = None


def find_persons(user, terms, limit=10):
    """The rows of `search`, for whoever records the search in another way."""
    return search(user, terms, limit).rows


def find_and_record(user, terms, *, page, limit=10):
    """The rows of `search`, and one AccessRecord that says `user` searched on `page` (every search leaves one)."""
    found = search(user, terms, limit)
    record_search(user, terms, found, page=page)
    return found.rows


def record_search(user, terms, found, *, page, record=None):
    """Writes the AccessRecord of a search: its terms, and the masked record where there was exactly one; and with it
    that of a look at `record`, where the page is about one."""
    masked = Record.objects.filter(pk=found.masked_record).first() if found.masked_record else None
    typed = {name: _plain(value) for name, value in terms.items() if value}
    if record is None:
        access.look(user, masked, page, kind=AccessKind.SEARCH, terms=typed)
    else:
        access.look_and_search(user, record, page, masked=masked, terms=typed)


def search(user, terms, limit=10, *, leave_out=(), least=0):
    """Who may be meant by `terms`, best first: Found, with at most `limit` rows and one more for what is masked.

    `terms` is a dict of any of: reference; nhs_number, upn, local_id; numbers (a list: any of the three); given_name,
    family_name, preferred_name; words (a name in one piece); born_on (a date, or its ISO text); postcode (or its first
    part). Nobody whose key is in `leave_out`, and nobody with a score under `least`.
    A row: restricted False; name, also_known_as, born_on, age, is_adult, team (that has the open referral), reference
    and url (of a referral that the reader may open, else ""), link (what the url opens), marked_restricted, matches
    (what agrees, in words), score, pick. A masked one: restricted True and text, nothing else.
    """
    if not user.has_role(*SEARCHERS):
        return Found([])
    query = described(terms)
    ranked = [
        person
        for person in _ranked(user, terms, query, limit)
        if person["pk"] not in leave_out and person["score"] >= least
    ]
    rights = Rights(user, [person["pk"] for person in ranked])
    for person in ranked:
        person["reference"], person["record__restricted"] = rights.records[person["pk"]]
    rows, masked = [], []
    for person in ranked:
        if not rights.hides(person):
            if len(rows) < limit:
                rows.append(_row(user, person, rights))
        elif person["by_number"] or _named_in_full(person, query):
            masked.append(person["pk"])
    if masked:
        rows.append({"restricted": True, "text": f"Restricted record: contact {settings.DUTY_DESK}"})
    return Found(rows, masked[0] if len(masked) == 1 else None)


def described(terms):
    """What the terms say of a name and a date of birth, as names.Described."""
    born_on = terms.get("born_on")
    return names.Described(
        given_name=terms.get("given_name") or "",
        family_name=terms.get("family_name") or "",
        preferred_name=terms.get("preferred_name") or "",
        words=terms.get("words") or "",
        born_on=date.fromisoformat(born_on) if isinstance(born_on, str) and born_on else born_on or None,
        postcode=terms.get("postcode") or "",
    )


# --- Picks ------------------------------------------------------------------------------------------------------------


def pick_of(user, reference):
    """A sealed word for one person of a search, good for `user` alone and for half a day."""
    return signing.dumps(reference, salt=_salt(user))


def unsign_pick(user, pick):
    """The reference of the person that `pick` stands for; None where it is not this user's, is broken or too old."""
    try:
        return signing.loads(pick, salt=_salt(user), max_age=PICK_KEPT)
    except signing.BadSignature:
        return None


def _salt(user):
    return f"referrals.people.pick:{user.reference}"


# --- Finding ----------------------------------------------------------------------------------------------------------


def _ranked(user, terms, query, limit):
    """Persons as dicts with score, matches and by_number; best first, nobody from whom the reader is barred."""
    by_number = _keys_by_number(terms)
    ranked, seen = _scored(candidates.numbered(user, by_number), query, terms, by_number), set(by_number)

    def sharing(keys, most):
        found = candidates.sharing(user, keys, most, first=names.born_that_day(query))
        near = _nearest([person for person in found if person["pk"] not in seen], query, COMPARED * limit)
        seen.update(person["pk"] for person in near)
        return _scored(near, query, terms, by_number)

    if query.has_name or query.born_on or query.postcode:
        keys = names.keys_for_query(query)
        told_apart = query.two_names and query.born_on
        ranked += sharing(keys, READ * limit if told_apart else MANY)
        if query.has_name and not any(person["score"] >= likeness.GOOD for person in ranked):
            if told_apart:
                ranked += sharing(keys, MANY)
            ranked += sharing(names.wider_keys_for_query(query), MANY)
    ranked.sort(key=lambda person: (-person["score"], person["pk"]))
    return ranked[:RANKED]


def _keys_by_number(terms):
    """Keys of the persons whom a reference or number of the terms names exactly. Of a record that is joined to another
    it is the one that stands."""
    numbers = [str(terms[name]) for name in ("nhs_number", "upn", "local_id") if terms.get(name)]
    numbers += [str(number) for number in terms.get("numbers") or ()]
    numbers = sorted({spelt for number in numbers for spelt in (number, number.upper(), number.lower())})
    reference = terms.get("reference")
    found = []
    if numbers:
        found += [
            Person.objects.filter(nhs_number__in=numbers).values_list(_standing()),
            Person.objects.filter(upn__in=numbers).values_list(_standing()),
            ExternalId.objects.filter(value__in=numbers, record__person__isnull=False).values_list(
                Coalesce("record__person__joined_to", "record")
            ),
        ]
    if reference:
        found += [
            Person.objects.filter(record__reference=reference).values_list(_standing()),
            Referral.objects.filter(record__reference=reference).values_list("person"),
        ]
    if not found:
        return set()
    return {key for (key,) in found[0].union(*found[1:])}


def _standing():
    return Coalesce("joined_to", "pk")


def _nearest(found, query, most):
    """Of many who were found by two names the `most` whose names are nearest at a glance; and whoever has other
    names, or was named in full: a restricted record is told of then, whatever the given name (B8)."""
    if len(found) <= most or not query.two_names:
        return found
    given, family = query.two_names
    nearness = [(_at_a_glance(person, given, family), -at) for at, person in enumerate(found)]
    least = nlargest(most, nearness)[-1]
    return [
        person
        for person, near in zip(found, nearness, strict=True)
        if near >= least
        or person["aliases"]
        or person["preferred_name"]
        or (query.born_on and person["born_on"] == query.born_on and _surname_is_in(_surname(person), query))
    ]


def _at_a_glance(person, given, family):
    """How near the person's names are to these two, in either order: roughly what likeness.score says of them."""
    one, other = person["given_name"].lower(), person["family_name"].lower()
    alike = JaroWinkler.similarity
    return max(alike(one, given) + alike(other, family), alike(one, family) + alike(other, given))


def _scored(found, query, terms, by_number):
    """Those of them who answer."""
    scored = []
    for person in found:
        person["by_number"] = person["pk"] in by_number
        score, matches = _likeness(person, query)
        if person["by_number"]:
            score, matches = score + BY_NUMBER, [_said_of_number(person, terms), *matches]
        elif score < likeness.SHOWN_FROM:
            continue
        person["score"], person["matches"] = score, matches
        scored.append(person)
    return scored


def _likeness(person, query):
    """How well the person answers under the name that answers best, and what agrees."""
    described = _as_described(person)
    score, matches = likeness.score(described, query)
    for under_another_name in names.also_known(described, person["aliases"]):
        other, said = likeness.score(under_another_name, query)
        if other > score:
            score, matches = other, ["known by another name", *said]
    return score, matches


def _as_described(person):
    return names.Described(
        given_name=person["given_name"],
        family_name=person["family_name"],
        preferred_name=person["preferred_name"],
        born_on=person["born_on"],
        estimated=person["birth_precision"] == BirthPrecision.ESTIMATED,
        postcode="" if person["address_confidential"] else person["postcode"],
    )


def _said_of_number(person, terms):
    numbers = {str(number).upper() for number in terms.get("numbers") or ()}
    if person["nhs_number"] and person["nhs_number"] in {*numbers, terms.get("nhs_number")}:
        return "same NHS number"
    if person["upn"] and person["upn"] in {*numbers, str(terms.get("upn") or "").upper()}:
        return "same UPN"
    if terms.get("reference"):
        return "same reference"
    joined = Person.objects.filter(joined_to=person["pk"])
    if joined.filter(Q(nhs_number__in=numbers) | Q(upn__in=numbers)).exists():
        return "same number on a record that was joined to this one"
    return "same number in the main case system"


def _named_in_full(person, query):
    """Whether the terms give the person's whole surname and the full date of birth (B8)."""
    if query.born_on is None or query.born_on != person["born_on"]:
        return False
    described = _as_described(person)
    every_name = (described, *names.also_known(described, person["aliases"]))
    return any(_surname_is_in(names.words_of(each.family_name), query) for each in every_name)


def _surname(person):
    return names.words_of(person["family_name"])


def _surname_is_in(surname, query):
    if not surname:
        return False
    typed = names.words_of(query.words) or (*names.words_of(query.family_name), *names.words_of(query.given_name))
    if set(surname) <= set(typed):
        return True
    joined = {one + other for one, other in zip(typed, typed[1:], strict=False)}
    return "".join(surname) in joined | set(typed)


# --- Rows ------------------------------------------------------------------------------------------------------------


def _row(user, person, rights):
    held, opens = rights.open_referral(person), rights.opens(person)
    reference = opens["record__reference"] if opens else ""
    preferred = person["preferred_name"]
    return {
        "restricted": False,
        "marked_restricted": rights.restricted(person),
        "name": f"{person['given_name']} {person['family_name']}".strip(),
        "also_known_as": preferred if preferred != person["given_name"] else "",
        "born_on": _born_in_words(person),
        "age": _age_in_words(person),
        "is_adult": person["is_adult"],
        "team": (held["record__holding_team__name"] or "not yet with a team") if held else NO_OPEN_REFERRAL,
        "reference": reference,
        "url": reverse("referrals:case", args=[reference]) if reference else "",
        "link": (OPEN_REFERRAL if opens["state"] in OPEN else EARLIER_REFERRAL) if opens else "",
        "matches": person["matches"],
        "score": person["score"],
        "pick": pick_of(user, person["reference"]),
    }


def _born_in_words(person):
    day = words.day(person["born_on"])
    if person["birth_precision"] == BirthPrecision.ESTIMATED:
        return "date of birth estimated"  # the age beside it says what was said; the day was made up
    if person["birth_precision"] == BirthPrecision.EXPECTED:
        return f"expected {day}"
    return day or "date of birth not known"


def _age_in_words(person):
    if person["birth_precision"] == BirthPrecision.EXPECTED and person["born_on"] > clock.today():
        return "not yet born"
    years = words.age(person["born_on"])
    if years is None:
        return "age not known"
    about = "about " if person["birth_precision"] == BirthPrecision.ESTIMATED else ""
    return f"{about}{words.count(years, 'year')} old" if years else f"{about}under 1 year old"


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value

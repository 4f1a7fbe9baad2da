"""Joining two records of one child (practice.md B22): in what they differ, what moves, and what stands in the way."""

import json
from dataclasses import dataclass

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q

from hsb.core import journal
from hsb.core.asked_once import asked_once, foresee
from hsb.core.fetched import fetch
from hsb.core.models import AccessBar, ExternalId
from referrals.models import Marker, Person, PersonLock, Referral, Relationship
from referrals.permissions import can_manage
from referrals.related import moving
from referrals.selectors.identity import DAY_NOT_KNOWN, GROUPS
from referrals.selectors.person_details import MAIN_SYSTEM, one_line
from referrals.states import OPEN, LockKind, ReferralState

# Fields that only say something together: one answer for all of them.
TOGETHER = (
    ("born_on", "birth_precision"),
    ("first_language", "language_name"),
    ("upn", "upn_unknown"),
    ("school", "school_from", "school_absent"),
    ("gp", "gp_absent"),
    ("address", "postcode", "address_confidential", "address_from", "address_absent"),
    ("other_authority", "authority_unknown"),
)
# What is no detail of the child, or (the other names) is kept of both.
NO_DETAIL = {"record", "version", "joined_to", "aliases"}
# Each is only once in the borough: whoever gives it up has it no longer.
NUMBERS = ("nhs_number", "upn")
LOCAL_ID = "local_id"
# From where a referral can be attached to another (B23).
ATTACHABLE = (ReferralState.RECEIVED, ReferralState.ASSESSING)
# What an empty field says too: a child of this borough, who is not looked after.
ALWAYS_SAID = ("looked_after", "other_authority")


# --- In what they differ ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """Fields in which two records differ, and what each says. `takes` is what is suggested: the other's value."""

    name: str
    fields: tuple
    label: str
    ours: str
    theirs: str
    takes: bool


def differences(into, other):
    """Difference for every detail in which the records differ, in the order of the details."""
    return [found for group in details() if (found := _difference(group, into, other)) is not None]


def details():
    """Every detail of a person, as tuples of fields that only say something together."""
    together = {name: group for group in TOGETHER for name in group}
    names = [field.name for field in Person._meta.concrete_fields if field.name not in NO_DETAIL]
    groups = [together.get(name, (name,)) for name in names]
    return list(dict.fromkeys([*groups, (LOCAL_ID,)]))


def value(person, name):
    """What a person's record says in that field; of the number in the main case system too."""
    return local_id(person) if name == LOCAL_ID else getattr(person, name)


@asked_once
def local_id(person):
    """The person's number in the main case system; "" where there is none."""
    return _local_ids(person).values_list("value", flat=True).first() or ""


def _local_ids(*persons):
    return ExternalId.objects.filter(record__in=[person.pk for person in persons], system=MAIN_SYSTEM)


def _difference(group, into, other):
    if all(value(into, name) == value(other, name) for name in group):
        return None
    label = "Child or adult" if "is_adult" in group else _facts(group)[0].label
    said = _says(other, group)
    return Difference(group[0], group, label, _says(into, group), said, takes=bool(said) and not _says(into, group))


def _facts(group):
    """The rows of a person's page that are made of these fields."""
    return [fact for _, _, facts in GROUPS for fact in facts if {*fact.names} & {*group}]


def _says(person, group):
    """The values of fields as a person reads them; "" where nothing is known."""
    if "born_on" in group:
        return one_line(person) if person.born_on else ""
    if "is_adult" in group:
        return "Adult" if person.is_adult else "Child"
    if LOCAL_ID in group:
        return local_id(person)
    if "address" in group and person.address_confidential:
        return "A confidential address"
    defaults = {name: Person._meta.get_field(name).get_default() for name in group}
    if group[0] not in ALWAYS_SAID and all(value(person, name) in ("", default) for name, default in defaults.items()):
        return ""
    said = [fact.said(person) for fact in _facts(group) if fact.names != ("address_confidential",)]
    return ", ".join(part for part in said if part != DAY_NOT_KNOWN)


# --- What is asked of both --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moving:
    """The rows of one relation: those that move, those that stay because the other record says the same."""

    relation: object
    keys: frozenset
    twice: frozenset


class TwoRecords:
    """The record that stands (`into`), the one that is joined to it (`other`), and what is asked of both before that:
    read in one statement, with the querysets `beside` it."""

    def __init__(self, into, other, beside=()):
        self.into, self.other = into, other
        keys = [relation.rows(other.pk).values_list("pk", flat=True) for relation in moving()]
        twice = [relation.standing_twice(other.pk, into.pk).values_list("pk", flat=True) for relation in moving()]
        numbers = _local_ids(into, other).values_list("record", "value")
        of_other = [
            Person.objects.filter(joined_to=other).values_list("pk", flat=True),
            Marker.objects.in_force().filter(person=other.pk).values_list("pk", flat=True),
        ]
        of_both = [
            _locks_between(into, other).values_list("pk", flat=True),
            _relationships_of(into, other).values_list("person", "other", "kind"),
            _open_of(into, other),
            AccessBar.objects.filter(record__in=[into.pk, other.pk], lifted_at__isnull=True).values_list(
                "record", "user"
            ),
        ]
        fetch(*keys, *twice, numbers, *of_other, *of_both, *beside)
        self.moves = [
            Moving(relation, frozenset(all_of_it) - frozenset(there), frozenset(there))
            for relation, all_of_it, there in zip(moving(), keys, twice, strict=True)
            if all_of_it
        ]
        self._joined_to_other, self._markers = of_other
        self._locks, self._relationships, self._open, self._bars = of_both
        for one in (into, other):
            foresee(one, {local_id: dict(numbers).get(one.pk, "")})

    @property
    def differences(self):
        """Difference for every detail in which they differ."""
        return differences(self.into, self.other)

    @property
    def seen(self):
        """The digest of what the page of joining shows."""
        rows = [(each.relation.name, sorted(map(str, each.keys)), sorted(map(str, each.twice))) for each in self.moves]
        return digest_of(self.into.version, self.other.version, rows)

    def in_the_way(self):
        """Sentences of what must be done before these two are joined."""
        into, other, found = self.into, self.other, []
        if into.pk == other.pk:
            return ["These are not two records."]
        for one in (into, other):
            if one.joined_to_id:
                found.append(f"{one.reference} is joined to another record already.")
        if self._joined_to_other:
            found.append(
                f"Another record is joined to {other.reference}. Keep {other.reference} and join {into.reference} to "
                "it, or part the others first."
            )
        if self._locks:
            found.append(
                "These two are never joined: it is recorded that they are not the same person, or must not be."
            )
        if self._markers:
            # A marker must not be lost from sight: it is added where everybody sees it, and ended where it was.
            found.append(
                f"{other.reference} has a marker in force. Add it to {into.reference}, end it on {other.reference}, "
                "then join the records."
            )
        return found + self._related() + self._open_twice() + self._worker_barred()

    def _related(self):
        mine, theirs = self._related_to(self.into), self._related_to(self.other)
        found = []
        if any(self.other.pk == key for key, _ in mine):
            found.append(
                "The two are recorded as related to each other. If this is one child, end that relationship as "
                "recorded by mistake, then join the records."
            )
        if mine & theirs:
            found.append(
                "Both are recorded as related to one person in the same way. End one of these relationships as "
                "recorded by mistake, then join the records."
            )
        return found

    def _related_to(self, person):
        """{(key of the other person, kind)} of the relationships that hold."""
        return {
            (other if one == person.pk else one, kind)
            for one, other, kind in self._relationships
            if person.pk in (one, other)
        }

    def _open_of(self, person):
        return [referral for referral in self._open if referral.person_id == person.pk]

    def _open_twice(self):
        mine, theirs = self._open_of(self.into), self._open_of(self.other)
        if not mine or not theirs or any(one.is_undecided for one in (*mine, *theirs)):
            return []
        return [
            f"Both have an open referral with a service: {_held(mine[0])} and {_held(theirs[0])}. "
            "Close one of them, then join the records."
        ]

    def _worker_barred(self):
        found = []
        for one, another in ((self.into, self.other), (self.other, self.into)):
            barred = {user for record, user in self._bars if record == one.pk}
            found += [
                f"{held.worker.name} has {held.reference} and is barred from the other record: name another worker "
                "first."
                for held in self._open_of(another)
                if held.worker_id in barred
            ]
        return found

    def what_follows(self):
        """Sentences of what holds afterwards."""
        into, other, said = self.into, self.other, []
        mine, theirs = self._open_of(into), self._open_of(other)
        if mine and theirs:
            said.append(
                f"The child then has two open referrals, {_held(mine[0])} and {_held(theirs[0])}. Attach the one that "
                "is not decided to the other next."
            )
        if into.record.restricted or other.record.restricted:
            said.append("The joined record is restricted: the stricter of the two holds. Each referral stays as it is.")
        if self._bars:
            said.append("Whoever is barred from one of the two is barred from both.")
        said.append(
            f"{other.full_name} is kept as another name, so that the child is found and hidden under it too. The "
            f"address of {other.reference} leads to {into.reference}."
        )
        return said


def _locks_between(into, other):
    """The locks for which these two, or records that are joined to them, are never joined."""
    mine, theirs = (Person.objects.filter(Q(pk=one.pk) | Q(joined_to=one.pk)).values("pk") for one in (into, other))
    adopted = Q(kind=LockKind.ADOPTED) & (Q(person__in=mine) | Q(person__in=theirs))
    pair = Q(person__in=mine, other__in=theirs) | Q(person__in=theirs, other__in=mine)
    return PersonLock.objects.filter(adopted | (Q(kind=LockKind.NOT_THE_SAME) & pair))


def _relationships_of(*persons):
    """The relationships of these persons that hold."""
    return Relationship.objects.filter(Q(person__in=persons) | Q(other__in=persons), ended_at__isnull=True)


def _open_of(*persons):
    """Their open referrals, the first received first."""
    rows = Referral.objects.filter(person__in=persons, state__in=OPEN).select_related("record__holding_team", "worker")
    return rows.order_by("received_at", "pk")


def _held(referral):
    team = referral.record.holding_team
    return f"{referral.reference} with {team.name}" if team else referral.reference


def in_words(moved):
    """The rows of a preview: what moves, how many, and what stays."""
    return [
        [
            {"text": in_capital(_counted(each.relation, each.keys or each.twice, number=False))},
            {"text": str(len(each.keys))},
            {"text": _twice_in_words(each)},
        ]
        for each in moved
    ]


PREVIEW_COLUMNS = ("What", "Move", "Stay")


def _twice_in_words(each):
    return f"{len(each.twice)}: the record that stands says the same" if each.twice else "None"


def _counted(relation, keys, *, number=True):
    called = relation.rule.one if len(keys) == 1 else relation.rule.many
    return f"{len(keys)} {called}" if number else called


def in_capital(text):
    """The text with a capital letter at its beginning."""
    return text[:1].upper() + text[1:]


def cases_of(person, user):
    """The person's referrals that `user` may open, the last received first."""
    return Referral.objects.visible_to(user).filter(person=person).select_related("record").order_by("-received_at")


def case_of(cases):
    """Of some referrals an open one before another; None where there is none."""
    return next((one for one in cases if one.state in OPEN), next(iter(cases), None))


def attach_next(into, user):
    """The referral that `user` can attach where the child has two open ones now; None where there is none."""
    held = list(_open_of(into))
    mine = [one for one in held if one.state in ATTACHABLE and can_manage(one, user)]
    return mine[-1] if len(held) > 1 and mine else None


def digest_of(*parts):
    """What tells a page that was overtaken: the same while nothing of what it shows has changed."""
    return journal.digest_of_text(json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True, default=str))

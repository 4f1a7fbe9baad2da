"""Two records of one child: which are likely, what joining them moves, and what parting them gives back (B8, B22)."""

import json
from dataclasses import dataclass, field

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Q, Value
from django.urls import reverse

from hsb.core import journal, words
from hsb.core.fetched import fetch
from hsb.core.models import AccessBar, ExternalId
from referrals import likeness
from referrals.models import Marker, Person, PersonJoin, PersonLock, Referral, Relationship
from referrals.permissions import can_join, can_manage
from referrals.related import moving
from referrals.selectors import people
from referrals.selectors.found import hit
from referrals.selectors.identity import DAY_NOT_KNOWN, GROUPS
from referrals.selectors.person_details import MAIN_SYSTEM, one_line
from referrals.selectors.reading import Reading
from referrals.states import OPEN, BirthPrecision, LockKind, ReferralState, RowWas

SHOWN = 10
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


# --- Who may be the same child ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Likely:
    """Who may be the same child, as `user` may see them (B8). `found` is what the search gave, to be recorded."""

    terms: dict
    found: people.Found
    rows: list
    masked: str


def likely(user, person):
    """Likely: the persons who answer well to what is known of `person`, and why; nobody who is locked."""
    terms = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "preferred_name": person.preferred_name,
        "born_on": None if person.birth_precision == BirthPrecision.UNKNOWN else person.born_on,
        "postcode": "" if person.address_confidential else person.postcode,
    }
    never = never_offered(person)
    if never is None or person.joined_to_id:
        return Likely({}, people.Found([]), [], "")
    found = people.search(user, terms, limit=SHOWN, leave_out={person.pk, *never}, least=likeness.GOOD)
    masked = next((row["text"] for row in found.rows if row["restricted"]), "")
    rows = [_hit(user, row) for row in found.rows if not row["restricted"]]
    return Likely({"same_as": person.reference}, found, rows, masked)


def _hit(user, row):
    return {**hit(row), "reference": people.unsign_pick(user, row["pick"]), "url": row["url"]}


def never_offered(person):
    """Keys of the persons who are not `person`, whatever they look like; None where that is everybody."""
    mine = Person.objects.filter(Q(pk=person.pk) | Q(joined_to=person)).values("pk")
    locks = PersonLock.objects.order_by()
    adopted, pairs = locks.filter(kind=LockKind.ADOPTED), locks.filter(kind=LockKind.NOT_THE_SAME)
    every = adopted.union(pairs.filter(person__in=mine), pairs.filter(other__in=mine))
    columns = ("kind", "person", "person__joined_to", "other", "other__joined_to")
    named = set()
    for kind, *keys in every.values_list(*columns):
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


# --- Joining ----------------------------------------------------------------------------------------------------------


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
    if name == LOCAL_ID:
        numbers = ExternalId.objects.filter(record=person.pk, system=MAIN_SYSTEM)
        return numbers.values_list("value", flat=True).first() or ""
    return getattr(person, name)


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
        return value(person, LOCAL_ID)
    if "address" in group and person.address_confidential:
        return "A confidential address"
    defaults = {name: Person._meta.get_field(name).get_default() for name in group}
    if group[0] not in ALWAYS_SAID and all(value(person, name) in ("", default) for name, default in defaults.items()):
        return ""
    said = [fact.said(person) for fact in _facts(group) if fact.names != ("address_confidential",)]
    return ", ".join(part for part in said if part != DAY_NOT_KNOWN)


@dataclass(frozen=True)
class Moving:
    """The rows of one relation: those that move, those that stay because the other record says the same."""

    relation: object
    keys: frozenset
    twice: frozenset


def what_moves(other, into):
    """Moving for each relation of which `other` has rows."""
    found, relations = [], list(moving())
    first, *others = (_keys(relation, place, other) for place, relation in enumerate(relations))
    keys_at = {}
    for place, key in first.union(*others, all=True):
        keys_at.setdefault(place, set()).add(key)
    for place, relation in enumerate(relations):
        if keys := keys_at.get(place):
            twice = relation.would_stand_twice(other.pk, into.pk)
            found.append(Moving(relation, frozenset(keys - twice), frozenset(twice)))
    return found


def _keys(relation, place, other):
    """(place, key) of each row of the relation."""
    return relation.rows(other.pk).order_by().annotate(of_relation=Value(place)).values_list("of_relation", "pk")


def in_words(moved):
    """The rows of a preview: what moves, how many, and what stays."""
    return [
        [
            {"text": _capital(_counted(each.relation, each.keys or each.twice, number=False))},
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


def _capital(text):
    return text[:1].upper() + text[1:]


def in_the_way(into, other):
    """Sentences of what must be done before these two are joined."""
    found = []
    if into.pk == other.pk:
        return ["These are not two records."]
    for one in (into, other):
        if one.joined_to_id:
            found.append(f"{one.reference} is joined to another record already.")
    if Person.objects.filter(joined_to=other).exists():
        found.append(
            f"Another record is joined to {other.reference}. Keep {other.reference} and join {into.reference} to it, "
            "or part the others first."
        )
    never = never_offered(into)
    if never is None or never_offered(other) is None or other.pk in (never or ()):
        found.append("These two are never joined: it is recorded that they are not the same person, or must not be.")
    return found + _marked(into, other) + _related(into, other) + _open_twice(into, other) + _worker_barred(into, other)


def _marked(into, other):
    """A marker must not be lost from sight: it is added where everybody sees it, and ended where it was."""
    if not Marker.objects.in_force().filter(person=other.pk).exists():
        return []
    return [
        f"{other.reference} has a marker in force. Add it to {into.reference}, end it on {other.reference}, then join "
        "the records."
    ]


def _related(into, other):
    mine, theirs = (_relationships_of(person) for person in (into, other))
    found = []
    if any(other.pk == key for key, _ in mine):
        found.append(
            "The two are recorded as related to each other. If this is one child, end that relationship as recorded by "
            "mistake, then join the records."
        )
    if mine & theirs:
        found.append(
            "Both are recorded as related to one person in the same way. End one of these relationships as recorded by "
            "mistake, then join the records."
        )
    return found


def _relationships_of(person):
    """{(key of the other person, kind)} of the relationships that hold."""
    rows = Relationship.objects.filter(Q(person=person) | Q(other=person), ended_at__isnull=True)
    return {
        (other if one == person.pk else one, kind) for one, other, kind in rows.values_list("person", "other", "kind")
    }


def _open_of(person):
    rows = Referral.objects.filter(person=person, state__in=OPEN).select_related("record__holding_team", "worker")
    return list(rows.order_by("received_at", "pk"))


def _open_twice(into, other):
    mine, theirs = _open_of(into), _open_of(other)
    if not mine or not theirs or any(one.is_undecided for one in (*mine, *theirs)):
        return []
    return [
        f"Both have an open referral with a service: {_held(mine[0])} and {_held(theirs[0])}. "
        "Close one of them, then join the records."
    ]


def _held(referral):
    team = referral.record.holding_team
    return f"{referral.reference} with {team.name}" if team else referral.reference


def _worker_barred(into, other):
    found = []
    for one, another in ((into, other), (other, into)):
        barred = AccessBar.objects.filter(record=one.pk, lifted_at__isnull=True).values("user")
        held = Referral.objects.filter(person=another, state__in=OPEN, worker__in=barred).select_related("worker")
        found += [
            f"{each.worker.name} has {each.reference} and is barred from the other record: name another worker first."
            for each in held
        ]
    return found


def what_follows(into, other):
    """Sentences of what holds afterwards."""
    said = []
    mine, theirs = _open_of(into), _open_of(other)
    if mine and theirs:
        said.append(
            f"The child then has two open referrals, {_held(mine[0])} and {_held(theirs[0])}. Attach the one that is "
            "not decided to the other next."
        )
    if into.record.restricted or other.record.restricted:
        said.append("The joined record is restricted: the stricter of the two holds. Each referral stays as it is.")
    if AccessBar.objects.filter(record__in=[into.pk, other.pk], lifted_at__isnull=True).exists():
        said.append("Whoever is barred from one of the two is barred from both.")
    said.append(
        f"{other.full_name} is kept as another name, so that the child is found and hidden under it too. The address "
        f"of {other.reference} leads to {into.reference}."
    )
    return said


def case_of(person, user):
    """A referral of the person that `user` may open, an open one before another; None where there is none."""
    mine = Referral.objects.visible_to(user).filter(person=person).select_related("record").order_by("-received_at")
    found = list(mine)
    return next((one for one in found if one.state in OPEN), found[0] if found else None)


def attach_next(into, user):
    """The referral that `user` can attach where the child has two open ones now; None where there is none."""
    held = _open_of(into)
    mine = [one for one in held if one.state in ATTACHABLE and can_manage(one, user)]
    return mine[-1] if len(held) > 1 and mine else None


def digest_of(*parts):
    """What tells a page that was overtaken: the same while nothing of what it shows has changed."""
    return journal.digest_of_text(json.dumps(parts, cls=DjangoJSONEncoder, sort_keys=True, default=str))


def seen_for_joining(into, other):
    """The digest of what the page of joining shows."""
    rows = [
        (each.relation.name, sorted(map(str, each.keys)), sorted(map(str, each.twice)))
        for each in what_moves(other, into)
    ]
    return digest_of(into.version, other.version, rows)


# --- Parting ----------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """A row that names the record that stands."""

    relation: object
    row: object
    was: str  # of RowWas, "" for what was added since
    goes: bool = False

    @property
    def code(self):
        """What it is called in a form."""
        return f"{self.relation.model._meta.label_lower}.{self.relation.column}.{self.row.pk}"

    @property
    def referral(self):
        """The key of the referral it hangs on; None where there is none, and of a referral itself."""
        return None if isinstance(self.row, Referral) else getattr(self.row, "referral_id", None)


@dataclass
class Parting:
    """What parting would do: `goes` back, `stays` though it had come, and `added` since, of which one may choose."""

    join: PersonJoin
    goes: list = field(default_factory=list)
    stays: list = field(default_factory=list)
    added: list = field(default_factory=list)
    in_the_way: list = field(default_factory=list)


def parting(join, chosen=()):
    """Parting of a PersonJoin. `chosen` are codes of rows added since that go too.

    What came goes back where it still stands as the join left it. What hangs on a referral goes where that goes; a
    referral that was attached to another since stays with that one.
    """
    ledger = {(row.table, row.column, row.key): row.was for row in join.rows.all()}
    rows = [
        Row(relation, row, ledger.get((*relation.name, str(row.pk)), ""))
        for relation in moving()
        for row in relation.rows(join.into_id).order_by("pk")
    ]
    found = Parting(join)
    referrals = {each.row.pk: each for each in rows if isinstance(each.row, Referral)}
    for each in rows:
        if each.referral is None:
            each.goes = each.was == RowWas.MOVED or (not each.was and each.code in chosen)
    for each in referrals.values():
        target = referrals.get(each.row.attached_to_id)
        if target is None or target.goes == each.goes:
            continue
        if each.goes:
            each.goes = False
        else:
            found.in_the_way.append(
                f"{each.row.reference} was attached to {target.row.reference} since: which of them is about whom "
                "cannot be told apart any more."
            )
    twice = {relation: relation.would_stand_twice(join.into_id, join.person_id) for relation in moving()}
    for each in rows:
        if each.referral is not None:
            each.goes = each.referral in referrals and referrals[each.referral].goes
        each.goes = each.goes and each.row.pk not in twice[each.relation]
        if each.goes:
            found.goes.append(each)
        elif each.was == RowWas.MOVED:
            found.stays.append(each)
        if not each.was and each.referral is None:
            found.added.append(each)
    return found


def after_parting(join):
    """Sentences of what parting leaves to be done."""
    if not Marker.objects.in_force().filter(person=join.into_id).exists():
        return []
    return [
        f"The markers of {join.into.reference} stay there. Add each that warns of the child of {join.person.reference} "
        "to that record too, and end it where it does not belong."
    ]


def suggested(plan):
    """Codes of what was added since and follows what goes back: the next episode of a referral that goes."""
    going = {each.row.pk for each in plan.goes if isinstance(each.row, Referral)}
    return [each.code for each in plan.added if isinstance(each.row, Referral) and each.row.previous_id in going]


def called(each):
    """A Row in words: what it is, and the reference by which its page is found."""
    row = each.row
    about = next((one for one in (row, *(getattr(row, name, None) for name in HANGS_ON)) if _reference(one)), None)
    said = _capital(each.relation.rule.one)
    if hasattr(row, "get_role_display"):
        said = f"{said}: {row.get_role_display().lower()}"
    return f"{said}, {_reference(about)}" if about is not None else said


HANGS_ON = ("meeting", "form", "panel", "concern", "source")


def _reference(noun):
    return getattr(noun, "reference", "") if noun is not None else ""


def seen_for_parting(join):
    """The digest of what the page of parting shows."""
    plan = parting(join)
    return digest_of(
        join.pk,
        join.into.version,
        [[each.code for each in rows] for rows in (plan.goes, plan.stays, plan.added)],
        plan.in_the_way,
    )

"""Parting two records that were joined as one child's: what goes back, and what stays (practice.md B22)."""

from dataclasses import dataclass, field

from hsb.core.fetched import fetch
from referrals.models import Marker, PersonJoin, Referral
from referrals.related import moving
from referrals.selectors.two_records import digest_of, in_capital
from referrals.states import RowWas


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

    @property
    def seen(self):
        """The digest of what the page of parting shows; of a plan in which nothing was chosen."""
        rows = [[each.code for each in rows] for rows in (self.goes, self.stays, self.added)]
        return digest_of(self.join.pk, self.join.into.version, rows, self.in_the_way)


def parting(join, chosen=(), beside=()):
    """Parting of a PersonJoin. `chosen` are codes of rows added since that go too; `beside` are querysets that are read
    with all this.

    What came goes back where it still stands as the join left it. What hangs on a referral goes where that goes; a
    referral that was attached to another since stays with that one.
    """
    then = join.rows.all()
    now = {relation: _named_with(relation, relation.rows(join.into_id)) for relation in moving()}
    twice = {
        relation: relation.standing_twice(join.into_id, join.person_id).values_list("pk", flat=True) for relation in now
    }
    fetch(then, *now.values(), *twice.values(), *beside)
    ledger = {(row.table, row.column, row.key): row.was for row in then}
    rows = [
        Row(relation, row, ledger.get((*relation.name, str(row.pk)), ""))
        for relation, stand in now.items()
        for row in sorted(stand, key=lambda row: row.pk)
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


def markers_that_stay(join):
    """The markers in force of the record that stands."""
    return Marker.objects.in_force().filter(person=join.into_id)


def after_parting(join, markers):
    """Sentences of what parting leaves to be done; `markers` are those that stay."""
    if not markers:
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
    said = in_capital(each.relation.rule.one)
    if hasattr(row, "get_role_display"):
        said = f"{said}: {row.get_role_display().lower()}"
    return f"{said}, {_reference(about)}" if about is not None else said


HANGS_ON = ("meeting", "form", "panel", "concern", "source")


def _named_with(relation, rows):
    """The rows, with what `called` names them by."""
    names = tuple(_named_in(relation))
    return rows.select_related(*names) if names else rows  # of no name Django would follow every key


def _named_in(relation):
    names = {field.name: field.related_model for field in relation.model._meta.concrete_fields if field.related_model}
    for name in ("record", *HANGS_ON):
        if name in names:
            yield f"{name}__record" if hasattr(names[name], "record") else name


def _reference(noun):
    return getattr(noun, "reference", "") if noun is not None else ""

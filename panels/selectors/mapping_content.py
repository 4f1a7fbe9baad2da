"""What a map says, as plain data: from the tables while it is written, from its snapshot once it is closed.

{"nodes": [...], "links": [...], "actions": [...], "taken_out": [...]} and the meeting's own words. Persons are named in
it: nobody is shown any of it but through panels.selectors.mapping_reading.
"""

from django.db.models import OuterRef

from hsb.core import words
from hsb.core.models import Action, Task
from hsb.core.rows_beside import Beside, RowsBeside
from hsb.core.states import PlaceKind
from panels.models import MapLink, MapNode
from panels.states import Basis, LinkKind, NodeKind
from referrals.models import Referral
from referrals.states import OPEN
from strategy_meetings.states import Reliability

# A place of these kinds is somebody's address.
ADDRESSES = (PlaceKind.HOME, PlaceKind.PLACEMENT)


# What the pages of a mapping meeting ask of it, read with the meeting itself.
BESIDE = Beside(
    {
        "nodes": RowsBeside(
            MapNode.objects.filter(meeting=OuterRef("pk")), ("person", "place", "group", "taken_out_by"), ("number",)
        ),
        "links": RowsBeside(
            MapLink.objects.filter(meeting=OuterRef("pk")), ("one", "other", "taken_out_by"), ("number",)
        ),
        "actions": RowsBeside(
            Action.objects.filter(source=OuterRef("pk"), cancelled_at__isnull=True), ("owner",), ("number",)
        ),
        "tasks": RowsBeside(Task.objects.open().filter(record=OuterRef("pk")), ("owner",), ("due_on", "pk")),
    }
)


def as_it_stands(meeting, referrals=None):
    """The map as the tables have it, in a constant number of queries; `referrals` are the rows of
    `asking_of_referrals` of everybody who is on it, or was."""
    rows, links, actions = BESIDE.of(meeting, "nodes", "links", "actions").values()
    held = holding(asking_of_referrals(persons_of(meeting)) if referrals is None else referrals)
    standing = [row for row in rows if row.taken_out_at is None]
    return {
        "purpose": meeting.purpose,
        "question": meeting.question,
        "attended": meeting.attended,
        "nodes": [_node(row, held) for row in standing],
        "links": [_link(row) for row in links if row.taken_out_at is None],
        "actions": [_action(row) for row in actions],
        "taken_out": [
            *({**_out(row), "node": _node(row, held)} for row in rows if row.taken_out_at is not None),
            *({**_out(row), "link": _link(row)} for row in links if row.taken_out_at is not None),
        ],
    }


def persons_of(meeting):
    """Keys of the persons who are on the map as the tables have it, or were."""
    return {row.person_id for row in BESIDE.of(meeting, "nodes")["nodes"] if row.person_id}


def referrals_of(persons):
    """Key of person -> the referral that tells who has them: the open one, else the last; in one query."""
    return holding(asking_of_referrals(persons))


def asking_of_referrals(persons):
    found = Referral.objects.filter(person__in=persons).order_by("received_at", "pk")
    return found.select_related("record__holding_team", "worker", "person")


def holding(referrals):
    """What `referrals_of` gives, of these rows."""
    found = {}
    for referral in referrals:
        before = found.get(referral.person_id)
        if before is None or referral.state in OPEN or before.state not in OPEN:
            found[referral.person_id] = referral
    return found


def _node(row, held):
    name, about = _subject(row)
    referral = held.get(row.person_id)
    if referral is not None:
        team = referral.record.holding_team
        about.append(f"{'Was with' if referral.has_ended else 'With'} {team.name if team else 'no team yet'}")
    return {
        "number": row.number,
        "kind": row.kind,
        "person": row.person_id,
        "referral": referral.reference if referral else "",
        "name": name,
        "about": "; ".join(part for part in about if part),
        "address": row.kind == NodeKind.PLACE and row.place.kind in ADDRESSES,
        "note": row.note,
        "no_action_because": row.no_action_because,
    }


def _subject(row):
    if row.kind == NodeKind.PERSON:
        years = words.age(row.person.born_on)
        age = "Adult" if row.person.is_adult else "Age not known" if years is None else f"{years} years old"
        return row.person.known_as, [age, row.person.school]
    if row.kind == NodeKind.PLACE:
        return row.place.name, [row.place.get_kind_display(), row.place.postcode]
    return row.group.name, []


def _link(row):
    return {
        "number": row.number,
        "one": row.one.number,
        "other": row.other.number,
        "kind": LinkKind(row.kind).label,
        "said_by": row.said_by,
        "said_on": row.said_on.isoformat(),
        "reliability": Reliability(row.reliability).label,
        "basis": row.basis,
        "basis_in_words": Basis(row.basis).label,
        "until": row.until.isoformat() if row.until else "",
    }


def _out(row):
    return {"by": row.taken_out_by.name, "on": words.day(row.taken_out_at), "because": row.taken_out_because}


def _action(row):
    return {
        "number": row.number,
        "node": int(row.about),
        "what": row.what,
        "who": row.who,
        "agency": row.agency,
        "due_on": row.due_on.isoformat(),
        "done_on": row.done_on.isoformat() if row.done_on else "",
    }

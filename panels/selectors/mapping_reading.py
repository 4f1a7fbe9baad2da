"""What of a map a reader may read: the one place where a name becomes "another person" or "restricted".

Who holds the meeting reads the map; whoever may open the referral of a person on it reads that person, places and
groups. A restricted person is restricted to everybody who may not open what makes it so. Asked with today's rights,
also of a map that was frozen. What anybody typed, and what places and groups are called, goes through `hide`.
"""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects

from hsb.core.asked_once import foresee
from hsb.core.fetched import fetch
from hsb.core.models import Record
from panels.models import MapNode, MappingMeeting, MapSnapshot
from panels.selectors.mapping_content import BESIDE, as_it_stands, asking_of_referrals, holding, persons_of
from panels.states import MappingState, NodeKind
from referrals.models import Person, Referral
from referrals.spelling import hider

OTHER, RESTRICTED, ADDRESS = "Another person", "Restricted", "An address"
NOT_YOURS = "Not yours to read"
# The same in the middle of what somebody typed.
OTHER_IN_A_TEXT, RESTRICTED_IN_A_TEXT = "another person", "a restricted person"


@dataclass
class SeenNode:
    """A node as one reader sees it. Where `shown` is False nothing but its number, kind and place on the map is."""

    number: int
    kind: str
    name: str
    shown: bool
    person: int | None = None
    referral: str = ""
    opens_referral: bool = False
    about: str = ""
    note: str = ""
    no_action_because: str = ""
    actions: list = field(default_factory=list)

    @property
    def is_person(self):
        return self.kind == NodeKind.PERSON


@dataclass
class SeenLink:
    """A link as one reader sees it: `words` is what it says, None where an end of it is not theirs to read."""

    number: int
    one: SeenNode
    other: SeenNode
    words: dict | None


class Rights:
    """What one reader may know of these persons (keys), asked with today's rights in a constant number of queries;
    `beside` are querysets that are asked with them."""

    def __init__(self, user, persons, *beside):
        rows, persons, *self.beside = fetch(
            Referral.objects.filter(person__in=persons).read_by(user).select_related("record"),
            Person.objects.filter(pk__in=persons).select_related("record").order_by("pk"),
            *beside,
        )
        opened = {row.pk: row.reference for row in rows if row.opens}
        self.opened_references = set(opened.values())
        self._own = {row.person_id for row in rows if row.opens}
        restricted_by = {}
        for row in rows:
            if row.record.restricted:
                restricted_by.setdefault(row.person_id, set()).add(row.pk)
        self.persons = list(persons)
        marked = {person.pk for person in self.persons if person.record.restricted}
        alone = marked - restricted_by.keys()
        opened_alone = (
            set(Person.objects.visible_to(user).filter(pk__in=alone).values_list("pk", flat=True)) if alone else set()
        )
        # Who is restricted to everybody who may not open what makes it so, this reader too.
        self.hidden = (alone - opened_alone) | {
            person for person, keys in restricted_by.items() if not keys & opened.keys()
        }

    def reads(self, person, *, whole):
        """Whether the reader may read who this person is, on a map that they read whole or do not."""
        return person not in self.hidden and (whole or person in self._own)

    def hider_of(self, persons, *, whole):
        """A function of a text: without the names of those of these Persons of one map whom the reader does not
        read."""
        read = [person for person in persons if self.reads(person.pk, whole=whole)]
        others = [
            (person, RESTRICTED_IN_A_TEXT if person.pk in self.hidden else OTHER_IN_A_TEXT)
            for person in persons
            if not self.reads(person.pk, whole=whole)
        ]
        return hider(others, keep=read) if others else str


def hiders(meetings, user):
    """Key of meeting -> what MapReading.hide is of it, for a list of them: in a constant number of queries."""
    keys = [meeting.pk for meeting in meetings]
    nodes = MapNode.objects.filter(meeting__in=keys, person__isnull=False).select_related("person").order_by("person")
    whole, nodes = fetch(MappingMeeting.objects.read_whole_by(user).filter(pk__in=keys).values_list("pk"), nodes)
    whole = {key for (key,) in whole}
    on_them = {key: {} for key in keys}
    for node in nodes:
        on_them[node.meeting_id][node.person_id] = node.person  # once, also where they were taken out and put back
    rights = Rights(user, set().union(*on_them.values()))
    return {key: rights.hider_of(list(on_them[key].values()), whole=key in whole) for key in keys}


def reads_whole(user):
    """For `find`: whether `user` reads the whole map, which a MapReading then finds on the meeting."""
    return {"read_whole": Exists(MappingMeeting.objects.read_whole_by(user).filter(pk=OuterRef("pk")))}


class MapReading:
    """One map as one reader sees it during one request; everything is read once."""

    def __init__(self, meeting, user):
        self.meeting, self.user = meeting, user
        whole = meeting.__dict__.get("read_whole")
        if whole is None:
            whole = MappingMeeting.objects.read_whole_by(user).filter(pk=meeting.pk).exists()
        self.whole = whole
        if meeting.state == MappingState.CLOSED:
            prefetch_related_objects([meeting], Prefetch("snapshot", MapSnapshot.objects.select_related("made_by")))
            self.content = meeting.snapshot.content
            self.rights, self.held = Rights(user, self._ever), {}
        else:
            persons = persons_of(meeting)
            self.rights = Rights(user, persons, asking_of_referrals(persons))
            [referrals] = self.rights.beside
            # Key of person -> the referral that tells who has them.
            self.held = holding(referrals)
            self.content = as_it_stands(meeting, referrals)
        self._addresses = self._shown_addresses()
        self.nodes = [self._node(each) for each in self.content["nodes"]]
        self._by_number = {node.number: node for node in self.nodes}
        self.links = [self._link(each, self._by_number) for each in self.content["links"]]
        for action in self.content["actions"]:
            if (node := self._by_number.get(action["node"])) is not None and node.shown:
                typed = {name: self.hide(action[name]) for name in ("what", "who", "agency")}
                node.actions.append({**action, **typed})
        if meeting.state != MappingState.CLOSED:
            unanswered = len(self.unanswered())
            foresee(meeting, {MappingMeeting.has_nodes: bool(self.nodes), MappingMeeting.number_unanswered: unanswered})

    @cached_property
    def tasks(self):
        """The meeting's open tasks, the first due first."""
        return BESIDE.of(self.meeting, "tasks")["tasks"]

    # --- Whose right it is ---

    @cached_property
    def _ever(self):
        """{key: the name on the map} of the persons who are on it, or were."""
        everybody = [*self.content["nodes"], *(out["node"] for out in self.content["taken_out"] if "node" in out)]
        return {node["person"]: node["name"] for node in everybody if node["person"]}

    def reads_person(self, person):
        """Whether the reader may read who this person (a key) is."""
        return self.rights.reads(person, whole=self.whole)

    @cached_property
    def hide(self):
        """A function of a text: whom the reader does not read is not named in what anybody typed on the map either."""
        persons = list(self.rights.persons)
        # Who has another name since the map was frozen stands in its words by the old one.
        for key, name in self._ever.items():
            given, _, family = name.rpartition(" ")
            persons.append(Person(pk=key, given_name=given, family_name=family))
        return self.rights.hider_of(persons, whole=self.whole)

    def own_words(self, name):
        """The meeting's own free text of that name (its purpose, its question, who came)."""
        return self.hide(self.content[name])

    def _shown_addresses(self):
        """Numbers of the addresses the reader may read: somebody whom they read is linked to it, and nobody else."""
        by_number = {node["number"]: node for node in self.content["nodes"]}
        linked = {}
        for link in self.content["links"]:
            for one, other in ((link["one"], link["other"]), (link["other"], link["one"])):
                if by_number[one]["address"] and by_number[other]["kind"] == NodeKind.PERSON:
                    linked.setdefault(one, []).append(self.reads_person(by_number[other]["person"]))
        return {
            number
            for number, node in by_number.items()
            if node["address"] and all(linked.get(number, [self.whole])) and (self.whole or number in linked)
        }

    # --- As it is shown ---

    def _node(self, each):
        if each["kind"] == NodeKind.PERSON and not self.reads_person(each["person"]):
            name = RESTRICTED if each["person"] in self.rights.hidden else OTHER
            return SeenNode(each["number"], each["kind"], name, shown=False)
        if each["address"] and each["number"] not in self._addresses:
            return SeenNode(each["number"], each["kind"], ADDRESS, shown=False)
        return SeenNode(
            each["number"],
            each["kind"],
            each["name"] if each["kind"] == NodeKind.PERSON else self.hide(each["name"]),
            shown=True,
            person=each["person"],
            referral=each["referral"],
            opens_referral=each["referral"] in self.rights.opened_references,
            about=each["about"],
            # What was written about a place or a group may speak of anybody.
            note=self.hide(each["note"]) if self.whole or each["kind"] == NodeKind.PERSON else "",
            no_action_because=self.hide(each["no_action_because"]),
        )

    def _link(self, each, nodes):
        one, other = nodes[each["one"]], nodes[each["other"]]
        shown = one.shown and other.shown
        return SeenLink(each["number"], one, other, {**each, "said_by": self.hide(each["said_by"])} if shown else None)

    def node(self, number):
        """The standing node of that number, or None."""
        return self._by_number.get(number)

    def node_taken_out(self, number):
        """The node of that number that was taken out, where the reader reads it; else None."""
        return next((node for node in self._out_nodes if node.number == number and node.shown), None)

    def link_taken_out(self, number):
        """The link of that number that was taken out, where the reader reads it; else None."""
        gone = (self._link(out["link"], self._ever_there) for out in self.content["taken_out"] if "link" in out)
        return next((link for link in gone if link.number == number and link.words is not None), None)

    @cached_property
    def _out_nodes(self):
        return [self._node(out["node"]) for out in self.content["taken_out"] if "node" in out]

    @cached_property
    def _ever_there(self):
        return {node.number: node for node in (*self.nodes, *self._out_nodes)}

    def taken_out(self):
        """What was taken out, for who holds the meeting: [{"what", "by", "on", "because"}]."""
        if not self.whole:
            return []
        return [self._out(out, self._ever_there) for out in self.content["taken_out"]]

    def _out(self, out, every):
        if "node" in out:
            node = every[out["node"]["number"]]
            what, shown = f"{node.number}. {node.name}", node.shown
        else:
            link = self._link(out["link"], every)
            kind = link.words["kind"] if link.words else "a link with"
            what, shown = f"{link.one.name} {kind} {link.other.name}", link.words is not None
        because = self.hide(out["because"]) if shown else NOT_YOURS
        return {"what": what, "by": out["by"], "on": out["on"], "because": because}

    @property
    def persons(self):
        return [node for node in self.nodes if node.is_person]

    def unanswered(self):
        """How many persons on the map have neither an action nor a reason for none, also of those who are hidden."""
        acted = {action["node"] for action in self.content["actions"]}
        return [
            self._by_number[node["number"]]
            for node in self.content["nodes"]
            if node["kind"] == NodeKind.PERSON and not node["no_action_because"] and node["number"] not in acted
        ]

    def looked_at(self):
        """The records of the referrals whose child is shown: a look stands on each of them."""
        references = {node.referral for node in self.nodes if node.shown and node.referral}
        if self.meeting.state == MappingState.CLOSED:
            return Record.objects.filter(reference__in=references)
        return [referral.record for referral in self.held.values() if referral.reference in references]

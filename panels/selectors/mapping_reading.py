"""What of a map a reader may read: the one place where a name becomes "another person" or "restricted".

Who holds the meeting reads the map; whoever may open the referral of a person on it reads that person, places and
groups. A restricted person is restricted to everybody who may not open what makes it so. Asked with today's rights,
also of a map that was frozen.
"""

from dataclasses import dataclass, field

from hsb.core.models import Record
from panels.models import MappingMeeting
from panels.selectors.mapping_content import content_of
from panels.states import NodeKind
from referrals.models import Person, Referral

OTHER, RESTRICTED, ADDRESS = "Another person", "Restricted", "An address"
NOT_YOURS = "Not yours to read"


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


class MapReading:
    """One map as one reader sees it during one request; everything is read once."""

    def __init__(self, meeting, user):
        self.meeting, self.user = meeting, user
        self.whole = MappingMeeting.objects.read_whole_by(user).filter(pk=meeting.pk).exists()
        self.content = content_of(meeting)
        self._read_rights()
        self._addresses = self._shown_addresses()
        self.nodes = [self._node(each) for each in self.content["nodes"]]
        self._by_number = {node.number: node for node in self.nodes}
        self.links = [self._link(each, self._by_number) for each in self.content["links"]]
        for action in self.content["actions"]:
            if (node := self._by_number.get(action["node"])) is not None and node.shown:
                node.actions.append(action)

    # --- Whose right it is ---

    def _read_rights(self):
        everybody = [*self.content["nodes"], *(out["node"] for out in self.content["taken_out"] if "node" in out)]
        persons = {node["person"] for node in everybody if node["person"]}
        rows = list(Referral.objects.filter(person__in=persons).values_list("pk", "person", "record__restricted"))
        opened = Referral.objects.visible_to(self.user).filter(person__in=persons)
        opened = dict(opened.values_list("pk", "record__reference"))
        self._opened_references = set(opened.values())
        self._own = {person for key, person, _ in rows if key in opened}
        restricted_by = {}
        for key, person, restricted in rows:
            if restricted:
                restricted_by.setdefault(person, set()).add(key)
        marked = set(Record.objects.filter(pk__in=persons, restricted=True).values_list("pk", flat=True))
        alone = marked - restricted_by.keys()
        opened_alone = (
            set(Person.objects.visible_to(self.user).filter(pk__in=alone).values_list("pk", flat=True))
            if alone
            else set()
        )
        self._hidden = (alone - opened_alone) | {
            person for person, keys in restricted_by.items() if not keys & opened.keys()
        }

    def reads_person(self, person):
        """Whether the reader may read who this person (a key) is."""
        return person not in self._hidden and (self.whole or person in self._own)

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
            name = RESTRICTED if each["person"] in self._hidden else OTHER
            return SeenNode(each["number"], each["kind"], name, shown=False)
        if each["address"] and each["number"] not in self._addresses:
            return SeenNode(each["number"], each["kind"], ADDRESS, shown=False)
        return SeenNode(
            each["number"],
            each["kind"],
            each["name"],
            shown=True,
            person=each["person"],
            referral=each["referral"],
            opens_referral=each["referral"] in self._opened_references,
            about=each["about"],
            # What was written about a place or a group may speak of anybody.
            note=each["note"] if self.whole or each["kind"] == NodeKind.PERSON else "",
            no_action_because=each["no_action_because"],
        )

    @staticmethod
    def _link(each, nodes):
        one, other = nodes[each["one"]], nodes[each["other"]]
        return SeenLink(each["number"], one, other, each if one.shown and other.shown else None)

    def node(self, number):
        """The standing node of that number, or None."""
        return self._by_number.get(number)

    def taken_out(self):
        """What was taken out, for who holds the meeting: [{"what", "by", "on", "because"}]."""
        if not self.whole:
            return []
        gone = [out["node"] for out in self.content["taken_out"] if "node" in out]
        every = {node["number"]: self._node(node) for node in (*self.content["nodes"], *gone)}
        return [self._out(out, every) for out in self.content["taken_out"]]

    def _out(self, out, every):
        if "node" in out:
            node = every[out["node"]["number"]]
            what, shown = f"{node.number}. {node.name}", node.shown
        else:
            link = self._link(out["link"], every)
            kind = link.words["kind"] if link.words else "a link with"
            what, shown = f"{link.one.name} {kind} {link.other.name}", link.words is not None
        because = out["because"] if shown else NOT_YOURS
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
        """Keys of the records of the referrals whose child is shown: a look stands on each of them."""
        references = [node.referral for node in self.nodes if node.shown and node.referral]
        return Record.objects.filter(reference__in=references)

    def record_of(self, node):
        """The record of the referral of a person whom the reader reads; none without one."""
        return Record.objects.filter(reference=node.referral)

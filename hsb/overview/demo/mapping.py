"""Mapping meetings of the demo borough: a group in a park that is being mapped, an incident whose map is closed, one to
come."""

import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from hsb.core import clock
from hsb.core.calendar import add_working_days
from panels.services import mapping
from panels.states import Basis, LinkKind
from referrals.models import Person, Referral
from referrals.states import OPEN
from strategy_meetings.states import Reliability

WORKER, POLICE, SCHOOL = "A youth worker", "The neighbourhood officer", "The designated lead of the school"
WALK = "An adult whom the child chose walks home with the child on Fridays."
TALK = "A youth worker meets the child each week, beside the group."


class MapStory:
    """One mapping meeting, step by step at its own moment."""

    def __init__(self, borough, *, days_ago, caller="chair", **call):
        self.borough, self.chair = borough, borough.users[caller]
        day = add_working_days(borough.today, -days_ago) if days_ago else borough.today
        morning = timezone.make_aware(datetime.combine(day, time(9, 30)))
        self.moment = min(morning, clock.now() - timedelta(hours=1))
        self.meeting = self._do(mapping.call, actor=self.chair, once=self._once(), chair=self.chair, **call)
        self.nodes = {node.group.name: node for node in self.meeting.nodes.select_related("group")}

    def _once(self):
        return uuid.UUID(int=self.borough.dice.getrandbits(128), version=4)

    def _do(self, service, *args, **kwargs):
        with clock.moved_to(self.moment):
            done = service(*args, **kwargs)
        self.moment = min(self.moment + timedelta(minutes=3), clock.now())
        return done

    def _on_map(self, service, **kwargs):
        return self._do(service, self.meeting.reference, actor=self.chair, once=self._once(), **kwargs)

    @property
    def day(self):
        return timezone.localdate(self.moment)

    def pause(self, working_days):
        day = add_working_days(self.day, working_days)
        self.moment = min(timezone.make_aware(datetime.combine(day, time(10, 0))), clock.now())
        return self

    def hold(self, attended):
        self._do(mapping.hold, self.meeting.reference, actor=self.chair, held_on=self.day, attended=attended)
        return self

    def put(self, key, person, note=""):
        self.nodes[key] = self._on_map(mapping.put_person, person=person, note=note)
        return self

    def put_new(self, key, given_name, family_name, note="", **details):
        details = {"given_name": given_name, "family_name": family_name, **details}
        self.nodes[key] = self._on_map(mapping.put_new_person, details=details, note=note)
        return self

    def put_place(self, key, kind, note=""):
        self.nodes[key] = self._on_map(mapping.put_place, kind=kind, name=key, note=note)
        return self

    def put_group(self, key):
        self.nodes[key] = self._on_map(mapping.put_group, name=key)
        return self

    def link(self, one, kind, other, said_by, basis, reliability=Reliability.LIKELY, until=None):
        self._on_map(
            mapping.link,
            one=self.nodes[one].number,
            other=self.nodes[other].number,
            kind=kind,
            said_by=said_by,
            said_on=self.day,
            basis=basis,
            reliability=reliability,
            until=until,
        )
        return self

    def act(self, key, what, **who):
        self._on_map(
            mapping.agree_action,
            number=self.nodes[key].number,
            what=what,
            agency="Youth service",
            due_on=self.borough.today + timedelta(days=9),
            **(who or {"owner_name": "The lead youth worker"}),
        )
        return self

    def need_nothing(self, key, reason):
        number = self.nodes[key].number
        self._do(mapping.need_no_action, self.meeting.reference, number, actor=self.chair, reason=reason)
        return self

    def take_out(self, key, reason):
        number = self.nodes[key].number
        self._do(mapping.take_out_node, self.meeting.reference, number, actor=self.chair, reason=reason)
        return self

    def close(self):
        self._do(mapping.close, self.meeting.reference, actor=self.chair)
        return self


def mapping_meetings(story, borough):
    children = _children(borough)
    _park(borough, children[:5])
    _bus(borough, children[5:])
    MapStory(
        borough,
        days_ago=1,
        group="The after-school group chat",
        purpose="To see who is in the group chat, and which adults know of it.",
        question="Who needs somebody to talk to about it?",
        planned_on=add_working_days(borough.today, 3),
    )


def _children(borough):
    """Children of open referrals that are not restricted, the same each time."""
    open_ones = Referral.objects.filter(
        state__in=OPEN, record__restricted=False, person__record__restricted=False, person__is_adult=False
    )
    persons = open_ones.order_by("record__reference").values_list("person", flat=True)
    keys = list(dict.fromkeys(persons))
    return [Person.objects.select_related("record").get(pk=key) for key in keys[4:40:4][:8]]


def _park(borough, children):
    """Held, and being mapped: somebody on it has no action yet."""
    found = MapStory(
        borough,
        days_ago=4,
        group="The bandstand group",
        purpose="Several children whom we work with are seen with the same older children in the park after school.",
        question="Who meets there, who is drawn in, and which adult is near?",
        planned_on=add_working_days(borough.today, -2),
        keeper=borough.users["manager"],
        readers=[borough.users["practitioner"], borough.users["earlyhelp"]],
    ).pause(2)
    found.hold("Social work, Early Help, the youth service, the neighbourhood police, two schools")
    keys = [f"child {number}" for number in range(len(children))]
    for key, child in zip(keys, children, strict=True):
        found.put(key, child, note="Likes football; an older sibling is near." if key == "child 0" else "")
    found.put_place("Lantern Park", "park", "The bandstand, from four o'clock")
    found.put_place("Elmfield Example School", "school")
    found.put_place("Saturday swimming club", "club", "The trainer is somebody whom several trust")
    found.put_place("The 999 pretend bus", "transport")
    found.put_new("coach", "Quill", "Notreal", "Runs the swimming club", is_adult=True)
    found.put_new("older", "Tarn", "Makebelieve", "Left school last year", is_adult=True)
    found.put_group("The football table")
    say = found.link
    say("child 0", LinkKind.GOES_TO, "Lantern Park", WORKER, Basis.FACT, Reliability.CONFIRMED)
    say("child 1", LinkKind.GOES_TO, "Lantern Park", WORKER, Basis.FACT, Reliability.CONFIRMED)
    say("child 2", LinkKind.GOES_TO, "Lantern Park", POLICE, Basis.REPORTED)
    say("child 0", LinkKind.MEMBER_OF, "The bandstand group", WORKER, Basis.REPORTED)
    say("child 1", LinkKind.MEMBER_OF, "The bandstand group", SCHOOL, Basis.REPORTED)
    say("older", LinkKind.MEMBER_OF, "The bandstand group", POLICE, Basis.INFERRED, Reliability.UNKNOWN)
    say("child 0", LinkKind.KNOWS, "child 1", SCHOOL, Basis.FACT, Reliability.CONFIRMED)
    say("child 1", LinkKind.TRAVELS_WITH, "child 2", WORKER, Basis.REPORTED)
    say("child 2", LinkKind.ONLINE, "older", "A parent", Basis.REPORTED, Reliability.DOUBTFUL)
    say("child 0", LinkKind.GOES_TO, "Elmfield Example School", SCHOOL, Basis.FACT, Reliability.CONFIRMED)
    say("child 3", LinkKind.GOES_TO, "Elmfield Example School", SCHOOL, Basis.FACT, Reliability.CONFIRMED)
    say("child 3", LinkKind.KNOWS, "child 0", SCHOOL, Basis.REPORTED)
    say("child 3", LinkKind.GOES_TO, "Saturday swimming club", "The club", Basis.FACT, Reliability.CONFIRMED)
    say("coach", LinkKind.GOES_TO, "Saturday swimming club", "The club", Basis.FACT, Reliability.CONFIRMED)
    say("coach", LinkKind.KNOWS, "child 3", "The club", Basis.FACT, Reliability.CONFIRMED)
    say("child 4", LinkKind.TRAVELS_WITH, "child 2", WORKER, Basis.INFERRED, Reliability.UNKNOWN)
    say("The bandstand group", LinkKind.GOES_TO, "Lantern Park", POLICE, Basis.REPORTED)
    say("child 4", LinkKind.GOES_TO, "The 999 pretend bus", WORKER, Basis.REPORTED)
    found.take_out("The football table", "It is the same group by another name.")
    found.act("child 0", TALK).act("child 1", WALK).act("child 3", TALK)
    found.act("older", "The neighbourhood officer speaks with him about the park.", owner=borough.users["chair"])
    found.need_nothing("coach", "An adult who protects: nothing is asked of the club beyond what it does.")


def _bus(borough, children):
    """An incident, closed with its map three weeks ago."""
    first_day = timezone.make_aware(datetime.combine(add_working_days(borough.today, -16), time(9, 0)))
    with clock.moved_to(first_day):  # whose referral the caller could open then
        opened = Referral.objects.visible_to(borough.users["manager"]).values("pk")
        referral = (
            Referral.objects.filter(pk__in=opened, state__in=OPEN, worker__isnull=False, record__restricted=False)
            .exclude(person__in=children)
            .select_related("record", "person__record", "worker")
            .order_by("record__reference")
            .first()
        )
    first, others = referral.person, children
    found = MapStory(
        borough,
        days_ago=16,
        caller="manager",
        referral=referral.reference,
        purpose="Something was reported from the way to school. Other children use the same bus.",
        question="Who travels with whom, and which adult is on the way?",
        planned_on=add_working_days(borough.today, -14),
        readers=[borough.users["chair"]],
    ).pause(2)
    found.hold("Social work, the school, the transport officer")
    found.put("first", first)
    for number, child in enumerate(others):
        found.put(f"other {number}", child)
    found.put_place("The 999 pretend bus", "transport", "The top deck, mornings")
    found.put_group("The back of the bus")
    found.put_place("Riverside Pretend College", "school")
    found.link("first", LinkKind.GOES_TO, "The 999 pretend bus", SCHOOL, Basis.FACT, Reliability.CONFIRMED)
    found.link("first", LinkKind.MEMBER_OF, "The back of the bus", SCHOOL, Basis.REPORTED)
    found.link("The back of the bus", LinkKind.GOES_TO, "The 999 pretend bus", SCHOOL, Basis.FACT)
    for number, _ in enumerate(others):
        found.link(f"other {number}", LinkKind.TRAVELS_WITH, "first", SCHOOL, Basis.REPORTED)
    found.link("first", LinkKind.GOES_TO, "Riverside Pretend College", SCHOOL, Basis.FACT, Reliability.CONFIRMED)
    found.act("first", WALK, owner=referral.worker)
    for number, _ in enumerate(others):
        found.need_nothing(f"other {number}", "Sits downstairs now with a friend, and has an adult at school.")
    found.pause(3).close()

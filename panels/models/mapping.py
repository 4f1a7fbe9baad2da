"""MappingMeeting: an incident's or a group's people, places and groups, and what is known between them (A18).

A link is who says so, when, how sure: it is shown on its map and nowhere else as a fact. Nothing is deleted: what is
taken out stays, with its reason. With the meeting the map is frozen (MapSnapshot).
"""

import hashlib
import json

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django_fsm import FSMField, transition

from hsb.core.access import readable
from hsb.core.asked_once import asked_once
from hsb.core.door import Doored
from hsb.core.models import AccessBar, Action, Place, Recorded
from hsb.people.states import Role
from panels import guards, permissions
from panels.states import MAPPING_ARRANGEABLE, Basis, LinkKind, MappingState, NodeKind
from referrals.models import Concern, Person, Referral
from strategy_meetings.models import Theme
from strategy_meetings.states import Reliability

S = MappingState


class MappingMeetingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """By a grant on the meeting, or through the referral of a person on its map; never where barred from anybody
        who is, or was, on it (B15)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        nodes = MapNode.objects.filter(meeting=OuterRef("pk"))
        own = nodes.filter(taken_out_at__isnull=True, person__referrals__in=Referral.objects.visible_to(user))
        bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True).values("record")
        return self.filter(self._whole(user) | Exists(own)).exclude(Exists(nodes.filter(person__in=bars)))

    def read_whole_by(self, user):
        """Where `user` reads the map: who holds the meeting, by grant; auditors. A restricted person stays hidden."""
        return self.filter(self._whole(user)) if user.is_authenticated and user.is_active else self.none()

    def _whole(self, user):
        # A meeting has no person of its own: the bars of everybody on its map are asked above.
        whole = Q(readable(user, person="pk"))
        if user.has_role(Role.CHAIR):  # nobody leads it any more: another chair takes it over
            left = Q(chair__is_active=False, called_by__is_active=False, record__restricted=False)
            whole |= left & Q(state__in=MAPPING_ARRANGEABLE)
        return whole


class MappingMeeting(Doored, Recorded):
    state = FSMField(max_length=20, choices=S.choices, default=S.PLANNED, protected=True)
    state_since = models.DateTimeField()
    # What it is held for, and what it is to answer: in words, without names.
    purpose = models.TextField()
    question = models.TextField()
    # Its focus: an incident or a group.
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, null=True, blank=True, related_name="mapping")
    group = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="mapping")
    called_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    chair = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # Who keeps the map up to date.
    keeper = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    planned_on = models.DateField()
    held_on = models.DateField(null=True, blank=True)
    attended = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    # The form that made this row: a double click calls one meeting.
    once = models.UUIDField(unique=True)

    objects = MappingMeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(concern__isnull=False, group__isnull=True) | Q(concern__isnull=True, group__isnull=False),
                name="mapping_has_one_focus",
            ),
            models.CheckConstraint(
                condition=Q(held_on__isnull=False) | ~Q(state__in=[S.HELD, S.CLOSED]), name="mapping_held_has_its_day"
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=False) | ~Q(state=S.CLOSED), name="mapping_closed_has_its_instant"
            ),
        ]
        indexes = [models.Index(fields=["state", "planned_on"], name="mapping_state_planned")]

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "chair", "called_by", "keeper", "group", "concern__record").filter(
            record__reference=reference
        )

    def moved(self, at):
        self.state_since = at

    @property
    def holders(self):
        """Who holds it: caller, chair, and who keeps the map."""
        return {self.called_by, self.chair, self.keeper}

    def standing_nodes(self):
        return self.nodes.filter(taken_out_at__isnull=True)

    def standing_links(self):
        return self.links.filter(taken_out_at__isnull=True)

    def unanswered(self):
        """The persons on the map with neither an action nor a reason for none."""
        answered = {
            int(about)
            for about in Action.objects.filter(source=self.record_id, cancelled_at__isnull=True).values_list(
                "about", flat=True
            )
            if about
        }
        persons = self.standing_nodes().filter(kind=NodeKind.PERSON, no_action_because="")
        return persons.exclude(number__in=answered)

    @asked_once
    def has_nodes(self):
        """Whether anything stands on its map."""
        return self.standing_nodes().exists()

    @asked_once
    def number_unanswered(self):
        return self.unanswered().count()

    def vouched_for(self):
        """Closed: the journal vouches for the map as it was frozen."""
        return ("close", digest_of(self.snapshot.content)) if self.state == S.CLOSED else None

    # --- Its machine (docs/decisions/0019-mapping-meetings.md) --------------------------------------------------------
    @transition(
        "state",
        S.PLANNED,
        S.POSTPONED,
        permission=permissions.can_lead_mapping,
        custom={"reason": "Say why the meeting is postponed."},
    )
    def postpone(self):
        """It is held on another day."""

    @transition("state", S.POSTPONED, S.PLANNED, permission=permissions.can_lead_mapping)
    def plan_again(self):
        """Its new day is set."""

    @transition(
        "state",
        [S.PLANNED, S.POSTPONED],
        S.CANCELLED,
        permission=permissions.can_lead_mapping,
        custom={"reason": "Say why the meeting is cancelled."},
    )
    def cancel(self):
        """It is not held. One that was held is closed: what was mapped is kept."""

    @transition("state", S.PLANNED, S.HELD, permission=permissions.can_lead_mapping)
    def hold(self):
        """It was held; the map is completed."""

    @transition(
        "state",
        S.HELD,
        S.CLOSED,
        conditions=[guards.something_is_on_the_map, guards.every_person_is_answered],
        permission=permissions.can_lead_mapping,
    )
    def close(self):
        """No name without an action, or a reason for none; the map is frozen."""


class MapPart(models.Model):
    """What a node and a link share: a number on the map, who put it there, and why it was taken out."""

    number = models.PositiveSmallIntegerField()
    added_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    taken_out_at = models.DateTimeField(null=True, blank=True)
    taken_out_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_out_because = models.TextField(blank=True)
    # The form that added it: a double click adds one.
    once = models.UUIDField(unique=True)

    class Meta:
        abstract = True


def _standing_once(name, *fields):
    return models.UniqueConstraint(
        fields=["meeting", *fields],
        condition=Q(taken_out_at__isnull=True, **{f"{field}__isnull": False for field in fields}),
        name=name,
    )


class MapNode(MapPart):
    """A person, a place or a group on the map."""

    meeting = models.ForeignKey(MappingMeeting, on_delete=models.PROTECT, related_name="nodes")
    kind = models.CharField(max_length=10, choices=NodeKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="map_nodes")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="map_nodes")
    group = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="map_nodes")
    # What matters here: strengths, worries.
    note = models.CharField(max_length=500, blank=True)
    no_action_because = models.TextField(blank=True)

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="map_node_number_once"),
            models.CheckConstraint(
                condition=Q(kind="person", person__isnull=False, place__isnull=True, group__isnull=True)
                | Q(kind="place", person__isnull=True, place__isnull=False, group__isnull=True)
                | Q(kind="group", person__isnull=True, place__isnull=True, group__isnull=False),
                name="map_node_has_its_subject",
            ),
            models.CheckConstraint(
                condition=Q(taken_out_at__isnull=True) | ~Q(taken_out_because=""), name="map_node_out_has_a_reason"
            ),
            _standing_once("map_person_once", "person"),
            _standing_once("map_place_once", "place"),
            _standing_once("map_group_once", "group"),
        ]

    def __str__(self):
        return f"{self.kind} {self.number} of {self.meeting_id}"


class MapLink(MapPart):
    """What somebody says is between two nodes: never a fact outside the map."""

    meeting = models.ForeignKey(MappingMeeting, on_delete=models.PROTECT, related_name="links")
    one = models.ForeignKey(MapNode, on_delete=models.PROTECT, related_name="links_from")
    other = models.ForeignKey(MapNode, on_delete=models.PROTECT, related_name="links_to")
    kind = models.CharField(max_length=20, choices=LinkKind.choices)
    said_by = models.CharField(max_length=200)
    said_on = models.DateField()
    reliability = models.CharField(max_length=10, choices=Reliability.choices)
    basis = models.CharField(max_length=10, choices=Basis.choices)
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="map_link_number_once"),
            models.CheckConstraint(condition=~Q(one=F("other")), name="map_link_joins_two"),
            models.CheckConstraint(
                condition=Q(taken_out_at__isnull=True) | ~Q(taken_out_because=""), name="map_link_out_has_a_reason"
            ),
        ]

    def __str__(self):
        return f"Link {self.number} of {self.meeting_id}"


class MapSnapshot(models.Model):
    """The map as it stood when its meeting was closed. Append-only: the database refuses to change it."""

    meeting = models.OneToOneField(MappingMeeting, on_delete=models.PROTECT, related_name="snapshot")
    # What panels.selectors.mapping_content gives.
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self):
        return f"{self.meeting_id}: {self.digest[:12]}"


def digest_of(content):
    """The SHA-256 (hex) of a map's content."""
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

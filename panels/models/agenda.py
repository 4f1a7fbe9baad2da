"""The agenda: items by subject, the entries they come from, its versions; what an item's actions say (A16, A17)."""

from django.db import models
from django.db.models import OuterRef, Q, Subquery

from hsb.core.models import Action, Entry, Place
from panels.models.panels import Panel
from panels.states import ItemOutcome, Section
from referrals.models import Person
from strategy_meetings.models import IntelEntry, Theme


class AgendaItem(models.Model):
    """One subject of one panel's agenda. What is not wanted any more is dropped, never deleted: its move stays."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="items")
    # What its address and its actions are called by; for people it is called by `label`.
    number = models.PositiveIntegerField()
    section = models.CharField(max_length=1, choices=Section.choices)
    # What makes two entries one item: person-12, place-3, theme-4, or the digest of a description.
    subject = models.CharField(max_length=80)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    described = models.CharField(max_length=200, blank=True)
    # Whether every entry that it comes from is for the police only. Such items stand at the end of their section in a
    # series of their own (VP1): a number missing among the others' would tell the other agencies that something is.
    police_only = models.BooleanField(default=False)
    # Its place in its series.
    position = models.PositiveIntegerField(default=0)
    forms = models.PositiveIntegerField(default=0)
    carried_times = models.PositiveSmallIntegerField(default=0)
    # Where the coordinator moved it to, in its section, and why; it survives the next compiling.
    moved_to = models.PositiveIntegerField(null=True, blank=True)
    moved_reason = models.TextField(blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    moved_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped_at = models.DateTimeField(null=True, blank=True)
    # "V1" or "VP1", from publication on; empty while it can still change.
    label = models.CharField(max_length=12, blank=True)
    # What it was called while only the police knew of it, where an addendum brought what all may know.
    label_before = models.CharField(max_length=12, blank=True)
    # At the sitting.
    discussion = models.TextField(blank=True)
    outcome = models.CharField(max_length=10, choices=ItemOutcome.choices, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["panel", "section", "subject"], name="agenda_item_once"),
            models.UniqueConstraint(fields=["panel", "number"], name="agenda_item_number_once"),
            models.UniqueConstraint(fields=["panel", "label"], condition=~Q(label=""), name="agenda_item_label_once"),
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | (~Q(moved_reason="") & Q(moved_at__isnull=False)),
                name="agenda_item_moved_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(label="") | Q(dropped_at__isnull=True), name="agenda_item_frozen_stands"
            ),
        ]

    def __str__(self):
        return f"Item {self.number} of {self.panel_id}"

    @property
    def called(self):
        """What it is about, in words that only its readers see."""
        if self.person_id:
            return self.person.known_as
        if self.place_id:
            return self.place.name
        return self.theme.name if self.theme_id else self.described

    @property
    def shown_as(self):
        """V1; before publication its place in the section, which can still change."""
        return self.label or f"{self.series}{self.position}"

    @property
    def series(self):
        """V, or VP: what its number is counted in."""
        return f"{self.section}P" if self.police_only else self.section


class AgendaSource(models.Model):
    """An entry of an accepted form that an item comes from: once on an agenda."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="sources")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="sources")
    entry = models.ForeignKey(IntelEntry, on_delete=models.PROTECT, related_name="agenda_sources")
    # The addendum it came with; empty where it was there at publication.
    addendum = models.PositiveSmallIntegerField(null=True, blank=True)
    dropped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["panel", "entry"], name="agenda_source_once")]

    def __str__(self):
        return f"{self.entry_id} on {self.panel_id}"


class AgendaVersion(models.Model):
    """What the agenda said: a row only where it says something new. No names stand in it."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="agenda_versions")
    number = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    content = models.JSONField()
    addendum = models.BooleanField(default=False)
    # An addendum that brings nothing but what is for the police only: the other agencies hear of none.
    police_only = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    # Empty: the clock.
    made_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["panel", "number"]
        constraints = [models.UniqueConstraint(fields=["panel", "number"], name="agenda_version_once")]

    def __str__(self):
        return f"Version {self.number} of {self.panel_id}"


class ItemActionQuerySet(models.QuerySet):
    def agreed(self):
        """What the panel agreed: not what was taken out while it sat; what a manager ended since was agreed too."""
        issued = Entry.objects.filter(record=OuterRef("item__panel"), verb="issue_actions").order_by("number")
        ended_since = Q(action__cancelled_at__gte=Subquery(issued.values("recorded_at")[:1]))
        return self.filter(Q(action__cancelled_at__isnull=True) | ended_since)


class ItemAction(models.Model):
    """An action of an item: the panel's own wording, beside the wording for the record that stands in the Action."""

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="actions")
    action = models.OneToOneField(Action, on_delete=models.PROTECT, primary_key=True, related_name="panel_action")
    words = models.TextField()
    # Whoever does it has no account: when and how their agency was told of it, or why it is not.
    told_on = models.DateField(null=True, blank=True)
    told_how = models.CharField(max_length=200, blank=True)
    untold_reason = models.TextField(blank=True)

    objects = ItemActionQuerySet.as_manager()

    def __str__(self):
        return f"{self.action_id} of {self.item_id}"

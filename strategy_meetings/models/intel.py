"""IntelForm: what a meeting, a referral or a mapping meeting tells the panel, entry by entry (A16, B12)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import FSMField, transition

from hsb.core.access import live, named, readable
from hsb.core.asked_once import asked_once
from hsb.core.door import Doored
from hsb.core.models import AccessBar, AccessGrant, Place, Record, Recorded
from hsb.core.models.places import folded
from referrals.models import Person, Referral
from referrals.states import Category
from strategy_meetings import guards, permissions
from strategy_meetings.states import Criterion, EntryKind, Handling, IntelState, Reliability, ThemeKind

I = IntelState  # noqa: E741
LONGEST_NAME = 200


class Theme(models.Model):
    """A theme, or a group of people, by the name it is known by: the same in several forms is one."""

    kind = models.CharField(max_length=10, choices=ThemeKind.choices)
    name = models.CharField(max_length=LONGEST_NAME)
    # What two spellings of the same name share, as of a Place.
    folded = models.CharField(max_length=LONGEST_NAME)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "folded"], name="theme_once")]

    def __str__(self):
        return self.name

    @classmethod
    def called(cls, kind, name):
        """The theme or group of that name, new where we had none."""
        same = folded(name)[:LONGEST_NAME]
        theme, _ = cls.objects.get_or_create(kind=kind, folded=same, defaults={"name": name.strip()})
        return theme


class IntelFormQuerySet(models.QuerySet):
    def visible_to(self, user):
        """By a grant on the form, or through the referral of a child in it; never where barred from one (B15)."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        children = IntelForm.children.rel.related_model.objects.filter(form=OuterRef("pk"))
        through = Exists(children.filter(referral__in=Referral.objects.visible_to(user)))
        bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True).values("record")
        entries = IntelForm.entries.rel.related_model.objects.filter(form=OuterRef("pk"), dropped_at__isnull=True)
        barred = Exists(children.filter(person__in=bars)) | Exists(entries.filter(person__in=bars))
        return self.filter(self._whole(user) | through).exclude(barred)

    def read_whole_by(self, user):
        """Where `user` reads every entry: who writes it, and the panel it was submitted to; auditors."""
        return self.filter(self._whole(user)) if user.is_authenticated and user.is_active else self.none()

    def _whole(self, user):
        # It is restricted as soon as somebody in it is: then only leave to somebody by name counts (B15).
        children = IntelForm.children.rel.related_model.objects.filter(form=OuterRef("pk"))
        entries = IntelForm.entries.rel.related_model.objects.filter(form=OuterRef("pk"), dropped_at__isnull=True)
        restricted = Exists(children.filter(_restricted_child())) | Exists(
            entries.filter(person__record__restricted=True)
        )
        by_name = Exists(AccessGrant.objects.filter(live(), named(user), record=OuterRef("pk")))
        return (readable(user, person="pk") & ~restricted) | by_name


def _restricted_child():
    return Q(referral__record__restricted=True) | Q(person__record__restricted=True)


class IntelForm(Doored, Recorded):
    state = FSMField(max_length=20, choices=I.choices, default=I.DRAFT, protected=True)
    state_since = models.DateTimeField()
    # Where it comes from: a strategy meeting, a referral or a mapping meeting.
    source = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="intel_forms")
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # Why the panel should look at it: codes of Criterion, and in words; what has been tried; what is asked of it.
    criteria = models.JSONField(default=list)
    why = models.TextField(blank=True)
    tried = models.TextField(blank=True)
    asked = models.TextField(blank=True)
    submitted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    # What the panel's coordinator answered last: advice, or the reason of the decision.
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    # The form that made this row: a double click writes one.
    once = models.UUIDField(unique=True)

    objects = IntelFormQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[I.DRAFT, I.WITHDRAWN]) | Q(submitted_at__isnull=False),
                name="intel_submitted_has_its_instant",
            )
        ]
        indexes = [models.Index(fields=["state", "submitted_at"], name="intel_state_submitted")]

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "source", "author", "submitted_by").filter(
            record__reference=reference
        )

    def moved(self, at):
        self.state_since = at

    def get_criteria_display(self):
        """The criteria in words, for the page that shows both versions."""
        return "; ".join(Criterion(code).label for code in self.criteria)

    @property
    @asked_once
    def is_restricted(self):
        """Whether it, or somebody in it, is: then only who is named reads all of it (B15)."""
        # A page has read it already; under a lock it is asked.
        if (read := self.__dict__.get("restricted_read")) is not None:
            return read
        in_it = self.children.filter(_restricted_child()).exists()
        return (
            self.record.restricted or in_it or self.standing_entries().filter(person__record__restricted=True).exists()
        )

    @asked_once
    def persons(self):
        """Keys of everybody in it: its children, and whom its entries are about, also those that were taken out."""
        entries = self.entries.filter(person__isnull=False).values_list("person", flat=True)
        return {*self.children.values_list("person", flat=True), *entries}

    def names(self, column):
        """The Q of rows whose `column` is the key of one of `persons`."""
        entries = self.entries.filter(person__isnull=False).values("person")
        return Q(**{f"{column}__in": self.children.values("person")}) | Q(**{f"{column}__in": entries})

    def standing_entries(self):
        """What it says now, in its order."""
        return self.entries.filter(dropped_at__isnull=True).select_related("person", "place", "theme")

    # --- Its machine (B23) ------------------------------------------------------------------------------------------
    @transition(
        "state",
        [I.DRAFT, I.RETURNED, I.NOT_FOR_PANEL],
        I.SUBMITTED,
        conditions=[guards.intel_says_why, guards.intel_has_an_entry],
        permission=permissions.can_write_intel,
    )
    def submit(self):
        """It goes to the panel's coordinators; a declined one can be submitted again, with more in it."""

    @transition(
        "state",
        [I.SUBMITTED, I.DEFERRED],
        I.RETURNED,
        permission=permissions.can_sift,
        custom={"reason": "Say what would help: it goes back to its author."},
    )
    def return_with_advice(self):
        """Back to its author."""

    @transition(
        "state",
        [I.DRAFT, I.SUBMITTED, I.RETURNED, I.DEFERRED],
        I.WITHDRAWN,
        permission=permissions.can_write_intel,
        custom={"reason": "Say why it is withdrawn."},
    )
    def withdraw(self):
        """Its author takes it back."""

    @transition("state", [I.SUBMITTED, I.DEFERRED], I.ACCEPTED, permission=permissions.can_sift)
    def accept(self):
        """It is for the panel: by named deciders."""

    @transition(
        "state",
        I.SUBMITTED,
        I.DEFERRED,
        permission=permissions.can_sift,
        custom={"reason": "Say until when, and why, it is deferred."},
    )
    def defer(self):
        """Not now."""

    @transition(
        "state",
        [I.SUBMITTED, I.DEFERRED],
        I.NOT_FOR_PANEL,
        permission=permissions.can_sift,
        custom={"reason": "Say why it is not for the panel."},
    )
    def decline(self):
        """Only some cases need to be heard there."""

    @transition("state", I.ACCEPTED, I.HEARD, permission=permissions.can_sift)
    def hear(self):
        """Every subject of it was discussed."""


class IntelChild(models.Model):
    """A child whom a form is about, with what stood on the child's record when it was submitted."""

    form = models.ForeignKey(IntelForm, on_delete=models.PROTECT, related_name="children")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, null=True, blank=True, related_name="intel")
    category = models.CharField(max_length=1, choices=Category.choices, blank=True)
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    # The last strategy meeting about the child: a case is discussed there before it is heard by the panel (B12).
    met_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["form", "person"], name="intel_child_once")]

    def __str__(self):
        return f"{self.person_id} in {self.form_id}"


class IntelEntry(models.Model):
    """One thing that is known: about a child, a person, a place, a theme; from whom, how sure, and who may have it."""

    form = models.ForeignKey(IntelForm, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=1, choices=EntryKind.choices)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # A person of concern whom nobody can name yet.
    described = models.CharField(max_length=200, blank=True)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="intel")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, null=True, blank=True, related_name="intel")
    text = models.TextField()
    said_by = models.CharField(max_length=200)
    said_on = models.DateField(null=True, blank=True)
    reliability = models.CharField(max_length=10, choices=Reliability.choices)
    police_only = models.BooleanField(default=False)
    not_for_minutes = models.BooleanField(default=False)
    not_for_family = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    dropped_at = models.DateTimeField(null=True, blank=True)
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["form", "number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="intel_entry_number_once"),
            models.CheckConstraint(
                condition=(
                    Q(kind="V", person__isnull=False, described="", place__isnull=True, theme__isnull=True)
                    | Q(kind="O", person__isnull=False, described="", place__isnull=True, theme__isnull=True)
                    | (Q(kind="O", person__isnull=True, place__isnull=True, theme__isnull=True) & ~Q(described=""))
                    | Q(kind="L", place__isnull=False, person__isnull=True, described="", theme__isnull=True)
                    | Q(kind="T", theme__isnull=False, person__isnull=True, described="", place__isnull=True)
                ),
                name="intel_entry_has_its_subject",
            ),
        ]

    def __str__(self):
        return f"{self.kind}{self.number} of {self.form_id}"

    @property
    def handling(self):
        """What must not be done with it: codes of Handling."""
        return [code for code in Handling if getattr(self, code)]

    def get_handling_display(self):
        """The same in words, for the page that shows both versions."""
        return "; ".join(code.label for code in self.handling)

    @property
    def subject(self):
        """What it is about, in words that only its readers see."""
        if self.person_id:
            return self.person.known_as
        if self.place_id:
            return self.place.name
        return self.theme.name if self.theme_id else self.described

"""Marker: a warning note on a child or an adult, which whoever opens a case of theirs must see. Never a label (A8)."""

from django.db import models
from django.db.models import F, Q

from referrals.models.people import Person
from referrals.states import MarkerKind, Told


def _told_or_why_not(who):
    """Told on a day, or why not: one of the two."""
    return Q(**{f"{who}_told_on__isnull": False, f"{who}_not_told_because": ""}) | (
        Q(**{f"{who}_told_on__isnull": True}) & ~Q(**{f"{who}_not_told_because": ""})
    )


class MarkerQuerySet(models.QuerySet):
    def in_force(self):
        return self.filter(ended_at__isnull=True)

    def visible_to(self, user):
        """Of persons that `user` may open: through a case of theirs, never where it is restricted or barred (B15)."""
        return self.filter(person__in=Person.objects.visible_to(user))


class Marker(models.Model):
    """Ended with a reason, never deleted. `number` counts on within the person."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="markers")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=MarkerKind.choices)
    reason = models.TextField()
    # The manager whom the author named; it is in force from the beginning, and that manager says so too.
    agreed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    confirmed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True, blank=True)
    person_told_on = models.DateField(null=True, blank=True)
    person_not_told_because = models.TextField(blank=True)
    # Of an adult nobody is asked whether a parent was told.
    parent_told_on = models.DateField(null=True, blank=True)
    parent_not_told_because = models.TextField(blank=True)
    review_on = models.DateField()
    added_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    once = models.UUIDField(unique=True)
    # Moves on with each review: what a form that was opened before carries.
    version = models.PositiveIntegerField(default=0)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_reason = models.TextField(blank=True)

    objects = MarkerQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="marker_number_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="marker_has_its_reason"),
            models.CheckConstraint(condition=_told_or_why_not("person"), name="marker_person_told_or_why_not"),
            models.CheckConstraint(
                condition=Q(parent_told_on__isnull=True) | Q(parent_not_told_because=""),
                name="marker_parent_told_or_why_not",
            ),
            models.CheckConstraint(
                condition=~Q(agreed_by=F("added_by")) & (Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("added_by"))),
                name="marker_agreed_by_another",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="marker_confirmed_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, ended_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(ended_reason="")),
                name="marker_ended_by_whom_and_why",
            ),
        ]

    def __str__(self):
        return f"Marker {self.number}"

    @property
    def about(self):
        """What tells its tasks from those of other markers."""
        return f"{self.person.reference}-{self.number}"

    @property
    def awaits_confirmation(self):
        return self.ended_at is None and self.confirmed_at is None

    def not_told(self):
        """Who was not told of it so far, the codes of `Told` in their order."""
        asked = (Told.PERSON,) if self.person.is_adult else (Told.PERSON, Told.PARENT)
        later = {each.who for each in self.tellings.all()}
        return [who for who in asked if getattr(self, f"{who.value}_told_on") is None and who not in later]


class MarkerReview(models.Model):
    """A marker that was looked at again: why it stays, and until when. `due_on` is the day it was to be looked at."""

    marker = models.ForeignKey(Marker, on_delete=models.PROTECT, related_name="reviews")
    due_on = models.DateField()
    review_on = models.DateField()
    reason = models.TextField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="marker_review_has_its_reason")]

    def __str__(self):
        return f"Reviewed, again on {self.review_on}"


class MarkerTelling(models.Model):
    """Somebody who was not told when the marker was added, and was later; why not at first stays on the marker."""

    marker = models.ForeignKey(Marker, on_delete=models.PROTECT, related_name="tellings")
    who = models.CharField(max_length=10, choices=Told.choices)
    told_on = models.DateField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [models.UniqueConstraint(fields=["marker", "who"], name="marker_telling_once")]

    def __str__(self):
        return f"Told on {self.told_on}"

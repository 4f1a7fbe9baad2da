"""Concern: one thing that was reported, with everybody in it in their roles; and the behaviours it told of."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from simple_history.models import HistoricalRecords

from hsb.core.models import AccessBar, Place, Recorded
from hsb.core.states import PlaceKind
from referrals.codes import Borough
from referrals.models.people import Person
from referrals.states import (
    InvolvementRole,
    InvolvementStatus,
    ReferralSource,
    StatusBasis,
    YesNoUnknown,
)


class ConcernQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Opened through any referral of the concern the reader may open; an author keeps what she typed.

        Not where she is barred from a child of it: a bar beats everything (B15).
        """
        if not user.is_active:
            return self.none()
        referrals = Involvement.referral.field.related_model.objects.visible_to(user)
        parts = Involvement.objects.filter(concern=OuterRef("pk"))
        bars = AccessBar.objects.filter(user=user, lifted_at__isnull=True).values("record")
        barred = Exists(parts.filter(person__in=bars))
        return self.filter((Q(author=user) & ~barred) | Exists(parts.filter(referral__in=referrals)))


class Concern(Recorded):
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="concerns")
    authors_team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")
    what_was_reported = models.TextField()
    source = models.CharField(max_length=2, choices=ReferralSource.choices)
    reported_by = models.CharField(max_length=200, blank=True)
    reported_on = models.DateField()
    happened_on = models.DateField(null=True, blank=True)
    happened_in_words = models.CharField(max_length=200, blank=True)
    recorded_at = models.DateTimeField()
    place_kind = models.CharField(max_length=20, choices=PlaceKind.choices)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contexts = models.JSONField(default=list)  # codes of states.Context; empty: nobody has said yet
    borough = models.CharField(max_length=10, choices=Borough.choices, default=Borough.UNKNOWN)
    other_borough = models.CharField(max_length=120, blank=True)
    do_not_disclose = models.BooleanField(default=False)
    crime_suspected = models.BooleanField(default=False)
    protection_needed = models.CharField(max_length=10, choices=YesNoUnknown.choices)
    referrer_told_on = models.DateField(null=True, blank=True)
    # The form that made this row: a double click makes one concern.
    once = models.UUIDField(unique=True)
    # What was known of it, each time it was corrected or completed, and why; never what was reported: that stays.
    history = HistoricalRecords(
        excluded_fields=[
            "author",
            "authors_team",
            "what_was_reported",
            "reported_on",
            "recorded_at",
            "contexts",
            "do_not_disclose",
            "crime_suspected",
            "protection_needed",
            "referrer_told_on",
            "once",
        ],
        history_change_reason_field=models.TextField(null=True),
    )

    objects = ConcernQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["author", "-recorded_at"], name="concern_author")]

    @classmethod
    def at(cls, reference):
        """With what its pages name: where it happened, who logged it."""
        return super().at(reference).select_related("place", "author", "authors_team")

    @property
    def when_in_words(self):
        """When it happened: the day, or the words for it."""
        return self.happened_on or self.happened_in_words or "Not known"


class Involvement(models.Model):
    concern = models.ForeignKey(Concern, on_delete=models.PROTECT, related_name="involvements")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="involvements")
    role = models.CharField(max_length=20, choices=InvolvementRole.choices)
    status = models.CharField(
        max_length=20,
        choices=InvolvementStatus.choices,
        default=InvolvementStatus.ALLEGED,
    )
    # What the status rests on, and since when; empty while nothing but the allegation stands.
    status_basis = models.CharField(max_length=20, choices=StatusBasis.choices, blank=True)
    status_since = models.DateField(null=True, blank=True)
    relationship = models.CharField(max_length=200, blank=True)
    referral = models.ForeignKey(
        "referrals.Referral",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="involvements",
    )
    # What the relationship was called, each time it was said anew; a status and its grounds are in the journal.
    history = HistoricalRecords(
        excluded_fields=["role", "status", "status_basis", "status_since", "referral"],
        history_change_reason_field=models.TextField(null=True),
    )

    class Meta:
        constraints = [
            # Each episode of a child keeps its own row, so that an ended one stays as it was.
            models.UniqueConstraint(
                fields=["concern", "person", "role", "referral"],
                name="involvement_once_per_role_and_episode",
            ),
            models.UniqueConstraint(
                fields=["concern", "person", "role"],
                condition=Q(referral__isnull=True),
                name="involvement_once_per_role_without_referral",
            ),
            # A part that no longer holds because the role was recorded wrongly is unfounded without one.
            models.CheckConstraint(
                condition=Q(status__in=(InvolvementStatus.ALLEGED, InvolvementStatus.UNFOUNDED))
                | (~Q(status_basis="") & Q(status_since__isnull=False)),
                name="involvement_status_rests_on_something",
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} in {self.concern_id}"


class Behaviour(models.Model):
    """One behaviour a child displayed; the continuum describes behaviours, not children (A3)."""

    involvement = models.ForeignKey(Involvement, on_delete=models.PROTECT, related_name="behaviours")
    number = models.PositiveSmallIntegerField()
    description = models.TextField()
    happened_on = models.DateField(null=True, blank=True)
    happened_in_words = models.CharField(max_length=200, blank=True)
    contexts = models.JSONField(default=list)  # codes of states.Context
    author = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    history = HistoricalRecords()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["involvement", "number"], name="behaviour_number_once"),
        ]

    def __str__(self):
        return f"Behaviour {self.number}"

"""Relationship: what two people are to each other. One row, read from both sides: a page of either shows its side."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from simple_history.models import HistoricalRecords

from referrals.kinships import CAN_HAVE_RESPONSIBILITY, IN_ONE_HOME, SIDES, DayKnown, Kind, Together, seen_from
from referrals.models.people import Person
from referrals.states import YesNoUnknown


class RelationshipQuerySet(models.QuerySet):
    def of(self, person):
        """Those of `person`, whichever side of the row is theirs."""
        return self.filter(Q(person=person) | Q(other=person))

    def between(self, one, other):
        return self.filter(Q(person=one, other=other) | Q(person=other, other=one))

    def open(self):
        return self.filter(ended_at__isnull=True)


class Relationship(models.Model):
    """`other` is the `kind` of `person`; what `person` is to `other` is the kind's inverse (referrals.kinships).

    Never changed into another kind and never deleted: it ends, with a reason, or was recorded by mistake.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="relationships_to")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    words = models.CharField(max_length=100, blank=True)
    starts_known = models.CharField(max_length=10, choices=DayKnown.choices, default=DayKnown.UNKNOWN)
    starts_on = models.DateField(null=True, blank=True)
    # Whether `other` has it for `person`; empty where the kind does not ask for it.
    parental_responsibility = models.CharField(max_length=10, choices=YesNoUnknown.choices, blank=True)
    lives_together = models.CharField(max_length=10, choices=Together.choices, default=Together.UNKNOWN)
    together_from = models.DateField(null=True, blank=True)
    together_until = models.DateField(null=True, blank=True)
    # How and when the one may be contacted, as it was said to whoever works with the other: each shown on that
    # other's page alone.
    safe_contact = models.TextField(blank=True)
    safe_contact_of_person = models.TextField(blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    # The end: a day that may not be known, or that there never was such a relationship.
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_mistake = models.BooleanField(default=False)
    ends_known = models.CharField(max_length=10, choices=DayKnown.choices, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    end_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    # The form that made this row: a double click makes one; and what its pages are called by.
    once = models.UUIDField(unique=True)
    history = HistoricalRecords()

    objects = RelationshipQuerySet.as_manager()

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("other")), name="relationship_never_with_oneself"),
            # Whichever of the two is `person`.
            models.UniqueConstraint(
                Least("person", "other"),
                Greatest("person", "other"),
                "kind",
                condition=Q(ended_at__isnull=True),
                name="relationship_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                condition=Q(starts_known=DayKnown.UNKNOWN, starts_on__isnull=True)
                | (~Q(starts_known=DayKnown.UNKNOWN) & Q(starts_on__isnull=False)),
                name="relationship_start_known_or_not",
            ),
            models.CheckConstraint(
                condition=(Q(kind__in=CAN_HAVE_RESPONSIBILITY) & ~Q(parental_responsibility=""))
                | (~Q(kind__in=CAN_HAVE_RESPONSIBILITY) & Q(parental_responsibility="")),
                name="relationship_responsibility_where_asked",
            ),
            models.CheckConstraint(
                condition=Q(together_from__isnull=True, together_until__isnull=True)
                | Q(lives_together__in=IN_ONE_HOME),
                name="relationship_days_of_a_home",
            ),
            models.CheckConstraint(
                condition=Q(together_until__isnull=True)
                | Q(together_from__isnull=True)
                | Q(together_until__gte=F("together_from")),
                name="relationship_home_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(
                    ended_at__isnull=True,
                    ended_by__isnull=True,
                    by_mistake=False,
                    ends_known="",
                    ends_on__isnull=True,
                    end_reason="",
                )
                | Q(ended_at__isnull=False, ended_by__isnull=False, by_mistake=True, ends_known="") & ~Q(end_reason="")
                | Q(ended_at__isnull=False, ended_by__isnull=False, by_mistake=False, ends_known__in=DayKnown.values)
                & ~Q(end_reason=""),
                name="relationship_ended_by_whom_and_why",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True, ends_known__in=["", DayKnown.UNKNOWN])
                | Q(ends_on__isnull=False, ends_known__in=[DayKnown.KNOWN, DayKnown.ESTIMATED], by_mistake=False),
                name="relationship_end_known_or_not",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="relationship_ends_after_it_began",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, version {self.version}"

    @property
    def is_open(self):
        return self.ended_at is None

    def flipped_for(self, person):
        """Whether `person` is the row's `other`, so that everything is said the other way round."""
        return self.other_id == person.pk

    def other_than(self, person):
        return self.person if self.flipped_for(person) else self.other

    def code_for(self, person):
        """What the other one is to `person`: a code of kinships.SIDES."""
        return seen_from(self.kind, self.flipped_for(person))

    def side_for(self, person):
        return SIDES[self.code_for(person)]

    def contact_field(self, person):
        """The name of the field that says, on the page of `person`, how the other one may be contacted."""
        return "safe_contact_of_person" if self.flipped_for(person) else "safe_contact"

    def shares_home(self, today):
        """Whether the two live in one home today, as far as is recorded."""
        now = self.together_until is None or self.together_until > today
        return self.is_open and self.lives_together in IN_ONE_HOME and now

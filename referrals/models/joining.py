"""Two records of one child: that they were joined and parted again, what moved, and who is never joined (B22)."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from referrals.models.people import Person
from referrals.states import LockKind, RowWas


class PersonJoin(models.Model):
    """`person` was joined to `into`, whose record stands. Both rows stay; parted again, this one says so."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="joins")
    into = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="took_in")
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField()
    # What stood on both before, where joining changed it: services.same_child says which.
    details = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    parted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    parted_at = models.DateTimeField(null=True, blank=True)
    parted_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(person=F("into")), name="person_join_of_two"),
            models.CheckConstraint(condition=~Q(reason=""), name="person_join_has_its_reason"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(parted_at__isnull=True), name="person_joined_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(parted_at__isnull=True, parted_by__isnull=True, parted_reason="")
                | (Q(parted_at__isnull=False, parted_by__isnull=False) & ~Q(parted_reason="")),
                name="person_parted_by_whom_and_why",
            ),
        ]

    def __str__(self):
        return f"{self.person_id} joined to {self.into_id}"


class JoinedRow(models.Model):
    """One row of any table at a joining: it moved, stood with the other record already, or was made by it.

    Only ever added (core.append_only). The table and the column are kept by name: this floor knows no table above it.
    """

    join = models.ForeignKey(PersonJoin, on_delete=models.PROTECT, related_name="rows")
    table = models.CharField(max_length=80)
    column = models.CharField(max_length=60)
    key = models.CharField(max_length=40)
    was = models.CharField(max_length=10, choices=RowWas.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["join", "table", "column", "key"], name="joined_row_once"),
        ]

    def __str__(self):
        return f"{self.table}.{self.column} {self.key} {self.was}"


class PersonLock(models.Model):
    """`person` and `other` are not the same person; or `person`, adopted, is never linked with anybody.

    Of an adopted child there is no other: the lock itself would be the link.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="locks")
    other = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="locks_from")
    kind = models.CharField(max_length=10, choices=LockKind.choices)
    reason = models.TextField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="person_lock_has_its_reason"),
            models.CheckConstraint(
                condition=Q(kind=LockKind.ADOPTED, other__isnull=True)
                | (Q(kind=LockKind.NOT_THE_SAME, other__isnull=False) & ~Q(person=F("other"))),
                name="person_lock_of_two_or_of_an_adopted_child",
            ),
            models.UniqueConstraint(
                fields=["person", "other"], condition=Q(other__isnull=False), name="person_lock_once_a_pair"
            ),
            models.UniqueConstraint(
                fields=["person"], condition=Q(other__isnull=True), name="person_lock_adopted_once"
            ),
        ]

    def __str__(self):
        return f"{self.person_id}: {self.kind}"

"""Action: what people agreed that somebody does, by when: of a plan, a meeting or a panel alike."""

from django.db import models
from django.db.models import Q

from hsb.core.models.records import Record
from hsb.core.written import ComposedOnce


class ActionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_on__isnull=True, cancelled_at__isnull=True)


class Action(ComposedOnce, models.Model):
    # Whose plan it belongs to: a child's referral; for a child without one, the meeting itself.
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="actions")
    source = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="agreed_actions")
    # Tells apart what one source agreed for several children: the child's number in it.
    about = models.CharField(max_length=40, blank=True)
    number = models.PositiveSmallIntegerField()
    what = models.TextField()
    diversion = models.BooleanField(default=False)
    agency = models.CharField(max_length=200)
    # A user of ours, or a name.
    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner_name = models.CharField(max_length=200, blank=True)
    due_on = models.DateField()
    agreed_at = models.DateTimeField()
    agreed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.TextField(blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    once = models.UUIDField(unique=True)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="action_number_once"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | ~Q(owner_name=""), name="action_belongs_to_somebody"
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True) | ~Q(cancelled_reason=""), name="action_cancelled_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | Q(cancelled_at__isnull=True), name="action_done_or_cancelled"
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_on"], condition=Q(done_on__isnull=True, cancelled_at__isnull=True), name="action_open_due"
            )
        ]

    def __str__(self):
        return f"Action {self.number} of {self.source_id}"

    @property
    def is_open(self):
        return self.done_on is None and self.cancelled_at is None

    @property
    def who(self):
        return self.owner.name if self.owner_id else self.owner_name

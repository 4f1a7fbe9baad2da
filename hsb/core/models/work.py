"""Task: what the product demands of somebody, by when. Late is `due_on` before today while still open."""

from django.db import models
from django.db.models import Q

from hsb.core.models.records import Record
from hsb.core.written import ComposedOnce
from hsb.people.states import Role

# Asked of the front door, and of the managers of whoever logged it too (B6).
DECIDED = ("decide", "approve_police_referral")


class TaskQuerySet(models.QuerySet):
    def open(self):
        return self.filter(done_at__isnull=True, cancelled_at__isnull=True)


class Task(ComposedOnce, models.Model):
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="tasks")
    # A code of hsb.core.timescales: it gives the title, the clock and the page where the task is done.
    kind = models.CharField(max_length=40)
    # Tells tasks of one kind on one record apart (an assessment's number, an action's).
    about = models.CharField(max_length=40, blank=True)
    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="tasks")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, related_name="tasks")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    started_on = models.DateField()
    due_on = models.DateField()
    opened_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancelled_reason = models.TextField(blank=True)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "kind", "about"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="task_open_once",
            ),
            models.CheckConstraint(
                condition=Q(owner__isnull=False) | (Q(team__isnull=False) & ~Q(role="")),
                name="task_belongs_to_somebody",
            ),
        ]
        indexes = [
            models.Index(
                fields=["owner", "due_on"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="task_open_owner_due",
            ),
            models.Index(
                fields=["team", "role", "due_on"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True),
                name="task_open_team_due",
            ),
            # Few, and looked for on all that a team logged, on every page.
            models.Index(
                fields=["record"],
                condition=Q(done_at__isnull=True, cancelled_at__isnull=True, kind__in=DECIDED),
                name="task_open_decided",
            ),
        ]

    def __str__(self):
        return f"{self.kind} by {self.due_on}"

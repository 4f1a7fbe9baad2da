"""Who may open a record, from when until when; who may never; who did."""

from django.db import models
from django.db.models import Q

from hsb.core.models.records import Record
from hsb.core.states import AccessKind, Because
from hsb.core.written import ComposedOnce
from hsb.people.states import Role


class AccessGrant(ComposedOnce, models.Model):
    """Leave to open `record`, for one named user or for everybody with `role` in `team`."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="grants")
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, null=True, blank=True, related_name="grants")
    role = models.CharField(max_length=20, choices=Role.choices, blank=True)
    because = models.CharField(max_length=20, choices=Because.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True, blank=True)
    given_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(user__isnull=False, team__isnull=True, role="")
                | (Q(user__isnull=True, team__isnull=False) & ~Q(role="")),
                name="grant_to_a_user_or_to_a_role_in_a_team",
            ),
            models.UniqueConstraint(
                fields=["record", "user", "because"],
                condition=Q(ends_at__isnull=True, user__isnull=False),
                name="grant_open_once_per_user",
            ),
            models.UniqueConstraint(
                fields=["record", "team", "role", "because"],
                condition=Q(ends_at__isnull=True, user__isnull=True),
                name="grant_open_once_per_team_role",
            ),
        ]
        indexes = [
            models.Index(fields=["record", "user"], name="grant_record_user"),
            models.Index(fields=["user", "record"], name="grant_user_record", condition=Q(user__isnull=False)),
            models.Index(fields=["team", "role", "record"], name="grant_team_role_record"),
            # Few, and looked for on home among all the leave that somebody ever had.
            models.Index(
                fields=["user", "record"], name="grant_writes_intel", condition=Q(because=Because.WRITES_INTEL)
            ),
        ]

    def __str__(self):
        return f"{self.record_id}: {self.because}"


class AccessBar(models.Model):
    """`user` never opens anything of the person, whatever else is granted, break-glass too (B15)."""

    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="bars")
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="bars")
    reason = models.TextField()
    set_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    lifted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "record"], condition=Q(lifted_at__isnull=True), name="bar_open_once_per_person"
            )
        ]

    def __str__(self):
        return f"{self.user_id} barred from {self.record_id}"


class AccessRecord(models.Model):
    """One row per page, document, export or search about an identified child. Append-only."""

    # The two indexes below begin with them.
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.PROTECT, null=True, related_name="looks", db_index=False)
    kind = models.CharField(max_length=20, choices=AccessKind.choices)
    page = models.CharField(max_length=80)
    because = models.CharField(max_length=20, blank=True)
    # What was searched for, or the reason given for opening in an emergency.
    terms = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["record", "-at"], name="look_record_at"),
            models.Index(fields=["user", "-at"], name="look_user_at"),
        ]

    def __str__(self):
        return f"{self.user_id} {self.kind} {self.page}"

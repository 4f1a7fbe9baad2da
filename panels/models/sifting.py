"""SiftDecision: what the coordinator proposed for an intel form, and what named deciders decided (A16, B12)."""

from django.db import models
from django.db.models import Q

from panels.states import Proposal
from strategy_meetings.models import IntelForm


class SiftDecision(models.Model):
    """First a proposal with its reason; then the decision, with who decided for the local authority and the police."""

    form = models.ForeignKey(IntelForm, on_delete=models.PROTECT, related_name="sift_decisions")
    number = models.PositiveSmallIntegerField()
    proposal = models.CharField(max_length=20, choices=Proposal.choices)
    proposal_reason = models.TextField()
    proposed_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    # Why a case goes to the panel that no strategy meeting has discussed.
    without_meeting_reason = models.TextField(blank=True)
    deferred_until = models.DateField(null=True, blank=True)
    decision = models.CharField(max_length=20, choices=Proposal.choices, blank=True)
    reason = models.TextField(blank=True)
    decided_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    # Who decided: a user of ours, or a name and an agency.
    authority_user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    authority_name = models.CharField(max_length=200, blank=True)
    authority_agency = models.CharField(max_length=200, blank=True)
    police_user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    police_name = models.CharField(max_length=200, blank=True)
    police_agency = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)
    # The form that made this row: a double click proposes once.
    once = models.UUIDField(unique=True)

    class Meta:
        ordering = ["form", "number"]
        constraints = [
            models.UniqueConstraint(fields=["form", "number"], name="sift_number_once"),
            models.UniqueConstraint(fields=["form"], condition=Q(decision=""), name="sift_open_once"),
            models.CheckConstraint(
                condition=Q(decision="") | (~Q(reason="") & Q(decided_on__isnull=False, recorded_by__isnull=False)),
                name="sift_decision_has_its_reason",
            ),
            models.CheckConstraint(
                condition=(
                    Q(decision__in=["", Proposal.RETURN])
                    | (
                        (Q(authority_user__isnull=False) | ~Q(authority_name=""))
                        & (Q(police_user__isnull=False) | ~Q(police_name=""))
                    )
                ),
                name="sift_decision_has_its_deciders",
            ),
            models.CheckConstraint(
                condition=~Q(decision=Proposal.DEFER) | Q(deferred_until__isnull=False),
                name="sift_deferred_has_its_day",
            ),
        ]

    def __str__(self):
        return f"Decision {self.number} on {self.form_id}"

    @property
    def authority(self):
        """Who decided for the local authority, in words."""
        return said(self.authority_user, self.authority_name, self.authority_agency)

    @property
    def police(self):
        """Who decided for the police, in words."""
        return said(self.police_user, self.police_name, self.police_agency)


def said(user, name, agency):
    """Somebody who decided or agreed, in words: a user of ours, or a name; with the agency."""
    return ", ".join(part for part in (user.name if user is not None else name, agency) if part)

"""FamilyAssessment: a Child and Family assessment that is complete, with its dates and what follows.

While it is being done its dates are those of its task. The database only ever adds to this table.
"""

from django.db import models
from django.db.models import Q

from referrals.models.referrals import Referral
from referrals.states import AssessmentOutcome


class FamilyAssessment(models.Model):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="family_assessments")
    started_on = models.DateField()
    due_on = models.DateField()
    completed_on = models.DateField()
    outcome = models.CharField(max_length=20, choices=AssessmentOutcome.choices)
    summary = models.TextField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["completed_on", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(summary=""), name="family_assessment_has_a_summary")]

    def __str__(self):
        return f"Child and Family assessment of {self.referral_id}"

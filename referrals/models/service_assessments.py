"""What the services' own assessments came to: the Child and Family assessment, and the Early Help assessment.

While one is being done its dates are those of its task. A child can have several of a kind, one after the other: they
are numbered as they were completed. To both tables the database only ever adds.
"""

from django.db import models
from django.db.models import F, Q

from referrals.models.referrals import Referral
from referrals.states import AssessmentOutcome, HelpAssessmentOutcome


class ServiceAssessment(models.Model):
    """One that is complete, with its days and what follows."""

    started_on = models.DateField()
    due_on = models.DateField()
    completed_on = models.DateField()
    summary = models.TextField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        abstract = True
        ordering = ["pk"]

    @property
    def is_late(self):
        return self.completed_on > self.due_on


class FamilyAssessment(ServiceAssessment):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="family_assessments")
    outcome = models.CharField(max_length=20, choices=AssessmentOutcome.choices)

    class Meta(ServiceAssessment.Meta):
        constraints = [models.CheckConstraint(condition=~Q(summary=""), name="family_assessment_has_a_summary")]

    def __str__(self):
        return f"Child and Family assessment of {self.referral_id}"


class EarlyHelpAssessment(ServiceAssessment):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="early_help_assessments")
    # Whoever did it may be of a school or another service, without an account.
    done_by = models.CharField(max_length=200)
    outcome = models.CharField(max_length=20, choices=HelpAssessmentOutcome.choices)

    class Meta(ServiceAssessment.Meta):
        constraints = [
            models.CheckConstraint(condition=~Q(summary="") & ~Q(done_by=""), name="early_help_assessment_is_whole"),
            models.CheckConstraint(
                condition=Q(completed_on__gte=F("started_on")), name="early_help_assessment_ends_after_it_began"
            ),
        ]

    def __str__(self):
        return f"Early Help assessment of {self.referral_id}"

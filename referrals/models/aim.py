"""AimAssessment: what is known of a completed AIM assessment of a child who displayed (practice.md A26).

Never the instrument: which tool, when, by whom, what came of it in plain words, and where the report stands. To this
table the database only ever adds (hsb.core.append_only): a row that was wrong is replaced by another one.
"""

from django.db import models
from django.db.models import F, Q

from referrals.models.case_documents import CaseDocument
from referrals.models.referrals import Referral
from referrals.models.written_once import RecordedAnew
from referrals.states import AimTool


class AimAssessment(RecordedAnew):
    VERBS = ("record_aim", "replace_aim")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="aim_assessments")
    tool = models.CharField(max_length=20, choices=AimTool.choices)
    tool_version = models.CharField(max_length=60)
    started_on = models.DateField()
    completed_on = models.DateField()
    # Trained in the tool on the day of completion: asked by the service, of a table of the ground floor.
    assessor = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    summary = models.TextField()
    recommendations = models.TextField()
    report = models.ForeignKey(CaseDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    no_report_reason = models.TextField(blank=True)
    # Why this tool, where the child's age does not fit it.
    age_reason = models.TextField(blank=True)

    class Meta(RecordedAnew.Meta):
        verbose_name = "AIM assessment"
        verbose_name_plural = "AIM assessments"
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="aim_assessment_number_once"),
            models.CheckConstraint(
                condition=~Q(summary="") & ~Q(recommendations="") & ~Q(tool_version=""),
                name="aim_assessment_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(completed_on__gte=F("started_on")), name="aim_assessment_completed_after_start"
            ),
            models.CheckConstraint(
                condition=Q(report__isnull=False, no_report_reason="")
                | (Q(report__isnull=True) & ~Q(no_report_reason="")),
                name="aim_assessment_report_or_why_none",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, replaces_reason="")
                | (Q(replaces__isnull=False) & ~Q(replaces_reason="")),
                name="aim_assessment_replaced_with_a_reason",
            ),
        ]

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral__record", "assessor").filter(reference=reference)

    def says(self):
        """All that was recorded, as texts: what a digest vouches for, and what tells two rows apart."""
        days = (self.started_on.isoformat(), self.completed_on.isoformat())
        keys = tuple(str(key or "") for key in (self.assessor_id, self.report_id, self.replaces_id))
        texts = (self.summary, self.recommendations, self.no_report_reason, self.age_reason, self.replaces_reason)
        return (self.tool, self.tool_version, *days, *keys, *texts)

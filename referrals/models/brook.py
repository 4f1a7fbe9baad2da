"""BrookFinding: a colour that a trained colleague found with the Brook Traffic Light Tool (practice.md A25, B18).

Never the tool's text: which colour, of one behaviour or of all of it, when, by whom, and in plain words why. To this
table the database only ever adds (hsb.core.append_only): a row that was wrong is replaced by another one.
"""

from django.db import models
from django.db.models import Q

from referrals.models.case_documents import CaseDocument
from referrals.models.concerns import Behaviour
from referrals.models.referrals import Referral
from referrals.models.written_once import RecordedAnew
from referrals.states import Brook


class BrookFinding(RecordedAnew):
    VERBS = ("record_brook", "replace_brook")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="brook_findings")
    # Empty: of the whole, all behaviours taken together.
    behaviour = models.ForeignKey(
        Behaviour, on_delete=models.PROTECT, null=True, blank=True, related_name="brook_findings"
    )
    colour = models.CharField(max_length=10, choices=Brook.choices)
    found_on = models.DateField()
    # Trained in the tool on that day: asked by the service, of a table of the ground floor.
    found_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    age_group = models.CharField(max_length=20)
    tool_version = models.CharField(max_length=40)
    summary = models.TextField()
    report = models.ForeignKey(CaseDocument, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(RecordedAnew.Meta):
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="brook_finding_number_once"),
            models.CheckConstraint(
                condition=~Q(summary="") & ~Q(age_group="") & ~Q(tool_version=""), name="brook_finding_is_whole"
            ),
            models.CheckConstraint(
                condition=Q(colour__in=[colour.value for colour in Brook if colour != Brook.NOT_USED]),
                name="brook_finding_has_a_colour",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, replaces_reason="")
                | (Q(replaces__isnull=False) & ~Q(replaces_reason="")),
                name="brook_finding_replaced_with_a_reason",
            ),
        ]

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral__record", "found_by").filter(reference=reference)

    def says(self):
        """All that was recorded, as texts: what a digest vouches for, and what tells two rows apart."""
        keys = tuple(str(key or "") for key in (self.behaviour_id, self.found_by_id, self.report_id, self.replaces_id))
        texts = (self.age_group, self.tool_version, self.summary, self.replaces_reason)
        return (self.colour, self.found_on.isoformat(), *keys, *texts)

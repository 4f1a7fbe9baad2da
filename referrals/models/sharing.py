"""What was shared with somebody outside, or decided not to be; and what a family is not told yet of a paper (B21).

To both tables the database only ever adds (hsb.core.append_only).
"""

from django.db import models
from django.db.models import Q

from hsb.core import journal
from hsb.core.door import Vouched
from hsb.core.models import Record
from referrals.models.assessments import RiskAssessment
from referrals.models.police import PoliceReferral
from referrals.states import ConsentAsked, Recipient


class Disclosure(Vouched, models.Model):
    """What was shared, with whom, why, on what basis; decisions not to share, and that something can be told now.

    Most are written by the verb that shares (services.disclosing); the others somebody recorded on a page
    (services.sharing): these have a reference, and an entry of their own that vouches for them.
    """

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="disclosures")
    shared = models.BooleanField(default=True)
    # Not shared yet, and decided that it can be from that day.
    lifts = models.BooleanField(default=False)
    what = models.TextField()
    to_whom = models.TextField()
    # "" where no kind follows from the verb that shares: immediate protection names several at once.
    recipient = models.CharField(max_length=20, choices=Recipient.choices, blank=True)
    why = models.TextField()
    basis = models.CharField(max_length=200)
    asked = models.CharField(max_length=10, choices=ConsentAsked.choices, blank=True)
    # What was said of consent, or why nobody was asked.
    consent = models.TextField(blank=True)
    happened_on = models.DateField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    reference = models.CharField(max_length=28, unique=True, null=True, blank=True)
    once = models.UUIDField(unique=True, null=True, blank=True)

    class Meta:
        ordering = ["recorded_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(shared=True, lifts=True), name="disclosure_shared_or_can_be"),
            models.CheckConstraint(
                condition=Q(reference__isnull=True, once__isnull=True) | Q(reference__isnull=False, once__isnull=False),
                name="disclosure_recorded_on_a_page",
            ),
        ]

    def __str__(self):
        return f"To {self.to_whom}"

    def told(self):
        """What somebody typed or chose, as texts; the basis is told apart, for beside it stands on which answers it
        rested."""
        codes = (str(self.shared), self.recipient, self.asked, self.happened_on.isoformat())
        return (*codes, self.what, self.to_whom, self.why, self.consent)

    def says(self):
        """All that was recorded, as texts: what a digest vouches for."""
        return (*self.told(), self.basis)

    def vouched_for(self):
        return ("record_sharing", journal.digest_of_text(*self.says())) if self.reference else None


class PaperTelling(Vouched, models.Model):
    """What was decided about telling the family of an assessment or of a Form 87A: nothing yet, or that they can be
    told. The latest of each stands."""

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    assessment = models.ForeignKey(
        RiskAssessment, on_delete=models.PROTECT, null=True, blank=True, related_name="tellings"
    )
    police_referral = models.ForeignKey(
        PoliceReferral, on_delete=models.PROTECT, null=True, blank=True, related_name="tellings"
    )
    number = models.PositiveIntegerField()
    reference = models.CharField(max_length=34, unique=True)
    held_back = models.BooleanField()
    reason = models.TextField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["assessment", "police_referral", "number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "number"], name="assessment_telling_number_once"),
            models.UniqueConstraint(fields=["police_referral", "number"], name="form_telling_number_once"),
            models.CheckConstraint(
                condition=Q(assessment__isnull=True, police_referral__isnull=False)
                | Q(assessment__isnull=False, police_referral__isnull=True),
                name="paper_telling_of_one_paper",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="paper_telling_has_its_reason"),
        ]

    def __str__(self):
        return self.reference

    @property
    def paper(self):
        return self.assessment if self.assessment_id else self.police_referral

    def vouched_for(self):
        kind = "assessment" if self.assessment_id else "form"
        return f"hold_{kind}_back" if self.held_back else f"tell_{kind}", journal.digest_of_text(self.reason)

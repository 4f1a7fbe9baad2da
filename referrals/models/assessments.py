"""RiskAssessment: the HSB risk assessment of a child who displayed, the safety page of a child who was harmed.

A later one supersedes, none is overwritten. Its saved pages are the assessment's own: a colleague may go on.
"""

from django.db import models
from django_fsm import FSMField, transition

from hsb.core import journal
from hsb.core.access import HangsOnQuerySet
from hsb.core.door import Doored
from hsb.core.models import Record
from hsb.core.written import ComposedOnce
from referrals import guards, permissions
from referrals.models.brook import BrookFinding
from referrals.models.concerns import Behaviour
from referrals.states import (
    WRITABLE,
    AssessmentKind,
    AssessmentState,
    Brook,
    Category,
    Tier,
    YesNoUnknown,
)

A = AssessmentState


# What a page of the assessment may write: a form's fields are checked against this list.
PAGES = {
    "category": ("indicators", "category"),
    "brook": ("brook", "brook_on", "brook_age_group", "brook_tool_version"),
    "threshold": ("tier", "rationale", "mismatch_reason"),
    "context": ("context_displayed", "context_harmed", "age_and_power"),
    "strengths": ("protective_factors", "child_views", "family_views"),
    "risk": (
        "risk_siblings",
        "risk_girls",
        "risk_boys",
        "risk_younger",
        "risk_older",
        "risk_adults",
        "risk_disabled",
        "risk_statement",
    ),
    "safety": ("safety_now", "safety_contact"),
    "support": ("support_needed", "support_health", "wishes"),
}


def _risk():
    return models.CharField(max_length=10, choices=YesNoUnknown.choices, blank=True)


class RiskAssessment(Doored, models.Model):
    hangs_on = "referral"

    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey("referrals.Referral", on_delete=models.PROTECT, related_name="assessments")
    reference = models.CharField(max_length=24, unique=True)
    number = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=AssessmentKind.choices)
    state = FSMField(max_length=12, choices=A.choices, default=A.DRAFT, protected=True)
    started_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    # Keys of everybody who wrote on it: none of them approves it.
    written_by = models.JSONField(default=list, blank=True)
    submitted_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.TextField(blank=True)

    # Page "Behaviours and category" (displayed). Indicators are evidence; the category is the worker's own choice.
    indicators = models.JSONField(default=list, blank=True)  # codes of pathway.Indicator
    category = models.CharField(max_length=1, choices=Category.choices, blank=True)
    # Page "Brook": colour, date, age group, tool version, trained user; none of the tool's text (A25).
    brook = models.CharField(max_length=10, choices=Brook.choices, blank=True)
    brook_on = models.DateField(null=True, blank=True)
    brook_age_group = models.CharField(max_length=20, blank=True)
    brook_tool_version = models.CharField(max_length=40, blank=True)
    brook_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Where the colour is one that a trained colleague recorded on the referral: its facts stand above as well.
    brook_finding = models.ForeignKey(BrookFinding, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    # Page "Threshold and reasons"
    tier = models.PositiveSmallIntegerField(choices=Tier.choices, null=True, blank=True)
    rationale = models.TextField(blank=True)
    mismatch_reason = models.TextField(blank=True)
    # Page "Context": both children, seen separately (A6)
    context_displayed = models.TextField(blank=True)
    context_harmed = models.TextField(blank=True)
    age_and_power = models.TextField(blank=True)
    # Page "Strengths and protection"
    protective_factors = models.TextField(blank=True)
    child_views = models.TextField(blank=True)
    family_views = models.TextField(blank=True)
    # Page "Who may be at risk": every group (B21)
    risk_siblings = _risk()
    risk_girls = _risk()
    risk_boys = _risk()
    risk_younger = _risk()
    risk_older = _risk()
    risk_adults = _risk()
    risk_disabled = _risk()
    risk_statement = models.TextField(blank=True)
    # Pages "Safety" and "Support" (harmed)
    safety_now = models.TextField(blank=True)
    safety_contact = models.TextField(blank=True)
    support_needed = models.TextField(blank=True)
    support_health = models.TextField(blank=True)
    wishes = models.TextField(blank=True)

    objects = HangsOnQuerySet.as_manager()

    class Meta:
        ordering = ["referral", "number"]
        constraints = [models.UniqueConstraint(fields=["referral", "number"], name="assessment_number_once")]

    def __str__(self):
        return self.reference

    @classmethod
    def at(cls, reference):
        return cls.objects.select_related("record", "referral", "referral__person").filter(reference=reference)

    @property
    def pathway_version(self):
        return self.referral.pathway_version

    def digest(self):
        """The digest by which the journal vouches for what it says, when it is submitted."""
        names = sorted(name for page in PAGES.values() for name in page)
        return journal.digest_of_text(*(f"{name}={getattr(self, name)}" for name in names))

    def vouched_for(self):
        """Submitted and not given back: nobody writes on it, and its last submission vouches for its text."""
        return None if self.is_writable else ("submit", self.digest())

    def is_by(self, user):
        """Whether `user` wrote on it, or submitted it."""
        return user.pk == self.submitted_by_id or user.pk in self.written_by

    @property
    def is_writable(self):
        return self.state in WRITABLE

    @transition(
        "state",
        list(WRITABLE),
        A.SUBMITTED,
        conditions=list(guards.ASKED_OF_AN_ASSESSMENT),
        permission=permissions.can_submit_assessment,
    )
    def submit(self):
        """The worker's judgement is given."""

    @transition(
        "state",
        A.SUBMITTED,
        A.APPROVED,
        conditions=[guards.still_answers_everything],
        permission=permissions.can_decide_assessment,
    )
    def approve(self):
        """A manager, never the author, agrees."""

    @transition(
        "state",
        A.SUBMITTED,
        A.RETURNED,
        permission=permissions.can_decide_assessment,
        custom={"reason": "Say what needs to change before you can approve it."},
    )
    def return_to_worker(self):
        """A manager asks for a change."""

    @transition("state", A.APPROVED, A.STALE, permission=permissions.can_make_stale)
    def go_stale(self):
        """Behaviour, category, tier or rationale changed since the approval (B17)."""


class BehaviourCategory(ComposedOnce, models.Model):
    """The worker's category for one behaviour, in one assessment, until it is submitted as a decision."""

    assessment = models.ForeignKey(RiskAssessment, on_delete=models.PROTECT, related_name="behaviour_categories")
    behaviour = models.ForeignKey(Behaviour, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=1, choices=Category.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["assessment", "behaviour"], name="behaviour_category_once")]

    def __str__(self):
        return self.get_category_display()

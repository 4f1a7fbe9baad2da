"""What follows when a young person turns 18, and what a manager decides once they are (practice.md B20).

To both tables the database only ever adds (hsb.core.append_only): the latest row of a referral stands.
"""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from referrals.models.referrals import Referral
from referrals.models.written_once import WrittenOnce
from referrals.states import DecidedAt18, FollowsAt18


class LatestQuerySet(models.QuerySet):
    def standing(self):
        """The latest row of each referral."""
        later = self.model.objects.filter(referral=OuterRef("referral"), number__gt=OuterRef("number"))
        return self.filter(~Exists(later))


class At18(WrittenOnce):
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")

    objects = LatestQuerySet.as_manager()

    class Meta(WrittenOnce.Meta):
        abstract = True


class WhatFollows(At18):
    """Whether the work goes on after 18 and where, who was asked there, what the young person says, and the plan."""

    verb = "plan_at_18"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="what_follows")
    goes_on = models.BooleanField()
    where = models.JSONField(default=list)  # codes of FollowsAt18; empty where nothing further is needed
    asked = models.TextField(blank=True)  # who was asked there
    asked_on = models.DateField(null=True, blank=True)
    not_needed_because = models.TextField(blank=True)
    young_person_says = models.TextField()
    plan = models.TextField()
    review_on = models.DateField(null=True, blank=True)

    class Meta(At18.Meta):
        verbose_name = "plan of what follows at 18"
        verbose_name_plural = "plans of what follows at 18"
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="what_follows_number_once"),
            models.CheckConstraint(
                condition=Q(goes_on=True, asked_on__isnull=False, not_needed_because="") & ~Q(asked="")
                | Q(goes_on=False, asked_on__isnull=True, asked="") & ~Q(not_needed_because=""),
                name="what_follows_where_or_why_not",
            ),
            models.CheckConstraint(condition=~Q(young_person_says="") & ~Q(plan=""), name="what_follows_is_whole"),
        ]

    def says(self):
        """All that was recorded, as texts: what a digest vouches for, and what tells two rows apart."""
        days = tuple(day.isoformat() if day else "" for day in (self.asked_on, self.review_on))
        texts = (self.asked, self.not_needed_because, self.young_person_says, self.plan)
        return (str(self.goes_on), *self.where, *days, *texts)

    @property
    def where_in_words(self):
        """The services by name, in the order of FollowsAt18."""
        return [each.label for each in FollowsAt18 if each in self.where]


class DecisionAt18(At18):
    """Close, pass to adult services, or go on until a day: a manager's, with the reason."""

    verb = "decide_at_18"

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions_at_18")
    outcome = models.CharField(max_length=10, choices=DecidedAt18.choices)
    reason = models.TextField()
    passed_to = models.CharField(max_length=200, blank=True)
    passed_on = models.DateField(null=True, blank=True)
    accepted_by = models.CharField(max_length=200, blank=True)
    until_on = models.DateField(null=True, blank=True)

    class Meta(At18.Meta):
        verbose_name = "decision at 18"
        verbose_name_plural = "decisions at 18"
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="decision_at_18_number_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_at_18_has_a_reason"),
            models.CheckConstraint(
                condition=Q(outcome=DecidedAt18.PASS, passed_on__isnull=False) & ~Q(passed_to="") & ~Q(accepted_by="")
                | ~Q(outcome=DecidedAt18.PASS) & Q(passed_on__isnull=True, passed_to="", accepted_by=""),
                name="decision_at_18_passed_to_whom",
            ),
            models.CheckConstraint(
                condition=Q(outcome=DecidedAt18.GO_ON, until_on__isnull=False)
                | ~Q(outcome=DecidedAt18.GO_ON) & Q(until_on__isnull=True),
                name="decision_at_18_goes_on_until_a_day",
            ),
        ]

    def says(self):
        """All that was recorded, as texts."""
        days = tuple(day.isoformat() if day else "" for day in (self.passed_on, self.until_on))
        return (self.outcome, self.reason, self.passed_to, self.accepted_by, *days)

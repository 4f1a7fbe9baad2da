"""ConsentAnswer: what one person answered, or why nobody asked, whether a child's case may do one thing (A6, B21).

Each child has their own, in each referral. To this table the database only ever adds (hsb.core.append_only): an answer
that changes is another row, and a row that was wrong is replaced by another one.
"""

from django.db import models
from django.db.models import F, Q

from referrals.models.referrals import Referral
from referrals.models.relationships import Relationship
from referrals.models.written_once import RecordedAnew
from referrals.states import (
    NAMED_PURPOSES,
    AnsweredHow,
    ConsentBy,
    ConsentPurpose,
    ConsentSaid,
    NotAskedBecause,
)

_NOT_ASKED = Q(answer=ConsentSaid.NOT_ASKED)


class ConsentAnswer(RecordedAnew):
    VERBS = ("record_consent", "replace_consent")

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="consent_answers")
    purpose = models.CharField(max_length=20, choices=ConsentPurpose.choices)
    # Which council, which service, or what else.
    purpose_words = models.CharField(max_length=200, blank=True)
    answered_by = models.CharField(max_length=10, choices=ConsentBy.choices)
    # Of a parent or carer: recorded in household and family, else named. The row's `other` is who answered.
    relationship = models.ForeignKey(Relationship, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answerer_name = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=10, choices=ConsentSaid.choices)
    # The day of the answer, or the day on which it was decided not to ask.
    happened_on = models.DateField()
    how = models.CharField(max_length=10, choices=AnsweredHow.choices, blank=True)
    told = models.TextField(blank=True)
    own_words = models.TextField(blank=True)
    holds_until = models.DateField(null=True, blank=True)
    not_asked_because = models.CharField(max_length=20, choices=NotAskedBecause.choices, blank=True)
    not_asked_words = models.TextField(blank=True)

    class Meta(RecordedAnew.Meta):
        verbose_name = "answer about consent"
        verbose_name_plural = "answers about consent"
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="consent_answer_number_once"),
            models.CheckConstraint(
                condition=Q(purpose__in=NAMED_PURPOSES) & ~Q(purpose_words="")
                | ~Q(purpose__in=NAMED_PURPOSES) & Q(purpose_words=""),
                name="consent_answer_purpose_named",
            ),
            models.CheckConstraint(
                condition=Q(answered_by=ConsentBy.CHILD, relationship__isnull=True, answerer_name="")
                | Q(answered_by=ConsentBy.PARENT, relationship__isnull=False, answerer_name="")
                | Q(answered_by=ConsentBy.PARENT, relationship__isnull=True) & ~Q(answerer_name=""),
                name="consent_answer_by_whom",
            ),
            models.CheckConstraint(
                condition=_NOT_ASKED & Q(how="", told="", own_words="") & ~Q(not_asked_because="")
                | ~_NOT_ASKED & Q(not_asked_because="") & ~Q(how="") & ~Q(told="") & ~Q(own_words=""),
                name="consent_answer_asked_or_why_not",
            ),
            models.CheckConstraint(
                condition=Q(not_asked_because=NotAskedBecause.OTHER) & ~Q(not_asked_words="")
                | ~Q(not_asked_because=NotAskedBecause.OTHER) & Q(not_asked_words=""),
                name="consent_answer_other_reason_said",
            ),
            models.CheckConstraint(
                condition=Q(holds_until__isnull=True) | Q(answer=ConsentSaid.AGREED, holds_until__gte=F("happened_on")),
                name="consent_answer_holds_after_it_was_given",
            ),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True, replaces_reason="")
                | Q(replaces__isnull=False) & ~Q(replaces_reason=""),
                name="consent_answer_replaced_with_a_reason",
            ),
        ]

    @property
    def about(self):
        """Which purpose it is of: two councils are two."""
        return self.purpose, _one_spelling(self.purpose_words)

    @property
    def whose(self):
        """Whose answer it is, the same for every answer of one person."""
        if self.relationship_id:
            return "person", self.relationship.other_id
        return self.answered_by, _one_spelling(self.answerer_name)

    def says(self):
        """All that was recorded, as texts: what a digest vouches for, and what tells two rows apart."""
        days = tuple(day.isoformat() if day else "" for day in (self.happened_on, self.holds_until))
        keys = tuple(str(key or "") for key in (self.relationship_id, self.replaces_id))
        codes = (self.purpose, self.answered_by, self.answer, self.how, self.not_asked_because)
        texts = (self.purpose_words, self.answerer_name, self.told, self.own_words, self.not_asked_words)
        return (*codes, *days, *keys, *texts, self.replaces_reason)


def _one_spelling(text):
    return " ".join(text.casefold().split())

"""Words that a text field asks about once, with those the borough prefers, and names that it never asks about."""

from django.db import models

from hsb.core.states import WordKind


class PreferredWord(models.Model):
    """A word that is asked about and the words preferred to it, or a name in which such a word is let be.

    It ends; it is never changed or deleted: what was preferred on a day can be read for ever.
    """

    # What its page is called by; counted on from the last.
    number = models.PositiveIntegerField(unique=True)
    kind = models.CharField(max_length=10, choices=WordKind.choices)
    word = models.CharField(max_length=120)
    # The word in small letters, single spaces between: one row in force for each.
    folded = models.CharField(max_length=120)
    instead = models.CharField(max_length=200, blank=True)
    # Nobody, of the list that the service begins with.
    added_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField()
    ended_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["folded"], condition=models.Q(ended_at__isnull=True), name="preferred_word_in_force_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(folded="") & (models.Q(kind=WordKind.NAME) | ~models.Q(instead="")),
                name="preferred_word_says_what_instead",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(ended_at__isnull=False, ended_by__isnull=False),
                name="preferred_word_ended_by_somebody",
            ),
        ]

    def __str__(self):
        return self.word

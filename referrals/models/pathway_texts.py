"""PathwayText: the borough's own words for one text of the pathway, from an instant on. To the table the database only
ever adds: a referral reads for ever what was in force when it began."""

from django.db import models

from hsb.core import clock
from hsb.core.remembered import Remembered
from referrals import pathway


class PathwayText(models.Model):
    version = models.CharField(max_length=20)
    key = models.CharField(max_length=40)  # of pathway.Text
    # Counted on for each text: two people who change it at once make one row.
    number = models.PositiveIntegerField()
    # Empty: the words that the version began with are in force again.
    text = models.TextField(blank=True)
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "key", "number"], name="pathway_text_number_once"),
        ]

    def __str__(self):
        return f"{self.version} {self.key} {self.number}"


_rows = Remembered(lambda: PathwayText.objects.values_list("version", "key", "text", "at"))
forget = _rows.forget


def pathway_at(version, at=None):
    """The version of the pathway in the words in force at an instant (now by default). Raises KeyError for none."""
    at = at or clock.now()
    changed = {key: text for of, key, text, since in _rows() if of == version and since <= at}
    return pathway.in_words_of(version, tuple(sorted((key, text) for key, text in changed.items() if text)))

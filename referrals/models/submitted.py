"""SubmittedWork: what somebody's work said each time it was passed to a manager, so that what changed can be shown.

To this table the database only ever adds (hsb.core.append_only).
"""

from django.db import models

from hsb.core.models import Record
from hsb.core.written import ComposedOnce


class SubmittedWork(ComposedOnce, models.Model):
    record = models.ForeignKey(Record, on_delete=models.PROTECT, related_name="+")
    # The reference of the assessment or the plan, and the how manieth time it was passed on.
    about = models.CharField(max_length=28)
    number = models.PositiveSmallIntegerField()
    # What it said, as a reader saw it: [[the question, the answer]].
    said = models.JSONField()
    by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["about", "number"]
        constraints = [models.UniqueConstraint(fields=["about", "number"], name="submitted_work_number_once")]

    def __str__(self):
        return f"{self.about}, passed on for the {self.number}. time"

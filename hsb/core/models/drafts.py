"""What somebody typed and has not yet saved; what somebody searched for. Both server-side, both short-lived."""

import uuid

from django.db import models


class Draft(models.Model):
    """One per user, form and key: nobody else ever gets it (B19)."""

    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=60)
    key = models.CharField(max_length=200, blank=True)
    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "form", "key"], name="draft_once")]

    def __str__(self):
        return f"{self.form} of {self.user_id}"


class SearchTerms(models.Model):
    """A search is a POST that keeps its terms here and redirects to this opaque id: no name in a URL."""

    reference = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    terms = models.JSONField()
    at = models.DateTimeField()

    def __str__(self):
        return str(self.reference)

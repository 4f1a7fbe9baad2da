"""CaseDocument: a file that somebody brought, as it came, on one child's referral (decision 26)."""

from django.db import models
from django.db.models import Q

from hsb.core.states import FileType, Scanned
from referrals.models.referrals import Referral
from referrals.states import DocumentKind


class CaseDocumentQuerySet(models.QuerySet):
    def read_through(self, referral):
        """What whoever opens `referral` reads: its own, and those of a referral that was attached to it.

        One that was restricted on a referral of its own stays with its own readers.
        """
        attached = Q(referral__attached_to=referral, referral__record__restricted=False)
        return self.filter(Q(referral=referral) | attached)


class CaseDocument(models.Model):
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="case_documents")
    number = models.PositiveSmallIntegerField()
    reference = models.CharField(max_length=24, unique=True)
    kind = models.CharField(max_length=20, choices=DocumentKind.choices)
    title = models.CharField(max_length=200)
    # The day the document itself bears; not every one has one.
    dated_on = models.DateField(null=True, blank=True)
    came_from = models.CharField(max_length=200)
    do_not_disclose = models.BooleanField()
    # Under a random name in the store; the digest says whether it is still the file that was added.
    stored_name = models.CharField(max_length=200, unique=True)
    file_type = models.CharField(max_length=10, choices=FileType.choices)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    scanned = models.CharField(max_length=20, choices=Scanned.choices)
    added_by = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    # Added by mistake: the row and the file stay, and nobody opens the file any more.
    taken_out_by = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    taken_out_at = models.DateTimeField(null=True, blank=True)
    taken_out_reason = models.TextField(blank=True)
    once = models.UUIDField(unique=True)

    objects = CaseDocumentQuerySet.as_manager()

    class Meta:
        ordering = ["referral", "number"]
        constraints = [
            models.UniqueConstraint(fields=["referral", "number"], name="case_document_number_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="case_document_is_not_empty"),
            models.CheckConstraint(
                condition=Q(taken_out_at__isnull=True, taken_out_by__isnull=True, taken_out_reason="")
                | (Q(taken_out_at__isnull=False, taken_out_by__isnull=False) & ~Q(taken_out_reason="")),
                name="case_document_taken_out_by_whom_and_why",
            ),
        ]

    def __str__(self):
        return self.reference

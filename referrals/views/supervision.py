"""The supervision sheet of one worker, on which "Discussed" writes the oversight note; and the same on paper."""

from functools import cached_property

from django.http import Http404
from django.urls import reverse

from hsb.core import access, clock, words
from hsb.core.pages import FormPage, Page, find
from hsb.core.refusals import Denied
from hsb.core.states import AccessKind
from referrals.forms.supervision import DiscussedForm
from referrals.models import Referral
from referrals.selectors import reassigning, supervision
from referrals.selectors.colleagues import find_user
from referrals.services.supervising import discussed


class OfWorker:
    """The sheet of the worker whom the URL names: of a team that the reader manages, or who has a child of hers."""

    looked_at_as = "supervision"
    looks = AccessKind.PAGE

    def prepare(self, user, **kwargs):
        self.worker = find_user(user)
        if self.worker is None or not reassigning.is_of(self.worker, self.user):
            raise Http404

    def look(self):
        """What was agreed stands on the sheet: each of its records is looked at."""
        access.look_at_each(self.user, self.sheet["records"], self.looked_at_as, kind=self.looks)

    def get_title(self):
        return f"Supervision: {self.worker.name}"

    @cached_property
    def sheet(self):
        return supervision.sheet(self.worker, self.user)

    def context(self):
        return {
            "sheet": self.sheet,
            "worker": self.worker.name,
            "back_url": reverse("overview:team_work"),
            "sheet_url": self.sheet_url(),
            "print_url": reverse("referrals:print_supervision", args=[self.worker.reference]),
        }

    def sheet_url(self):
        return reverse("referrals:supervision", args=[self.worker.reference])


class Supervision(OfWorker, Page):
    template_name = "referrals/supervision.html"


class PrintSupervision(OfWorker, Page):
    template_name = "referrals/supervision_print.html"
    looked_at_as = "print_supervision"
    looks = AccessKind.EXPORT

    def context(self):
        return {**super().context(), "printed": f"Printed by {self.user.name} on {words.instant(clock.now())}"}


class Discussed(OfWorker, FormPage):
    """The sheet with one referral's form open: an address for each, so that each keeps what was typed in it."""

    template_name = "referrals/supervision.html"
    form_class = DiscussedForm
    done = "The oversight note is written."

    def prepare(self, user, reference):
        super().prepare(user)
        self.referral = find(Referral, reference, self.user)
        self.row = next((row for row in self.sheet["rows"] if row["reference"] == self.referral.reference), None)
        if self.row is None and self.request.method != "POST":
            raise Http404
        if self.row is not None and not self.row["may_discuss"]:
            raise Denied(record=self.referral.record, verb="write_note")

    def context(self):
        # Where the child has gone to somebody else meanwhile, what was typed stands above the sheet.
        return {**super().context(), "asked": self.referral.reference, "lost": self.row is None}

    def submit(self, form):
        discussed(self.referral.reference, actor=self.user, worker=self.worker, **form.cleaned_data)
        return f"{self.sheet_url()}#{self.referral.reference}"

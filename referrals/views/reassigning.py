"""Handing on somebody's whole caseload: the preview, and how far it has come."""

from functools import cached_property

from django.db import transaction
from django.http import Http404
from django.urls import reverse

from hsb.core import words
from hsb.core.pages import FormPage, Page
from referrals import tasks
from referrals.forms.reassigning import ReassignForm
from referrals.selectors import reassigning
from referrals.selectors.colleagues import find_user, worker_at
from referrals.services.reassigning import order


class Reassign(FormPage):
    form_class = ReassignForm
    template_name = "referrals/reassign.html"

    def prepare(self, user):
        self.leaver = find_user(user)
        if self.leaver is None or not reassigning.is_of(self.leaver, self.user):
            raise Http404

    def get_title(self):
        return f"Hand on the caseload of {self.leaver.name}"

    @cached_property
    def held(self):
        return reassigning.Held(self.leaver, self.user)

    @cached_property
    def rows(self):
        return reassigning.preview(self.held)

    def form_kwargs(self):
        return {"rows": self.rows, "leaver": self.leaver.name}

    def context(self):
        return {
            "number": words.count(len(self.rows), "open referral"),
            "rows": self.rows,
            "stays": reassigning.what_stays(self.held),
            "stays_columns": reassigning.STAYS_COLUMNS,
            "back_url": reverse("overview:team_work"),
        }

    def submit(self, form):
        made = order(
            actor=self.user,
            leaver=self.leaver,
            to={reference: worker_at(worker) for reference, worker in form.cleaned_data["to"].items()},
            reason=form.cleaned_data["reason"],
            once=form.cleaned_data["once"],
        )
        transaction.on_commit(tasks.wake)
        return reverse("referrals:reassignment", args=[made.reference])


class ReassignmentProgress(Page):
    """It goes on by itself: this page can be left, and is found again under Team work."""

    template_name = "referrals/reassignment.html"

    def prepare(self, order):
        self.order = reassigning.order_at(order, self.user)
        if self.order is None:
            raise Http404

    def get_title(self):
        return f"Caseload of {self.order.leaver.name}"

    def context(self):
        return {
            **reassigning.progress(self.order, self.user),
            "columns": reassigning.PROGRESS_COLUMNS,
            "again": self.request.path,
            "back_url": reverse("overview:team_work"),
            "rest": reverse("referrals:reassign", args=[self.order.leaver.reference]),
        }

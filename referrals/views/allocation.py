"""With a team: name a worker, record that work has started, send an allocation back."""

from functools import cached_property

from referrals.forms.allocation import WORKER, EndAllocationForm, NameWorkerForm, RefuseAllocationForm, StartWorkForm
from referrals.forms.service_step import AssessAgainForm, HelpAssessmentForm, ServiceStepForm
from referrals.selectors import caseloads, colleagues, consent
from referrals.selectors.service_assessments import begins_after, name_of
from referrals.services import working
from referrals.services.deciding import SameWorkerQuestioned
from referrals.views.verb import VerbPage

# Kind of task that a service owes -> the page on which it is recorded as done.
TITLES = {
    "family_assessment": "Record the Child and Family assessment as completed",
    "early_help_review": "Record the review of the Early Help plan",
}


class NameWorker(VerbPage):
    form_class = NameWorkerForm
    deed = "name_worker"
    template_name = "referrals/verbs/name_worker.html"

    def get_title(self):
        return "Change the worker" if self.reading.spell.worker_id else "Name the worker"

    @cached_property
    def suggested(self):
        return caseloads.suggestions(self.referral, self.reading.spell.team)

    def form_kwargs(self):
        now = self.reading.spell.worker
        return {
            "workers": self.suggested["workers"],
            "known": colleagues.who_knows_the_child_of(self.reading),
            "now": now.name if now else "",
        }

    def context(self):
        return {**super().context(), "columns": caseloads.COLUMNS, "rows": self.suggested["rows"]}

    def submit(self, form):
        worker = colleagues.worker_at(form.cleaned_data["worker"])
        try:
            working.name_worker(
                self.referral.reference,
                actor=self.user,
                worker=worker,
                reason=form.cleaned_data.get("reason") or "",
                same_worker_reason=form.cleaned_data.get("same_worker_reason") or "",
                version=form.cleaned_data["version"],
            )
        except SameWorkerQuestioned:
            form.question_same_worker()
            raise
        return self.after(f"{worker.name} has {self.referral.reference} now.")


class StartWork(VerbPage):
    form_class = StartWorkForm
    deed = "start_work"
    title = "Record that work has started"
    lead = "From then on the team can no longer send the allocation back."

    def form_kwargs(self):
        return {"allocated_on": self.reading.spell.starts_on}

    def submit(self, form):
        working.start_work(
            self.referral.reference,
            actor=self.user,
            started_on=form.cleaned_data["started_on"],
            version=form.cleaned_data["version"],
        )
        return self.after("Recorded: work with the child has started.")


class EndAllocation(VerbPage):
    form_class = EndAllocationForm
    deed = "end_allocation"
    title = "End the allocation"

    def form_kwargs(self):
        spell = self.reading.spell
        return {"worker": spell.worker.name if spell.worker_id else "", "team": spell.work_started_on is not None}

    def submit(self, form):
        cleaned = form.cleaned_data
        same = {"actor": self.user, "reason": cleaned["reason"], "version": cleaned["version"]}
        if cleaned["scope"] == WORKER:
            working.end_worker(self.referral.reference, **same)
            return self.after("The worker's allocation has ended. Name the next worker.")
        working.end_allocation(self.referral.reference, **same)
        return self.after("The allocation has ended. The team that decided decides anew.")


class RefuseAllocation(VerbPage):
    form_class = RefuseAllocationForm
    deed = "refuse_allocation"
    title = "Send back to the team that decided"
    lead = "The referral waits for a decision again, in the team that allocated it. Its clocks go on."

    def submit(self, form):
        working.refuse_allocation(
            self.referral.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after(f"{self.referral.reference} is sent back with your reason.")


class ServiceStep(VerbPage):
    """What the service owes next and has done now."""

    form_class = ServiceStepForm
    deed = "service_step"

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        self.task = self.reading.service_step

    def get_title(self):
        return TITLES[self.task.kind]

    @property
    def consent_facts(self):
        """What stands of consent to Early Help, where its plan is reviewed."""
        early_help = self.task.kind == "early_help_review"
        return consent.about_early_help(self.referral, self.user) if early_help else []

    def form_kwargs(self):
        return {"since": self.reading.spell.starts_on, "assessment": self.task.kind == "family_assessment"}

    def submit(self, form):
        working.finish_service_step(
            self.referral.reference,
            actor=self.user,
            kind=self.task.kind,
            done_on=form.cleaned_data["done_on"],
            outcome=form.cleaned_data["outcome"],
            follows=form.cleaned_data.get("follows", ""),
        )
        return self.after("Recorded.")


class HelpAssessment(VerbPage):
    """The Early Help assessment is complete: it runs beside the plan's review, and has a page of its own."""

    form_class = HelpAssessmentForm
    deed = "help_assessment"
    title = "Record the Early Help assessment as completed"

    @property
    def consent_facts(self):
        return consent.about_early_help(self.referral, self.user)

    def form_kwargs(self):
        worker = self.reading.spell.worker
        return {
            "since": self.reading.spell.starts_on,
            "began_on": self.reading.help_assessment.started_on,
            "by": worker.name if worker else "",
        }

    def submit(self, form):
        cleaned = form.cleaned_data
        working.finish_service_step(
            self.referral.reference,
            actor=self.user,
            kind="early_help_assessment",
            done_on=cleaned["done_on"],
            outcome=cleaned["outcome"],
            follows=cleaned["follows"],
            done_by=cleaned["done_by"],
            began_on=cleaned["began_on"],
        )
        return self.after("Recorded.")


class AssessAgain(VerbPage):
    form_class = AssessAgainForm
    deed = "assess_again"
    lead = "One at a time: what was assessed before stays, and the new one has its own days."

    def get_title(self):
        return f"Begin another {name_of(self.referral)}"

    def form_kwargs(self):
        since, words = begins_after(self.referral, self.reading.spell)
        return {"since": since, "since_words": words}

    def submit(self, form):
        working.begin_assessment_again(
            self.referral.reference,
            actor=self.user,
            began_on=form.cleaned_data["began_on"],
            reason=form.cleaned_data["reason"],
        )
        return self.after(f"{name_of(self.referral)} begun.")

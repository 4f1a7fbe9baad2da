"""The tab "Plan" and what is done on it: begun, written, agreed, reviewed, ended; papers made of it."""

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property

from hsb.core import access, document_store
from hsb.core.states import AccessKind
from referrals.forms.plans import (
    AgreePlanForm,
    BeginPlanForm,
    EndPlanForm,
    PlanLineForm,
    PlanPaperForm,
    ReviewPlanForm,
    SubmitPlanForm,
    TakeOutLineForm,
)
from referrals.permissions import can_agree_plan, can_plan, can_write_plan
from referrals.selectors import consent
from referrals.selectors.plans import (
    asked_by_manager,
    changed_since_passed_on,
    concerns_since,
    kinds_to_begin,
    plan_at,
    plan_tab,
    standing_lines,
)
from referrals.services import plans
from referrals.states import ConsentPurpose, PlanState
from referrals.views.bases import CasePage, Tells
from referrals.views.verb import TabVerb


class PlanTab(CasePage):
    template_name = "referrals/plan/tab.html"
    title = "Plan"
    looked_at_as = "plan"
    tab = "plan"

    def context(self):
        # Before the frame, which asks who wrote a plan that waits for a manager.
        plan = plan_tab(self.referral, self.user)
        return {**super().context(), "plan": plan}


class PlanVerb(TabVerb):
    """A page on which something is done with a plan."""

    tab = "plan"


class BeginPlan(PlanVerb):
    form_class = BeginPlanForm
    deed = "begin_plan"
    title = "Begin a plan"
    lead = "Its lines come next: what should change or happen, who does it, by when. A manager agrees to the whole."

    def may(self):
        return can_plan(self.referral, self.user)

    def in_time(self):
        return bool(self.kinds)

    @cached_property
    def kinds(self):
        return kinds_to_begin(self.referral)

    def initial(self):
        return {}

    def form_kwargs(self):
        return {"kinds": self.kinds}

    def submit(self, form):
        plan = plans.begin_plan(self.referral.reference, actor=self.user, **form.cleaned_data)
        self.after(f"{plan.get_kind_display()} begun. Add its lines now.")
        return reverse("referrals:add_plan_line", args=[self.referral.reference, plan.number])


class OnPlan(PlanVerb):
    """Of the plan that the URL names, while it is in one of `states`."""

    states = (PlanState.DRAFT,)

    def find_standing(self, number, **kwargs):
        self.plan = plan_at(self.referral, number)
        if self.plan is None:
            raise Http404
        return super().find_standing(**kwargs)

    def may(self):
        return can_write_plan(self.plan, self.user)

    def in_time(self):
        return self.plan.state in self.states and not self.referral.has_ended

    @property
    def state_in_words(self):
        said = f"{self.plan.get_kind_display()}: {self.plan.state_in_words.lower()}"
        return f"{said}. {self.referral.state_in_words}" if self.referral.has_ended else said

    def initial(self):
        return {"version": self.plan.version}


class ShowsPlan:
    """The lines above the form, the concerns about the child since the plan began, and why it was returned."""

    template_name = "referrals/plan/of_plan.html"
    shows_changes = False  # since it was passed to a manager before

    def context(self):
        return {
            **super().context(),
            "purpose": self.plan.purpose,
            "lines": [
                {"what": line.what, "who": line.who, "due_on": line.due_on} for line in standing_lines(self.plan)
            ],
            "since": concerns_since(self.plan, self.user),
            "asked": asked_by_manager(self.plan),
            "changed": changed_since_passed_on(self.plan) if self.shows_changes else None,
        }


class AddPlanLine(ShowsPlan, OnPlan):
    form_class = PlanLineForm
    deed = "add_plan_line"

    def initial(self):
        return {}

    def get_title(self):
        return f"Add a line: {self.plan.get_kind_display().lower()}"

    def submit(self, form):
        plans.add_line(self.plan.reference, actor=self.user, **form.cleaned_data)
        return self.back("The line is added.")


class TakeOutPlanLine(OnPlan):
    form_class = TakeOutLineForm
    deed = "take_out_plan_line"
    title = "Take a line out of the plan"

    def find_standing(self, number, line, **kwargs):
        standing = super().find_standing(number, **kwargs)
        self.line = next((each for each in standing_lines(self.plan) if each.number == line), None)
        if self.line is None:
            raise Http404
        return standing

    @property
    def lead(self):
        return f"Line {self.line.number}: {self.line.what}"

    def submit(self, form):
        plans.take_out_line(self.plan.reference, actor=self.user, number=self.line.number, **form.cleaned_data)
        return self.back("The line is taken out. It stays in view, with the reason.")


class SubmitPlan(ShowsPlan, OnPlan):
    form_class = SubmitPlanForm
    shows_changes = True
    deed = "submit_plan"
    title = "Pass the plan to a manager"
    lead = "A manager of the team agrees to it, or returns it. It holds meanwhile."

    def submit(self, form):
        plans.submit_plan(self.plan.reference, actor=self.user, version=form.cleaned_data["version"])
        return self.back("The plan is with the managers of the team.")


class AgreePlan(ShowsPlan, OnPlan):
    form_class = AgreePlanForm
    shows_changes = True
    deed = "agree_plan"
    title = "Agree to the plan, or return it"
    states = (PlanState.SUBMITTED,)

    def may(self):
        return can_agree_plan(self.plan, self.user)

    def submit(self, form):
        told = {"actor": self.user, "version": form.cleaned_data["version"]}
        if form.cleaned_data["agrees"]:
            plans.agree_plan(self.plan.reference, **told)
            return self.back("You agreed to the plan.")
        plans.return_plan(self.plan.reference, reason=form.cleaned_data["reason"], **told)
        return self.back("The plan is returned, with what must change.")


class ReviewPlan(ShowsPlan, OnPlan):
    form_class = ReviewPlanForm
    deed = "review_plan"
    title = "Record a review of the plan"
    states = (PlanState.AGREED,)

    def form_kwargs(self):
        lines = [(line.number, line.what, line.who) for line in standing_lines(self.plan)]
        return {"lines": lines, "since": self.plan.began_on}

    def submit(self, form):
        plans.review_plan(self.plan.reference, actor=self.user, **form.answers())
        return self.back("The review is recorded.")


class EndPlan(OnPlan):
    form_class = EndPlanForm
    deed = "end_plan"
    title = "End the plan without its being met"
    lead = "For example because another plan or another service takes its place. What was planned stays in view."
    states = (PlanState.DRAFT, PlanState.SUBMITTED, PlanState.AGREED)

    def submit(self, form):
        plans.end_plan(self.plan.reference, actor=self.user, **form.cleaned_data)
        return self.back("The plan has ended.")


class MakePlanPaper(Tells, OnPlan):
    form_class = PlanPaperForm
    deed = "make_plan_paper"
    title = "Make a paper for the family or the school"
    lead = (
        "One page, kept as it is made, that names only this child. That it was made, for whom, why and on what basis "
        "stands under “Who looked”, with what else was shared."
    )
    states = (PlanState.AGREED,)

    def initial(self):
        return {}

    @property
    def consent_url(self):
        return reverse("referrals:consent", args=[self.referral.reference])

    def form_kwargs(self):
        return {"consent": consent.beside([self.referral], self.user, purposes=(ConsentPurpose.SCHOOL,))}

    def submit(self, form):
        plans.make_paper(self.plan.reference, actor=self.user, **form.answers())
        return self.back("The paper is made. Read it before it goes out.")


class ShowPlanPaper(CasePage):
    """The paper itself, as it was made."""

    looked_at_as = "plan_paper"

    def prepare(self, reference, number, document):
        super().prepare(reference=reference)
        plan = plan_at(self.referral, number)
        made = plan and plan.documents.filter(document__number=document).select_related("document__record").first()
        if not made:
            raise Http404
        self.document = made.document

    def look(self):
        access.look(self.user, self.record, self.looked_at_as, kind=AccessKind.DOCUMENT)

    def head(self, request, *args, **kwargs):
        """The paper is read for it too, so it is looked at too."""
        self.look()
        return self.get(request, *args, **kwargs)

    def get(self, request, *args, **kwargs):
        response = HttpResponse(document_store.content(self.document), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{self.document.reference}.pdf"'
        return response

"""The sift of one intel form: the facts behind it, the proposal, the decision, advice (B12)."""

from django.contrib import messages
from django.http import Http404
from django.urls import reverse

from hsb.core import access, clock
from hsb.core.pages import FormPage, Page, Refusing, find
from hsb.core.refusals import Denied
from panels.forms.sifting import AdviceForm, DecideForm, ProposeForm
from panels.selectors.sifting import open_proposal, sift_page, version_of_sift
from panels.services import sifting
from panels.services.sifting import TO_SIFT, Decider
from strategy_meetings.models import IntelForm
from strategy_meetings.permissions import can_sift
from strategy_meetings.selectors.intel import IntelReading
from strategy_meetings.states import IntelState


class InForm:
    """Gets the intel form the URL names: 404 for whoever does not read all of it, and for a draft."""

    def prepare(self, reference):
        self.intel = find(IntelForm, reference, self.user)
        self.record = self.intel.record
        self.reading = IntelReading(self.intel, self.user)
        if not self.reading.whole or self.intel.submitted_at is None:
            access.refused(self.user, self.record, "page")
            raise Http404

    def context(self):
        return {**super().context(), "sift": sift_page(self.reading)}


class Sift(InForm, Page):
    template_name = "panels/sift.html"
    looked_at_as = "sift"

    def get_title(self):
        return f"Intel form {self.intel.reference}"


class SiftFormPage(Refusing, InForm, FormPage):
    """A page that asks, of a coordinator who did not write the form."""

    template_name = "panels/sift_form.html"
    lead = ""
    proposed_first = False

    def prepare(self, reference):
        super().prepare(reference)
        if not can_sift(self.intel, self.user):
            raise Denied(
                "You wrote or submitted this form: somebody else sifts it.", record=self.record, verb=self.looked_at_as
            )
        self.proposal = open_proposal(self.intel)
        if self.intel.state not in TO_SIFT or (self.proposed_first and self.proposal is None):
            self.refuse_as_moved()

    @property
    def subject_url(self):
        return reverse("panels:sift", args=[self.intel.reference])

    @property
    def state_in_words(self):
        return self.intel.state_in_words

    def kwargs_of_choice(self):
        return {
            "can_defer": self.intel.state == IntelState.SUBMITTED,
            "without_meeting": self.reading.without_meeting,
        }

    def after(self, done, url=""):
        messages.success(self.request, done)
        return url or self.subject_url


class Propose(SiftFormPage):
    form_class = ProposeForm
    looked_at_as = "propose_sift"
    title = "Propose what becomes of the form"
    lead = "Named deciders of the local authority and the police decide on it."

    def form_kwargs(self):
        return self.kwargs_of_choice()

    def initial(self):
        version = {"version": version_of_sift(self.intel)}
        if self.proposal is None:
            return version
        return version | {
            "proposal": self.proposal.proposal,
            "reason": self.proposal.proposal_reason,
            "deferred_until": self.proposal.deferred_until,
            "without_meeting_reason": self.proposal.without_meeting_reason,
        }

    def submit(self, form):
        typed = form.cleaned_data
        sifting.propose(
            self.intel.reference,
            actor=self.user,
            once=typed["once"],
            proposal=typed["proposal"],
            reason=typed["reason"],
            version=typed["version"],
            **form.more(),
        )
        return self.after("The proposal is kept. Record the decision once it is made.")


class Decide(SiftFormPage):
    form_class = DecideForm
    looked_at_as = "decide_sift"
    title = "Record what was decided"
    proposed_first = True

    def form_kwargs(self):
        return self.kwargs_of_choice()

    def initial(self):
        proposal = self.proposal
        return {
            "version": proposal.version,
            "decision": proposal.proposal,
            "deferred_until": proposal.deferred_until,
            "without_meeting_reason": proposal.without_meeting_reason,
            "decided_on": clock.today(),
        }

    def deciders(self, form):
        """{"authority": Decider, "police": Decider} as they were typed."""
        typed = form.cleaned_data
        return {
            side: Decider(
                user=typed[f"{side}_user"],
                name=typed[f"{side}_name"],
                agency=typed[f"{side}_agency"],
            )
            for side in ("authority", "police")
        }

    def submit(self, form):
        typed = form.cleaned_data
        sifting.decide(
            self.intel.reference,
            actor=self.user,
            decision=typed["decision"],
            reason=typed["reason"],
            decided_on=typed["decided_on"],
            version=typed["version"],
            **self.deciders(form),
            **form.more(),
        )
        return self.after("The decision is recorded, and the author is told.", reverse("panels:list"))


class Advise(SiftFormPage):
    form_class = AdviceForm
    looked_at_as = "advise_intel"
    title = "Return the form with advice"
    lead = "Its author completes it and submits it again. Nothing is decided about the panel."

    def submit(self, form):
        sifting.return_with_advice(self.intel.reference, actor=self.user, **form.cleaned_data)
        return self.after("The form goes back to its author.", reverse("panels:list"))

"""Propose closing, close or return, and open a new episode."""

from referrals.forms.closing import CloseForm, ProposeClosingForm, ReopenForm, ReturnToServiceForm
from referrals.selectors.closing import proposal, reasons_to_close
from referrals.selectors.markers import kind_in_words
from referrals.services import episodes, working
from referrals.services.weighing import Weighed, closing_is_below
from referrals.states import ClosedAs
from referrals.views.verb import EndingPage, VerbPage


class ProposeClosing(VerbPage):
    form_class = ProposeClosingForm
    deed = "propose_closing"
    title = "Propose closing"
    lead = "A manager of your team decides, never the person who proposes."

    def form_kwargs(self):
        return {"reasons": reasons_to_close(self.referral)}

    def submit(self, form):
        cleaned = form.cleaned_data
        working.propose_closing(
            self.referral.reference,
            actor=self.user,
            closed_as=cleaned["closed_as"],
            plan_met=cleaned["closed_as"] == ClosedAs.PLAN_MET,
            what_changed=cleaned["what_changed"],
            child_views=cleaned["child_views"],
            reason=cleaned["reason"],
            version=cleaned["version"],
        )
        return self.after("Closing is proposed. A manager of your team decides.")


class OnProposal:
    """Shows the proposal above the form."""

    template_name = "referrals/verbs/proposal.html"

    def context(self):
        return {**super().context(), "proposal": proposal(self.referral)}


class Close(OnProposal, EndingPage):
    form_class = CloseForm
    deed = "close"
    title = "Close the referral"

    def form_kwargs(self):
        return {**super().form_kwargs(), "markers": self.reading.markers}

    def unmet(self, form):
        missing = Weighed(**form.weighed()).missing(closing_is_below(self.referral))
        return (*super().unmet(form), *missing)

    def what_follows(self, form):
        yield f"{self.referral.person.known_as}, {self.referral.reference}, is closed today."
        ending = form.ending()
        for marker in self.reading.markers:
            does = "ends" if marker.number in ending else "stays on the child"
            yield f"The marker “{kind_in_words(marker.kind)}” {does}."
        yield "Its open tasks end. The last team's managers and the last worker can still open it."

    def submit(self, form):
        working.close(
            self.referral.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            weighed=Weighed(**form.weighed()),
            version=form.cleaned_data["version"],
            ending_markers=form.ending(),
        )
        return self.after(f"{self.referral.reference} is closed.")


class ReturnToService(OnProposal, VerbPage):
    form_class = ReturnToServiceForm
    deed = "return_to_service"
    title = "Return to the service"

    def submit(self, form):
        working.return_to_service(
            self.referral.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after("Not closed: the referral is back with the service that proposed it.")


class Reopen(VerbPage):
    form_class = ReopenForm
    deed = "reopen"
    title = "Open a new episode"
    lead = (
        "This referral stays closed, as it was. New information opens a new referral of the same child, linked to it, "
        "at the front door."
    )

    def submit(self, form):
        episode = episodes.reopen(self.referral.reference, actor=self.user, reason=form.cleaned_data["reason"])
        return self.after(f"{episode.reference} follows {self.referral.reference}.", referral=episode)

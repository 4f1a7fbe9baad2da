"""Step up, step down, and the answer to either."""

from hsb.core.timescales import within
from hsb.people.states import Service
from referrals.forms.steps import AnswerOfferForm, StepDownForm, StepUpForm, StepUpUrgentlyForm, WithdrawOfferForm
from referrals.selectors import colleagues, consent
from referrals.selectors.judgements import beside_reason
from referrals.selectors.left_out import left_out
from referrals.services import working
from referrals.services.deciding import FamilyAnswer, SameWorkerQuestioned
from referrals.services.weighing import Weighed
from referrals.states import OfferKind
from referrals.views.verb import VerbPage


class Ask(VerbPage):
    """Asks a team of the other service to take the child."""

    kind = ""
    service = ""

    def form_kwargs(self):
        return {"teams": colleagues.teams_of(self.service)[self.service]}

    def family(self, form):
        return None

    def weighed(self, form):
        return None

    def submit(self, form):
        team = colleagues.team_at(form.cleaned_data["to_team"])
        working.offer(
            self.referral.reference,
            actor=self.user,
            kind=self.kind,
            to_team=team,
            reason=form.cleaned_data["reason"],
            family=self.family(form),
            weighed=self.weighed(form),
            version=form.cleaned_data["version"],
        )
        return self.after(f"{team.name} is asked. The child stays with the present team until they answer.")


class StepUp(Ask):
    form_class = StepUpForm
    deed = "step_up"
    title = "Ask to step up to statutory social work"
    lead = within(
        "A manager of the team you ask decides {soon}. If it cannot wait, step up at once instead.", "answer_offer"
    )
    kind, service = OfferKind.STEP_UP, Service.STATUTORY


class StepDown(Ask):
    form_class = StepDownForm
    deed = "step_down"
    title = "Offer to Early Help"
    lead = within("An Early Help manager answers {soon}.", "answer_offer")
    kind, service = OfferKind.STEP_DOWN, Service.EARLY_HELP

    @property
    def consent_facts(self):
        return consent.about_early_help(self.referral, self.user)

    def family(self, form):
        cleaned = form.cleaned_data
        return FamilyAnswer(
            agreed=True, given_by=cleaned["agreed_by"], given_on=cleaned["agreed_on"], note=cleaned["agreed_note"]
        )

    def weighed(self, form):
        return Weighed(**form.weighed())


class StepUpUrgently(VerbPage):
    form_class = StepUpUrgentlyForm
    deed = "step_up_urgently"
    title = "Step up at once"
    lead = "The statutory team has the child from now on, without being asked first. Its managers name the worker."

    def form_kwargs(self):
        return {"teams": colleagues.teams_of(Service.STATUTORY)[Service.STATUTORY]}

    def submit(self, form):
        cleaned = form.cleaned_data
        team = colleagues.team_at(cleaned["to_team"])
        working.step_up_urgently(
            self.referral.reference,
            actor=self.user,
            to_team=team,
            tier=int(cleaned["tier"]),
            reason=cleaned["reason"],
            weighed=Weighed(**form.weighed()),
            version=cleaned["version"],
        )
        return self.after(f"{team.name} has {self.referral.reference} now.")


class OnOffer(VerbPage):
    """A page about the request that waits for an answer; its version is the request's own."""

    template_name = "referrals/verbs/offer.html"

    def initial(self):
        return {**super().initial(), "version": self.reading.offer.version}

    def context(self):
        offer = self.reading.offer
        return {
            **super().context(),
            "offer": {
                "kind": offer.get_kind_display(),
                "team": offer.to_team.name,
                "by": offer.offered_by.name,
                "at": offer.offered_at,
                "reason": offer.reason,
                "weighed": beside_reason(self.reading.weighed_for(offer)),
            },
        }


class AnswerOffer(OnOffer):
    form_class = AnswerOfferForm
    deed = "answer_offer"
    title = "Answer the request"

    def form_kwargs(self):
        offer = self.reading.offer
        return {
            "steps_up": offer.kind == OfferKind.STEP_UP,
            "workers": colleagues.workers_of(offer.to_team, referral=self.referral),
            "known": colleagues.who_knows_the_child_of(self.reading),
        }

    def context(self):
        return {**super().context(), "left_out": left_out(self.referral, [self.reading.offer.to_team], self.user)}

    def submit(self, form):
        cleaned, offer = form.cleaned_data, self.reading.offer
        same = {"actor": self.user, "answer": cleaned["answer"], "version": cleaned["version"]}
        if cleaned["decision"] == "refuse":
            working.refuse_offer(offer.reference, **same)
            return self.after("Refused, with your reason. The child stays with the team that asked.")
        try:
            working.accept_offer(
                offer.reference,
                tier=int(cleaned["tier"]) if cleaned.get("tier") else None,
                worker=colleagues.worker_at(cleaned["worker"]),
                same_worker_reason=cleaned.get("same_worker_reason") or "",
                weighed=Weighed(**form.weighed()),
                **same,
            )
        except SameWorkerQuestioned:
            form.question_same_worker()
            raise
        return self.after(f"{offer.to_team.name} has {self.referral.reference} now.")


class WithdrawOffer(OnOffer):
    form_class = WithdrawOfferForm
    deed = "withdraw_offer"
    title = "Withdraw the request"

    def submit(self, form):
        working.withdraw_offer(
            self.reading.offer.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after("The request is withdrawn.")

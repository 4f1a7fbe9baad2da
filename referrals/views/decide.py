"""The manager's one page, and the decision on a reassessment."""

from functools import cached_property

from django.utils.html import format_html, format_html_join

from hsb.core.riding import announce
from hsb.people.states import Service
from referrals.forms.decide import EARLY_HELP, NOT_HSB, RETURN, STATUTORY, DecideForm, DecideReassessmentForm
from referrals.selectors import colleagues
from referrals.selectors.concerns import asking_reported
from referrals.selectors.deciding import asking_other_children, other_children, to_decide_on, workers_view
from referrals.selectors.described import what_is_described
from referrals.selectors.left_out import left_out
from referrals.selectors.police import to_approve
from referrals.services import deciding, signing
from referrals.services.deciding import Destination, FamilyAnswer, Judgement, SameWorkerQuestioned
from referrals.states import ClosedAs
from referrals.views.verb import EndingPage, VerbPage

# To which a child can be allocated.
SERVICES = (Service.EARLY_HELP, Service.STATUTORY)


class OnAssessment:
    """Shows the assessment in short above the form."""

    template_name = "referrals/decide/decide.html"

    @cached_property
    def children(self):
        return other_children(self.referral, self.user)

    def context(self):
        return {**super().context(), "decide": to_decide_on(self.referral, self.children, self.user)}


class Decide(OnAssessment, EndingPage):
    form_class = DecideForm
    deed = "decide"
    title = "Decide and allocate"

    def prepare(self, reference, **kwargs):
        super().prepare(reference, **kwargs)
        announce(
            colleagues.asking_open_teams(*SERVICES),
            asking_other_children(self.referral, self.user),
            *self.reading.asking_of_the_police(),
            None if self.referral.has_category else asking_reported(self.referral, self.user),
        )

    def form_kwargs(self):
        behaviours = [what_is_described(self.referral)] if self.referral.has_category else []
        teams = colleagues.with_workers(self.teams, referral=self.referral, beside=behaviours)
        return {
            "view": workers_view(self.referral),
            "early_help": teams.get(Service.EARLY_HELP, []),
            "statutory": teams.get(Service.STATUTORY, []),
            "others": [child for child in self.children if child["decide_url"]],
            "others_wait": any(child["decided"] is False for child in self.children),
            "known": colleagues.who_knows_the_child_of(self.reading),
            "police": self.police,
        }

    @cached_property
    def teams(self):
        return colleagues.open_teams(*SERVICES)

    @cached_property
    def police(self):
        return to_approve(self.reading)

    def context(self):
        return {
            **super().context(),
            "police": self.police,
            "left_out": left_out(self.referral, self.teams, self.user),
        }

    def after(self, done="", referral=None):
        """Says too which other children of the concern still wait, and where to go on with them."""
        url = super().after(done, referral)
        self.done = format_html_join(
            " ", "{}", ((said,) for said in (self.done, *still_waiting(self.referral, self.user)))
        )
        return url

    def ends(self, form):
        return form.closes

    def unmet(self, form):
        verb = "accept_not_hsb" if form.cleaned_data["decision"] == NOT_HSB else "close_with_advice"
        return self.reading.doors[verb].unmet

    def what_follows(self, form):
        yield f"{self.referral.person.known_as}, {self.referral.reference}, is closed today: {closed_as(form)}."
        for reference in form.cleaned_data.get("others") or ():
            yield f"{reference} is closed in the same step: no service needed, advice given."
        yield "Telling the referrer becomes a task, due in 1 working day."

    def submit(self, form):
        return signing.sign(
            self.referral.reference,
            lambda: self.decide(form),
            actor=self.user,
            police_forms=form.chosen_police_forms(),
        )

    def decide(self, form):
        decision = form.cleaned_data["decision"]
        if decision == RETURN:
            return self.send_back(form)
        if decision in (EARLY_HELP, STATUTORY):
            return self.allocate(form)
        return self.close(form)

    def send_back(self, form):
        deciding.return_to_worker(
            self.referral.reference,
            actor=self.user,
            reason=form.cleaned_data["reason"],
            version=form.cleaned_data["version"],
        )
        return self.after("Returned to the worker with your reason.")

    def allocate(self, form):
        slug, reference = form.team_and_worker()
        team = colleagues.team_at(slug)
        family = form.family()
        try:
            deciding.allocate(
                self.referral.reference,
                actor=self.user,
                destination=Destination(
                    team=team,
                    worker=colleagues.worker_at(reference),
                    reason=form.cleaned_data["reason"],
                    same_worker_reason=form.cleaned_data.get("same_worker_reason") or "",
                ),
                judgement=Judgement(**form.judgement()),
                family=FamilyAnswer(**family) if family else None,
                version=form.cleaned_data["version"],
            )
        except SameWorkerQuestioned:
            form.question_same_worker()
            raise
        return self.after(f"{self.referral.reference} is approved and allocated to {team.name}.")

    def close(self, form):
        cleaned = form.cleaned_data
        same = {
            "actor": self.user,
            "reason": cleaned["reason"],
            "judgement": Judgement(**form.judgement()),
            "version": cleaned["version"],
        }
        if cleaned["decision"] == NOT_HSB:
            deciding.accept_not_hsb(self.referral.reference, others=cleaned.get("others") or (), **same)
        else:
            family = form.family()
            deciding.close_with_advice(
                self.referral.reference,
                closed_as=cleaned["decision"],
                family=FamilyAnswer(**family) if family else None,
                **same,
            )
        return self.after(f"{self.referral.reference} is closed: {closed_as(form)}.")


def still_waiting(referral, user):
    """A sentence for each other child of the concern that is not decided on, with a link where `user` may decide."""
    for child in other_children(referral, user):
        if child["decide_url"]:
            yield format_html(
                '{} still waits for a decision: <a class="govuk-notification-banner__link" href="{}">decide now</a>.',
                child["name"],
                child["decide_url"],
            )
        elif child["decided"] is False:
            yield f"{child['name']} is not decided on yet."


def closed_as(form):
    """The exit that was chosen, as it reads inside a sentence."""
    label = ClosedAs(form.cleaned_data["decision"]).label
    return f"{label[0].lower()}{label[1:]}"


class DecideReassessment(OnAssessment, VerbPage):
    form_class = DecideReassessmentForm
    deed = "decide_reassessment"
    title = "Decide on the reassessment"

    def initial(self):
        return {**super().initial(), "version": self.referral.latest_assessment().version}

    def form_kwargs(self):
        return {"view": workers_view(self.referral)}

    def submit(self, form):
        approve = form.cleaned_data["decision"] == "approve"
        deciding.decide_reassessment(
            self.referral.reference,
            actor=self.user,
            approve=approve,
            reason=form.cleaned_data["reason"] or "",
            judgement=Judgement(**form.judgement()),
            version=form.cleaned_data["version"],
        )
        return self.after("The reassessment is approved." if approve else "Returned to the worker with your reason.")

"""Step up, step down, and the answer to either."""

from hsb.core.forms import CaseForm, ChoiceField, DateField, ReasonField, TextField, VersionedForm
from referrals.forms.decide import TIERS
from referrals.forms.team_and_worker import QuestionsSameWorker, add_team_question, worker_question
from referrals.forms.weighing import WEIGHED, WeighsForm
from referrals.states import Tier

SOCIAL_CARE_TIERS = [(tier, text) for tier, text in TIERS if tier >= Tier.COMPLEX]


class TeamForm(VersionedForm, CaseForm):
    """Asks for a team of `teams` (selectors.colleagues)."""

    def __init__(self, *args, teams, **kwargs):
        self.reveals = {}
        super().__init__(*args, **kwargs)
        add_team_question(self, "to", teams, workers=False)
        self._prepare(self.fields["to_team"])
        self.fields = {"to_team": self.fields.pop("to_team"), **self.fields}


class StepUpForm(TeamForm):
    reason = ReasonField(
        label="Why this child needs statutory social work",
        ask="Say why this child needs statutory social work",
        reader="the manager of the team that you ask",
    )
    submit = "Ask the team"


class StepUpUrgentlyForm(WeighsForm, TeamForm):
    tier = ChoiceField(label="Tier", ask="Choose tier 3 or tier 4", choices=SOCIAL_CARE_TIERS)
    reason = ReasonField(label="What cannot wait", ask="Say what cannot wait", reader="the team that takes the child")
    submit = "Step up at once"


class StepDownForm(WeighsForm, TeamForm):
    agreed_by = TextField(
        label="Who in the family agreed to Early Help", ask="Enter who in the family agreed to Early Help"
    )
    agreed_on = DateField(
        label="When they agreed",
        ask="Enter the day the family agreed",
        subject="The day the family agreed",
        not_future=True,
    )
    agreed_note = TextField(label="What they said about it", required=False)
    reason = ReasonField(
        label="Why Early Help is enough now",
        ask="Say why Early Help is enough now",
        reader="the Early Help manager that you ask",
    )
    submit = "Offer to the team"


class AnswerOfferForm(WeighsForm, QuestionsSameWorker, VersionedForm, CaseForm):
    """`steps_up`: whether a tier is asked, and what was weighed, for a step down was decided by whoever offered it.
    `workers` and `known` of selectors.colleagues."""

    decision = ChoiceField(
        label="Do you take this child?",
        ask="Choose whether your team takes this child",
        choices=(("accept", "Yes, my team takes this child"), ("refuse", "No")),
    )
    tier = ChoiceField(label="Tier", ask="Choose tier 3 or tier 4", choices=SOCIAL_CARE_TIERS)
    answer = ReasonField(
        label="Your reason", ask="Give the reason for your answer", reader="the team that asked, and auditors"
    )
    submit = "Answer"
    weighs = ("decision", ("accept",))
    choice_hints = {("decision", "refuse"): "The child stays with the team that asked, with your reason."}

    def __init__(self, *args, steps_up, workers, known=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"] = worker_question("Worker", workers, known, required=False, blank="Name the worker later")
        self._prepare(self.fields["worker"])
        if not steps_up:
            for name in ("tier", *WEIGHED):
                del self.fields[name]
        self.reveals = {("decision", "accept"): ("tier", "worker") if steps_up else ("worker",)}
        self.add_same_worker_question()
        self.sections = (("", ("decision", "answer", "same_worker_reason")),)


class WithdrawOfferForm(VersionedForm, CaseForm):
    reason = ReasonField(label="Why you withdraw it", ask="Say why you withdraw it", reader="the manager who was asked")
    submit = "Withdraw the request"

"""What the sift asks: a proposal with its reason, the decision with who decided, advice."""

from hsb.core.forms import (
    ONE_OF_THESE,
    WITH_A_NAME,
    CaseForm,
    ChoiceField,
    ColleagueField,
    DateField,
    IdempotencyMixin,
    ReasonField,
    TextField,
    VersionedForm,
)
from panels.states import DECIDED_BY_TWO, Proposal

WHY_WITHOUT = ReasonField(
    label="Why it goes to the panel without a strategy meeting",
    ask="Give the reason for taking it to the panel without a strategy meeting",
    reader="the author, the deciders and auditors",
)


class ChoosesProposal(CaseForm):
    """`can_defer`: a form is deferred once; `without_meeting`: a child of it was not discussed at a meeting."""

    chosen = ""

    def arrange(self, can_defer, without_meeting):
        offered = [each for each in DECIDED_BY_TWO if can_defer or each != Proposal.DEFER]
        self.fields[self.chosen].choices = [(each.value, each.label) for each in offered]
        self.reveals = {(self.chosen, Proposal.DEFER): ("deferred_until",)} if can_defer else {}
        if not can_defer:
            del self.fields["deferred_until"]
        if without_meeting:
            self.reveals[(self.chosen, Proposal.ACCEPT)] = ("without_meeting_reason",)
        else:
            del self.fields["without_meeting_reason"]

    def more(self):
        """What was typed beside the choice: keyword arguments of the services."""
        return {
            "without_meeting_reason": self.cleaned_data.get("without_meeting_reason") or "",
            "deferred_until": self.cleaned_data.get("deferred_until"),
        }


class ProposeForm(IdempotencyMixin, VersionedForm, ChoosesProposal):
    proposal = ChoiceField(label="What do you propose?", ask="Choose what you propose")
    deferred_until = DateField(label="Deferred until", ask="Enter the day until which it is deferred", not_past=True)
    without_meeting_reason = WHY_WITHOUT
    reason = ReasonField(ask="Give the reason for your proposal", reader="the deciders, the author and auditors")
    submit = "Save the proposal"
    chosen = "proposal"
    sections = (("", ("proposal", "reason")),)

    def __init__(self, *args, can_defer, without_meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.arrange(can_defer, without_meeting)


class DecideForm(VersionedForm, ChoosesProposal):
    decision = ChoiceField(label="What was decided?", ask="Choose what was decided")
    deferred_until = DateField(label="Deferred until", ask="Enter the day until which it is deferred", not_past=True)
    without_meeting_reason = WHY_WITHOUT
    reason = ReasonField(ask="Give the reason for the decision", reader="the author of the form and auditors")
    decided_on = DateField(label="Decided on", ask="Enter the day of the decision", not_future=True)
    authority_user = ColleagueField(
        label="Their name, if they have an account", required=False, asked_when=ONE_OF_THESE
    )
    authority_name = TextField(label="Their name, if they have no account", required=False, asked_when=ONE_OF_THESE)
    authority_agency = TextField(label="Service", required=False, asked_when=WITH_A_NAME)
    police_user = ColleagueField(label="Their name, if they have an account", required=False, asked_when=ONE_OF_THESE)
    police_name = TextField(label="Their name, if they have no account", required=False, asked_when=ONE_OF_THESE)
    police_agency = TextField(label="Part of the police", required=False, asked_when=WITH_A_NAME)
    submit = "Record the decision"
    chosen = "decision"
    sections = (
        ("The decision", ("decision", "reason", "decided_on")),
        ("Who decided for the local authority", ("authority_user", "authority_name", "authority_agency")),
        ("Who decided for the police", ("police_user", "police_name", "police_agency")),
    )

    def __init__(self, *args, can_defer, without_meeting, **kwargs):
        super().__init__(*args, **kwargs)
        self.arrange(can_defer, without_meeting)


class AdviceForm(IdempotencyMixin, CaseForm):
    reason = ReasonField(
        label="What would help", ask="Say what would help", reader="the author of the form, who completes it"
    )
    submit = "Return it with advice"

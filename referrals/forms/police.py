"""Calls to the police, and Form 87A, step by step."""

from django import forms

from hsb.core import clock, words
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    ColleagueField,
    DateField,
    DateTime,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    TextField,
    TickField,
    VersionedForm,
    YesNo,
)
from hsb.people.states import Role
from referrals.forms.consent import OnABasis
from referrals.forms.restrict import reads
from referrals.forms.weighing import WeighsForm
from referrals.states import AfterRefused, Basis, ConsentPurpose, Urgency

# The manager's two exits, as the service calls them.
EXITS = {
    "not_sent_because": "It is not sent",
    "no_longer_needed_because": "It is no longer needed",
}


HOLDS = "This advice holds for every child of the concern"


class PoliceCallForm(IdempotencyMixin, CaseForm):
    """`concerns`: [(reference, reported on)] for whose every child the advice may hold."""

    emergency = YesNo(label="Was it a 999 call?", ask="Choose whether it was a 999 call")
    called = DateTime(
        label="When was the call?",
        ask="Enter the day of the call",
        subject="The day of the call",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    spoke_to = TextField(label="Who did you speak to", ask="Enter who you spoke to")
    police_reference = TextField(label="Police reference", required=False, width=20, max_length=60)
    what_was_said = LongTextField(
        label="What was said",
        ask="Say what was said",
        help_text="This is kept on the record as something shared with the police.",
        rows=4,
    )
    advice = LongTextField(
        label="What the police advised",
        required=False,
        help_text="It is read by whoever may open this record, unless you tick that it holds for every child.",
        rows=3,
    )
    advice_for = ChoicesField(
        label="For whom the advice holds",
        required=False,
        help_text="Whoever works with any child of the concern then reads it, and nothing else of the call.",
    )
    submit = "Record the call"

    def __init__(self, *args, concerns, **kwargs):
        super().__init__(*args, **kwargs)
        if not concerns:
            del self.fields["advice_for"]
            return
        one = len(concerns) == 1
        self.fields["advice_for"].choices = [
            (reference, f"{HOLDS}{'' if one else f' reported on {words.day(day)}'} (write no name in it)")
            for reference, day in concerns
        ]

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("advice_for") and not cleaned.get("advice"):
            self.add_error("advice", "Say what the police advised, or take the tick away")
        return cleaned


class LiftAdviceForm(CaseForm):
    """`calls`: (key, words) of those whose advice for every child stands."""

    call = ChoiceField(label="Which advice did the police lift?", ask="Choose which advice the police lifted")
    lifted_on = DateField(
        label="When did they lift it?",
        ask="Enter the day they lifted it",
        subject="The day they lifted it",
        initial=clock.today,
        not_future=True,
    )
    reason = ReasonField(
        label="Who said so, and why",
        ask="Say why the police lifted it",
        reader="whoever may open this record, or the one on which the call stands",
    )
    submit = "Record that it is lifted"

    def __init__(self, *args, calls, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["call"].choices = calls
        if len(calls) == 1:
            self.fields["call"].initial = calls[0][0]


class AskPoliceForm(CaseForm):
    """`concerns`: [(reference, reported on)] of which one is meant."""

    concern = ChoiceField(label="For which concern", ask="Choose the concern")
    grounds = ReasonField(
        label="Which crime is suspected, and why",
        ask="Say which crime is suspected, and why",
        reader="whoever works with the concern's children, and auditors",
    )
    submit = "Ask for it"

    def __init__(self, *args, concerns, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["concern"].choices = [(ref, f"Reported on {words.day(day)}") for ref, day in concerns]
        if len(concerns) == 1:
            self.fields["concern"].initial = concerns[0][0]


class PoliceDraftForm(VersionedForm, OnABasis, CaseForm):
    """`consent`: a selectors.consent.Beside of every child that the form covers; `confidential`: their confidential
    addresses (selectors.police.confidential_addresses)."""

    recipient = TextField(label="To", ask="Enter to whom it goes", help_text="The team and its mailbox")
    urgency = ChoiceField(label="How soon do the police need to act?", ask="Choose how soon", choices=Urgency.choices)
    known = LongTextField(
        label="What is known",
        ask="Say what is known",
        help_text="What, when, where, who, and who says so. Facts apart from opinion; plain, not graphic.",
        rows=10,
    )
    asked = LongTextField(
        label="What you ask of the police",
        ask="Say what you ask of the police",
        help_text="For example checks on somebody, a strategy discussion, or what they know already",
        rows=4,
    )
    basis = ChoiceField(label="On what basis is it shared?", ask="Choose the basis", choices=Basis.choices)
    consent = TextField(
        label="Consent",
        ask="Say who was asked and what they said, or why nobody was asked",
        help_text="Who was asked and what they said, or why nobody was asked",
    )
    risks_to_staff = LongTextField(label="Risks to staff", required=False, rows=2)
    interpreter = TextField(
        label="Interpreter", required=False, help_text="For whom, and the language; leave empty if nobody needs one"
    )
    discussion_on = DateField(
        label="Day you propose for the strategy discussion", subject="The proposed day", required=False
    )
    submit = "Save the draft for approval"

    def __init__(self, *args, confidential, **kwargs):
        super().__init__(*args, **kwargs)
        self.to_add, self.reveals, names = confidential["to_add"], dict(self.reveals), []
        had_it = confidential["had"]
        for number, (reference, name) in enumerate(self.to_add):
            tick, why = self.names(number)
            had = "The version before had it. Tick it again where it is still needed." if reference in had_it else ""
            self.fields[tick] = TickField(
                label=f"Put the confidential address of {name} in the pack", required=False, help_text=had
            )
            self.fields[why] = ReasonField(
                label=f"Why the police need the address of {name}",
                ask=f"Say why the police need the address of {name}",
                help_text="Leave the address out of it. It is read by whoever approves the form, and stands with what "
                "was shared.",
                reader="whoever approves it",
            )
            for each in (tick, why):
                self._prepare(self.fields[each])
            self.reveals[tick, "on"] = (why,)
            names.append(tick)
        others = " ".join(confidential["others"])
        if names or others:
            lead = f"It is in no other copy, and only who may read the address opens the pack. {others}".strip()
            asked = [name for name in self.fields if name not in names and not self.fields[name].widget.is_hidden]
            asked = [name for name in asked if not name.startswith("address_reason_")]
            self.sections = (("", tuple(asked)), ("Confidential addresses", tuple(names), lead))

    @staticmethod
    def names(number):
        return f"address_{number}", f"address_reason_{number}"

    def addresses(self):
        """[(the child's reference, reason)] of the addresses that are added. Of a valid form."""
        asked = ((reference, *self.names(number)) for number, (reference, _) in enumerate(self.to_add))
        return [(reference, self.cleaned_data[why]) for reference, tick, why in asked if self.cleaned_data[tick]]

    def why_not(self, typed):
        return self.consent_beside.refusals[ConsentPurpose.POLICE]


class SupplementForm(PoliceDraftForm):
    """What is new since the form went out; the rest is put in from it."""

    known = LongTextField(
        label="What is new",
        ask="Say what is new since it was sent",
        help_text="Only what came to light since: what, when, where, who, and who says so. Plain, not graphic.",
        rows=8,
    )
    asked = LongTextField(label="What you ask of the police now", ask="Say what you ask of the police now", rows=4)
    submit = "Save the supplement for approval"


APPROVE, RETURN = "approve", "return"


class PoliceApproveForm(VersionedForm, CaseForm):
    decision = ChoiceField(
        label="What do you decide?",
        ask="Choose what you decide",
        choices=((APPROVE, "Approve it as it stands"), (RETURN, "Return it to whoever drafted it")),
    )
    reason = ReasonField(
        label="What needs to change",
        ask="Say what needs to change before you can approve it",
        reader="whoever drafted it",
    )
    submit = "Save the decision"
    reveals = {("decision", RETURN): ("reason",)}


class PoliceSentForm(VersionedForm, CaseForm):
    sent_to = TextField(
        label="Sent to", ask="Enter to whom it was sent", help_text="The team or the officer, and the mailbox"
    )
    sent_how = TextField(
        label="How it was sent", ask="Enter how it was sent", help_text="For example by secure e-mail", max_length=60
    )
    sent = DateTime(
        label="When was it sent?",
        ask="Enter the day it was sent",
        subject="The day it was sent",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    submit = "Record that it was sent"


ACKNOWLEDGED, REFUSED = "acknowledged", "refused"
OF_ALL_CHILDREN = "whoever may open every child that the form covers"


class AsksWhatIsDone(forms.Form):
    """What is done after the police refused it. Mixed into a CaseForm, before it."""

    after = ChoiceField(label="What is done now?", ask="Choose what is done now", choices=AfterRefused.choices)
    supervisor = TextField(label="Name of the police supervisor", ask="Enter the name of the police supervisor")
    manager = ColleagueField(
        label="Which manager?",
        ask="Enter the name of the manager",
        roles=(Role.MANAGER,),
        check=reads,
        help_text="A manager of a team of one of these children. They record on the form that it is not sent.",
    )
    after_said = ReasonField(
        label="What is done, in a sentence",
        ask="Say in a sentence what is done now",
        reader=OF_ALL_CHILDREN,
        rows=3,
    )

    reveals = {
        ("after", AfterRefused.ESCALATED): ("supervisor",),
        ("after", AfterRefused.MANAGER): ("manager",),
    }

    def nobody_decides(self):
        """A supplement has no decision that a manager records on it."""
        self.fields["after"].choices = [each for each in AfterRefused.choices if each[0] != AfterRefused.MANAGER]
        del self.fields["manager"]
        self.reveals = {key: names for key, names in self.reveals.items() if "manager" not in names}

    def done(self):
        """The facts of services.police_refusals.Done. Of a valid form."""
        cleaned = self.cleaned_data
        return {
            "kind": cleaned["after"],
            "said": cleaned["after_said"],
            "supervisor": cleaned.get("supervisor") or "",
            "manager": cleaned.get("manager") or None,
        }


class AfterRefusalForm(AsksWhatIsDone, IdempotencyMixin, CaseForm):
    submit = "Record what was done"

    def __init__(self, *args, supplement, **kwargs):
        super().__init__(*args, **kwargs)
        if supplement:
            self.nobody_decides()
        self.fields["after"].label = "What was done?"
        self.fields["after"].error_messages["required"] = "Choose what was done"
        self.fields["after_said"].error_messages["required"] = "Say in a sentence what was done"


class PoliceAnswerForm(AsksWhatIsDone, VersionedForm, CaseForm):
    """`acknowledged`: whether it is already; then only a refusal is left to record."""

    answer = ChoiceField(label="What did the police answer?", ask="Choose what the police answered")
    acknowledged_on = DateField(
        label="When did they acknowledge it?",
        ask="Enter the day they acknowledged it",
        subject="The day they acknowledged it",
        not_future=True,
        initial=clock.today,
    )
    police_reference = TextField(label="Police reference", ask="Enter the police reference", width=20, max_length=60)
    officer = TextField(label="Officer or team", required=False)
    refused_on = DateField(
        label="When did they refuse it?",
        ask="Enter the day they refused it",
        subject="The day they refused it",
        not_future=True,
        initial=clock.today,
    )
    refused_by = TextField(label="Who refused it", ask="Enter who refused it", help_text="The officer or the team")
    refusal = ReasonField(
        label="Why they refused it",
        ask="Say why the police refused it",
        reader=OF_ALL_CHILDREN,
    )
    submit = "Save the answer"

    reveals = {
        ("answer", ACKNOWLEDGED): ("acknowledged_on", "police_reference", "officer"),
        ("answer", REFUSED): ("refused_on", "refused_by", "refusal", "after", "after_said"),
        **AsksWhatIsDone.reveals,
    }
    field_order = ["answer", "acknowledged_on", "police_reference", "officer", "refused_on", "refused_by", "refusal"]

    def __init__(self, *args, acknowledged, supplement=False, **kwargs):
        super().__init__(*args, **kwargs)
        if supplement:
            self.nobody_decides()
        choices = [] if acknowledged else [(ACKNOWLEDGED, "They have it, and gave a reference")]
        self.fields["answer"].choices = [*choices, (REFUSED, "They refused it, or sent it back")]


REASON_READERS = f"{OF_ALL_CHILDREN}, you among them"


class PoliceExcuseForm(WeighsForm, VersionedForm, CaseForm):
    decision = ChoiceField(label="What do you decide?", ask="Choose what you decide", choices=list(EXITS.items()))
    not_sent_reason = ReasonField(
        label="Why it is not sent",
        ask="Give the reason why it is not sent",
        reader=REASON_READERS,
    )
    not_needed_reason = ReasonField(
        label="Why it is no longer needed",
        ask="Give the reason why it is no longer needed",
        reader=REASON_READERS,
    )
    submit = "Save the decision"
    weighed_reader = REASON_READERS

    reveals = {
        ("decision", "not_sent_because"): ("not_sent_reason",),
        ("decision", "no_longer_needed_because"): ("not_needed_reason",),
    }

    def reason(self):
        return self.cleaned_data["not_sent_reason"] or self.cleaned_data["not_needed_reason"] or ""

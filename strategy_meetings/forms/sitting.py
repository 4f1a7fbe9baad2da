"""At the meeting: who came, what is agreed for each child."""

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    OwnedForm,
    ReasonField,
    SelectField,
    TextField,
    TickField,
    VersionedForm,
    VersionField,
)
from hsb.core.judged_each import JudgesEach
from referrals.states import Category
from strategy_meetings.selectors.meeting import OUTCOMES
from strategy_meetings.states import IntelAnswer, SeatState

CAME = (
    (SeatState.FILLED, "Came"),
    (SeatState.APOLOGIES, "Sent apologies"),
    (SeatState.EMPTY, "Nobody came"),
)
# An answer that can be left while the meeting goes on.
LATER = {"required": False, "needed_before": "the decisions are issued"}


class HoldForm(VersionedForm, CaseForm):
    """Who came, seat by seat. `seats` are rows of Seat."""

    held_on = DateField(label="Held on", ask="Enter the day of the meeting", not_future=True)
    quorum_reason = ReasonField(
        label="If it is not quorate: why you go on",
        help_text="A social worker, a social work manager, the police and health are needed. Your reason is kept.",
        reader="everybody who reads the meeting",
        required=False,
        needed_before="the meeting begins, where nobody came for one of them",
    )
    submit = "Begin the meeting"

    def __init__(self, *args, seats, **kwargs):
        super().__init__(*args, **kwargs)
        self.seats = seats
        self.reveals = {}
        names = []
        for seat in seats:
            state, who, report = (f"{word}_{seat.number}" for word in ("state", "who", "report"))
            called = seat.get_role_display() + (f", {seat.agency}" if seat.agency else "")
            asked = {
                state: ChoiceField(
                    label=f"{called}: {seat.who}" if seat.who else called,
                    ask=f"Say whether somebody came for: {called.lower()}",
                    choices=CAME,
                    initial=seat.state if seat.state != SeatState.EXPECTED else None,
                ),
                who: TextField(label="Who came", ask=f"Enter who came for: {called.lower()}", initial=seat.who),
                report: TickField(label="A written report was received", required=False, initial=seat.report_received),
            }
            for name, field in asked.items():
                self.fields[name] = field
                self._prepare(field)
            self.reveals |= {(state, SeatState.FILLED): (who,), (state, SeatState.APOLOGIES): (report,)}
            names.append(state)
        self.sections = (("Who came", tuple(names)), ("The meeting", ("held_on", "quorum_reason")))

    def answers(self):
        """What was typed for each seat: keyword arguments of services.sitting.save_seat."""
        typed = self.cleaned_data
        return [
            {
                "number": seat.number,
                "role": seat.role,
                "agency": seat.agency,
                "user": seat.user if typed[f"who_{seat.number}"] == seat.who else None,
                "name": "" if typed[f"who_{seat.number}"] == seat.who and seat.user_id else self._name(seat),
                "state": typed[f"state_{seat.number}"],
                "report_received": bool(typed[f"report_{seat.number}"]),
            }
            for seat in self.seats
        ]

    def _name(self, seat):
        """Who was asked stays named, where apologies came or nobody did."""
        return self.cleaned_data[f"who_{seat.number}"] or seat.name


class AdjournForm(VersionedForm, CaseForm):
    reason = ReasonField(label="Why the meeting is adjourned", reader="the people of the meeting and auditors")
    goes_on_on = DateField(label="It goes on, on", ask="Enter the day on which it goes on", subject="The day")
    submit = "Adjourn the meeting"


class ChildForm(JudgesEach, VersionedForm, CaseForm):
    """What is agreed for one child so far: nothing has to be complete before the decisions are issued.

    What `guards.AGREEMENTS` asks for by then carries LATER.
    """

    child_invited = ChoiceField(label="Was the child invited?", choices=(("yes", "Yes"), ("no", "No")), **LATER)
    child_invited_reason = LongTextField(label="Why the child was not invited", **LATER, rows=2)
    family_invited = ChoiceField(
        label="Were the parents or carers invited?", choices=(("yes", "Yes"), ("no", "No")), **LATER
    )
    family_invited_reason = LongTextField(label="Why the parents or carers were not invited", **LATER, rows=2)
    child_views = LongTextField(label="The child's wishes and feelings", required=False, rows=4)
    family_views = LongTextField(label="The views of the parents or carers", required=False, rows=4)
    outcomes = ChoicesField(label="Outcome for this child", choices=OUTCOMES, **LATER)
    review_on = DateField(label="Day of the review strategy meeting", **LATER)
    immediate_what = LongTextField(label="What immediate action was agreed", **LATER, rows=3)
    outcome_reason = LongTextField(label="Reasons for the outcome", **LATER, rows=4)
    category = SelectField(label="Hackett category agreed", choices=Category.choices, blank="Not agreed yet", **LATER)
    category_reason = LongTextField(label="What it rests on, and why it moved if it did", **LATER, rows=4)
    intel = ChoiceField(label="Is an intel form needed?", choices=IntelAnswer.choices, **LATER)
    intel_by = SelectField(label="Completed by", blank="Somebody of another agency", **LATER)
    intel_by_name = TextField(label="Name and agency, if it is somebody else", **LATER)
    intel_due_on = DateField(label="Completed by which day", **LATER)
    intel_reason = LongTextField(label="Why it is not appropriate", **LATER, rows=2)
    closed_minutes = LongTextField(
        label="Closed part of the minutes: this child only",
        help_text="Read only by who may open this child's record, and in this child's copy of the minutes.",
        required=False,
        rows=6,
    )
    reveals = {
        ("child_invited", "no"): ("child_invited_reason",),
        ("family_invited", "no"): ("family_invited_reason",),
        ("outcomes", "review"): ("review_on",),
        ("outcomes", "immediate_action"): ("immediate_what",),
        ("intel", IntelAnswer.NEEDED): ("intel_by", "intel_by_name", "intel_due_on"),
        ("intel", IntelAnswer.NOT_APPROPRIATE): ("intel_reason",),
    }
    sections = (
        ("Invitations and views", ("child_invited", "family_invited", "child_views", "family_views")),
        (
            "1. Outcome",
            ("outcomes", "outcome_reason"),
            "Several can be agreed at once. No further action stands alone; where the child displayed the behaviour a "
            "manager decides on it.",
        ),
        ("2. Hackett category", ("category", "category_reason")),
        ("3. Intel form", ("intel",)),
        ("Minutes", ("closed_minutes",)),
    )
    submit = "Save what is agreed"

    def __init__(self, *args, has_category, people, in_force="", behaviours=(), **kwargs):
        """`in_force`: the child's category before the meeting, in words; `behaviours`: selectors.behaviours.to_view."""
        super().__init__(*args, **kwargs)
        asked = self.ask_of_each(
            behaviours if has_category else (), Category.choices, "The meeting says nothing of it alone"
        )
        self.sections = tuple(
            (heading, (*names, *asked) if heading.startswith("2.") else names, *rest)
            for heading, names, *rest in self.sections
        )
        self.fields["category"].help_text = f"In force until now: {in_force}" if in_force else ""
        self.fields["intel_by"].choices = [("", "Somebody of another agency"), *people]
        if not has_category:
            del self.fields["category"], self.fields["category_reason"]
            self.sections = tuple(section for section in self.sections if not section[0].startswith("2."))


class ActionForm(OwnedForm, IdempotencyMixin, CaseForm):
    what = LongTextField(label="What is to be done", ask="Say what is to be done", rows=3)
    diversion = TickField(label="It belongs to the diversion plan", required=False)
    agency = TextField(label="Agency", ask="Enter the agency that does it")
    owner = SelectField(label="Who does it", blank="Somebody of another agency", required=False)
    owner_name = TextField(label="Their name, if it is somebody else", required=False)
    due_on = DateField(label="By which day", ask="Enter the day by which it is done", subject="The day")
    submit = "Add the action"

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Somebody of another agency"), *people]


class NfaForm(CaseForm):
    decision = ChoiceField(
        label="Do you confirm no further action?",
        ask="Choose whether you confirm no further action",
        choices=(("confirm", "Yes, confirm it"), ("refuse", "No, another meeting is held")),
    )
    reason = ReasonField(
        label="Your reason", ask="Give your reason", reader="the chair, whoever has the child, and auditors"
    )
    submit = "Save the decision"
    choice_hints = {
        ("decision", "confirm"): "It ends the strategy route for this child, not the help the child gets.",
        ("decision", "refuse"): "A new strategy meeting is asked for, with your reason.",
    }


class ActionDoneForm(CaseForm):
    done_on = DateField(label="Done on", ask="Enter the day it was done", subject="The day", not_future=True)
    outcome = ReasonField(
        label="What came of it", ask="Say what came of it", reader="the meeting's people and auditors"
    )
    submit = "Record that it is done"


class IssueForm(VersionedForm, CaseForm):
    """`quorate`: whether somebody came for every service that is needed; where not, the chair says why (A13)."""

    quorum_reason = ReasonField(
        label="The meeting is not quorate: why its decisions are issued",
        ask="Give your reason for issuing the decisions without a quorum",
        reader="everybody who reads the meeting",
    )
    submit = "Issue the decisions"

    def __init__(self, *args, quorate, **kwargs):
        super().__init__(*args, **kwargs)
        if quorate:
            del self.fields["quorum_reason"]


class AmendForm(IdempotencyMixin, CaseForm):
    """`children`: [(number, name)] whose closed parts can be amended."""

    part = ChoiceField(label="Which part is amended?", ask="Choose which part is amended")
    text = LongTextField(
        label="What is to be corrected, and how it should read",
        ask="Say what is to be corrected",
        help_text="The minutes stay as confirmed. The amendment stands after them once a second person agrees.",
        rows=6,
    )
    submit = "Propose the amendment"

    def __init__(self, *args, children, **kwargs):
        super().__init__(*args, **kwargs)
        closed = [(str(number), f"The closed part of {name}") for number, name in children]
        self.fields["part"].choices = [("shared", "The shared part"), *closed]


class DecideAmendmentForm(CaseForm):
    decision = ChoiceField(
        label="Are the minutes amended?",
        ask="Choose whether the minutes are amended",
        choices=(("agree", "Yes, as it is proposed"), ("refuse", "No")),
    )
    reason = ReasonField(label="Why not", ask="Say why it is not amended", reader="who proposed it, and auditors")
    submit = "Save the decision"
    reveals = {("decision", "refuse"): ("reason",)}


class MinutesForm(VersionedForm, CaseForm):
    """The shared part, and one closed part per child; `children` are [(number, name, text, version of the part)]."""

    shared = LongTextField(
        label="Shared part",
        ask="Write the shared part of the minutes",
        help_text="What everybody at the meeting may read: no child's own details.",
        rows=14,
    )
    submit = "Save the minutes"
    more_buttons = (("send", "Save and send to the chair"),)

    def __init__(self, *args, children, **kwargs):
        super().__init__(*args, **kwargs)
        for number, name, text, version in children:
            field = LongTextField(
                label=f"Closed part: {name}", required=False, rows=8, initial=text, help_text="This child only."
            )
            self.fields[f"closed_{number}"] = field
            self._prepare(field)
            self.fields[f"part_{number}"] = VersionField(initial=version)

    def closed(self):
        """{the child's number: (text, version on which it was typed)}."""
        typed = self.cleaned_data
        numbers = [name.removeprefix("closed_") for name in typed if name.startswith("closed_")]
        return {int(number): (typed[f"closed_{number}"], typed[f"part_{number}"]) for number in numbers}

"""Ask for a strategy meeting; decide whether one is convened."""

from hsb.core.forms import CaseForm, ChoiceField, ReasonField, VersionedForm
from referrals.forms.weighing import WeighsForm

CONVENE, DO_NOT = "convene", "do_not_convene"


class RequestMeetingForm(CaseForm):
    grounds = ReasonField(
        label="What gives reasonable cause to suspect significant harm to the child",
        ask="Say what gives reasonable cause to suspect significant harm",
        subject="The grounds",
        reader="the social work manager who decides",
    )
    submit = "Request a strategy meeting"


class NewFactsForm(CaseForm):
    facts = ReasonField(
        label="What came to light, and since when it is known",
        ask="Say what the new facts are",
        subject="The facts",
        reader="the chair of the meeting",
    )
    submit = "Bring it to the chair"


class DecideMeetingForm(WeighsForm, VersionedForm, CaseForm):
    decision = ChoiceField(
        label="Is a strategy meeting convened?",
        ask="Choose whether a strategy meeting is convened",
        choices=((CONVENE, "Yes, convene a strategy meeting"), (DO_NOT, "No, not convened")),
    )
    reason = ReasonField(
        label="Why no strategy meeting is convened",
        ask="Give the reason why no strategy meeting is convened",
        reader="whoever asked for it, and auditors",
    )
    submit = "Save the decision"
    reveals = {("decision", DO_NOT): ("reason",)}
    weighs = ("decision", (DO_NOT,))
    choice_hints = {
        ("decision", CONVENE): "The specialist chair schedules it, with all children of the concern.",
        ("decision", DO_NOT): "It can be asked for again on new facts.",
    }

"""A child's plan: what it is for, its lines, what a manager says, what a review found, and its papers."""

from datetime import timedelta

from hsb.core import clock
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ColleagueField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    OwnedForm,
    ReasonField,
    TextField,
    VersionedForm,
    YesNo,
)
from referrals.forms.consent import OnABasis
from referrals.states import REVIEWED, Basis, ConsentPurpose, LineState, PlanPaper, ReviewOutcome

READER = "whoever has this child, their managers and auditors"
FIRST_REVIEW = timedelta(days=42)


class BeginPlanForm(IdempotencyMixin, CaseForm):
    """`kinds`: (code, words) of the kinds that can be begun now."""

    kind = ChoiceField(label="Which kind of plan?", ask="Choose the kind of plan")
    purpose = LongTextField(
        label="What is it for?",
        ask="Say what it is for",
        subject="What it is for",
        help_text="What should be different for the child, as you would say it to them. The family's copy says it so.",
        rows=4,
    )
    began_on = DateField(
        label="From which day does it hold?",
        ask="Enter the day from which it holds",
        subject="The day from which it holds",
        help_text="Safety waits for no signature. Concerns about the child are counted from this day.",
        not_future=True,
    )
    review_on = DateField(
        label="When is it reviewed first?",
        ask="Enter the day of the first review",
        subject="The day of the first review",
        not_past=True,
        not_after=lambda: clock.today() + FIRST_REVIEW,
    )
    submit = "Begin the plan"

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = kinds
        if len(kinds) == 1:
            self.fields["kind"].initial = kinds[0][0]


class PlanLineForm(OwnedForm, IdempotencyMixin, CaseForm):
    what = LongTextField(
        label="What should change or happen?",
        ask="Say what should change or happen",
        subject="What should change or happen",
        help_text="One thing, in plain words, so that a review can say whether it happened.",
        rows=3,
    )
    owner = ColleagueField(label="Which colleague does it", required=False)
    owner_name = TextField(
        label="Or who else does it",
        required=False,
        help_text="A name or an agency, for example the school's head of year",
    )
    due_on = DateField(label="By when?", ask="Enter the day by when", subject="The day", not_past=True)
    submit = "Add the line"


class TakeOutLineForm(VersionedForm, CaseForm):
    reason = ReasonField(label="Why the line is no longer needed", ask="Say why it is no longer needed", reader=READER)
    submit = "Take the line out"


class SubmitPlanForm(VersionedForm, CaseForm):
    submit = "Pass the plan to a manager"


class AgreePlanForm(VersionedForm, CaseForm):
    agrees = YesNo(
        label="Do you agree to this plan?",
        ask="Choose whether you agree to this plan",
        yes="Yes, I agree",
        no="No, it must change first",
    )
    reason = ReasonField(label="What must change", ask="Say what must change", reader=READER)
    reveals = {("agrees", "no"): ("reason",)}
    submit = "Save"


class EndPlanForm(VersionedForm, CaseForm):
    reason = ReasonField(label="Why the plan ends", ask="Say why the plan ends", reader=READER)
    submit = "End the plan"


class ReviewPlanForm(IdempotencyMixin, VersionedForm, CaseForm):
    """`lines`: (number, what, who) of the plan's standing lines; `since`: the day from which the plan holds."""

    held_on = DateField(
        label="When was the review?",
        ask="Enter the day of the review",
        subject="The day of the review",
        not_future=True,
    )
    took_part = LongTextField(label="Who took part?", ask="Say who took part", subject="Who took part", rows=2)
    child_views = LongTextField(
        label="What does the child say?",
        ask="Say what the child says, or why they could not be asked",
        subject="What the child says",
        rows=3,
    )
    parents_views = LongTextField(
        label="What do the parents or carers say?",
        ask="Say what the parents or carers say, or why they could not be asked",
        subject="What the parents say",
        rows=3,
    )
    outcome = ChoiceField(
        label="What becomes of the plan?", ask="Choose what becomes of the plan", choices=ReviewOutcome.choices
    )
    next_review_on = DateField(
        label="When is it reviewed next?",
        subject="The day of the next review",
        required=False,
        not_past=True,
        asked_when="Needed unless the plan is met.",
    )
    choice_hints = {
        ("outcome", ReviewOutcome.CHANGES): "You change its lines next, and a manager agrees again.",
        ("outcome", ReviewOutcome.MET): "The plan is over. No line of it may stand as “did not happen”.",
    }
    submit = "Record the review"

    def __init__(self, *args, lines, since, **kwargs):
        super().__init__(*args, **kwargs)
        self.numbers = [number for number, *_ in lines]
        self.fields["held_on"].not_before = since
        self.fields["held_on"].not_before_words = "the day from which the plan holds"
        for number, what, who in lines:
            came, said = self.names(number)
            self.fields[came] = ChoiceField(
                label=f"Line {number}: {what}",
                help_text=f"By {who}",
                subject=f"Line {number}",
                ask=f"Choose what became of line {number}",
                choices=[(each.value, LineState(each).label) for each in REVIEWED],
            )
            self.fields[said] = LongTextField(
                label=f"How we know it, of line {number}",
                ask=f"Say in a sentence how we know it, of line {number}",
                rows=2,
            )
            self._prepare(self.fields[came])
            self._prepare(self.fields[said])
        asked = [name for number in self.numbers for name in self.names(number)]
        self.sections = (
            ("The review", ("held_on", "took_part", "child_views", "parents_views")),
            ("What became of each line", tuple(asked)),
            ("What comes next", ("outcome", "next_review_on")),
        )

    @staticmethod
    def names(number):
        return f"line_{number}", f"line_{number}_said"

    def clean(self):
        typed = super().clean()
        met = typed.get("outcome") == ReviewOutcome.MET
        if met and typed.get("next_review_on"):
            self.add_error("next_review_on", "A plan that is met has no next review: leave the day empty")
        missing = not typed.get("next_review_on") and "next_review_on" not in self.errors
        if typed.get("outcome") and not met and missing:
            self.add_error("next_review_on", "Enter the day of the next review")
        return typed

    def answers(self):
        """As `review_plan` takes them. Of a valid form."""
        cleaned = self.cleaned_data
        kept = ("once", "version", "held_on", "took_part", "child_views", "parents_views", "outcome", "next_review_on")
        lines = {number: tuple(cleaned[name] for name in self.names(number)) for number in self.numbers}
        return {name: cleaned[name] for name in kept} | {"lines": lines}


class PlanPaperForm(IdempotencyMixin, OnABasis, CaseForm):
    """`consent`: a selectors.consent.Beside."""

    kind = ChoiceField(label="Which paper?", ask="Choose the paper", choices=PlanPaper.choices)
    adults_do = LongTextField(
        label="What adults at the school do",
        ask="Say what adults at the school do",
        help_text="Who is where, and when; whom the child can go to. Nothing of what happened, and no other child.",
        rows=6,
    )
    recipient = TextField(
        label="For whom",
        ask="Enter for whom it is",
        help_text="The family, or the school and the person there. It stands on the page.",
    )
    contact = LongTextField(
        label="Whom to call",
        ask="Say whom to call",
        help_text="A name, a telephone number, and when somebody answers.",
        rows=2,
    )
    why = ReasonField(
        label="Why it is shared", ask="Say why it is shared", reader="whoever reads with whom it was shared"
    )
    basis = ChoiceField(label="On what basis is it shared?", ask="Choose the basis", choices=Basis.choices)
    consent = TextField(
        label="What was said about consent", required=False, help_text="Who was asked, when, and what they said"
    )
    agreed_answer = ChoiceField(
        label="On which answer does it rest?",
        required=False,
        asked_when="Answer this where the page for the family is shared with consent.",
    )
    reveals = {("kind", PlanPaper.FAMILY): ("agreed_answer",), ("kind", PlanPaper.SCHOOL): ("adults_do",)}
    choice_hints = {
        ("kind", PlanPaper.FAMILY): "What the plan is for, who does what by when, whom to call",
        ("kind", PlanPaper.SCHOOL): "What adults do and whom they call, and nothing else of the plan",
    }
    submit = "Make the paper"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["agreed_answer"].choices = self.consent_beside.agreed
        if not self.consent_beside.agreed:
            del self.fields["agreed_answer"]

    def why_not(self, typed):
        """The school's sheet rests on its own purpose; the page for the family on the answer that is named."""
        if typed.get("kind") == PlanPaper.SCHOOL:
            return self.consent_beside.refusals[ConsentPurpose.SCHOOL]
        return self.consent_beside.refusal_of(typed.get("agreed_answer"))

    def answers(self):
        """As the service takes them. Of a valid form."""
        number = self.cleaned_data.get("agreed_answer")
        return self.cleaned_data | {"agreed_answer": int(number) if number else None}

"""A marker: what it warns of, who agreed, who was told, until when; and its review and its end."""

from django.core.exceptions import ValidationError

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ColleagueField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    VersionedForm,
    YesNo,
)
from hsb.people.states import Role
from referrals.forms.restrict import reads
from referrals.permissions import can_agree_marker
from referrals.selectors.markers import kind_in_words, kinds

READER = "whoever may open a case of this person"


class MarkerForm(IdempotencyMixin, CaseForm):
    """`adult`: whether the person is an adult, of whom no parent is told; `actor`: who adds it."""

    kind = ChoiceField(label="What does it warn of?", ask="Choose what it warns of")
    reason = ReasonField(
        label="Why it is needed",
        ask="Say why it is needed",
        help_text=f"What happened, and what to do about it. Do not name another child. It will be read by {READER}.",
        reader=READER,
    )
    agreed_by = ColleagueField(
        label="Which manager agreed?",
        ask="Enter the name of the manager who agreed",
        roles=(Role.MANAGER,),
        check=reads,
        help_text="Enter a name, and choose from the list. They are asked to confirm it; it holds until then too.",
    )
    told = YesNo(label="Was the child told?", ask="Choose whether the child was told")
    told_on = DateField(
        label="When was the child told?", ask="Enter the day the child was told", subject="The day", not_future=True
    )
    not_told_because = LongTextField(label="Why the child was not told", ask="Say why the child was not told", rows=2)
    parent_told = YesNo(label="Was a parent or carer told?", ask="Choose whether a parent or carer was told")
    parent_told_on = DateField(
        label="When was the parent or carer told?",
        ask="Enter the day the parent or carer was told",
        subject="The day",
        not_future=True,
    )
    parent_not_told_because = LongTextField(
        label="Why no parent or carer was told", ask="Say why no parent or carer was told", rows=2
    )
    review_on = DateField(
        label="By when is it looked at again?",
        ask="Enter the day by which it is looked at again",
        subject="The day by which it is looked at again",
        not_past=True,
    )

    reveals = {
        ("told", "yes"): ("told_on",),
        ("told", "no"): ("not_told_because",),
        ("parent_told", "yes"): ("parent_told_on",),
        ("parent_told", "no"): ("parent_not_told_because",),
    }
    submit = "Add this marker"

    def __init__(self, *args, adult, actor, **kwargs):
        super().__init__(*args, **kwargs)
        self.actor = actor
        self.fields["kind"].choices = kinds()
        if adult:
            for name in ("parent_told", "parent_told_on", "parent_not_told_because"):
                del self.fields[name]
            self.reveals = {asked: shown for asked, shown in self.reveals.items() if asked[0] in self.fields}
            self.fields["told"].label = "Were they told?"
            self.fields["told_on"].label = "When were they told?"
            self.fields["not_told_because"].label = "Why they were not told"

    def clean_agreed_by(self):
        manager = self.cleaned_data["agreed_by"]
        if manager.pk == self.actor.pk:
            raise ValidationError("A manager must agree, and never the person who adds the marker")
        if not can_agree_marker(manager):
            raise ValidationError(f"{manager.name} is no manager: enter the name of the manager who agreed")
        return manager

    def answers(self):
        """As `add_marker` takes them. Of a valid form."""
        cleaned = self.cleaned_data
        told = {
            "person_told_on": cleaned["told_on"],
            "person_not_told_because": cleaned["not_told_because"],
            "parent_told_on": cleaned.get("parent_told_on"),
            "parent_not_told_because": cleaned.get("parent_not_told_because", ""),
        }
        return told | {name: cleaned[name] for name in ("once", "kind", "reason", "agreed_by", "review_on")}


class ConfirmMarkerForm(CaseForm):
    agreed = YesNo(
        label="Do you agree to this marker?",
        ask="Choose whether you agree to this marker",
        yes="Yes, I agree",
        no="No, I do not agree",
    )
    reason = ReasonField(label="Why it ends", ask="Say why it ends", reader=READER)

    reveals = {("agreed", "no"): ("reason",)}
    choice_hints = {("agreed", "no"): "The marker ends at once"}
    submit = "Save"


class TellMarkerForm(CaseForm):
    """`who`: the codes of Told of those who were not told so far."""

    who = ChoiceField(label="Who was told?", ask="Choose who was told")
    told_on = DateField(
        label="When were they told?", ask="Enter the day they were told", subject="The day", not_future=True
    )
    submit = "Save"

    def __init__(self, *args, who, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(each.value, each.label) for each in who]
        if len(who) == 1:
            self.fields["who"].initial = who[0].value


class ReviewMarkerForm(VersionedForm, CaseForm):
    reason = ReasonField(label="Why it stays", ask="Say why it stays", reader=READER)
    review_on = DateField(
        label="By when is it looked at again?",
        ask="Enter the day by which it is looked at again",
        subject="The day by which it is looked at again",
        not_past=True,
    )
    submit = "Keep this marker"


class EndMarkerForm(VersionedForm, CaseForm):
    reason = ReasonField(label="Why it ends", ask="Say why it ends", reader=READER)
    submit = "End this marker"


KEEP, END = "keep", "end"


class EndsMarkers(CaseForm):
    """Mixed into the form that closes a referral: each of the child's `markers` is kept or ended."""

    def __init__(self, *args, markers=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.numbers = [marker.number for marker in markers]
        self.reveals = dict(self.reveals)
        for marker in markers:
            called = kind_in_words(marker.kind)
            choice, why = self.names(marker.number)
            self.fields[choice] = ChoiceField(
                label=f"The marker “{called}”: does it stay on the child?",
                subject=f"The marker “{called}”",
                ask=f"Choose whether the marker “{called}” stays",
                choices=((KEEP, "It stays"), (END, "It ends with this referral")),
            )
            self.fields[why] = ReasonField(
                label=f"Why the marker “{called}” ends", ask=f"Say why the marker “{called}” ends", reader=READER
            )
            self.reveals[choice, END] = (why,)
            self._prepare(self.fields[choice])
            self._prepare(self.fields[why])

    @staticmethod
    def names(number):
        return f"marker_{number}", f"marker_{number}_because"

    def ending(self):
        """{number: reason} of those that end. Of a valid form."""
        asked = {number: self.names(number) for number in self.numbers}
        return {
            number: self.cleaned_data[why]
            for number, (choice, why) in asked.items()
            if self.cleaned_data[choice] == END
        }

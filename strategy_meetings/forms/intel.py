"""The intel form: about whom, what is known of each, why the panel should look at it."""

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    PostcodeField,
    ReasonField,
    TextField,
    VersionedForm,
)
from hsb.core.states import PlaceKind
from strategy_meetings.states import Criterion, Handling, Reliability, ThemeKind

NOT_NAMED = "described"


class BeginForm(IdempotencyMixin, CaseForm):
    """`children`: [(number, name, asked for)] who can be chosen; with none, the form that stands is gone on with."""

    children = ChoicesField(
        label="About which children?",
        ask="Choose at least one child",
        help_text="Nothing goes to the panel until you submit it.",
    )
    submit = "Begin the intel form"

    def __init__(self, *args, children, goes_on, **kwargs):
        super().__init__(*args, **kwargs)
        asked = self.fields["children"]
        asked.choices = [(str(number), name) for number, name, _ in children]
        asked.initial = [str(number) for number, _, wanted in children if wanted]
        if goes_on:
            self.submit = "Go on with the intel form"
            asked.label, asked.required = "Add further children?", False
        if not children:
            del self.fields["children"]

    def numbers(self):
        return [int(number) for number in self.cleaned_data.get("children") or ()]


class BeginForChildForm(IdempotencyMixin, CaseForm):
    """Only some cases need to be heard by the panel (A16): why this one does is asked first."""

    criteria = ChoicesField(
        label="Why should the panel look at it?",
        ask="Choose why the panel should look at it",
        help_text="Only some cases need to be heard there. Tick what applies.",
        choices=Criterion.choices,
    )
    submit = "Begin the intel form"


class GoOnForm(IdempotencyMixin, CaseForm):
    """What somebody began who has left."""

    submit = "Go on with the intel form"


class WriteForm(VersionedForm, CaseForm):
    """Nothing has to be complete before it is submitted."""

    criteria = ChoicesField(
        label="Why should the panel look at it?",
        help_text="Only some cases need to be heard there. Tick what applies.",
        choices=Criterion.choices,
        required=False,
    )
    why = LongTextField(
        label="Why, in a few sentences",
        help_text="Read by whoever writes this form, the panel's coordinators and auditors; and by whoever has the "
        "children, where nothing in the form is kept from them.",
        required=False,
        rows=5,
    )
    tried = LongTextField(label="What has been tried", required=False, rows=4)
    asked = LongTextField(label="What is asked of the panel", required=False, rows=4)
    submit = "Save"


class EntryFields(CaseForm):
    """What every entry says: what is known, from whom, how sure, and how it must be handled."""

    text = LongTextField(
        label="What is known",
        ask="Say what is known",
        help_text="What was seen or said, in plain words. Say of nobody what they are, but what they did.",
        rows=5,
    )
    said_by = TextField(label="Who says so", ask="Enter who says so", help_text="A person and their service")
    said_on = DateField(label="On which day", required=False, not_future=True, subject="The day")
    reliability = ChoiceField(label="How sure is it?", ask="Choose how sure it is", choices=Reliability.choices)
    handling = ChoicesField(label="How must it be handled?", choices=Handling.choices, required=False)
    choice_hints = {
        ("handling", Handling.POLICE_ONLY): "Read by whoever writes this form, the panel's coordinators and auditors.",
        ("handling", Handling.NOT_FOR_MINUTES): "It can be discussed, and is not written down.",
        ("handling", Handling.NOT_FOR_FAMILY): "It stands in no letter and no copy for a family.",
    }
    submit = "Add it"

    def said(self):
        """What services.intel takes of it."""
        typed = self.cleaned_data
        names = ("text", "said_by", "said_on", "reliability")
        return {name: typed[name] for name in names} | {str(code): code in typed["handling"] for code in Handling}


WHAT_IS_KNOWN = ("", ("text", "said_by", "said_on", "reliability"))
HANDLING = ("", ("handling",))


class ChoosesPerson(CaseForm):
    """`people`: [(key, name, hint)] of whom the writer can name; the hint is "" or says who that is."""

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["who"].choices = [(key, name) for key, name, _ in people]
        self.choice_hints = {**self.choice_hints, **{("who", key): hint for key, _, hint in people if hint}}


class HarmedForm(IdempotencyMixin, ChoosesPerson, EntryFields):
    who = ChoiceField(label="Who is it?", ask="Choose who was harmed")
    sections = (("Who was harmed", ("who",)), WHAT_IS_KNOWN, HANDLING)


class PersonForm(IdempotencyMixin, ChoosesPerson, EntryFields):
    """`harmed`: keys of those who are recorded as harmed and no more; of them it is asked whether they are both."""

    who = ChoiceField(label="Who is it?", ask="Choose who it is")
    both = ChoicesField(label="Also a person of concern?")
    described = TextField(
        label="How the person can be described",
        ask="Describe the person",
        help_text="What is known of them: about how old, where they were seen, what they are called by others",
    )
    reveals = {("who", NOT_NAMED): ("described",)}
    sections = (("Person of concern", ("who", "both")), WHAT_IS_KNOWN, HANDLING)

    def __init__(self, *args, people, harmed=(), **kwargs):
        super().__init__(*args, people=[*people, (NOT_NAMED, "Somebody who cannot be named yet", "")], **kwargs)
        who = self.data.get("who")
        if who in harmed:
            self._ask_whether_both(who, dict(self.fields["who"].choices)[who])
        else:
            del self.fields["both"]

    def _ask_whether_both(self, key, name):
        """A tick is for one person: chosen anew, it is asked anew."""
        asked = self.fields["both"]
        asked.label = f"{name} is recorded as harmed. Also a person of concern?"
        asked.help_text = "Somebody can be both. To say how they were harmed, use “Add a child who was harmed”."
        asked.choices = [(key, f"Yes, {name} is also a person of concern")]
        say = f"Tick whether {name} is also a person of concern, or choose somebody else"
        asked.error_messages |= dict.fromkeys(("required", "invalid_choice"), say)


class LocationForm(IdempotencyMixin, EntryFields):
    place_kind = ChoiceField(
        label="What kind of place is it?", ask="Choose the kind of place", choices=PlaceKind.choices
    )
    name = TextField(
        label="What the place is called",
        ask="Enter what the place is called",
        help_text="A place that is known by this name and postcode already is the same place.",
    )
    postcode = PostcodeField(required=False)
    sections = (("The location", ("place_kind", "name", "postcode")), WHAT_IS_KNOWN, HANDLING)


class ThemeForm(IdempotencyMixin, EntryFields):
    theme_kind = ChoiceField(label="What is it?", ask="Choose what it is", choices=ThemeKind.choices)
    name = TextField(
        about_words=True,
        label="What it is called",
        ask="Enter what it is called",
        help_text="Type the name as others use it: one that is known by this name already is the same.",
    )
    sections = (("The theme or group", ("theme_kind", "name")), WHAT_IS_KNOWN, HANDLING)


class ChangeEntryForm(VersionedForm, EntryFields):
    """Its subject stays what it was; the version is the entry's."""

    sections = (WHAT_IS_KNOWN, HANDLING)
    submit = "Save"


class DropEntryForm(VersionedForm, CaseForm):
    """The version is the entry's: what was written anew meanwhile is read before it is taken out."""

    reason = ReasonField(label="Why it is taken out", reader="whoever reads this form's record, and auditors")
    submit = "Take it out"


class WithdrawForm(VersionedForm, CaseForm):
    reason = ReasonField(label="Why it is withdrawn", reader="whoever reads this form's record, and auditors")
    submit = "Withdraw it"

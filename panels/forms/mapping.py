"""Mapping meetings: called, arranged, held; what is put on the map, and what is agreed for its people."""

from django.core.exceptions import ValidationError

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ColleagueField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    OwnedForm,
    PostcodeField,
    ReasonField,
    SelectField,
    TextField,
    VersionedForm,
)
from hsb.core.states import PlaceKind
from panels.permissions import MAPPERS
from panels.states import Basis, LinkKind
from referrals.selectors.colleagues import READS_CASES, reads_cases
from referrals.states import BirthPrecision
from strategy_meetings.states import Reliability

WITHOUT_NAMES = "Without names of children: everybody who holds or reads the meeting reads it."
PLACES = [choice for choice in PlaceKind.choices if choice[0] != PlaceKind.UNKNOWN]


def reads(user):
    """Raises ValidationError where the user's role opens no case record."""
    if not reads_cases(user):
        raise ValidationError(f"{user.name} has no role that reads case records: choose somebody who has")


def can_keep(user):
    """Raises ValidationError where the user cannot keep a map."""
    reads(user)
    if not user.has_role(*MAPPERS):
        raise ValidationError(f"{user.name} cannot keep a map: choose a practitioner, a manager or a chair")


class HoldersForm(CaseForm):
    """Day and people; `chairs` are [(reference, name)]. Colleagues are asked for by name."""

    planned_on = DateField(
        label="When is the meeting", ask="Enter the day of the meeting", subject="The day of the meeting", not_past=True
    )
    chair = SelectField(label="Chair", ask="Choose the chair")
    keeper = ColleagueField(
        label="Who keeps the map up to date",
        required=False,
        roles=MAPPERS,
        check=can_keep,
        help_text="Enter a name, and choose from the list. Leave it empty where the chair does.",
    )
    readers = ColleagueField(
        label="Who else attends and may read the map",
        required=False,
        many=True,
        roles=READS_CASES,
        check=reads,
        help_text="Names of colleagues, one in each box. It gives no leave to read any child's record.",
    )

    def __init__(self, *args, chairs, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chair"].choices = chairs


class CallForm(IdempotencyMixin, HoldersForm):
    focus = ChoiceField(
        label="What is it about?",
        ask="Choose what it is about",
        choices=(("incident", "An incident"), ("group", "A group")),
    )
    referral = TextField(
        label="Referral of a child in it",
        ask="Enter the reference of a referral",
        help_text="Like HSB-2026-00042. It must be one that you may open.",
        width=20,
    )
    group = TextField(
        about_words=True,
        label="Name of the group",
        ask="Enter the name of the group",
        help_text="As it is known. The same words as last time, so that a group that comes up again is noticed.",
    )
    purpose = LongTextField(label="What it is held for", ask="Say what it is held for", rows=3, help_text=WITHOUT_NAMES)
    question = LongTextField(
        label="What it is to answer", ask="Say what it is to answer", rows=3, help_text=WITHOUT_NAMES
    )

    sections = (
        ("Its focus", ("focus", "purpose", "question")),
        ("When, and with whom", ("planned_on", "chair", "keeper", "readers")),
    )
    reveals = {("focus", "incident"): ("referral",), ("focus", "group"): ("group",)}
    submit = "Call the meeting"


class CallForChildForm(IdempotencyMixin, HoldersForm):
    """The same for the incident that a child is in: its focus stands."""

    purpose = LongTextField(label="What it is held for", ask="Say what it is held for", rows=3, help_text=WITHOUT_NAMES)
    question = LongTextField(
        label="What it is to answer", ask="Say what it is to answer", rows=3, help_text=WITHOUT_NAMES
    )

    sections = (
        ("What for", ("purpose", "question")),
        ("When, and with whom", ("planned_on", "chair", "keeper", "readers")),
    )
    submit = "Call the meeting"


class ArrangeForm(VersionedForm, HoldersForm):
    """The day stays as it was once the meeting was held, or where it is postponed."""

    submit = "Save"

    def __init__(self, *args, day_is_open, planned_on, **kwargs):
        super().__init__(*args, **kwargs)
        if not day_is_open:
            del self.fields["planned_on"]
        else:
            # A day that has passed can stay; another cannot be chosen.
            self.fields["planned_on"].not_past = False
        self.planned_on = planned_on


class HoldForm(VersionedForm, CaseForm):
    held_on = DateField(
        label="When was it held", ask="Enter the day on which it was held", subject="The day", not_future=True
    )
    attended = LongTextField(
        label="Who came",
        required=False,
        rows=3,
        help_text="Colleagues and services. Who came and has an account here can be named to read the map.",
    )
    submit = "Record that it was held"


class PlanAgainForm(VersionedForm, CaseForm):
    planned_on = DateField(
        label="When is the meeting", ask="Enter the day of the meeting", subject="The day of the meeting", not_past=True
    )
    submit = "Set the day"


class WhyForm(VersionedForm, CaseForm):
    reason = ReasonField(reader="whoever may open the meeting, and auditors")
    submit = "Save"


class CloseForm(VersionedForm, CaseForm):
    """One verb, asked by its button alone; the version is that of the map as the page showed it."""

    submit = "Close the meeting"


class IntelForm(IdempotencyMixin, CaseForm):
    submit = "Make the intel form"


# --- On the map -------------------------------------------------------------------------------------------------------


class PickForm(CaseForm):
    pick = TextField(max_length=500, label="The person", ask="Choose a person from the results")


class _NoteForm(IdempotencyMixin, CaseForm):
    note = LongTextField(
        label="What matters here",
        required=False,
        rows=3,
        max_length=500,
        help_text="Strengths and worries, in a few words. What is said between people is a link, not a note.",
    )


class NewPersonForm(_NoteForm):
    kind = ChoiceField(
        label="Is this a child or an adult?",
        choices=(("child", "Child"), ("adult", "Adult")),
        ask="Choose whether this is a child or an adult",
    )
    given_name = TextField(label="Given name", ask="Enter a given name", max_length=100)
    family_name = TextField(label="Family name", required=False, max_length=100)
    born_on = DateField(label="Date of birth", required=False, not_future=True)
    school = TextField(label="School", required=False)
    field_order = ("given_name", "family_name", "kind", "born_on", "school", "note")
    submit = "Put on the map"

    def details(self):
        """Fields of Person. Of a valid form."""
        typed = self.cleaned_data
        return {
            "given_name": typed["given_name"],
            "family_name": typed["family_name"],
            "is_adult": typed["kind"] == "adult",
            "born_on": typed["born_on"],
            "birth_precision": BirthPrecision.KNOWN if typed["born_on"] else BirthPrecision.UNKNOWN,
            "school": typed["school"],
        }


class PlaceForm(_NoteForm):
    kind = SelectField(label="What kind of place", choices=PLACES, ask="Choose what kind of place it is")
    name = TextField(
        label="Name of the place",
        ask="Enter the name of the place",
        help_text="The same words as last time, so that a place that comes up again is noticed",
    )
    postcode = PostcodeField(label="Postcode", required=False)
    field_order = ("kind", "name", "postcode", "note")
    submit = "Put on the map"


class GroupForm(_NoteForm):
    name = TextField(
        label="Name of the group", ask="Enter the name of the group", help_text="As it is known", about_words=True
    )
    field_order = ("name", "note")
    submit = "Put on the map"


class LinkForm(IdempotencyMixin, CaseForm):
    """`nodes`: [(number, name)] of what is on the map."""

    one = SelectField(label="Who", ask="Choose who or what it is about")
    kind = SelectField(label="What is between them", choices=LinkKind.choices, ask="Choose what is between them")
    other = SelectField(label="With whom, or where", ask="Choose with whom, or where")
    said_by = TextField(
        label="Who says so", ask="Say who says so", help_text="A person with their service, or a document"
    )
    said_on = DateField(label="When did they say so", ask="Enter when they said so", subject="The day", not_future=True)
    basis = ChoiceField(label="What it rests on", choices=Basis.choices, ask="Choose what it rests on")
    reliability = ChoiceField(label="How sure is it?", choices=Reliability.choices, ask="Choose how sure it is")
    until = DateField(
        label="Until when",
        required=False,
        subject="The day until which it held",
        help_text="Only where it is known to have ended",
    )
    choice_hints = {
        ("basis", Basis.FACT): "Seen by a professional, or recorded somewhere",
        ("basis", Basis.REPORTED): "Somebody said it",
        ("basis", Basis.INFERRED): "It follows from something else",
    }
    submit = "Add the link"

    def __init__(self, *args, nodes, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].choices = [("", "Choose one"), *nodes]

    def clean(self):
        answers = super().clean()
        if answers.get("one") and answers.get("one") == answers.get("other"):
            self.add_error("other", "Choose another one: a link joins two")
        return answers


class TakeOutForm(CaseForm):
    reason = ReasonField(label="Why it is taken out", ask="Say why it is taken out", reader="who holds the meeting")
    submit = "Take it out"


# --- What is agreed ---------------------------------------------------------------------------------------------------


class ActionForm(OwnedForm, IdempotencyMixin, CaseForm):
    """`people`: [(reference, name)] of the users who can be given it."""

    what = LongTextField(label="What is to be done", ask="Say what is to be done", rows=3)
    agency = TextField(label="Which agency does it", ask="Enter the agency")
    owner = SelectField(label="Who does it", required=False, blank="Somebody else, named below")
    owner_name = TextField(label="Name of who does it", required=False, help_text="Where they have no account here")
    due_on = DateField(label="By when", ask="Enter the day by which it is done", subject="The day", not_past=True)
    submit = "Add the action"

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["owner"].choices = [("", "Somebody else, named below"), *people]


class NoActionForm(VersionedForm, CaseForm):
    """The version is that of the reason which the page showed."""

    reason = ReasonField(
        label="Why there is no action", ask="Say why there is no action", reader="whoever reads this person on the map"
    )
    submit = "Save"


class DropForm(CaseForm):
    reason = ReasonField(
        label="Why it is taken back", ask="Say why it is taken back", reader="who holds the meeting, and auditors"
    )
    submit = "Take it back"


class DoneForm(CaseForm):
    done_on = DateField(label="Done on", ask="Enter the day it was done", subject="The day", not_future=True)
    outcome = ReasonField(label="What came of it", ask="Say what came of it", reader="who holds the meeting")
    submit = "Record that it is done"

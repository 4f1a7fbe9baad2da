"""Questions about accounts, roles, training, cover, teams and agencies."""

from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from hsb.core import wording
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ColleagueField,
    DateField,
    EmailField,
    IdempotencyMixin,
    SelectField,
    TextField,
    VersionedForm,
)
from hsb.core.states import WordKind
from hsb.people.states import CASE_ROLES, AgencyKind, Role, Service, Tool

ELSEWHERE = "elsewhere"
# What each role opens, in the words of the page where it is given.
WHAT_A_ROLE_DOES = {
    Role.PRACTITIONER: "Logs concerns and works with the children allocated to them",
    Role.MANAGER: "Decides and allocates for the team, and sees its children",
    Role.CHAIR: "Chairs strategy and review meetings",
    Role.MINUTE_TAKER: "Writes the minutes of meetings they are named for",
    Role.COORDINATOR: "Prepares the panel: intel forms, not files",
    Role.AUDITOR: "Reads what is not restricted; everything opened is recorded",
    Role.ADMINISTRATOR: "Looks after accounts, teams and settings; no case content, and no other role beside it",
}


def _team_field():
    return SelectField(label="Team", ask="Choose a team")


def _role_field():
    return ChoiceField(label="Role", ask="Choose a role", choices=Role.choices)


class PersonDetails(CaseForm):
    name = TextField(label="Full name", ask="Enter their full name", max_length=120)
    email = EmailField(
        label="E-mail address",
        ask="Enter their e-mail address",
        max_length=200,
        help_text="They sign in with it. Nothing is sent to it now.",
    )
    job_title = TextField(label="Job title", required=False, max_length=120)
    telephone = TextField(label="Telephone", required=False, max_length=40, width=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Another person's address: the browser's own suggestion would be the administrator's.
        self.fields["email"].widget.attrs["autocomplete"] = "off"


class EditUserForm(VersionedForm, PersonDetails):
    submit = "Save"


class _RoleInATeam(CaseForm):
    """Takes `teams`: [(slug, words)]."""

    choice_hints = {("role", role): hint for role, hint in WHAT_A_ROLE_DOES.items()}

    def __init__(self, *args, teams, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["team"].choices = [("", "Choose one"), *teams]


class AddUserForm(IdempotencyMixin, _RoleInATeam, PersonDetails):
    team = _team_field()
    role = _role_field()
    starts_on = DateField(label="First day in this role", ask="Enter the first day in this role")

    sections = (
        ("Who they are", ("name", "email", "job_title", "telephone")),
        ("Their first role", ("team", "role", "starts_on")),
    )
    submit = "Add this person"


class AddMembershipForm(_RoleInATeam):
    team = _team_field()
    role = _role_field()
    starts_on = DateField(label="First day", ask="Enter the first day in this role")
    ends_on = DateField(label="Last day", required=False, help_text="Leave it empty if no end is planned.")

    submit = "Give this role"

    def clean(self):
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Last day must be on or after the first day")


class EndMembershipForm(CaseForm):
    when = ChoiceField(
        label="When does this role end?",
        ask="Choose when this role ends",
        choices=(("now", "At once"), ("day", "After a last day")),
    )
    last_day = DateField(label="Last day", ask="Enter the last day in this role", not_past=True)

    reveals = {("when", "day"): ("last_day",)}
    choice_hints = {("when", "now"): "For a role given by mistake, or when access must stop now"}
    submit = "End this role"


class TrainingForm(CaseForm):
    tool = ChoiceField(label="Tool", ask="Choose the tool", choices=Tool.choices)
    trained_on = DateField(label="Day of the training", ask="Enter the day of the training", not_future=True)
    until = DateField(
        label="Last valid day",
        ask="Enter the last valid day of the training",
        help_text="As the certificate says. After it the tool's results cannot be entered.",
    )
    evidence = TextField(
        label="What shows it",
        ask="Say what shows the training",
        help_text="For example the certificate's number, or the trainer's letter and its day.",
        max_length=200,
    )
    submit = "Record this training"

    def clean(self):
        trained_on, until = self.cleaned_data.get("trained_on"), self.cleaned_data.get("until")
        if trained_on and until and until < trained_on:
            self.add_error("until", "Last valid day must be on or after the day of the training")


class CoverForm(CaseForm):
    """Takes `colleagues`, [(reference, name)] of the same team, and whether somebody from elsewhere may be named."""

    by = SelectField(label="Who covers?", subject="Who covers", ask="Choose who covers")
    somebody = ColleagueField(
        label="Their name",
        ask="Enter the name of the person who covers",
        roles=CASE_ROLES,
        help_text="Enter a name, and choose from the list: somebody who works with cases in another team.",
    )
    starts_on = DateField(label="First day", ask="Enter the first day of cover", not_past=True)
    ends_on = DateField(label="Last day", ask="Enter the last day of cover", not_past=True)

    submit = "Arrange this cover"

    def __init__(self, *args, colleagues, may_look_elsewhere, **kwargs):
        super().__init__(*args, **kwargs)
        if may_look_elsewhere:
            # Radios, because a list to open cannot show the address beneath its last choice.
            self.fields["by"].widget = forms.RadioSelect()
            self.fields["by"].choices = [*colleagues, (ELSEWHERE, "Somebody in another team")]
            self.reveals = {("by", ELSEWHERE): ("somebody",)}
        else:
            self.fields["by"].choices = [("", "Choose one"), *colleagues]
            del self.fields["somebody"]

    def clean(self):
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "Last day must be on or after the first day")

    def who_covers(self):
        """The reference of the person named."""
        somebody = self.cleaned_data.get("somebody")
        return somebody.reference if somebody else self.cleaned_data["by"]


class TeamForm(CaseForm):
    name = TextField(label="Name of the team", ask="Enter the name of the team", max_length=120)
    service = ChoiceField(label="Service", ask="Choose the service it belongs to", choices=Service.choices)
    telephone = TextField(label="Telephone", required=False, max_length=40, width=20)
    mailbox = EmailField(
        label="Mailbox",
        required=False,
        max_length=200,
        help_text="The team's shared address. What is sent to the police says it, with the telephone number.",
    )

    choice_hints = {("service", Service.FRONT_DOOR): "Concerns arrive here"}
    submit = "Add this team"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["mailbox"].widget.attrs["autocomplete"] = "off"  # the browser would offer the administrator's own


class EditTeamForm(VersionedForm, TeamForm):
    submit = "Save"


class AgencyForm(CaseForm):
    name = TextField(label="Name of the agency", ask="Enter the name of the agency", max_length=160)
    kind = ChoiceField(label="Kind", ask="Choose what kind of agency it is", choices=AgencyKind.choices)

    submit = "Add this agency"


class CloseAccountForm(CaseForm):
    reason = TextField(
        label="Reason",
        required=False,
        max_length=90,
        help_text="For example, left the council. It will be read by administrators.",
    )
    submit = "Close this account"


class WordForm(CaseForm):
    kind = ChoiceField(label="What is it?", ask="Choose what it is", choices=WordKind.choices)
    word = TextField(label="Word or name", ask="Enter the word or the name", max_length=wording.LONGEST)
    instead = TextField(
        label="Words that you prefer",
        ask="Enter the words that you prefer",
        max_length=wording.PREFERRED_LONGEST,
        help_text="For example: child who displayed harmful behaviour; of an adult: person of concern",
    )

    asks_about_words = False
    reveals = {("kind", WordKind.WORD): ("instead",)}
    choice_hints = {
        ("kind", WordKind.WORD): "Who writes it is asked once whether they prefer other words",
        ("kind", WordKind.NAME): "Of an agency, a register or a heading: no word in it is asked about",
    }
    submit = "Add to the list"

    def clean_word(self):
        word = self.cleaned_data["word"]
        if not wording.folded(word):
            raise ValidationError("Enter the word or the name")
        return word


class ConfirmForm(CaseForm):
    """A question that only needs its button. Takes `button`."""

    def __init__(self, *args, button, **kwargs):
        super().__init__(*args, **kwargs)
        self.submit = button


class ChoosePasswordForm(CaseForm):
    """Takes `user`, whose name and address the password must not repeat."""

    password1 = forms.CharField(
        label="New password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters: three words that have nothing to do with each other make a good one.",
    )
    password2 = forms.CharField(
        label="New password, once more",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    submit = "Save and sign in"

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean(self):
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if not first or not second:
            return
        if first != second:
            self.add_error("password2", "The two passwords are not the same. Type the new one twice")
            return
        if self.user.check_password(first):
            self.add_error("password1", "Choose another password than the one you were given")
            return
        try:
            password_validation.validate_password(first, self.user)
        except ValidationError as refused:
            self.add_error("password1", refused)

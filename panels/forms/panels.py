"""What the panel's pages ask: planned, published, circulated, who sits there."""

from datetime import datetime

from django.utils import timezone

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    ColleagueField,
    DateField,
    DateTime,
    IdempotencyMixin,
    NumberField,
    ReasonField,
    TextField,
    VersionedForm,
    VersionField,
)
from panels.states import PanelPaperKind, PanelSeatRole, PanelSeatState


class DayAndPlace(CaseForm):
    planned_on = DateField(label="Day of the panel", ask="Enter the day of the panel", help_text="A working day")
    place = TextField(label="Where", help_text="A room, or that it is online", required=False)
    authority_chair = TextField(label="Chair for the local authority", required=False)
    police_chair = TextField(label="Chair for the police", required=False)


class PlanPanelForm(IdempotencyMixin, DayAndPlace):
    cut_off_at = DateTime(
        label="Cut-off, if it is not the usual one",
        subject="The cut-off",
        help_text="The day and time until which forms are collected. Leave it empty for the usual one",
        required=False,
    )
    submit = "Plan the panel"


class ArrangePanelForm(VersionedForm, DayAndPlace):
    cut_off_at = DateTime(label="Cut-off", ask="Enter the cut-off", subject="The cut-off")
    submit = "Save"


class PanelVerbForm(VersionedForm, CaseForm):
    """One verb, asked by its button alone."""


class PanelWhyForm(VersionedForm, CaseForm):
    reason = ReasonField(reader="the coordinators and auditors")
    submit = "Save"


class ResumeForm(VersionedForm, CaseForm):
    planned_on = DateField(label="New day of the panel", ask="Enter the new day of the panel", subject="The day")
    submit = "Set the new day"


class CompileForm(CaseForm):
    submit = "Compile the agenda"


class MoveForm(VersionedForm, CaseForm):
    to = NumberField(label="Its new place in the section", min_value=1, ask="Enter its new place in the section")
    reason = ReasonField(label="Why it is moved", reader="the coordinators and auditors")
    submit = "Move the item"


class RoundForm(CaseForm):
    """`named`: [(number of seat, words)] of those whom no message of ours reaches."""

    told = ChoicesField(
        label="Who was told of the agenda",
        help_text="They have no account: send them their paper by secure mail yourself, then tick them here.",
        required=False,
    )
    reason = ReasonField(
        label="Why the others are not told",
        help_text="Leave it empty if you tell them later. It will be read by whoever opens the panel.",
        reader="whoever opens the panel",
        required=False,
        rows=3,
    )

    def __init__(self, *args, named, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["told"].choices = named
        if not named:
            del self.fields["told"]


class CirculateForm(RoundForm):
    """The agenda, or what came late."""

    submit = "Send the agenda round"


class CirculateMinutesForm(RoundForm):
    """The minutes; `agencies`: [(code, words)] of those who are to be told of their actions."""

    agencies = ChoicesField(
        label="Which agencies were told of their actions",
        help_text="Whoever does them there has no account.",
        required=False,
    )
    told_on = DateField(label="Told of their actions on", subject="The day", not_future=True, required=False)
    told_how = TextField(label="How they were told", help_text="For example by secure mail", required=False)
    submit = "Send the minutes round"
    sections = (
        ("The minutes", ("told",)),
        ("Actions", ("agencies", "told_on", "told_how")),
        ("The others", ("reason",)),
    )

    def __init__(self, *args, agencies, **kwargs):
        super().__init__(*args, **kwargs)
        if "told" in self.fields:
            self.fields["told"].label = "Who was told of the minutes"
        self.fields["agencies"].choices = agencies
        if not agencies:
            for name in ("agencies", "told_on", "told_how"):
                del self.fields[name]


class PaperForm(CaseForm):
    kind = ChoiceField(label="Which paper", ask="Choose which paper")
    submit = "Make the paper"

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in PanelPaperKind if kind in kinds]


class PanelSeatFields(CaseForm):
    role = ChoiceField(label="For", ask="Choose for which service", choices=PanelSeatRole.choices)
    agency = TextField(label="Agency or team", required=False)
    user = ColleagueField(
        label="Who, if they have an account",
        help_text="Enter a name, and choose from the list. They open the agenda by a link once it is published.",
        required=False,
    )
    name = TextField(label="Name, if they have no account", required=False)
    state = ChoiceField(
        label="Did they come?",
        ask="Choose whether they came",
        choices=[
            (PanelSeatState.EXPECTED, "Not known yet"),
            (PanelSeatState.FILLED, "They came"),
            (PanelSeatState.APOLOGIES, "They sent apologies"),
            (PanelSeatState.EMPTY, "Nobody came"),
        ],
        initial=PanelSeatState.EXPECTED,
    )
    submit = "Save"


class AddPanelSeatForm(IdempotencyMixin, PanelSeatFields):
    """Somebody further who is asked."""


class EditPanelSeatForm(VersionedForm, PanelSeatFields):
    """Somebody who is asked already; the version is the seat's."""


def instant(typed):
    """The instant of a DateTime answer, or None."""
    return typed if isinstance(typed, datetime) and timezone.is_aware(typed) else None


CAME = (
    (PanelSeatState.FILLED, "Came"),
    (PanelSeatState.APOLOGIES, "Sent apologies"),
    (PanelSeatState.EMPTY, "Nobody came"),
)


class HoldPanelForm(VersionedForm, CaseForm):
    """Who came, seat by seat. `seats` are rows of PanelSeat."""

    held_on = DateField(label="Held on", ask="Enter the day of the panel", not_future=True)
    submit = "Begin the panel"

    def __init__(self, data=None, *args, seats, **kwargs):
        if data is not None:
            data = data.copy()
            for seat in seats:  # of a seat that the page did not show yet what stands is asked now
                data.setdefault(f"version_{seat.number}", str(seat.version))
        super().__init__(data, *args, **kwargs)
        self.seats, self.reveals, names = seats, {}, []
        for seat in seats:
            state, who = f"state_{seat.number}", f"who_{seat.number}"
            called = seat.get_role_display() + (f", {seat.agency}" if seat.agency else "")
            asked = {
                state: ChoiceField(
                    label=called,
                    ask=f"Say whether somebody came for: {called.lower()}",
                    choices=CAME,
                    initial=seat.state if seat.state != PanelSeatState.EXPECTED else None,
                ),
                who: TextField(label="Who came", ask=f"Enter who came for: {called.lower()}", initial=seat.who),
            }
            for name, field in asked.items():
                self.fields[name] = field
                self._prepare(field)
            self.fields[f"version_{seat.number}"] = VersionField(initial=seat.version)
            self.reveals[(state, PanelSeatState.FILLED)] = (who,)
            names.append(state)
        self.sections = (("Who came", tuple(names)), ("The panel", ("held_on",)))

    def answers(self):
        """What was typed for each seat: keyword arguments of services.planning.save_seat."""
        return [self._answer(seat) for seat in self.seats]

    def _answer(self, seat):
        typed = self.cleaned_data[f"who_{seat.number}"] or seat.who
        same = seat.user_id is not None and typed == seat.who
        return {
            "number": seat.number,
            "role": seat.role,
            "agency": seat.agency,
            "user": seat.user if same else None,
            "name": "" if same else typed,
            "state": self.cleaned_data[f"state_{seat.number}"],
            "version": self.cleaned_data[f"version_{seat.number}"],
        }

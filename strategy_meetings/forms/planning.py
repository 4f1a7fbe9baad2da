"""Before the meeting: which children, when, where, with whom."""

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    DateTime,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    SelectField,
    TextField,
    TickField,
    VersionedForm,
    YesNo,
)
from strategy_meetings.states import SeatRole, SeatState


class PeopleAndPlace(CaseForm):
    """When, where, chair and minute taker; `chairs` and `minute_takers` are [(reference, name)]."""

    at = DateTime(
        label="When is the meeting",
        ask="Enter the day of the meeting",
        subject="The day of the meeting",
        time_required=False,
    )
    place = TextField(label="Where", help_text="A room, or that it is online", required=False)
    chair = SelectField(label="Chair", ask="Choose the chair")
    minute_taker = SelectField(label="Minute taker", required=False, blank="Name one later")

    def __init__(self, *args, chairs, minute_takers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["chair"].choices = chairs
        self.fields["minute_taker"].choices = [("", "Name one later"), *minute_takers]


class PlanForm(IdempotencyMixin, PeopleAndPlace):
    """`concerns`: [(reference, words)]; `others`: [(person's key, name)] of the concern's other children."""

    submit = "Plan the meeting"

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self.reveals = {}
        asked = []
        for key, name in others:
            part, reason = f"part_{key}", f"reason_{key}"
            self.fields[part] = YesNo(
                label=f"Does {name} take part?", ask=f"Choose whether {name} takes part", initial=True
            )
            self.fields[reason] = LongTextField(
                label=f"Why {name} is left out",
                ask=f"Give the reason why {name} is left out",
                help_text="This is kept on the record. Whether this child needs a meeting stays to be decided.",
                rows=3,
            )
            self._prepare(self.fields[part])
            self._prepare(self.fields[reason])
            self.reveals[(part, "no")] = (reason,)
            asked.append(part)
        self.sections = (
            ("The meeting", ("at", "place", "chair", "minute_taker")),
            (
                "The concern's other children",
                tuple(asked),
                "They are in by default: one meeting about all of them. Each keeps a part of their own.",
            ),
        )[: 2 if asked else 1]

    def left_out(self):
        """{person's key: reason} of the children who are left out."""
        return {
            int(name.removeprefix("part_")): self.cleaned_data[name.replace("part_", "reason_")]
            for name in self.cleaned_data
            if name.startswith("part_") and self.cleaned_data[name] is False
        }


class ArrangeForm(VersionedForm, PeopleAndPlace):
    submit = "Save"


class SeatForm(CaseForm):
    role = ChoiceField(label="For", ask="Choose for which service", choices=SeatRole.choices)
    agency = TextField(label="Agency or team", required=False)
    name = TextField(label="Name", required=False)
    state = ChoiceField(
        label="Did they come?",
        ask="Choose whether they came",
        choices=[
            (SeatState.EXPECTED, "Not known yet"),
            (SeatState.FILLED, "They came"),
            (SeatState.APOLOGIES, "They sent apologies"),
            (SeatState.EMPTY, "Nobody came"),
        ],
        initial=SeatState.EXPECTED,
    )
    report_received = TickField(label="A written report was received", required=False)
    submit = "Save"


class ConfirmForm(VersionedForm, CaseForm):
    """One verb, asked by its button alone."""


class DropForm(CaseForm):
    """An action that was typed and is not agreed after all."""

    reason = ReasonField(reader="the people of the meeting and auditors")
    submit = "Take it out"


class WhyForm(VersionedForm, DropForm):
    """One verb that needs a reason."""

    submit = "Save"

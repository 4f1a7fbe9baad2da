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


class ChairAndTaker(CaseForm):
    """Chair and minute taker; `chairs` and `minute_takers` are [(reference, name)]. Once the invitations are out
    (`invited`) nothing asks for a minute taker any more."""

    chair = SelectField(label="Chair", ask="Choose the chair")
    minute_taker = SelectField(
        label="Minute taker", required=False, blank="Name one later", needed_before="the invitations go out"
    )

    def __init__(self, *args, chairs, minute_takers, invited=False, **kwargs):
        super().__init__(*args, **kwargs)
        if invited:
            self.fields["minute_taker"].needed_before = ""
        self.fields["chair"].choices = chairs
        self.fields["minute_taker"].choices = [("", "Name one later"), *minute_takers]


class PeopleAndPlace(ChairAndTaker):
    """When, where, chair and minute taker."""

    at = DateTime(
        label="When is the meeting",
        ask="Enter the day of the meeting",
        subject="The day of the meeting",
        time_required=False,
    )
    place = TextField(label="Where", help_text="A room, or that it is online", required=False)
    field_order = ("at", "place", "chair", "minute_taker")


class ChoosesChildren(CaseForm):
    """Asks for each child whether it takes part; where not, why."""

    def ask_for(self, children):
        """Adds the questions; `children`: [(person's key, name, taking part, why left out)]. Returns their names."""
        self.reveals = {}
        asked = []
        for key, name, taking_part, left_out_reason in children:
            part, reason = f"part_{key}", f"reason_{key}"
            self.fields[part] = YesNo(
                label=f"Does {name} take part?", ask=f"Choose whether {name} takes part", initial=taking_part
            )
            self.fields[reason] = LongTextField(
                label=f"Why {name} is left out",
                ask=f"Give the reason why {name} is left out",
                help_text="This is kept on the record. Whether this child needs a meeting stays to be decided.",
                initial=left_out_reason,
                rows=3,
            )
            self._prepare(self.fields[part])
            self._prepare(self.fields[reason])
            self.reveals[(part, "no")] = (reason,)
            asked.append(part)
        return tuple(asked)

    def left_out(self):
        """{person's key: reason} of the children who are left out."""
        return {
            int(name.removeprefix("part_")): self.cleaned_data[name.replace("part_", "reason_")]
            for name in self.cleaned_data
            if name.startswith("part_") and self.cleaned_data[name] is False
        }


class PlanForm(IdempotencyMixin, PeopleAndPlace, ChoosesChildren):
    """`others`: [(person's key, name)] of the concern's other children."""

    submit = "Plan the meeting"

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        asked = self.ask_for([(key, name, True, "") for key, name in others])
        self.sections = (
            ("The meeting", ("at", "place", "chair", "minute_taker")),
            (
                "The concern's other children",
                asked,
                "They are in by default: one meeting about all of them. Each keeps a part of their own.",
            ),
        )[: 2 if asked else 1]


class ArrangeForm(VersionedForm, PeopleAndPlace):
    submit = "Save"


class SeatFields(CaseForm):
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


class AddSeatForm(IdempotencyMixin, SeatFields):
    """Somebody further who is asked."""


class EditSeatForm(VersionedForm, SeatFields):
    """Somebody who is asked already; the version is the seat's."""


class ChildrenForm(VersionedForm, ChoosesChildren):
    """Which of the concern's children take part, while the meeting can still agree something."""

    submit = "Save"

    def __init__(self, *args, children, **kwargs):
        """`children`: [(person's key, name, taking part, why left out)]."""
        super().__init__(*args, **kwargs)
        asked = self.ask_for(children)
        self.sections = (("The concern's children", asked, "Whoever is left out keeps a decision of their own."),)


class NewFactsForm(CaseForm):
    reason = ReasonField(
        label="What follows from the new facts",
        ask="Say what follows from the new facts",
        reader="whoever works with the child, and auditors",
    )
    submit = "Save the answer"
    more_buttons = (("sooner", "Save, and set another day"),)


class TakeOverForm(VersionedForm, ChairAndTaker):
    reason = ReasonField(label="Why somebody else takes over", reader="whoever may open the meeting, and auditors")
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

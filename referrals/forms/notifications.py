"""What the police told us of a child: recorded, and what followed."""

from hsb.core import clock
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    DateTime,
    IdempotencyMixin,
    LongTextField,
    SelectField,
    TextField,
    TickField,
)
from referrals.states import NotificationRoute


class NotificationForm(IdempotencyMixin, CaseForm):
    """`children`, `concerns`, `letters`: (reference, words) of what the reader may choose; the first child is the one
    on whose pages it is recorded."""

    received = DateTime(
        label="When did it come?",
        ask="Enter the day it came",
        subject="The day it came",
        initial=clock.today,
        not_future=True,
        time_required=False,
    )
    unit = TextField(label="From which police team or unit", ask="Enter from which police team or unit it came")
    officer = TextField(label="Officer", required=False)
    police_reference = TextField(label="Police reference", required=False, width=20, max_length=60)
    how = ChoiceField(label="How did it come?", ask="Choose how it came", choices=NotificationRoute.choices)
    says = LongTextField(
        label="What it says",
        ask="Say what it says",
        help_text="In neutral words, not graphic. It is read only by whoever may open every child you tick below.",
        rows=6,
    )
    children = ChoicesField(label="Of which children does it speak?", ask="Choose of which children it speaks")
    concern = SelectField(
        label="To which concern does it belong?",
        required=False,
        help_text="Leave it open if nobody has decided that. A new concern is logged first",
    )
    letter = SelectField(
        label="The letter itself",
        required=False,
        help_text="Add it under Documents first, on this child's record. It can be chosen later too",
    )
    do_not_disclose = TickField(
        label="Do not disclose to the child or the family",
        required=False,
        initial=True,
        help_text="Take the tick away only where the police have agreed",
    )
    submit = "Record it"

    def __init__(self, *args, children, concerns, letters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["children"].choices = children
        self.fields["children"].initial = [children[0][0]]
        offer(self, "concern", concerns, "Not decided")
        offer(self, "letter", letters, "Not here")


class FollowNotificationForm(CaseForm):
    """`concerns`, `letters` as above, empty where it is recorded already; `lacks`: what is left to record."""

    acknowledged_on = DateField(
        label="When was it acknowledged?",
        required=False,
        not_future=True,
        subject="The day it was acknowledged",
    )
    acknowledged_to = TextField(label="To whom", required=False, help_text="The officer or the team")
    concern = SelectField(label="Attach it to a concern", required=False)
    letter = SelectField(label="The letter itself", required=False)
    grounds = LongTextField(
        label="Why a strategy discussion is asked for",
        required=False,
        help_text="Leave it empty if none is asked for. A manager of social work decides",
        rows=4,
    )
    submit = "Record what followed"

    def __init__(self, *args, concerns, letters, lacks, **kwargs):
        super().__init__(*args, **kwargs)
        offer(self, "concern", concerns, "No change")
        offer(self, "letter", letters, "No change")
        if "acknowledged" not in lacks:
            del self.fields["acknowledged_on"], self.fields["acknowledged_to"]
        if "discussion" not in lacks:
            del self.fields["grounds"]

    def clean(self):
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("acknowledged_on") and not cleaned.get("acknowledged_to"):
            self.add_error("acknowledged_to", "Enter to whom it was acknowledged")
        if (
            cleaned.get("acknowledged_to")
            and not cleaned.get("acknowledged_on")
            and "acknowledged_on" not in self.errors
        ):
            self.add_error("acknowledged_on", "Enter the day it was acknowledged")
        return cleaned


def offer(form, name, choices, blank):
    """The choices of a list, or no list where there is nothing to choose."""
    if choices:
        form.fields[name].choices = [("", blank), *choices]
    else:
        del form.fields[name]

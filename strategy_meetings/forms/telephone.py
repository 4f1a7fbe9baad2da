"""A strategy discussion by telephone: two minutes of entry (B9)."""

from hsb.core import clock
from hsb.core.forms import CaseForm, DateField, IdempotencyMixin, LongTextField, ReasonField, TextField, YesNo


class TelephoneForm(IdempotencyMixin, CaseForm):
    held_on = DateField(
        label="When did you speak?",
        ask="Enter the day on which you spoke",
        subject="The day",
        not_future=True,
        initial=clock.today,
    )
    spoke_to = TextField(
        label="Who took part for the police", ask="Enter who took part for the police", help_text="Name and team"
    )
    shared = ReasonField(
        label="What was shared and weighed",
        ask="Say what was shared and weighed",
        reader="whoever works with the child, and auditors",
    )
    section_47 = YesNo(label="Does a section 47 investigation start?", ask="Choose whether an investigation starts")
    immediate_what = LongTextField(
        label="Immediate action that was agreed", help_text="Leave empty if there is none.", required=False, rows=3
    )
    meeting_follows = YesNo(
        label="Does a strategy meeting of the network follow?", ask="Choose whether a meeting follows", initial=True
    )
    no_meeting_because = LongTextField(
        label="Why no meeting follows", ask="Give the reason why no meeting follows", rows=3
    )
    submit = "Record the discussion"
    reveals = {("meeting_follows", "no"): ("no_meeting_because",)}
    choice_hints = {
        ("section_47", "yes"): "Its 15 working days to the conference start on the day on which you spoke.",
        ("meeting_follows", "yes"): "It is convened with this. The specialist chair plans it.",
    }

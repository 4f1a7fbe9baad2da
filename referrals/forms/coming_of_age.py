"""What follows at 18, and the decision once the young person is 18 (practice.md B20)."""

from datetime import timedelta

from hsb.core import clock
from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    IdempotencyMixin,
    LongTextField,
    ReasonField,
    TextField,
    VersionedForm,
    YesNo,
)
from referrals.states import DecidedAt18, FollowsAt18

READER = "whoever has this young person, their managers and auditors"


def tomorrow():
    return clock.today() + timedelta(days=1)


class WhatFollowsForm(IdempotencyMixin, VersionedForm, CaseForm):
    goes_on = YesNo(
        label="Does the work go on after 18?",
        ask="Choose whether the work goes on after 18",
        no="No, nothing further is needed",
    )
    where = ChoicesField(label="Where does it go on?", ask="Choose where it goes on", choices=FollowsAt18.choices)
    asked = LongTextField(
        label="Who was asked there?",
        ask="Say who was asked there",
        help_text="Name, role and service of each.",
        rows=2,
    )
    asked_on = DateField(
        label="When were they asked?",
        ask="Enter the day on which they were asked",
        subject="The day on which they were asked",
        not_future=True,
    )
    not_needed_because = LongTextField(
        label="Why nothing further is needed", ask="Say why nothing further is needed", rows=3
    )
    young_person_says = LongTextField(
        label="What does the young person say?",
        ask="Say what the young person says, or why they could not be asked",
        subject="What the young person says",
        help_text="In their own words where you can. Where they could not be asked, say why.",
        rows=4,
    )
    plan = LongTextField(
        label="The plan in plain words",
        ask="Enter the plan",
        help_text="Who does what, by when, so that the young person understands it.",
        rows=6,
    )
    review_on = DateField(
        label="When is it looked at again?",
        subject="The day on which it is looked at again",
        required=False,
        help_text="Only where it should be. For example, 23 11 2026",
        not_before=tomorrow,
        not_before_words="tomorrow",
    )
    reveals = {("goes_on", "yes"): ("where", "asked", "asked_on"), ("goes_on", "no"): ("not_needed_because",)}
    submit = "Save what follows"


class DecideAt18Form(IdempotencyMixin, VersionedForm, CaseForm):
    outcome = ChoiceField(label="What do you decide?", ask="Choose what you decide", choices=DecidedAt18.choices)
    passed_to = TextField(
        label="To whom is it passed?",
        ask="Say to whom it is passed",
        subject="To whom it is passed",
        help_text="The service, and the person there.",
    )
    passed_on = DateField(
        label="When was it passed?",
        ask="Enter the day on which it was passed",
        subject="The day on which it was passed",
        not_future=True,
    )
    accepted_by = TextField(label="Who there accepted it?", ask="Say who there accepted it", help_text="Name and role.")
    until_on = DateField(
        label="Until which day does it go on?",
        ask="Enter until which day it goes on",
        subject="The day",
        not_before=tomorrow,
        not_before_words="tomorrow",
    )
    reason = ReasonField(label="Reason for your decision", ask="Give the reason for your decision", reader=READER)
    reveals = {
        ("outcome", DecidedAt18.PASS): ("passed_to", "passed_on", "accepted_by"),
        ("outcome", DecidedAt18.GO_ON): ("until_on",),
    }
    choice_hints = {
        ("outcome", DecidedAt18.CLOSE): "Closing is proposed next, and asks what closing always asks.",
        ("outcome", DecidedAt18.PASS): "Once they have accepted. Closing is proposed next.",
        (
            "outcome",
            DecidedAt18.GO_ON,
        ): "For example, while an enquiry or a meeting still runs. You are asked again then.",
    }
    submit = "Save the decision"

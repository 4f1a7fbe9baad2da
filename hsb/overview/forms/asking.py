"""Asking for access to a record: what for, and for how long."""

from hsb.core.forms import CaseForm, IdempotencyMixin, NumberField, ReasonField
from referrals.services.access_requests import MOST_DAYS


class AskAccessForm(IdempotencyMixin, CaseForm):
    reason = ReasonField(
        label="What do you need to read it for?",
        ask="Say what you need to read it for",
        reader="the manager who answers, and auditors",
    )
    days = NumberField(
        label="For how many days?",
        ask="Enter for how many days",
        subject="The number of days",
        min_value=1,
        max_value=MOST_DAYS,
        help_text=f"From 1 to {MOST_DAYS}.",
    )
    submit = "Ask for access"

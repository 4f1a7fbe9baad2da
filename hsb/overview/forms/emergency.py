"""Opening a record in an emergency: why."""

from hsb.core.forms import CaseForm, ReasonField


class BreakGlassForm(CaseForm):
    reason = ReasonField(
        label="Why do you need to open this record now?",
        ask="Say why you need to open this record now",
        reader="the child's worker, the manager who reviews it, and whoever opens this record later",
    )
    submit = "Open the record"

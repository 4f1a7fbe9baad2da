"""What a family may be told: held back, or told again."""

from hsb.core.forms import CaseForm, ChoiceField, ReasonField

HOLD_BACK, TELL_AGAIN = "hold_back", "tell_again"


class TellingForm(CaseForm):
    """`choices`: [(verb and concern's reference, words)] of what the reader can decide."""

    decision = ChoiceField(label="What do you decide?", ask="Choose what you decide")
    reason = ReasonField(
        label="Who asked for it, or who agreed, and why",
        ask="Give the reason: who asked for it, or who agreed",
        reader="whoever works with the concern's children, and auditors",
    )
    submit = "Save the decision"

    def __init__(self, *args, choices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["decision"].choices = choices

    def chosen(self):
        """(verb, the concern's reference)."""
        verb, concern = self.cleaned_data["decision"].split(":")
        return verb, concern

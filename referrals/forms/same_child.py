"""Two records of one child: joining them, parting them, and saying that they are not the same (practice.md B22)."""

from django import forms

from hsb.core.forms import CaseForm, ChoiceField, ChoicesField, ReasonField, TickField

OURS, THEIRS = "ours", "theirs"
NOT_KNOWN = "Not known"
DETAIL = "detail_"
READER = "managers who may open the child's records, and auditors"
STALE = "This page is out of date. Open the record again before you save"


class SeenForm(CaseForm):
    """Carries the digest of what the page showed: what moves is what was looked at."""

    seen = forms.CharField(
        widget=forms.HiddenInput, max_length=64, label="This page", error_messages={"required": STALE}
    )


class JoinForm(SeenForm):
    """`differences` are those of selectors.two_records: for each, which of the two values stands."""

    reason = ReasonField(label="Why this is the same child", ask="Say why this is the same child", reader=READER)
    sure = TickField(
        label="I have compared the two records: this is one child",
        ask="Say that you have compared the two records",
        subject="That you have compared the two records",
    )
    submit = "Join the two records"

    def __init__(self, *args, differences, **kwargs):
        super().__init__(*args, **kwargs)
        self.differences = differences
        for each in differences:
            field = ChoiceField(
                label=each.label,
                choices=((OURS, each.ours or NOT_KNOWN), (THEIRS, each.theirs or NOT_KNOWN)),
                initial=THEIRS if each.takes else OURS,
                ask=f"Choose which stands: {each.label}",
            )
            self.fields[f"{DETAIL}{each.name}"] = field
            self._prepare(field)
        self.order_fields([*(f"{DETAIL}{each.name}" for each in differences), "reason", "sure"])
        self.choice_hints = {
            (f"{DETAIL}{each.name}", choice): said
            for each in differences
            for choice, said in ((OURS, "The record that stands"), (THEIRS, "The record that is joined"))
        }

    @property
    def sections(self):
        asked = tuple(f"{DETAIL}{each.name}" for each in self.differences)
        which = [("Which of the two stands", asked, "What is not chosen stays readable on the record that is joined.")]
        return [*(which if asked else []), ("Decision", ("reason", "sure"))]

    def takes(self):
        """Names of the differences in which the other's value was chosen. Of a valid form."""
        return [each.name for each in self.differences if self.cleaned_data[f"{DETAIL}{each.name}"] == THEIRS]


class PartForm(SeenForm):
    """`added` are (code, words) of what was added since the records were joined."""

    chosen = ChoicesField(
        label="What was added since, and belongs to the record that is parted",
        required=False,
        help_text="What you do not tick stays with the record that stands.",
    )
    reason = ReasonField(label="Why these are two children", ask="Say why these are two children", reader=READER)
    submit = "Part the two records"

    def __init__(self, *args, added, **kwargs):
        super().__init__(*args, **kwargs)
        if added:
            self.fields["chosen"].choices = added
        else:
            del self.fields["chosen"]


class NotTheSameForm(CaseForm):
    reason = ReasonField(label="How you know that they are two people", ask="Say how you know", reader=READER)
    submit = "They are not the same person"


class NeverLinkForm(CaseForm):
    reason = ReasonField(
        label="How you know that the child is adopted",
        ask="Say how you know",
        reader=READER,
        help_text="Write nothing here of the earlier name or family. This is kept on the record. It will be read by "
        f"{READER}.",
    )
    submit = "Never link this child"

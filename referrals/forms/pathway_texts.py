"""The administrator's form for one text of the pathway."""

from hsb.core.forms import CaseForm, ChoiceField, LongTextField, VersionedForm

OWN, BEGINNING = "own", "beginning"


class PathwayTextForm(VersionedForm, CaseForm):
    """`beginning` says in words what can be brought back; "" where nothing was changed, and nothing is asked of it."""

    what = ChoiceField(label="Which words?", ask="Choose which words", choices=())
    text = LongTextField(
        label="What pages show",
        ask="Enter what pages show",
        max_length=600,
        rows=3,
        help_text="Name what was done, not who a child is. What the pathway leads to stays as it is.",
    )
    submit = "Save this text"

    def __init__(self, *args, beginning="", **kwargs):
        if beginning:
            self.reveals = {("what", OWN): ("text",)}
            self.choice_hints = {("what", BEGINNING): beginning}
        super().__init__(*args, **kwargs)
        if not beginning:
            del self.fields["what"]
            return
        self.fields["what"].choices = [(OWN, "Our own words"), (BEGINNING, "The words it began with")]

    def chosen(self):
        """The text from now on; "" for the words that it began with."""
        return "" if self.cleaned_data.get("what") == BEGINNING else self.cleaned_data["text"]

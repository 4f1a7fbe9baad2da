"""What is known of a concern, corrected or completed after it was logged; and what somebody in it is to the others."""

from django import forms

from hsb.core.forms import STALE, CaseForm, ReasonField, TextField, VersionedForm
from referrals.forms.intake import FactsFields
from referrals.selectors.concern_facts import FACTS, PLACE, corrected_facts
from referrals.services.concern_facts import ASKS_WHY

READER = "whoever may open every child of the concern"


def _reason_field():
    return ReasonField(
        label="Why what was recorded is changed",
        reader=READER,
        required=False,
        max_length=1000,
        asked_when="Needed only where something recorded changes; what was missing needs no reason.",
    )


class CorrectConcernForm(VersionedForm, FactsFields):
    """`concern`: as it stands; `with_place`: whether the reader may read where it happened."""

    reason = _reason_field()
    sections = (
        ("When and where", ("happened_on", "happened_in_words", *PLACE, "borough")),
        ("Who reported it", ("source", "reported_by")),
        ("Why", ("reason",)),
    )
    submit = "Save what is known"

    def __init__(self, *args, concern, with_place=True, **kwargs):
        self.concern = concern
        super().__init__(*args, **kwargs)
        if not with_place:
            for name in PLACE:
                del self.fields[name]

    def reported_on(self, answers):
        return self.concern.reported_on

    def facts(self):
        """What services.concern_facts takes. Of a form whose fields are clean."""
        return {name: self.cleaned_data.get(name) for name in FACTS if name in self.fields}

    def clean(self):
        answers = super().clean()
        # Of a page that was opened on what stands no more both versions are shown, before anything is asked.
        fresh = not self.errors and answers.get("version") == self.concern.version
        if fresh and not answers.get("reason") and corrected_facts(self.concern, self.facts()):
            self.add_error("reason", ASKS_WHY)
        return answers


class RelationshipForm(CaseForm):
    """`was`: what stood when the page was opened."""

    was = forms.CharField(
        widget=forms.HiddenInput, required=False, max_length=200, strip=False, error_messages={"invalid": STALE}
    )
    relationship = TextField(
        label="Relationship to the others",
        required=False,
        help_text="Without names, because it may be read on its own: cousin, same class, neighbour",
    )
    reason = _reason_field()
    submit = "Save the relationship"

    def clean(self):
        answers = super().clean()
        stood = answers.get("was")
        if stood and stood != answers.get("relationship") and not answers.get("reason") and "reason" not in self.errors:
            self.add_error("reason", ASKS_WHY)
        return answers

"""One behaviour as a form, and the one-page form that is enough for category 0 and not HSB (B5)."""

from django import forms

from hsb.core.forms import CaseForm, ChoiceField, ChoicesField, DateField, IdempotencyMixin, LongTextField, TextField
from referrals.forms.assessment import PageForm
from referrals.forms.judgements import (
    BROOK_DETAILS,
    INDICATOR_FIELDS,
    BrookQuestions,
    CategoryQuestions,
    TierQuestions,
    pairs_that_differ,
)
from referrals.states import Category, Context

WHEN = ("happened_on", "happened_in_words")
NO_IMAGES = "Write it as facts, in plain words. Never describe or attach images."


class BehaviourQuestions(forms.Form):
    """What happened, when and where. Mixed into a CaseForm; `concerns` are (reference, words) of the child's own."""

    concern = ChoiceField(label="Which concern does it belong to?", ask="Choose the concern it belongs to")
    description = LongTextField(label="What happened", ask="Say what happened", help_text=NO_IMAGES, rows=6)
    happened_on = DateField(label="The day it happened", required=False, not_future=True)
    happened_in_words = TextField(
        label="When it happened, in words",
        required=False,
        help_text="If the day is not known, or it went on for some time: 'several times last summer'",
    )
    contexts = ChoicesField(
        label="Where in the child's life",
        choices=Context.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
    )

    def ask_concern(self, concerns):
        """One concern is not a question; with several, the reader says which."""
        self.only_concern = concerns[0][0] if len(concerns) == 1 else ""
        if self.only_concern:
            del self.fields["concern"]
        else:
            self.fields["concern"].choices = concerns

    def chosen_concern(self):
        """The reference of the concern; "" where it was not chosen."""
        return self.only_concern or self.cleaned_data.get("concern", "")

    def behaviour_answers(self):
        return {name: self.cleaned_data[name] for name in ("description", *WHEN, "contexts")}

    @staticmethod
    def initial_behaviour(behaviour):
        names = ("description", *WHEN, "contexts")
        return {name: getattr(behaviour, name) for name in names} if behaviour is not None else {}


def _category(ask="Choose a category for this behaviour"):
    return ChoiceField(
        label="Hackett category of this behaviour",
        choices=Category.choices,
        ask=ask,
        help_text="Your own view of this one behaviour. The overall category is a page of its own.",
    )


class BehaviourForm(BehaviourQuestions, PageForm):
    """Edits one behaviour (`version` is its own), or adds one (`version` is 0 then and nobody reads it)."""

    category = _category()
    sections = (
        ("", ("concern", "description")),
        ("When and where", (*WHEN, "contexts"), "Leave empty what is not known."),
        ("", ("category",)),
    )

    def __init__(self, *args, concerns, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_concern(concerns)


class NewBehaviourForm(IdempotencyMixin, BehaviourForm):
    more_buttons = (("another", "Save and add another"),)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["version"]  # an addition carries none


class RateForm(CaseForm):
    """This assessment's category for a behaviour that an earlier one rests on: its words stay as they are."""

    # The category it had when the page was opened: a colleague may have rated it meanwhile.
    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1)
    category = _category()


class LateBehaviourForm(BehaviourQuestions, IdempotencyMixin, CaseForm):
    """A behaviour that came to light after the approval: rated in the reassessment that follows (B17)."""

    sections = (
        ("", ("concern", "description")),
        ("When and where", (*WHEN, "contexts"), "Leave empty what is not known."),
    )
    submit = "Record this behaviour"

    def __init__(self, *args, concerns, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_concern(concerns)


class ShortForm(BehaviourQuestions, CategoryQuestions, BrookQuestions, TierQuestions, PageForm):
    """Everything that category 0 and not HSB ask for, on one page; category 1 and more open the full pages."""

    behaviour_version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**31 - 1)
    sections = (
        ("The behaviour", ("concern", "description", *WHEN, "contexts")),
        (
            "Hackett category",
            (*INDICATOR_FIELDS, "category"),
            "Tick what you have seen. They are prompts and are kept as evidence: nothing is added up. The category is "
            "your own choice. From category 1 on the full pages open after this one.",
        ),
        ("Brook Traffic Light Tool", ("brook_used",)),
        ("Threshold tier and reasons", ("tier", "mismatch_reason", "rationale")),
    )

    def __init__(self, *args, concerns, version, trained, findings=(), colour="", **kwargs):
        """`colour` is one that a trained colleague recorded and this reader cannot change: then it is not asked."""
        super().__init__(*args, **kwargs)
        self.pathway_version = version
        self.ask_concern(concerns)
        self.ask_category(version)
        self.colour = colour
        if colour:
            for name in ("brook_used", "brook_finding", *BROOK_DETAILS):
                del self.fields[name]
            self.sections = tuple(row for row in self.sections if row[0] != "Brook Traffic Light Tool")
        else:
            self.ask_brook(trained=trained, findings=findings)
        self.ask_tier(version, has_category=True)
        self.ask_mismatch(
            pairs_that_differ(
                version, category=self.answer("category"), brook=self._brook_sent(), tier=self.answer("tier")
            )
        )

    def _brook_sent(self):
        if self.colour:
            return self.colour
        return self.colour_sent()

    def _build_helper(self):
        return self.draw_columns(super()._build_helper(), self.pathway_version)

    def pages(self):
        """The answers by part of models.assessments.PAGES."""
        brook = {} if self.colour else {"brook": self.brook_answers()}
        return {"category": self.category_answers(), **brook, "threshold": self.tier_answers()}

    def describes_something(self):
        """Whether there is a behaviour to save: an unfinished page may hold only the judgements so far."""
        return bool(self.cleaned_data["description"] and self.chosen_concern())

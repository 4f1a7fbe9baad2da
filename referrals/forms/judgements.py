"""The judgements as forms: category, Brook, tier with its reasons. Chosen by a professional, never worked out (A3)."""

from crispy_forms.layout import LayoutObject
from django import forms
from django.template.loader import render_to_string

from hsb.core import govuk
from hsb.core.forms import ChoiceField, ChoicesField, DateField, TextField, YesNo
from referrals import pathway
from referrals.forms.assessment import PageForm, long_text
from referrals.selectors.judgements import leads_to
from referrals.selectors.questions import QUESTIONS
from referrals.states import Brook, Category, Tier

COLUMNS = ("0", "1", "2", "3")
INDICATOR_FIELDS = tuple(f"indicators_{column}" for column in COLUMNS)
COLOURS = tuple((colour.value, colour.label) for colour in Brook if colour != Brook.NOT_USED)
BROOK_DETAILS = ("brook", "brook_on", "brook_age_group", "brook_tool_version")
OWN = "own"
NOT_TRAINED = "Choose 'No': a colour can be entered only by a user whose Brook training is recorded and current"


# --- Category ---


class PromptsField(ChoicesField):
    """Checkboxes that are looked at rather than answered: ticking none of them is right too."""

    def __init__(self, column):
        super().__init__(
            label=Category(column).label,
            widget=forms.CheckboxSelectMultiple(attrs={"class": "govuk-checkboxes--small"}),
        )

    def validate(self, value):
        if value:
            super().validate(value)


class Indicators(LayoutObject):
    """The document's indicators in their four columns, its own words folded under them."""

    def __init__(self, version):
        self.version = version

    def render(self, form, context, template_pack="govuk", **kwargs):
        columns = [
            {
                "name": Category(column).label,
                "field": govuk.field(form[f"indicators_{column}"]),
                "indicators": self.version.responses[Category(column)].indicators,
            }
            for column in COLUMNS
        ]
        return render_to_string("referrals/assessment/indicators.html", {"columns": columns})


class CategoryQuestions(forms.Form):
    """The columns of indicators and the choice, from the pathway's version; mixed into a PageForm."""

    indicators_0 = PromptsField("0")
    indicators_1 = PromptsField("1")
    indicators_2 = PromptsField("2")
    indicators_3 = PromptsField("3")
    category = ChoiceField(label=QUESTIONS["category"], choices=Category.choices, ask="Choose the overall category")

    def ask_category(self, version):
        """Fills the choices. `version` is the pathway.Pathway that the referral started on."""
        for column in COLUMNS:
            indicators = version.responses[Category(column)].indicators
            self.fields[f"indicators_{column}"].choices = [(i.code, i.text) for i in indicators]
        leads = {("category", code): leads_to(version.response_for(code)) for code in Category.values}
        self.choice_hints = {**self.choice_hints, **leads}

    def draw_columns(self, helper, version):
        """Puts the columns side by side in the layout; returns the helper."""
        for section in helper.layout.fields:
            if INDICATOR_FIELDS[0] in section.fields:
                others = [name for name in section.fields if name not in INDICATOR_FIELDS]
                section.fields = [Indicators(version), *others]
        return helper

    def category_answers(self):
        chosen = [code for name in INDICATOR_FIELDS for code in self.cleaned_data[name]]
        return {"indicators": chosen, "category": self.cleaned_data["category"]}

    @staticmethod
    def initial_category(assessment):
        ticked = {
            f"indicators_{column}": [code for code in assessment.indicators if code.startswith(f"{column}.")]
            for column in COLUMNS
        }
        return {**ticked, "category": assessment.category}


class CategoryForm(CategoryQuestions, PageForm):
    part = "category"
    sections = (
        (
            "Indicators",
            INDICATOR_FIELDS,
            "Tick what you have seen. They are prompts and are kept as evidence: nothing is added up. The category "
            "below is your own choice.",
        ),
        ("", ("category",)),
    )

    def __init__(self, *args, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.pathway_version = version
        self.ask_category(version)

    def _build_helper(self):
        return self.draw_columns(super()._build_helper(), self.pathway_version)

    def answers(self):
        return self.category_answers()


# --- Brook ---


class BrookQuestions(forms.Form):
    """The Brook colour, with what is kept beside it; never the tool's text (A25). Mixed into a PageForm."""

    brook_used = YesNo(
        label="Was the Brook Traffic Light Tool used?",
        ask="Choose whether the Brook tool was used",
        no="No, it was not used",
    )
    brook_finding = ChoiceField(
        label="Which colour was found?",
        ask="Choose which colour was found",
        help_text="What trained colleagues recorded stands on the tab “Assessment”, with who found it and why.",
    )
    brook = ChoiceField(label="Colour", choices=COLOURS, ask="Choose the colour")
    brook_on = DateField(
        label=QUESTIONS["brook_on"],
        subject="The day the tool was used",
        ask="Enter the day the tool was used",
        not_future=True,
    )
    brook_age_group = TextField(
        label=QUESTIONS["brook_age_group"], ask="Enter the age group, as the tool names it", max_length=20, width=10
    )
    brook_tool_version = TextField(
        label=QUESTIONS["brook_tool_version"], ask="Enter the version of the tool", max_length=40, width=20
    )

    def ask_brook(self, *, trained, findings=()):
        """Who is not trained, or no longer, can only say that the tool was not used, or which colour a trained
        colleague recorded (B18). `findings`: (reference, words, colour) of those."""
        self.colours_found = {reference: colour for reference, _, colour in findings}
        own = [(OWN, "Another one, which I found myself")] if trained else []
        if findings:
            self.fields["brook_finding"].choices = [*((reference, said) for reference, said, _ in findings), *own]
            self.reveals = {**self.reveals, ("brook_used", "yes"): ("brook_finding",)}
        else:
            del self.fields["brook_finding"]
        if trained:
            shown_by = ("brook_finding", OWN) if findings else ("brook_used", "yes")
            self.reveals = {**self.reveals, shown_by: BROOK_DETAILS}
            return
        for name in BROOK_DETAILS:
            del self.fields[name]
        if findings:
            return
        self.fields["brook_used"].choices = [("no", "No, it was not used")]
        self.fields["brook_used"].error_messages["invalid_choice"] = NOT_TRAINED

    def brook_answers(self):
        """The answers of the part "brook"; empty ones where nobody has said yet whether the tool was used."""
        used = self.cleaned_data["brook_used"]
        if used and (found := self.cleaned_data.get("brook_finding")) in self.colours_found:
            return {"brook_finding": found}
        if used and "brook" in self.fields:
            return {name: self.cleaned_data[name] for name in BROOK_DETAILS}
        used = None if used else used  # an unfinished page may leave open which colour it was
        nothing = {"brook_on": None, "brook_age_group": "", "brook_tool_version": ""}
        return {"brook": "" if used is None else str(Brook.NOT_USED), **nothing}

    @staticmethod
    def initial_brook(assessment):
        used = assessment.brook != Brook.NOT_USED if assessment.brook else None
        found = assessment.brook_finding
        details = {name: getattr(assessment, name) for name in BROOK_DETAILS} if found is None else {}
        return {
            "brook_used": used,
            **({"brook_finding": OWN if found is None else found.reference, **details} if used else {}),
        }

    def colour_sent(self):
        """The colour in what was sent, or on what the page was opened."""
        if self.answer("brook_used") != "yes":
            return str(Brook.NOT_USED)
        return self.colours_found.get(self.answer("brook_finding")) or self.answer("brook")


class BrookForm(BrookQuestions, PageForm):
    part = "brook"

    def __init__(self, *args, trained, findings=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_brook(trained=trained, findings=findings)

    def answers(self):
        return self.brook_answers()


# --- Tier and reasons ---


class TierQuestions(forms.Form):
    """The tier and why; a sentence of reason where the judgements do not match. Mixed into a PageForm."""

    tier = ChoiceField(label=QUESTIONS["tier"], choices=Tier.choices, ask="Choose the threshold tier")
    mismatch_reason = long_text("mismatch_reason", required=False, rows=3)
    rationale = long_text(
        "rationale",
        ask="Give your rationale",
        help_text="What you rely on, what you considered, why you came to this view. A manager and the chair read it.",
        rows=7,
    )

    def ask_tier(self, version, *, has_category):
        hints = {}
        for tier in Tier:
            said = version.tier_words[tier].split(": ", 1)[1].rstrip(".")
            said = f"{said[:1].upper()}{said[1:]}."
            route = "" if has_category else f" {leads_to(version.route_for(tier))}"
            hints["tier", str(tier.value)] = said + route
        self.choice_hints = {**self.choice_hints, **hints}

    def ask_mismatch(self, pairs):
        """Asks why where `pairs`, sentences, say what does not match; where all match there is no such question."""
        if not pairs:
            del self.fields["mismatch_reason"]
            return
        field = self.fields["mismatch_reason"]
        field.label = "Why do the judgements differ from the pathway?"
        # Every pair may stand, none unexplained. Where it is asked for as an error, that says the pairs.
        field.required = True
        field.error_messages["required"] = f"Say why. {' '.join(pairs)}"
        given = self.data.get(self.add_prefix("mismatch_reason"), "").strip()
        asked_as_error = self.is_bound and not self.unfinished and not given
        field.help_text = " ".join([*([] if asked_as_error else pairs), "One sentence is enough."])

    def tier_answers(self):
        said = self.cleaned_data
        return {
            "tier": int(said["tier"]) if said["tier"] else None,
            "rationale": said["rationale"],
            "mismatch_reason": said.get("mismatch_reason", ""),
        }

    @staticmethod
    def initial_tier(assessment):
        return {
            "tier": str(assessment.tier) if assessment.tier else "",
            "rationale": assessment.rationale,
            "mismatch_reason": assessment.mismatch_reason,
        }

    def answer(self, name):
        """What was sent for a question, or what it starts with: before anything is cleaned."""
        return str(self[name].value() or "") if name in self.fields else ""


def pairs_that_differ(version, *, category, brook, tier):
    """pathway.mismatches of answers as they were sent; an answer that is none of the choices is left aside."""
    return pathway.mismatches(
        version,
        category=category if category in Category.values else "",
        brook=brook if brook in Brook.values else "",
        tier={str(each): each for each in Tier.values}.get(tier),
    )


class ThresholdForm(TierQuestions, PageForm):
    part = "threshold"
    sections = (("", ("tier", "mismatch_reason", "rationale")),)

    def __init__(self, *args, version, has_category, category, brook, **kwargs):
        super().__init__(*args, **kwargs)
        self.ask_tier(version, has_category=has_category)
        pairs = pairs_that_differ(version, category=category, brook=brook, tier=self.answer("tier"))
        self.ask_mismatch(pairs)

    def answers(self):
        return self.tier_answers()

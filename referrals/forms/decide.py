"""The manager's one page, and the decision on a reassessment: ask and clean."""

from hsb.core.forms import (
    CaseForm,
    ChoiceField,
    ChoicesField,
    DateField,
    ReasonField,
    TextField,
    VersionedForm,
    YesNo,
)
from hsb.core.govuk import Folded
from hsb.core.judged_each import JudgesEach
from referrals.forms.team_and_worker import QuestionsSameWorker, add_team_question, chosen_team_and_worker
from referrals.forms.weighing import WEIGHED, WeighsForm
from referrals.states import Category, ClosedAs, Tier

EARLY_HELP, STATUTORY, NOT_HSB, RETURN = "early_help", "statutory", "not_hsb", "return"
CLOSES = (NOT_HSB, *(exit_.value for exit_ in (ClosedAs.NO_SERVICE, ClosedAs.SCHOOL, ClosedAs.AGREEMENT_REFUSED)))
TIERS = [
    (Tier.UNIVERSAL, "Tier 1: universal services"),
    (Tier.EARLY_HELP, "Tier 2: additional needs, early help"),
    (Tier.COMPLEX, "Tier 3: complex needs, a referral to children's social care is required"),
    (Tier.ACUTE, "Tier 4: acute need, immediate referral"),
]


BEHAVIOURS_LEAD = (
    "Where you see one of them otherwise, or want to confirm it by itself. It is kept beside the worker's view, with "
    "your name and what it rests on; the overall category is the answer above."
)


class OwnViewForm(JudgesEach, WeighsForm, VersionedForm, CaseForm):
    """The manager's own view beside the worker's. `view` is of selectors.deciding.workers_view."""

    agrees = YesNo(label="Do you agree with the worker's judgement?", ask="Choose whether you agree")
    category = ChoiceField(label="Your category", ask="Choose your category", choices=Category.choices)
    tier = ChoiceField(label="Your tier", ask="Choose your tier", choices=TIERS)
    view_reason = ReasonField(
        label="Why your view differs",
        ask="Say why your view differs from the worker's",
        reader="the worker, and whoever has this child later",
    )
    below_reason = ReasonField(
        label="Why less than the pathway expects",
        ask="Give your reason for going below the pathway's default",
        reader="auditors and whoever has this child later, with your name",
        required=False,
        rows=3,
    )

    def __init__(self, *args, view, **kwargs):
        self.view = view
        self.reveals = {("agrees", "no"): ("category", "tier", "view_reason")}
        self.choice_hints = {}
        super().__init__(*args, **kwargs)
        self.own_of_behaviours = self.ask_of_each(view["behaviours"], Category.choices, "No view of your own")
        self.fields[
            "agrees"
        ].help_text = f"The worker's view: {view['said']}. No answer is needed if you return it to the worker."
        self.fields["below_reason"].help_text = (
            f"Only if you choose less than the pathway expects: {view['expected']}. It is kept on the record with your "
            "name. It will be read by auditors and whoever has this child later."
        )
        if not view["has_category"]:
            del self.fields["category"]
            self.reveals[("agrees", "no")] = ("tier", "view_reason")

    def not_revealed(self):
        """Whoever returns it judges nothing yet: their view is neither asked nor kept."""
        hidden = super().not_revealed()
        if RETURN in self._chosen("decision"):
            asked = {"agrees", "category", "tier", "view_reason", "below_reason", *WEIGHED, *self.names_of_each()}
            hidden |= asked & set(self.fields)
        return hidden

    def _build_helper(self):
        """The single behaviours stand folded after the whole."""
        helper = super()._build_helper()
        if self.own_of_behaviours:
            first = helper.layout.fields[0]
            first.fields = [name for name in first.fields if name not in self.own_of_behaviours]
            first.fields.append(Folded("Your view of single behaviours", *self.own_of_behaviours, lead=BEHAVIOURS_LEAD))
        return helper

    def judgement(self):
        """The facts of services.deciding.Judgement."""
        cleaned = self.cleaned_data
        return {
            "category": cleaned.get("category") or "",
            "category_reason": cleaned.get("view_reason") or "",
            "tier": int(cleaned["tier"]) if cleaned.get("tier") else None,
            "below_reason": cleaned.get("below_reason") or "",
            "behaviours": self.of_each(),
            **self.weighed(),
        }


class DecideForm(QuestionsSameWorker, OwnViewForm):
    """Approve and allocate, an exit, or return. `early_help` and `statutory` are teams of selectors.colleagues;
    `others` the children who may close in the same step; `others_wait`: whether any other child is not decided on;
    `police` the drafts that this manager may approve (selectors.police.to_approve)."""

    decision = ChoiceField(label="What do you decide?", ask="Choose what you decide")
    agreed_by = TextField(
        label="Who in the family agreed to Early Help", ask="Enter who in the family agreed to Early Help"
    )
    agreed_on = DateField(
        label="When they agreed",
        ask="Enter the day the family agreed",
        subject="The day the family agreed",
        not_future=True,
    )
    agreed_note = TextField(label="What they said about it", required=False)
    refused_by = TextField(label="Who in the family refused", ask="Enter who in the family refused")
    refused_on = DateField(
        label="When they refused",
        ask="Enter the day the family refused",
        subject="The day the family refused",
        not_future=True,
    )
    refused_note = TextField(
        label="How the risk without Early Help was considered",
        ask="Say how the risk without Early Help was considered",
    )
    others = ChoicesField(label="Close these in the same step, with no service needed", required=False)
    police_forms = ChoicesField(
        label="Approve in the same step",
        required=False,
        help_text="As it stands above. To return it, open it on its own page.",
    )
    reason = ReasonField(
        label="Reason for your decision",
        ask="Give the reason for your decision",
        reader="the worker, the team that takes the referral and auditors",
    )

    submit = "Save the decision"

    def __init__(self, *args, early_help, statutory, others=(), others_wait=False, known=None, police=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.others_wait = others_wait
        if not self.view["can_be_below"] and "no" not in self._chosen("agrees"):
            del self.fields["below_reason"]  # nothing that can be chosen is less than the pathway expects
        self.fields["decision"].choices = list(self._decisions())
        self.fields["others"].choices = [(o["reference"], f"{o['name']}, {o['reference']}") for o in others]
        teams = {
            EARLY_HELP: add_team_question(self, "early_help", early_help, known=known),
            STATUTORY: add_team_question(self, "statutory", statutory, known=known),
        }
        for name in [n for n in self.fields if n.startswith(("early_help_", "statutory_"))]:
            self._prepare(self.fields[name])
        self.reveals |= {
            ("decision", EARLY_HELP): (*teams[EARLY_HELP], "agreed_by", "agreed_on", "agreed_note"),
            ("decision", STATUTORY): tuple(teams[STATUTORY]),
            ("decision", ClosedAs.AGREEMENT_REFUSED.value): ("refused_by", "refused_on", "refused_note"),
        }
        if others and self.view["has_category"]:
            self.reveals[("decision", NOT_HSB)] = ("others",)
        else:
            del self.fields["others"]
        self.choice_hints |= self._hints()
        self.add_same_worker_question()
        self.fields["police_forms"].choices = [(draft["value"], draft["label"]) for draft in police]
        if not police:
            del self.fields["police_forms"]
        self.sections = (
            ("Your view", ("agrees", *self.own_of_behaviours)),
            *((("To the police", ("police_forms",)),) if police else ()),
            ("Your decision", ("decision", "reason", "below_reason", "same_worker_reason")),
        )

    def _decisions(self):
        yield EARLY_HELP, "Approve, and allocate to Early Help"
        yield STATUTORY, "Approve, and allocate to a statutory social work team"
        yield ClosedAs.NO_SERVICE.value, "Close: no service needed, advice given"
        yield ClosedAs.SCHOOL.value, "Close: supported by school"
        yield ClosedAs.AGREEMENT_REFUSED.value, "Close: the family refused Early Help, the risk without it considered"
        if self.view["has_category"]:
            yield NOT_HSB, "Close: developmentally expected, not harmful sexual behaviour"
        yield RETURN, "Return to the worker"

    def _hints(self):
        hints = {
            ("decision", EARLY_HELP): "With the family's agreement. No referral to children's social care is made.",
            ("decision", STATUTORY): "A referral to children's social care is made today.",
            ("decision", RETURN): "Nothing is decided. The worker gets it back with your reason.",
        }
        if self.others_wait:
            hints["decision", NOT_HSB] = "The other children of the concern need a decision first, or in this step."
        return hints

    @property
    def closes(self):
        return self.cleaned_data.get("decision") in CLOSES

    def family(self):
        """The facts of services.deciding.FamilyAnswer, or None."""
        cleaned = self.cleaned_data
        for answer, agreed in (("agreed", True), ("refused", False)):
            if cleaned.get(f"{answer}_by"):
                return {
                    "agreed": agreed,
                    "given_by": cleaned[f"{answer}_by"],
                    "given_on": cleaned[f"{answer}_on"],
                    "note": cleaned[f"{answer}_note"],
                }
        return None

    def team_and_worker(self):
        return chosen_team_and_worker(self, self.cleaned_data["decision"])

    def chosen_police_forms(self):
        """(reference, version) of each draft that is approved in the same step."""
        chosen = self.cleaned_data.get("police_forms") or ()
        return [tuple(value.rsplit(":", 1)) for value in chosen]


class DecideReassessmentForm(OwnViewForm):
    decision = ChoiceField(
        label="What do you decide?",
        ask="Choose what you decide",
        choices=(("approve", "Approve the reassessment"), (RETURN, "Return it to the worker")),
    )
    reason = ReasonField(
        label="What needs to change",
        ask="Say what needs to change before you can approve it",
        reader="the worker",
    )
    submit = "Save the decision"

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.reveals[("decision", RETURN)] = ("reason",)
        self.choice_hints = {
            (
                "decision",
                "approve",
            ): "The child stays where it is. Step up, step down or closing are steps of their own."
        }
        self.sections = (
            ("Your view", ("agrees", *self.own_of_behaviours)),
            ("Your decision", ("decision", "below_reason")),
        )

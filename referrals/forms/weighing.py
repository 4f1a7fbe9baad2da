"""What a decision was weighed on: the same four questions, folded, wherever somebody decides about a child (A29)."""

from hsb.core.forms import CaseForm, LongTextField
from hsb.core.govuk import Folded

WEIGHED = ("options_considered", "relied_on", "childs_views", "parents_views")
WEIGHED_LEAD = (
    "Kept with your decision, for {reader}. Below the pathway's default all four are needed; otherwise answer what "
    "helps."
)


class WeighsForm(CaseForm):
    """`weighs`: (field, choices) where only these choices weigh anything; of any other nothing is asked or kept."""

    weighs = None
    weighed_reader = "the worker and whoever has this child later"

    options_considered = LongTextField(label="Options considered", required=False, rows=3)
    relied_on = LongTextField(
        label="Information relied on",
        required=False,
        rows=3,
        help_text="For example, the assessment, a visit, what school or the police said",
    )
    childs_views = LongTextField(
        label="The child's views", required=False, rows=3, help_text="Or why they are not known"
    )
    parents_views = LongTextField(
        label="The parents' or carers' views", required=False, rows=3, help_text="Or why they are not known"
    )

    def not_revealed(self):
        hidden = super().not_revealed()
        if self.weighs is not None:
            name, choices = self.weighs
            if not self._chosen(name) & set(choices):
                hidden |= set(WEIGHED) & set(self.fields)
        return hidden

    def laid_out(self):
        """They stand at the end of the page."""
        mine = tuple(name for name in WEIGHED if name in self.fields)
        sections = [
            (heading, tuple(n for n in names if n not in mine), lead) for heading, names, lead in super().laid_out()
        ]
        sections = [section for section in sections if section[1]]
        heading, names, lead = sections[-1]
        return [*sections[:-1], (heading, (*names, *mine), lead)]

    def _build_helper(self):
        """What was weighed stands folded, at the end of the decision."""
        helper = super()._build_helper()
        last = helper.layout.fields[-1]
        mine = [name for name in last.fields if name in WEIGHED]
        if mine:
            last.fields = [name for name in last.fields if name not in mine]
            last.fields.append(
                Folded(
                    "What you weighed: options, information, views",
                    *mine,
                    lead=WEIGHED_LEAD.format(reader=self.weighed_reader),
                )
            )
        return helper

    def weighed(self):
        """The facts of services.weighing.Weighed."""
        return {name: self.cleaned_data.get(name) or "" for name in WEIGHED}

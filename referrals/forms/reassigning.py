"""Handing on a caseload: a worker for each referral, or nobody yet, and why."""

from hsb.core import words
from hsb.core.forms import CaseForm, IdempotencyMixin, ReasonField, SelectField
from referrals.selectors.colleagues import worker_in_words

PREFIX = "to-"


class ReassignForm(IdempotencyMixin, CaseForm):
    """`rows` of selectors.reassigning.preview; gives `to`: {referral's reference: worker's reference}."""

    reason = ReasonField(
        label="Why the caseload is given to others",
        ask="Say why the caseload is given to others",
        reader="the new workers, and whoever has these children later",
    )
    submit = "Hand on what is chosen"

    def __init__(self, *args, rows, leaver, **kwargs):
        super().__init__(*args, **kwargs)
        names = []
        for row in rows:
            name = f"{PREFIX}{row['reference']}"
            self.fields[name] = SelectField(
                label=f"{row['reference']}: {row['child']}",
                required=False,
                blank=f"Leave it with {leaver}",
                choices=[(worker["reference"], worker_in_words(worker)) for worker in row["workers"]],
                initial=row["suggested"],
                help_text=_said(row),
            )
            self._prepare(self.fields[name])
            names.append(name)
        self.sections = (("", names), ("", ("reason",)))

    def clean(self):
        answers = super().clean()
        answers["to"] = {
            name.removeprefix(PREFIX): answers[name]
            for name in self.fields
            if name.startswith(PREFIX) and answers.get(name)
        }
        return answers


def _said(row):
    said = [row["state"] if row["is_worker"] else f"{row['state']}, with somebody else: only the tasks are handed on"]
    if row["unfinished"]:
        said.append("an unfinished assessment goes on with whoever has the child")
    said += row["tasks"][:3]
    if len(row["tasks"]) > 3:
        said.append(f"{words.count(len(row['tasks']) - 3, 'more task')}")
    return ". ".join(part[0].upper() + part[1:] for part in said)

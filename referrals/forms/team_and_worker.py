"""The question "which team, and which worker in it": radios for the team, a small list of its workers under each."""

from hsb.core.forms import ChoiceField, LongTextField, SelectField
from referrals.selectors.colleagues import worker_in_words

UNNAMED = "The team's manager names the worker"


def add_team_question(form, prefix, teams, *, known=None, workers=True):
    """Adds `<prefix>_team` and, under each team, its list of workers; returns the names that stand at the top.

    `teams` and `known` are of selectors.colleagues (`teams_of`, `who_knows_the_child`). It extends `form.reveals`,
    which must be the form's own.
    """
    known = known or {}
    slugs = [team["slug"] for team in teams]
    chosen = known.get("team") if known.get("team") in slugs else (slugs[0] if len(slugs) == 1 else None)
    form.fields[f"{prefix}_team"] = ChoiceField(
        label="Which team",
        ask="Choose the team",
        choices=[(team["slug"], team["name"]) for team in teams],
        initial=chosen,
        help_text="" if teams else "There is no such team yet: ask the administrator to add one",
    )
    if not workers:
        return [f"{prefix}_team"]
    for team in teams:
        name = worker_field(prefix, team["slug"])
        form.fields[name] = worker_question(f"Worker in {team['name']}", team["workers"], known, required=False)
        form.reveals[(f"{prefix}_team", team["slug"])] = (name,)
    return [f"{prefix}_team"]


def worker_field(prefix, slug):
    return f"{prefix}_worker_{slug}"


def worker_question(label, workers, known=None, *, required=True, blank=""):
    """A small list of one team's workers with their open caseloads; whoever already knows the child is suggested."""
    known_as = (known or {}).get("worker", "")
    references = [worker["reference"] for worker in workers]
    return SelectField(
        label=label,
        ask="Choose the worker",
        required=required,
        blank=blank or ("Choose one" if required else UNNAMED),
        choices=[(worker["reference"], worker_in_words(worker, known_as)) for worker in workers],
        initial=known_as if known_as in references else "",
    )


def chosen_team_and_worker(form, prefix):
    """(slug, worker's reference or "") of what was chosen."""
    slug = form.cleaned_data.get(f"{prefix}_team") or ""
    return slug, form.cleaned_data.get(worker_field(prefix, slug)) or ""


def same_worker_question():
    """Asked only after the service has questioned the same worker on both sides."""
    return LongTextField(
        label="Why the same worker is right for both children",
        ask="Give the reason why the same worker is right for both children",
        help_text="This is kept on the record. It will be read by the managers of both teams.",
        required=False,
        rows=3,
    )


class QuestionsSameWorker:
    """Mixin of a form that may place a child with a worker: `question_same_worker()` adds the question.

    It is asked again where it was answered before, so that what was typed is kept.
    """

    def add_same_worker_question(self):
        if self.is_bound and self.data.get(self.add_prefix("same_worker_reason"), "").strip():
            self.question_same_worker()

    def question_same_worker(self):
        if "same_worker_reason" in self.fields:
            return
        self.fields["same_worker_reason"] = same_worker_question()
        self._prepare(self.fields["same_worker_reason"])
        self.__dict__.pop("_helper", None)

"""With a team: name a worker, record that work has started, send an allocation back."""

from hsb.core import clock
from hsb.core.forms import CaseForm, ChoiceField, DateField, ReasonField, VersionedForm
from referrals.forms.team_and_worker import QuestionsSameWorker, worker_question


class NameWorkerForm(QuestionsSameWorker, VersionedForm, CaseForm):
    """`workers` and `known` of selectors.colleagues; `now` the name of the worker who has the child, or ""."""

    reason = ReasonField(
        label="Why the worker changes",
        ask="Say why the worker changes",
        reader="both workers and whoever has this child later",
    )
    submit = "Name the worker"

    def __init__(self, *args, workers, known=None, now="", **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["worker"] = worker_question("Worker", workers, known)
        self._prepare(self.fields["worker"])
        if now:
            self.fields["worker"].help_text = f"{now} has this child now."
        else:
            del self.fields["reason"]
        self.add_same_worker_question()
        self.sections = (("", ("worker", "reason", "same_worker_reason")),)


class StartWorkForm(VersionedForm, CaseForm):
    started_on = DateField(
        label="When did work with the child start?",
        ask="Enter the day work started",
        subject="The day work started",
        initial=clock.today,
        not_future=True,
    )
    submit = "Record that work has started"

    def __init__(self, *args, allocated_on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["started_on"].not_before = allocated_on
        self.fields["started_on"].not_before_words = "the day the team got the referral"


WORKER, TEAM = "worker", "team"


class EndAllocationForm(VersionedForm, CaseForm):
    """`worker`: who has the child, or ""; `team`: whether the team can give it back, because work has started."""

    scope = ChoiceField(label="Whose allocation ends?", ask="Choose whose allocation ends")
    reason = ReasonField(
        label="Why it ends", ask="Say why the allocation ends", reader="whoever has this child later, and auditors"
    )
    submit = "End the allocation"
    choice_hints = {
        ("scope", WORKER): "The team keeps the child, and its managers name another worker.",
        ("scope", TEAM): "The team that decided decides anew. Statutory clocks run on from the day they began.",
    }

    def __init__(self, *args, worker, team, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scope"].choices = [
            *([(WORKER, f"The worker's alone: {worker}")] if worker else []),
            *([(TEAM, "The team's and the worker's")] if team else []),
        ]


class RefuseAllocationForm(VersionedForm, CaseForm):
    reason = ReasonField(
        label="Why your team cannot take this referral",
        ask="Say why your team cannot take this referral",
        reader="the manager who allocated it to you",
    )
    submit = "Send it back"

"""The services' own assessments of one referral: Child and Family, and Early Help, each numbered, with its days."""

from itertools import chain

from hsb.core import words
from referrals.states import ASSESSMENTS_OF

NAMES = {
    "early_help_assessment": "Early Help assessment",
    "family_assessment": "Child and Family assessment",
}
# Kind of task -> the relation of a referral that holds those that are complete.
COMPLETED = {"early_help_assessment": "early_help_assessments", "family_assessment": "family_assessments"}


def name_of(referral):
    """What the service that has the child assesses, in words."""
    return NAMES[ASSESSMENTS_OF[referral.state]]


def begins_after(referral, spell):
    """(day, its words): the first day on which another one can have begun."""
    last = getattr(referral, COMPLETED[ASSESSMENTS_OF[referral.state]]).last()
    if last is not None and last.completed_on > spell.starts_on:
        return last.completed_on, "the day the last one was completed"
    return spell.starts_on, "the day the team took the child"


def rows(referral, tasks):
    """A summary row of each kind: what was completed, numbered where there are several, and what runs: of the open
    tasks of the referral."""
    running = {task.kind: task for task in tasks if task.kind in NAMES}
    for kind, name in NAMES.items():
        done = list(getattr(referral, COMPLETED[kind]).all())
        several = len(done) + (kind in running) > 1
        said = [_completed(each, f"{number}. " if several else "") for number, each in enumerate(done, start=1)]
        if task := running.get(kind):
            number = f"{len(done) + 1}. " if several else ""
            days = f"Started {words.day(task.started_on)}, due {words.day(task.due_on)} ({words.due(task.due_on)})"
            said.append([f"{number}{days}"])
        yield {"label": name, "values": list(chain.from_iterable(said))}


def _completed(each, number):
    who = getattr(each, "done_by", "")
    return [
        f"{number}Started {words.day(each.started_on)}, due {words.day(each.due_on)}",
        f"Completed {words.day(each.completed_on)}{', late' if each.is_late else ''}{f', by {who}' if who else ''}",
        f"{each.get_outcome_display()}. {each.summary}",
    ]

"""Training: which tool, when, valid until when. Only then may its result be entered (practice.md B18)."""

from django.db import transaction

from hsb.core import clock
from hsb.core.refusals import NotReady
from hsb.people.models import Training
from hsb.people.services import versions


@transaction.atomic
def record_training(reference, *, actor, tool, trained_on, until, evidence=""):
    """Records it with what shows it; recorded before for the same tool and day, last valid day and evidence are
    corrected. Returns the training."""
    person, administrator = versions.person_and_administrator(reference, actor)
    if trained_on > clock.today():
        raise NotReady("The day of the training must be today or in the past.")
    if until < trained_on:
        raise NotReady("The last valid day must be on or after the day of the training.")
    training = person.trainings.filter(tool=tool, trained_on=trained_on).first()
    if training is None:
        training = Training(user=person, tool=tool, trained_on=trained_on)
    elif (training.until, training.evidence) == (until, evidence):
        return training
    training.until, training.evidence = until, evidence
    return versions.save(training, actor=administrator)

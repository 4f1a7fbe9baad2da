"""Answers about consent in the demo borough: agreed, refused, withdrawn, not asked; plainly invented."""

import uuid

from hsb.core import clock
from referrals.models import Referral
from referrals.services import consent
from referrals.states import ReferralState

MOTHER = {"answered_by": "parent", "answerer_name": "The mother"}
CHILD = {"answered_by": "child"}
TOLD = "What is done, who hears of it, and that they can say no, or change their mind at any time."
# Days ago -> what was answered by then, with the one Early Help child of whom a manager decides again.
ANSWERED = {
    9: (
        {**MOTHER, "purpose": "early_help", "answer": "agreed", "own_words": "Yes, we could do with somebody."},
        {**CHILD, "purpose": "early_help", "answer": "agreed", "own_words": "If it is after football."},
        {**CHILD, "purpose": "therapy", "answer": "refused", "own_words": "I do not want to talk to one more person."},
        {**MOTHER, "purpose": "health", "answer": "not_asked", "not_asked_because": "not_reachable"},
    ),
    1: ({**MOTHER, "purpose": "early_help", "answer": "withdrew", "own_words": "It is too much for us this month."},),
}


def school_may_know(reference, worker):
    """The mother agrees that the school is told what its adults do."""
    _answered(reference, worker, {**MOTHER, "purpose": "school", "answer": "agreed", "own_words": "Yes, tell them."})


def answers_about_consent(story, borough):
    helped = Referral.objects.filter(state=ReferralState.EARLY_HELP, worker__isnull=False, record__restricted=False)
    since = story(days_ago=max(ANSWERED)).moment
    referral = helped.filter(state_since__lt=since).select_related("worker").order_by("record__reference").first()
    for days_ago, answers in ANSWERED.items():
        with clock.moved_to(story(days_ago=days_ago).moment):
            for said in answers:
                _answered(referral.reference, referral.worker, said)


def _answered(reference, worker, said):
    asked = {} if said["answer"] == "not_asked" else {"how": "in_person", "told": TOLD}
    consent.record_consent(
        reference,
        actor=worker,
        once=uuid.uuid5(uuid.NAMESPACE_OID, f"{reference} {sorted(said.items())}"),
        happened_on=clock.today(),
        **asked,
        **said,
    )

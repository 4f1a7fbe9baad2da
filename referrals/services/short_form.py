"""The one-page form: one behaviour, its category, the Brook colour, the tier and the reasons, saved together (B5)."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from referrals.models import RiskAssessment
from referrals.services import assessing, behaviours


@dataclass(kw_only=True)
class OneBehaviour:
    """The one behaviour of the page; its category is the overall one. `before` is the row it edits, if any."""

    concern: object
    description: str
    happened_on: date | None = None
    happened_in_words: str = ""
    contexts: tuple = ()
    before: object = None
    version: int | None = None


@transaction.atomic
def save_short_form(reference, *, actor, behaviour: OneBehaviour | None, pages, version):
    """Saves the whole page or nothing of it. Returns the assessment.

    `pages` are answers by part of models.assessments.PAGES. `behaviour` is None while nothing is described yet.
    Raises what save_page, add_behaviour and change_behaviour raise.
    """
    for part, answers in pages.items():
        assessing.save_page(reference, actor=actor, page=part, answers=answers, version=version)
    if behaviour is not None:
        _save_behaviour(reference, actor, behaviour, category=pages["category"]["category"])
    return RiskAssessment.at(reference).get()


def _save_behaviour(reference, actor, behaviour, *, category):
    said = {
        "description": behaviour.description,
        "happened_on": behaviour.happened_on,
        "happened_in_words": behaviour.happened_in_words,
        "contexts": list(behaviour.contexts),
    }
    row = behaviour.before
    if row is None:
        behaviours.add_behaviour(reference, actor=actor, concern=behaviour.concern, category=category, **said)
    elif any(getattr(row, name) != value for name, value in said.items()):
        behaviours.change_behaviour(
            reference, actor=actor, behaviour=row, version=behaviour.version, category=category, **said
        )
    elif not _is_rated(reference, row, category):
        behaviours.rate_behaviour(reference, actor=actor, behaviour=row, category=category)


def _is_rated(reference, row, category):
    rated = RiskAssessment.at(reference).get().behaviour_categories.filter(behaviour=row)
    return rated.filter(category=category).exists() if category else not rated.exists()

"""The behaviours a child displayed: described once, and rated in every assessment (practice.md A3, A29, B17)."""

from django.db import transaction

from hsb.core import clock, journal
from hsb.core.door import check_version, held, last_moved, noted, perform
from hsb.core.numbers import last_number
from hsb.core.refusals import Changed, NotReady
from referrals.models import Behaviour, BehaviourCategory, Referral, RiskAssessment
from referrals.permissions import can_assess, can_write_assessment
from referrals.selectors import assessment_pages
from referrals.services.assessing import write_on
from referrals.states import AssessmentState, InvolvementRole, InvolvementStatus


@transaction.atomic
def add_behaviour(
    reference,
    *,
    actor,
    concern,
    description,
    category,
    contexts=(),
    happened_on=None,
    happened_in_words="",
    once=None,
):
    """One behaviour this child displayed in `concern`, with the worker's category for it. Returns the Behaviour.

    An empty `category` leaves it to be rated later. The same `once` (a UUID) twice gives the first one back.
    """
    before = _added_before(held(RiskAssessment, reference), "add_behaviour", actor, once)
    if before is not None:
        return before
    with noted(
        RiskAssessment,
        reference,
        "add_behaviour",
        actor=actor,
        may=can_write_assessment,
    ) as move:
        assessment = move.subject
        write_on(assessment, actor)
        behaviour = _new_behaviour(
            assessment.referral,
            concern,
            actor,
            description=description,
            contexts=list(contexts),
            happened_on=happened_on,
            happened_in_words=happened_in_words,
        )
        _rate(assessment, behaviour, category)
        move.facts.update(
            behaviour=behaviour.number,
            category=category,
            text=journal.digest_of_text(description),
            **_sent(once, concern),
        )
    return behaviour


def _sent(once, concern):
    """What an entry keeps so that a form sent twice is known again."""
    return {"once": str(once), "concern": concern.reference} if once else {}


def _added_before(noun, verb, actor, once):
    """The behaviour that this form made when it was sent the first time, or None. `noun` is locked."""
    if once is None:
        return None
    entry = noun.record.entries.filter(verb=verb, actor=actor, facts__once=str(once)).first()
    if entry is None:
        return None
    return Behaviour.objects.get(
        involvement__concern__record__reference=entry.facts["concern"],
        involvement__person=(noun.referral if isinstance(noun, RiskAssessment) else noun).person_id,
        number=entry.facts["behaviour"],
    )


def _new_behaviour(referral, concern, actor, **fields):
    """The next behaviour of this child in `concern`; numbered on through earlier episodes of the same concern."""
    involvement = _displayed_part(referral, concern)
    last = last_number(referral.behaviours().filter(involvement__concern=concern))
    return _saved(
        Behaviour(involvement=involvement, number=last + 1, author=actor, recorded_at=clock.now(), **fields), actor
    )


def _saved(behaviour, actor):
    """Saves it with an old version of it kept: `actor` wrote it, now."""
    behaviour._history_user, behaviour._history_date = actor, clock.now()
    behaviour.save()
    return behaviour


def _rate(assessment, behaviour, category):
    """The assessment's category for one behaviour; empty: not rated yet."""
    if category:
        BehaviourCategory.objects.update_or_create(
            assessment=assessment, behaviour=behaviour, defaults={"category": category}
        )
    else:
        assessment.behaviour_categories.filter(behaviour=behaviour).delete()


def _displayed_part(referral, concern):
    part = (
        referral.involvements.filter(concern=concern, role=InvolvementRole.DISPLAYED)
        .exclude(status=InvolvementStatus.UNFOUNDED)
        .first()
    )
    if part is None:
        raise NotReady("This child has no part as the one who displayed in that concern.")
    return part


@transaction.atomic
def change_behaviour(
    reference,
    *,
    actor,
    behaviour,
    version,
    description,
    category,
    contexts=(),
    happened_on=None,
    happened_in_words="",
):
    """Edits a behaviour of an unfinished assessment. `version` is the behaviour's own. Returns it.

    What an earlier assessment was built on is rated anew, never reworded (A29): `rate_behaviour`.
    """
    with noted(
        RiskAssessment,
        reference,
        "change_behaviour",
        actor=actor,
        may=can_write_assessment,
    ) as move:
        assessment = move.subject
        write_on(assessment, actor)
        row = Behaviour.objects.select_for_update(of=("self",)).get(
            pk=behaviour.pk, pk__in=assessment.referral.behaviours().values("pk")
        )
        if row.pk in assessment_pages.settled(assessment):
            raise NotReady("An earlier assessment rests on this behaviour: add what is new as a behaviour of its own.")
        row.record = assessment.record
        check_version(row, version, ("description", "happened_on", "happened_in_words", "contexts"))
        row.description, row.contexts = description, list(contexts)
        row.happened_on, row.happened_in_words = happened_on, happened_in_words
        row.version += 1
        _saved(row, actor)
        _rate(assessment, row, category)
        move.facts.update(
            behaviour=row.number,
            category=category,
            text=journal.digest_of_text(description),
        )
    return row


@transaction.atomic
def rate_behaviour(reference, *, actor, behaviour, category, was=None):
    """This assessment's category for a behaviour that is on record already. Returns the assessment.

    `was` is the category that the form was opened on ("" for none): Changed, where a colleague rated it meanwhile.
    """
    with noted(RiskAssessment, reference, "rate_behaviour", actor=actor, may=can_write_assessment) as move:
        assessment = move.subject
        write_on(assessment, actor)
        row = assessment.referral.behaviours().get(pk=behaviour.pk)
        rated = assessment.behaviour_categories.filter(behaviour=row).first()
        if was is not None and was != (rated.category if rated else ""):
            now = {"category": rated.get_category_display() if rated else ""}
            raise Changed(reference=assessment.record.reference, now=now, **last_moved(assessment.record))
        _rate(assessment, row, category)
        move.facts.update(behaviour=row.number, category=category)
    return assessment


@transaction.atomic
def note_behaviour(
    reference,
    *,
    actor,
    concern,
    description,
    contexts=(),
    happened_on=None,
    happened_in_words="",
    once=None,
):
    """A behaviour that came to light after approval: the approval goes stale (B17). Returns the Behaviour.

    `reference` is the referral's. It is rated in the reassessment that follows. The same `once` twice gives the
    first one back.
    """
    before = _added_before(held(Referral, reference), "note_behaviour", actor, once)
    if before is not None:
        return before
    with noted(Referral, reference, "note_behaviour", actor=actor, may=can_assess, edits=True) as move:
        referral = move.subject
        if referral.has_ended:
            raise NotReady("This referral has ended: open a new episode for what came to light since.")
        behaviour = _new_behaviour(
            referral,
            concern,
            actor,
            description=description,
            contexts=list(contexts),
            happened_on=happened_on,
            happened_in_words=happened_in_words,
        )
        move.facts.update(behaviour=behaviour.number, text=journal.digest_of_text(description), **_sent(once, concern))
    latest = referral.latest_assessment()
    if latest is not None and latest.state == AssessmentState.APPROVED:
        perform(RiskAssessment, latest.reference, "go_stale", actor=actor)
    return behaviour

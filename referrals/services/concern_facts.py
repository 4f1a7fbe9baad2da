"""What is known of a concern, corrected or completed after it was logged; what was reported stays (A7, B17).

Each value that stood is kept with who changed it, when and why (the history of Concern and Involvement).
"""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from hsb.core import clock, journal, words
from hsb.core.door import noted
from hsb.core.models import Place
from hsb.core.refusals import Changed, Denied, NotReady
from referrals.codes import Borough
from referrals.models import Concern, Involvement, Referral
from referrals.permissions import can_correct_concern
from referrals.selectors.concern_facts import (
    FACTS,
    PLACE,
    changed_facts,
    changes_place,
    corrected_facts,
    facts_of,
)
from referrals.selectors.involved import part_of
from referrals.services import police
from referrals.services.involvements import ENDED
from referrals.services.joining import no_longer_answers, says_nothing
from referrals.states import OPEN

# Of Concern: the place is a row of its own.
COLUMNS = (*(name for name in FACTS if name not in ("place_name", "place_postcode")), "place", "version")
ASKS_WHY = "Say why what was recorded is changed. What was only missing needs no reason."


@transaction.atomic
def correct_concern(reference, *, actor, concern, facts, reason="", version=None):
    """Corrects or completes facts (of FACTS) of a concern of the referral. Returns the Concern.

    `version` is the concern's. A reason is asked where something recorded changes. Raises Changed, Denied, NotReady.
    """
    police.lock_with_siblings(reference, concern)
    with noted(Referral, reference, "correct_concern", actor=actor, may=can_correct_concern, reason=reason) as move:
        referral = move.subject
        if referral.has_ended:
            raise NotReady(ENDED)
        found = Concern.at(concern).filter(involvements__referral=referral).select_related("place").first()
        if found is None or (set(PLACE) & set(facts) and not changes_place(found, actor)):
            raise Denied(record=referral.record, verb="correct_concern")
        _check_version(found, version)
        was = found.happened_on
        changed = changed_facts(found, facts)
        _refuse_unready(found, facts, changed, reason)
        _keep_first(found, found.author, found.recorded_at)
        _say(found, facts)
        _saved(found, actor, reason, *COLUMNS)
        said = json.dumps(facts_of(found), cls=DjangoJSONEncoder, sort_keys=True)
        move.facts.update(concern=concern, fields=changed, text=journal.digest_of_text(said, reason))
    _follow(referral, found, was, actor)
    return found


def _check_version(concern, version):
    """Who was first is read from the concern's own history: the entry stands on the referral where it was done."""
    if version is not None and int(version) != concern.version:
        last = concern.history.select_related("history_user").first()
        who = last.history_user.name if last is not None and last.history_user else ""
        when = last.history_date if last is not None else None
        raise Changed(reference=concern.reference, version=concern.version, now=facts_of(concern), who=who, when=when)


def _refuse_unready(concern, facts, changed, reason):
    if not changed:
        raise NotReady("Nothing of it is changed yet: say what is known by now.")
    if corrected_facts(concern, facts) and not reason.strip():
        raise NotReady(ASKS_WHY)
    says = {**facts_of(concern), **facts}
    day = says["happened_on"]
    if day and day > concern.reported_on:
        raise NotReady(
            f"The day on which it happened must be on or before the day it was reported, "
            f"{words.day(concern.reported_on)}."
        )
    if says["place_postcode"] and not says["place_name"].strip():
        raise NotReady("Enter the name of the place, so that its postcode can be kept.")
    if says["borough"] == Borough.OTHER and not says["other_borough"].strip():
        raise NotReady("Enter the council in whose area it happened.")


def _say(concern, facts):
    says = {**facts_of(concern), **facts}
    for name in FACTS:
        if name in COLUMNS:
            setattr(concern, name, says[name])
    if concern.borough != Borough.OTHER:
        concern.other_borough = ""
    named = says["place_name"].strip()
    concern.place = Place.called(says["place_kind"], named, says["place_postcode"]) if named else None
    concern.version += 1


def _follow(referral, concern, was, actor):
    """Whoever has another child of the concern finds it in that chronology. Where a recorded day turned out to be
    another, and with it a child's age when it happened, an approval that rests on it goes stale (B17)."""
    open_ones = Referral.objects.filter(involvements__concern=concern, state__in=OPEN).distinct()
    open_ones = list(open_ones.select_related("record", "person").order_by("pk"))
    if not says_nothing(referral):
        for other in open_ones:
            if other.pk != referral.pk:
                journal.write(other.record, "concern_corrected", actor=actor, concern=concern.reference)
    if was is None or was == concern.happened_on:
        return
    older = {one.pk for one in open_ones if one.person.age_on(was) != _age(one.person, concern.happened_on)}
    for one in open_ones:
        # Power rests on both children's ages.
        if one.pk in older or (older and one.has_category):
            no_longer_answers(one, actor=actor)


def _age(person, day):
    return person.age_on(day) if day else None


@transaction.atomic
def set_relationship(reference, *, actor, part, relationship, was, reason=""):
    """What somebody in a concern is to the others: the child's own part, or of somebody without a referral.

    `part` is the Involvement's key, `was` what stood when the form was opened. Raises Changed, Denied, NotReady.
    """
    about = Involvement.objects.filter(pk=part).select_related("concern__record").first()
    police.lock_with_siblings(reference, *([about.concern.reference] if about else []))
    with noted(Referral, reference, "set_relationship", actor=actor, may=can_correct_concern, reason=reason) as move:
        referral = move.subject
        if referral.has_ended:
            raise NotReady(ENDED)
        row = part_of(referral, part, actor)
        if row is None:
            raise Denied(record=referral.record, verb="set_relationship")
        if was != row.relationship:
            raise Changed(reference=reference, now={"relationship": row.relationship})
        if relationship == row.relationship:
            raise NotReady("Nothing of it is changed yet: say what the relationship is.")
        if row.relationship and not reason.strip():
            raise NotReady(ASKS_WHY)
        # In several parts somebody is one and the same to the others.
        rows = row.concern.involvements.filter(person=row.person_id, referral=row.referral_id)
        for each in rows.select_related("concern__author").order_by("pk"):
            _keep_first(each, each.concern.author, each.concern.recorded_at)
            each.relationship = relationship
            _saved(each, actor, reason, "relationship")
        move.facts.update(
            concern=row.concern.reference, roles=[row.role], text=journal.digest_of_text(relationship, reason)
        )
    return row


def _keep_first(row, author, at):
    """What was known when it was logged, where no version of it is kept yet."""
    if not row.history.exists():
        stands = type(row).objects.get(pk=row.pk)
        fields = {field.name: getattr(stands, field.name) for field in row.history.model.tracked_fields}
        row.history.model.objects.create(history_date=at, history_user=author, history_type="+", **fields)


def _saved(row, actor, reason, *columns):
    """Saves these columns of it, others may be written to meanwhile; the version that is kept says who and why."""
    row._history_user, row._history_date, row._change_reason = actor, clock.now(), reason
    row.save(update_fields=columns)

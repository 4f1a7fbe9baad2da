"""Markers: warning notes on a child or an adult, agreed with a manager, looked at again, ended with a reason."""

from django.db import transaction

from hsb.core import clock, journal, words, work
from hsb.core.door import held, lock
from hsb.core.models import Task
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady
from referrals.models import Involvement, Marker, MarkerReview, Person, Referral
from referrals.permissions import can_agree_marker, can_mark
from referrals.services import holders
from referrals.states import OPEN

REVIEW = "review_marker"


@transaction.atomic
def add_marker(reference, *, actor, once, person, kind, reason, agreed_by, review_on, **told):
    """A marker on `person` (a reference): the child of the referral, or somebody in one of its concerns.

    `told`: `person_told_on` or `person_not_told_because`; of a child the same of `parent`. The same form sent twice
    makes one marker. Returns it. Raises NotReady.
    """
    subject, home = _held(reference, person, actor, "add_marker")
    before = Marker.objects.filter(once=once, added_by=actor, person=subject).first()
    if before is not None:
        return before
    _refuse_unready(subject, home, actor, reason, agreed_by, review_on, told)
    last = subject.markers.order_by("-number").values_list("number", flat=True).first() or 0
    marker = Marker.objects.create(
        person=subject,
        number=last + 1,
        kind=kind,
        reason=reason,
        agreed_by=agreed_by,
        review_on=review_on,
        added_by=actor,
        added_at=clock.now(),
        once=once,
        **told,
    )
    _write(
        marker,
        "add_marker",
        actor,
        reason,
        told.get("person_not_told_because", ""),
        told.get("parent_not_told_because", ""),
        kind=kind,
        agreed_by=agreed_by.reference,
        review_on=review_on.isoformat(),
    )
    _ask_review(marker, home)
    return marker


@transaction.atomic
def review_marker(reference, *, actor, person, number, review_on, reason, version):
    """Looked at again: it stays, and is looked at again on `review_on`. Returns the marker. Raises Changed."""
    subject, home = _held(reference, person, actor, REVIEW)
    marker = _in_force(subject, number, reference, REVIEW)
    _refuse_stale(marker, version, reference)
    if not reason.strip():
        raise NotReady("Say why the marker stays.")
    if review_on < clock.today():
        raise NotReady("The day of the next review must be today or in the future.")
    MarkerReview.objects.create(
        marker=marker, due_on=marker.review_on, review_on=review_on, reason=reason, by=actor, at=clock.now()
    )
    marker.review_on, marker.version = review_on, marker.version + 1
    marker.save(update_fields=["review_on", "version"])
    _write(marker, REVIEW, actor, reason, review_on=review_on.isoformat())
    _review_is_done(marker, actor)
    if home.is_open:
        _ask_review(marker, home)
    return marker


@transaction.atomic
def end_marker(reference, *, actor, person, number, reason, version):
    """It warns of nothing any more. Returns the marker. Raises Changed."""
    subject, _ = _held(reference, person, actor, "end_marker")
    marker = _in_force(subject, number, reference, "end_marker")
    _refuse_stale(marker, version, reference)
    _end(marker, actor, reason)
    return marker


def end_on_closing(referral, *, actor, reasons):
    """Those of the child's markers that end with the referral: {number: reason}. Call in the closing's transaction.

    One that somebody else has ended meanwhile stays as they ended it.
    """
    person = held(Person, referral.person.reference)
    for marker in person.markers.in_force().filter(number__in=reasons).order_by("number"):
        _end(marker, actor, reasons[marker.number])


def ask_reviews(referral):
    """A referral of a child who has markers: whoever has the child now looks at them again on their days."""
    for marker in Marker.objects.in_force().filter(person=referral.person_id).select_related("person__record"):
        _ask_review(marker, referral)


def _held(reference, person, actor, verb):
    """(the person under lock, the referral whose holder looks after their markers: their own open one, else the one
    whose page it is). Raises Denied where the actor may not open the person, or does not work with that case."""
    own = Referral.objects.filter(person__record__reference=person, state__in=OPEN).order_by("-received_at")
    at_home = own.values_list("record__reference", flat=True).first() or reference
    lock(reference, person, at_home)
    subject, page, home = held(Person, person), held(Referral, reference), held(Referral, at_home)
    together = page.person_id == subject.pk or (
        Involvement.objects.filter(person=subject, concern__involvements__referral=page).exists()
    )
    seen = Person.objects.visible_to(actor).filter(pk=subject.pk).exists()
    opened = Referral.objects.visible_to(actor).filter(pk__in=(page.pk, home.pk)).count() == len({page.pk, home.pk})
    if not (together and seen and opened and can_mark(home, actor)):
        raise Denied(record=subject.record, verb=verb)
    return subject, home


def _refuse_unready(person, home, actor, reason, agreed_by, review_on, told):
    unmet = []
    if not home.is_open:
        unmet.append("This referral has ended: open a new episode before you add a marker.")
    if not reason.strip():
        unmet.append("Say why the marker is needed.")
    if agreed_by.pk == actor.pk or not can_agree_marker(agreed_by):
        unmet.append("A manager must agree to the marker, and never the person who adds it.")
    elif not Person.objects.visible_to(agreed_by).filter(pk=person.pk).exists():
        unmet.append(f"{agreed_by.name} may not open this record: name a manager who may.")
    if review_on < clock.today():
        unmet.append("The day of the review must be today or in the future.")
    for who in ("person",) if person.is_adult else ("person", "parent"):
        if not (told.get(f"{who}_told_on") or told.get(f"{who}_not_told_because", "").strip()):
            unmet.append(f"Say when the {'child' if who == 'person' else who} was told, or why not.")
    if unmet:
        raise NotReady(*unmet)


def _in_force(person, number, reference, verb):
    marker = person.markers.select_related("person__record", "ended_by").get(number=number)
    if marker.ended_at is not None:
        raise AlreadyMoved(
            reference=reference, state="Ended", who=marker.ended_by.name, when=marker.ended_at, verb=verb
        )
    return marker


def _refuse_stale(marker, version, reference):
    if version == marker.version:
        return
    last = marker.reviews.select_related("by").last()
    raise Changed(
        reference=reference,
        version=marker.version,
        who=last.by.name if last else "",
        when=last.at if last else None,
        now={"review_on": words.day(marker.review_on), "reason": last.reason if last else marker.reason},
    )


def _end(marker, actor, reason):
    if not reason.strip():
        raise NotReady("Say why the marker ends.")
    marker.ended_at, marker.ended_by, marker.ended_reason = clock.now(), actor, reason
    marker.save(update_fields=["ended_at", "ended_by", "ended_reason"])
    _write(marker, "end_marker", actor, reason)
    _review_is_done(marker, actor)


def _write(marker, verb, actor, *texts, **facts):
    """The entry on the person's record, without a word of what was written. Not by `noted`: it would save the person,
    and leave an old version of them that differs in nothing."""
    journal.write(
        marker.person.record, verb, actor=actor, marker=marker.number, text=journal.digest_of_text(*texts), **facts
    )


def _ask_review(marker, referral):
    work.ask(referral.record, REVIEW, about=marker.about, due_on=marker.review_on, **holders.holder(referral))
    holders.refresh_due(referral)


def _review_is_done(marker, actor):
    waiting = Task.objects.open().filter(kind=REVIEW, about=marker.about).values("record")
    for referral in Referral.objects.filter(record__in=waiting).select_related("record").order_by("pk"):
        work.finish(referral.record, REVIEW, by=actor, about=marker.about)
        holders.refresh_due(referral)

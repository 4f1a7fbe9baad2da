"""Markers: warning notes on a child or an adult, agreed with a manager, looked at again, ended with a reason.

A warning waits for no paper (B3): it is in force from the beginning, and the manager who agreed is asked to say so.
"""

from django.db import transaction
from django.utils import timezone

from hsb.core import access, clock, journal, words, work
from hsb.core.door import held, lock
from hsb.core.models import Task
from hsb.core.numbers import last_number
from hsb.core.once import made_before
from hsb.core.refusals import AlreadyMoved, Changed, Denied, NotReady
from referrals.models import Involvement, Marker, MarkerReview, MarkerTelling, Person, Referral
from referrals.permissions import can_agree_marker, can_confirm_marker, can_mark
from referrals.services import holders
from referrals.states import OPEN

REVIEW, CONFIRM = "review_marker", "confirm_marker"
SAYS_SOMETHING_ELSE = (
    "This was sent before, and the marker that it added says something else. Look at the markers: open “Add a marker” "
    "again for another one."
)


@transaction.atomic
def add_marker(reference, *, actor, once, person, kind, reason, agreed_by, review_on, **told):
    """A marker on `person` (a reference): the child of the referral, or somebody in one of its concerns.

    `told`: `person_told_on` or `person_not_told_because`; of a child the same of `parent`. The same form sent twice
    makes one marker. Returns it. Raises NotReady.
    """
    subject, home = _held(reference, person, actor, "add_marker")
    before = made_before(Marker.objects.filter(added_by=actor, person=subject), once)
    if before is not None:
        if (before.kind, before.reason, before.agreed_by) != (kind, reason, agreed_by):
            raise NotReady(SAYS_SOMETHING_ELSE)
        return before
    _refuse_unready(subject, home, actor, reason, agreed_by, review_on, told)
    last = last_number(subject.markers)
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
    _ask(marker, home)
    return marker


@transaction.atomic
def confirm_marker(reference, *, actor, person, number, agreed, reason=""):
    """The manager who agreed says so; or did not agree, and the marker ends with that `reason`. Returns the marker."""
    subject, home = _held(reference, person, actor, CONFIRM, may=_anybody)
    marker = _in_force(subject, number, reference, CONFIRM)
    if not marker.awaits_confirmation:
        raise AlreadyMoved(
            reference=reference,
            state="Confirmed",
            who=marker.confirmed_by.name,
            when=marker.confirmed_at,
            verb=CONFIRM,
        )
    if not may_confirm(marker, home, actor):
        raise Denied(record=subject.record, verb=CONFIRM)
    if not agreed:
        _end(marker, actor, reason)
        return marker
    marker.confirmed_by, marker.confirmed_at = actor, clock.now()
    marker.save(update_fields=["confirmed_by", "confirmed_at"])
    _write(marker, CONFIRM, actor)
    _is_done(marker, actor, CONFIRM)
    return marker


def may_confirm(marker, home, user):
    """Whether the marker waits for this user to confirm it; `home` is the referral whose holder looks after it."""
    return marker in to_be_confirmed([marker], home, user)


def to_be_confirmed(markers, home, user):
    """Those of a person's markers that wait for this user to confirm them; in as many questions however many."""
    waiting = [marker for marker in markers if marker.awaits_confirmation] if can_agree_marker(user) else []
    agreed = {marker.agreed_by_id: marker.agreed_by for marker in waiting}
    # Asked first: it reads the seats of all of them, by which each is a manager.
    opens = access.who_open(agreed.values(), home)
    whose = {key: holders.to_confirm(home, manager, manager in opens) for key, manager in agreed.items()}
    return [marker for marker in waiting if can_confirm_marker(home, user, marker, whose[marker.agreed_by_id])]


@transaction.atomic
def tell_marker(reference, *, actor, person, number, who, told_on):
    """The child, the adult or a parent, not told when it was added, was told on `told_on`. Returns the marker."""
    subject, _ = _held(reference, person, actor, "tell_marker")
    marker = _in_force(subject, number, reference, "tell_marker")
    if who not in marker.not_told():
        refuse_told(marker, reference)
    if told_on > clock.today():
        raise NotReady("The day they were told cannot be in the future.")
    MarkerTelling.objects.create(marker=marker, who=who, told_on=told_on, by=actor, at=clock.now())
    _write(marker, "tell_marker", actor, who=who, told_on=told_on.isoformat())
    return marker


def refuse_told(marker, reference):
    """Raises AlreadyMoved: that they were told is recorded already."""
    last = marker.tellings.select_related("by").last()
    raise AlreadyMoved(
        reference=reference,
        state="Told",
        who=(last.by if last else marker.added_by).name,
        when=last.at if last else marker.added_at,
        verb="tell_marker",
    )


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
    _is_done(marker, actor, REVIEW)
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


def follow(referral):
    """What was asked elsewhere about the child's markers is asked of whoever has the child now."""
    found = Marker.objects.in_force().filter(person=referral.person_id).select_related("person__record", "agreed_by")
    for marker in found:
        elsewhere = Task.objects.open().filter(kind__in=(REVIEW, CONFIRM), about=marker.about)
        for other in Referral.objects.filter(record__in=elsewhere.values("record")).exclude(pk=referral.pk):
            work.cancel(other.record, REVIEW, CONFIRM, about=marker.about, reason="Asked where the child is now.")
            holders.refresh_due(other)
        _ask(marker, referral)


def carry_over(referral, target):
    """What `referral` was asked about markers is asked of `target`, to which it is attached: adults' too."""
    for task in referral.record.tasks.open().filter(kind__in=(REVIEW, CONFIRM)).select_related("owner"):
        whose = holders.to_confirm(target, task.owner) if task.kind == CONFIRM else holders.holder(target)
        work.ask(target.record, task.kind, about=task.about, due_on=task.due_on, **whose)


def _anybody(home, user):
    """Whether this manager may is asked once the marker is held."""
    return True


def _held(reference, person, actor, verb, may=can_mark):
    """(the person under lock, the referral whose holder looks after their markers: their own open one, else the one
    whose page it is). Raises Denied where the actor may not open the person, or does not work with that case."""
    own = Referral.objects.filter(person__record__reference=person, state__in=OPEN).order_by("-received_at")
    at_home = own.values_list("record__reference", flat=True).first() or reference
    lock(person)  # children first
    lock(reference, at_home)
    subject, page, home = held(Person, person), held(Referral, reference), held(Referral, at_home)
    together = page.person_id == subject.pk or (
        Involvement.objects.filter(person=subject, concern__involvements__referral=page).exists()
    )
    seen = access.opens(actor, subject)
    opened = Referral.objects.visible_to(actor).filter(pk__in=(page.pk, home.pk)).count() == len({page.pk, home.pk})
    if subject.joined_to_id or not (together and seen and opened and may(home, actor)):
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
    elif not _opens(agreed_by, person, home):
        unmet.append(f"{agreed_by.name} may not open this record: name a manager who may.")
    if review_on < clock.today():
        unmet.append("The day of the review must be today or in the future.")
    for who in ("person",) if person.is_adult else ("person", "parent"):
        if not (told.get(f"{who}_told_on") or told.get(f"{who}_not_told_because", "").strip()):
            unmet.append(f"Say when the {'child' if who == 'person' else who} was told, or why not.")
    if unmet:
        raise NotReady(*unmet)


def _opens(manager, person, home):
    """Whether the manager may open the page on which the marker is confirmed."""
    return access.opens(manager, person) and access.opens(manager, home)


def _in_force(person, number, reference, verb):
    related = ("person__record", "agreed_by", "confirmed_by", "ended_by")
    marker = person.markers.select_related(*related).get(number=number)
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
    _is_done(marker, actor, REVIEW, CONFIRM)


def _write(marker, verb, actor, *texts, **facts):
    """The entry on the person's record, without a word of what was written. Not by `noted`: it would save the person,
    and leave an old version of them that differs in nothing."""
    journal.write(
        marker.person.record, verb, actor=actor, marker=marker.number, text=journal.digest_of_text(*texts), **facts
    )


def _ask(marker, referral):
    if marker.awaits_confirmation:
        added_on = timezone.localdate(marker.added_at)
        whose = holders.to_confirm(referral, marker.agreed_by)
        work.ask(referral.record, CONFIRM, about=marker.about, started_on=added_on, **whose)
    _ask_review(marker, referral)


def _ask_review(marker, referral):
    work.ask(referral.record, REVIEW, about=marker.about, due_on=marker.review_on, **holders.holder(referral))
    holders.refresh_due(referral)


def _is_done(marker, actor, *kinds):
    waiting = Task.objects.open().filter(kind__in=kinds, about=marker.about).values("record")
    for referral in Referral.objects.filter(record__in=waiting).select_related("record").order_by("pk"):
        work.finish(referral.record, *kinds, by=actor, about=marker.about)
        holders.refresh_due(referral)

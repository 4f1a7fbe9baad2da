"""Significant events: what happened and what it means for the child, written once, then only corrected underneath."""

from django.db import transaction

from hsb.core import clock
from hsb.core.door import held, noted
from hsb.core.numbers import last_number
from hsb.core.once import made_alike
from hsb.core.refusals import NotReady
from referrals.models import Referral, SignificantEvent
from referrals.permissions import can_record_event
from referrals.selectors.significant import ENDED
from referrals.services.corrections import put_under
from referrals.states import NoteBasis

SAYS_SOMETHING_ELSE = (
    "This event is recorded already, and says something else: it was sent before. Add what you typed last as a "
    "correction under it."
)


@transaction.atomic
def record_event(
    reference, *, actor, once, happened_on, text, meaning, source, basis, about_then=False, entry_number=None
):
    """A significant event on the referral, kept as it is from now on; `entry_number` is that of the journal's entry
    which is taken in. Returns the SignificantEvent. The same page sent twice makes one."""
    referral = held(Referral, reference)
    entry = _entry_of(referral, entry_number)
    new = SignificantEvent(
        record=referral.record,
        referral=referral,
        happened_on=happened_on,
        about_then=about_then,
        text=text.strip(),
        meaning=meaning.strip(),
        source=source.strip(),
        basis=basis,
        entry=entry,
        author=actor,
        once=once,
    )
    own = SignificantEvent.objects.filter(referral=referral, author=actor)
    if (before := made_alike(own, once, new, SAYS_SOMETHING_ELSE)) is not None:
        return before
    with noted(Referral, reference, "record_event", actor=actor, may=can_record_event, happened_on=happened_on) as move:
        if move.subject.has_ended:
            raise NotReady(ENDED)
        _refuse_unfinished(new)
        if entry is not None and SignificantEvent.objects.filter(entry=entry).exists():
            raise NotReady("This entry of the chronology has been taken in already: look at the significant events.")
        last = last_number(SignificantEvent.objects.filter(referral=referral))
        new.number = last + 1
        new.reference = f"{referral.reference}-E{new.number}"
        new.recorded_at = clock.now()
        new.save(force_insert=True)
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, "text": digest}
        if entry is not None:
            move.facts["taken_in"] = entry.number
    return new


@transaction.atomic
def correct_event(reference, *, actor, once, text, reason, version=None):
    """Adds a correction under a significant event, which stays as it was. `reference` is the event's; `version` is how
    many corrections stood on the page. Returns the EventCorrection."""
    return put_under(
        SignificantEvent,
        reference,
        "correct_event",
        actor=actor,
        once=once,
        text=text,
        reason=reason,
        version=version,
        ended=ENDED,
    )


def _entry_of(referral, number):
    if not number:
        return None
    entry = referral.record.entries.filter(number=number).first()
    if entry is None:
        raise NotReady("There is no such entry in this referral's chronology.")
    return entry


def _refuse_unfinished(new):
    """Raises NotReady with every sentence about what a significant event must say and this one does not."""
    unmet = []
    if not new.text:
        unmet.append("Say what happened.")
    if not new.meaning:
        unmet.append("Say what it means for the child.")
    if not new.source:
        unmet.append("Say where this is from.")
    if new.basis not in NoteBasis.values:
        unmet.append("Say whether it is fact or opinion.")
    if new.happened_on > clock.today():
        unmet.append("An event is something that has happened: check the day.")
    if unmet:
        raise NotReady(*unmet)

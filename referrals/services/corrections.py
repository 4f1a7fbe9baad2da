"""What is put right in a row that is written once: a text and a reason under it; the row itself stays.

Notes and significant events have `corrections` of the same shape, and the same rules: by the author or whoever works
with the child, after the end of the referral by the author alone, never over somebody else's that was not seen.
"""

from hsb.core import clock
from hsb.core.door import held, noted, record_reference
from hsb.core.once import made_before
from hsb.core.refusals import Changed, NotReady
from referrals.models import Referral
from referrals.permissions import can_correct_note


def put_under(model, reference, verb, *, actor, once, text, reason, version, ended, also=None):
    """Adds a correction under the row of `model` that `reference` names, by the verb; call in a transaction.

    `version` is how many corrections stood on the page, `ended` the sentence for a referral that has ended, `also(row,
    referral)` what follows in the same act. The same page sent twice adds one. Returns the correction.
    """
    held(Referral, record_reference(reference))
    row = model.at(reference).get()
    text, reason = text.strip(), reason.strip()
    before = made_before(row.corrections.filter(by=actor), once)
    if before is not None:
        if (before.text, before.reason) != (text, reason):
            raise NotReady("This correction stands already, and says something else: open the page, and add another.")
        return before
    with noted(
        Referral, row.record.reference, verb, actor=actor, may=lambda referral, user: can_correct_note(row, user)
    ) as move:
        if move.subject.has_ended and row.author_id != actor.pk:
            raise NotReady(ended)
        if not text or not reason:
            raise NotReady("Say what is to be read instead or added, and why.")
        standing = list(row.corrections.select_related("by"))
        _refuse_stale(row, standing, version)
        number = len(standing) + 1
        new = row.corrections.create(
            record=row.record,
            number=number,
            reference=f"{row.reference}-C{number}",
            text=text,
            reason=reason,
            by=actor,
            recorded_at=clock.now(),
            once=once,
        )
        if also is not None:
            also(row, move.subject)
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, "text": digest}
    return new


def _refuse_stale(row, standing, version):
    if version is None or int(version) == len(standing):
        return
    last = standing[-1] if standing else None
    raise Changed(
        reference=row.reference,
        version=len(standing),
        who=last.by.name if last else "",
        when=last.recorded_at if last else None,
        now={"text": last.text, "reason": last.reason} if last else {},
    )

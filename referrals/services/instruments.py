"""What the tools of trained people have in common where their results are recorded: AIM and Brook (B18).

Written once by a trained user, of a trained colleague's work; one that was wrong is recorded anew, and the row before
it stays.
"""

from hsb.core import clock
from hsb.core.door import noted
from hsb.core.numbers import last_number
from hsb.core.once import made_alike
from hsb.core.refusals import NotReady
from hsb.people.models import is_trained
from referrals.models import CaseDocument, Referral


def write(new, *, actor, may, refuse, letters, otherwise, happened_on, **facts):
    """Saves `new`, a RecordedAnew of a referral that is held, under the next number; returns it.

    `refuse(new, referral)` gives every sentence about what cannot be recorded so, `letters` begin its number, and
    `otherwise` is said where the same page was sent before and says something else.
    """
    model = type(new)
    own = model.objects.filter(referral=new.referral, recorded_by=actor)
    if (before := made_alike(own, new.once, new, otherwise)) is not None:
        return before
    reference = new.referral.reference
    with noted(Referral, reference, new.verb, actor=actor, may=may, happened_on=happened_on) as move:
        if unmet := list(refuse(new, move.subject)):
            raise NotReady(*unmet)
        last = last_number(model.objects.filter(referral=new.referral))
        new.number = last + 1
        new.reference = f"{reference}-{letters}{new.number}"
        new.recorded_at = clock.now()
        new.save(force_insert=True)
        _, digest = new.vouched_for()
        move.facts |= {"noun": new.reference, **facts, "text": digest}
        if new.replaces_id:
            move.facts["replaces"] = new.replaces.reference
    return new


def about_training(user, finder, tool, called, on, the_day):
    """Only a user whose training is current enters what was found, and of the work of a trained colleague (B18)."""
    if not is_trained(user, tool):
        yield f"Your training in {called} is not recorded, or has run out: ask a trained colleague to enter this."
    if not is_trained(finder, tool, on):
        yield (
            f"The training of {finder.name} in {called} is not recorded for {the_day}: name the trained colleague, or "
            "ask an administrator to record the training."
        )


def about_the_report(new, referral):
    """The report is a document of this child that stands."""
    standing = CaseDocument.objects.read_through(referral).filter(pk=new.report_id, taken_out_at__isnull=True)
    if new.report_id is not None and not standing.exists():
        yield "Choose the report among the documents of this child."


def about_replacing(new, what, replaced_already):
    """Why it is recorded anew; and nobody recorded the same one anew before."""
    if new.replaces_id:
        if not new.replaces_reason:
            yield f"Say why the {what} is recorded anew."
        if type(new).objects.filter(replaces=new.replaces_id).exists():
            yield replaced_already

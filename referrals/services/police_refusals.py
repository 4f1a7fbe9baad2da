"""What is done after the police refused a Form 87A, or what adds to one: said with the refusal, and afterwards.

A refusal waits with whoever wrote it until a new version is drafted, it was taken to a police supervisor, or it was
decided with a manager that it is not sent again; that manager records the decision on the form itself.
"""

from dataclasses import dataclass

from hsb.core import clock, work
from hsb.core.journal import digest_of_text
from hsb.core.numbers import last_number
from hsb.core.refusals import NotReady
from referrals.models import RefusalStep
from referrals.permissions import can_decide_police_refusal
from referrals.selectors.police_refusals import is_followed
from referrals.states import AfterRefused, PoliceReferralState

WRITE, DECIDE = "draft_police_referral", "excuse_police_referral"


@dataclass(kw_only=True)
class Done:
    """What is done now: `kind` is of AfterRefused. A supervisor of the police is named, or a manager of ours."""

    kind: str
    said: str
    supervisor: str = ""
    manager: object = None


def write(form, done, *, actor, once):
    """The next step after the refusal of `form`. Returns (RefusalStep, facts for the journal). Call inside a door."""
    step = new_step(form, done, actor, once)
    unmet = list(_unmet(step))
    if unmet:
        raise NotReady(*unmet)
    step.number = last_number(form.refusal_steps) + 1
    step.save(force_insert=True)
    return step, {"form": form.number, "after": step.kind, "text": digest_of_text(*step.says())}


def new_step(form, done, actor, once):
    """As it would be written: not saved."""
    return RefusalStep(
        form=form,
        kind=done.kind,
        said=done.said.strip(),
        supervisor=done.supervisor.strip(),
        manager=done.manager,
        by=actor,
        at=clock.now(),
        once=once,
    )


def _unmet(step):
    if step.kind not in AfterRefused.values:
        yield "Choose what is done now."
        return
    if not step.said:
        yield "Say in a sentence what is done now."
    if (step.kind == AfterRefused.ESCALATED) != bool(step.supervisor):
        yield "Name the police supervisor to whom it was taken, and only then."
    if step.kind == AfterRefused.MANAGER and step.form.supplement_to_id is not None:
        yield "Nobody decides that a supplement is not sent again: say what is done, and who agreed to it."
        return
    if (step.kind == AfterRefused.MANAGER) != (step.manager is not None):
        yield "Name the manager with whom it was decided, and only then."
    elif step.manager is not None and not can_decide_police_refusal(step.form.police_referral, step.manager):
        who = step.manager.name
        yield f"{who} does not manage a team of one of these children, or may not open all of them: name another."


def follow(step):
    """Who is waited for, as the step leaves it. Call with the children's records locked, after the refusal's own."""
    form, police_referral = step.form, step.form.police_referral
    if is_followed(police_referral, form):
        return
    record, about = form.referral.record, police_referral.reference
    if step.kind in (AfterRefused.ESCALATED, AfterRefused.MANAGER):
        work.finish(record, WRITE, by=step.by, about=about)
    if step.kind in (AfterRefused.ESCALATED, AfterRefused.RESEND):
        work.finish(record, DECIDE, by=step.by, about=about)
    if step.kind == AfterRefused.MANAGER and police_referral.state == PoliceReferralState.REFUSED:
        # What adds to a form that went out holds nothing up: nobody has to record that it stays away.
        work.ask(record, DECIDE, owner=step.manager, about=about)
    # Where the referrals have ended nobody can write it anew.
    first = step.kind == AfterRefused.OTHER and step.number == 1
    if (step.kind == AfterRefused.RESEND or first) and form.referral.is_open:
        work.ask(record, WRITE, owner=form.drafted_by, about=about)

"""What was done after the police refused a version of Form 87A: by whom, when, and what is still waited for."""

from django.urls import reverse

from hsb.core import words
from referrals.permissions import can_write_police_referral
from referrals.states import POLICE_WENT_OUT, AfterRefused, PoliceReferralState


def is_followed(police_referral, form):
    """Whether a newer version stands, or the form is resolved: nobody waits for what follows its refusal."""
    if form.supplement_to_id is None:
        return police_referral.state != PoliceReferralState.REFUSED or police_referral.latest_form() != form
    return police_referral.state not in POLICE_WENT_OUT or police_referral.latest_supplement() != form


def waits_for_a_new_version(police_referral, form):
    """Whether it is for whoever wrote `form` to write it anew: nothing else was decided since it was refused."""
    if form.refused_on is None or is_followed(police_referral, form):
        return False
    last = _decided(form)
    return last is None or last.kind == AfterRefused.RESEND


def _decided(form):
    """The last step that says who is waited for, or None."""
    said = [step for step in form.refusal_steps.all() if step.kind != AfterRefused.OTHER]
    return said[-1] if said else None


def refused_form(police_referral, number):
    """The refused version of that number, or None."""
    every = police_referral.every_version()
    return next((each for each in every if each.number == number and each.refused_on is not None), None)


def steps_after(form):
    """The steps after a refusal, the oldest first, as items of a timeline."""
    return [
        {
            "title": f"{step.get_kind_display()}{_whom(step)}",
            "by": step.by.name,
            "at": step.at,
            "text": step.said,
        }
        for step in form.refusal_steps.all()
    ]


def _whom(step):
    if step.supervisor:
        return f": {step.supervisor}"
    return f": {step.manager.name}" if step.manager_id else ""


def after_refusal(referral, police_referral, form, user):
    """{"steps", "waits", "url"} of a version that was refused; None for every other."""
    if form.refused_on is None:
        return None
    may = can_write_police_referral(police_referral, user)
    args = [referral.reference, police_referral.reference, form.number]
    return {
        "steps": steps_after(form),
        "waits": _waits(police_referral, form),
        "url": reverse("referrals:police_refusal", args=args) if may else "",
    }


def _waits(police_referral, form):
    """What is still waited for, in a sentence; "" where nothing is."""
    if is_followed(police_referral, form):
        return ""
    if waits_for_a_new_version(police_referral, form):
        return f"It waits for a new version, by {form.drafted_by.name}."
    last = _decided(form)
    if last.kind == AfterRefused.MANAGER and form.supplement_to_id is None:
        return f"It waits for {last.manager.name}, who records that it is not sent, and why."
    if last.kind == AfterRefused.ESCALATED:
        return f"It waits for what {last.supervisor} decides, since {words.day(last.at)}."
    return ""

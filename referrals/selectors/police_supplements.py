"""What is added to a Form 87A that went out: which of its steps stands open, and for whom (practice.md B4)."""

from referrals import permissions
from referrals.selectors.police_refusals import waits_for_a_new_version
from referrals.states import POLICE_UNRESOLVED, POLICE_WENT_OUT

WRITE, APPROVE, SEND, ANSWER = "police_supplement", "supplement_approve", "supplement_sent", "supplement_answer"
# The page -> its words; where a supplement is drafted already, other words for the first.
STEPS = {
    APPROVE: "Approve the supplement, or return it",
    SEND: "Record that the supplement was sent",
    ANSWER: "Record what the police answered to the supplement",
    WRITE: "Supplement {form}: something new came to light",
}
AGAIN = "Change the draft of the supplement"
# What somebody waits for, the most pressing first: the other steps are never more than possible.
WAITING = (APPROVE, SEND)


def standing_of(police_referral, code, user):
    """(in time, allowed, unmet sentences) of a step for `user`."""
    if not _is_in_time(police_referral, code):
        return False, False, ()
    if code == APPROVE:
        return True, permissions.can_approve_police_supplement(police_referral, user), ()
    return True, permissions.can_write_police_referral(police_referral, user), ()


def _is_in_time(police_referral, code):
    form = police_referral.latest_form() if police_referral.state in POLICE_WENT_OUT else None
    if form is None or form.sent_on is None:
        return False
    if code == ANSWER:
        return police_referral.unanswered_supplement() is not None
    if code == WRITE:
        return bool(police_referral.referrals())
    last = in_work(police_referral)
    return last is not None and last.is_approved == (code == SEND)


def in_work(police_referral):
    """The supplement that is neither returned nor sent, or None."""
    last = police_referral.latest_supplement()
    return last if last is not None and last.is_in_work else None


def unapproved(police_referral):
    """The version in work, where no pack of it is made: None before the first draft, once approved, or resolved."""
    unresolved = police_referral.state in POLICE_UNRESOLVED
    form = police_referral.latest_form() if unresolved else in_work(police_referral)
    return form if form is not None and not form.is_approved else None


def steps_of(police_referral, user):
    """[(code, words, whether somebody waits for it)] of what `user` can do."""
    if police_referral.state not in POLICE_WENT_OUT:
        return []
    found = []
    for code, said in STEPS.items():
        in_time, allowed, _ = standing_of(police_referral, code, user)
        if in_time and allowed:
            again = code == WRITE and in_work(police_referral) is not None
            found.append((code, AGAIN if again else said, code in WAITING))
    return found


def waiting_step(police_referral, user):
    """The code of what the reader is waited for: to approve, to send, or to write anew what was returned, or what the
    police refused; or ""."""
    codes = [code for code, _, _ in steps_of(police_referral, user)]
    first = next((code for code in WAITING if code in codes), "")
    last = police_referral.latest_supplement() if WRITE in codes and not first else None
    if last is None or last.drafted_by_id != user.pk:
        return first
    back = last.returned_by_id is not None or waits_for_a_new_version(police_referral, last)
    return WRITE if back else first

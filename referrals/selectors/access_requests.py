"""Requests for access, as their pages show them: one's own, and what a manager is asked."""

from hsb.core import access, words
from hsb.core.models import AccessBar
from referrals.models import AccessRequest

COLUMNS = ("Asked on", "For how long", "Answer")


def request(referral, number):
    """The request of that number, or None."""
    found = referral.access_requests.select_related("by", "asked_team", "answered_by", "referral__record")
    return found.filter(number=number).first()


def to_answer(reading):
    """The oldest request for the reading's referral that waits for an answer; None where there is none."""
    if not any(task.kind == "answer_access" for task in reading.tasks):
        return None
    waiting = AccessRequest.objects.filter(referral=reading.referral, answered_at__isnull=True)
    return waiting.select_related("by", "asked_team", "referral__record").order_by("number").first()


def is_barred(user, referral):
    return AccessBar.objects.filter(user=user, record=referral.person_id, lifted_at__isnull=True).exists()


def facts(asked):
    """What the manager reads: who asks, of which team, when, why and for how long."""
    teams = dict.fromkeys(m.team.name for m in asked.by.current_memberships())
    return {
        "who": f"{asked.by.name}, {words.listed(teams)}" if teams else asked.by.name,
        "name": asked.by.name,
        "at": words.instant(asked.asked_at),
        "days": words.count(asked.days, "day"),
        "reason": asked.reason,
        "opens_now": access.opens(asked.by, asked.referral),
        "barred": is_barred(asked.by, asked.referral),
    }


def own(user, *references, answered=False):
    """Rows of what `user` asked for these records, the latest first: their own words and the answer, nothing else.
    `answered`: of those only that have an answer."""
    found = AccessRequest.objects.filter(by=user, referral__record__reference__in=references)
    if answered:
        found = found.filter(answered_at__isnull=False)
    return [
        [words.day(each.asked_at), words.count(each.days, "day"), answer_in_words(each)]
        for each in found.order_by("-asked_at", "-pk")
    ]


def answers(user, abouts):
    """{what a message is about: the AccessRequest of `user`} of those that were answered."""
    references = {about.partition(" ")[0] for about in abouts}
    found = AccessRequest.objects.filter(by=user, referral__record__reference__in=references, answered_at__isnull=False)
    return {
        f"{each.referral.record.reference} {each.number}": each for each in found.select_related("referral__record")
    }


def answer_in_words(each):
    if each.granted is None:
        return "Not answered yet"
    if each.granted:
        return f"Granted until {words.day(each.until)}"
    return f"Refused: {each.answer}"

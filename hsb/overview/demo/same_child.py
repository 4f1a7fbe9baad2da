"""Children who were logged twice, under a misheard name: one pair waits for a manager, one was joined."""

from referrals.models import Referral
from referrals.services import intake, same_child
from referrals.states import InvolvementRole

NOT_KNOWN = ("address", "nhs_number", "upn", "local_id")


def known_twice(story, borough):
    for days_ago, joined in ((5, False), (8, True)):
        child = borough.child()
        # Whoever heard the name wrong knew neither the address nor a number.
        misheard = {name: value for name, value in child.items() if name not in NOT_KNOWN}
        misheard["family_name"] += misheard["family_name"][-1]
        first, second = (
            story(days_ago=day).log("0", people=[_newcomer(details)])
            for day, details in ((days_ago, child), (days_ago - 3, misheard))
        )
        if joined:
            stands, other = (Referral.at(each.displayed).get().person for each in (first, second))
            second.pause()._do(
                same_child.join,
                stands.reference,
                actor=borough.users["dutymanager"],
                person=other.reference,
                reason="The school had the name wrong: the same address, and the same date of birth.",
            )


def _newcomer(details):
    return intake.Newcomer(details=details, roles=(InvolvementRole.DISPLAYED,))

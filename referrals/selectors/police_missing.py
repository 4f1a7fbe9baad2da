"""What is not recorded yet of what the pack for the police would say: looked through before somebody approves it (B4).

It is said, never required: urgency does not queue behind paper (B3). What a version must say the form itself asks for.
"""

from django.urls import reverse

from hsb.core.states import PlaceKind
from referrals.codes import Absent
from referrals.selectors.concern_deeds import correct_url
from referrals.selectors.police_supplements import unapproved
from referrals.states import PoliceReferralState, Sex, Urgency


def missing(police_referral, user):
    """[{"text", "url"}] while nobody has approved it, for whoever may open every child it covers; else nothing."""
    form = unapproved(police_referral)
    if form is None and police_referral.state not in (PoliceReferralState.NEEDED, PoliceReferralState.REFUSED):
        return []
    if not police_referral.opens_for(user):
        return []
    concern = police_referral.concern
    found, children = [], police_referral.children()
    for child in children:
        found += _of_child(child)
    if not police_referral.was_called_about():
        found.append(_said("A call to the police is not recorded"))
    # Where it is completed; for whoever may not, where it is read.
    urls = (correct_url(concern, child, user) for child in children)
    url = next(filter(None, urls), "") or reverse("referrals:concern", args=[concern.reference])
    if not (concern.happened_on or concern.happened_in_words):
        found.append(_said("The concern does not say when it happened", url))
    if concern.place_kind == PlaceKind.UNKNOWN:
        found.append(_said("The concern does not say where it happened", url))
    if not concern.reported_by:
        found.append(_said("The concern does not say who reported it", url))
    return found + (_of_form(form) if form is not None else [])


def _of_child(child):
    person = child.person
    url = reverse("referrals:person_edit", args=[child.reference, person.reference])
    lacks = [
        ("date of birth", person.born_on is None),
        ("sex", person.sex == Sex.U),
        ("home address", not (person.address or person.address_confidential or person.address_absent == Absent.NONE)),
        ("school", not (person.school or person.school_absent == Absent.NONE)),
    ]
    found = [_said(f"{person.known_as}: no {what} is recorded", url) for what, is_missing in lacks if is_missing]
    if not child.submitted:
        where = reverse("referrals:assessment", args=[child.reference])
        found.append(_said(f"{person.known_as}: no HSB risk assessment is submitted yet: it would follow", where))
    return found


def _of_form(form):
    """What the version itself leaves open."""
    asks_for_discussion = form.urgency == Urgency.DISCUSSION and form.discussion_on is None
    writer = form.drafted_by
    reached = writer.telephone or any(seat.team.telephone for seat in writer.current_memberships())
    return [
        _said(text)
        for text, is_missing in (
            ("The draft names no mailbox to which it goes", "@" not in form.recipient),
            (
                "The draft says nothing of risks to staff: write that none is known where it is so",
                not form.risks_to_staff,
            ),
            ("The draft proposes no day for the strategy discussion", asks_for_discussion),
            (f"No telephone number is recorded at which the police reach {writer.name}", not reached),
        )
        if is_missing
    ]


def _said(text, url=""):
    return {"text": text, "url": url}

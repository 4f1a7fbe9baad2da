"""What was proposed, for the manager who decides on closing."""

from hsb.core import words
from referrals.states import ClosedAs


def proposal(referral):
    """The latest proposal to close, as summary rows; [] where there is none."""
    found = referral.closing_proposals.select_related("proposed_by").last()
    if found is None:
        return []
    return [
        {"label": "Proposed by", "value": f"{found.proposed_by.name}, {words.instant(found.proposed_at)}"},
        {"label": "Why it can be closed", "value": ClosedAs(found.closed_as).label},
        {"label": "What has changed", "value": found.what_changed},
        {"label": "What the child and the family say", "value": found.child_views},
    ]

"""What was proposed, for the manager who decides on closing."""

from hsb.core import words
from referrals.selectors.coming_of_age import ends_at_18
from referrals.selectors.consent import answers_of, says_no_to_help
from referrals.states import CLOSING_REASONS, Category, ClosedAs, ReferralState


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


def reasons_to_close(referral):
    """Those of CLOSING_REASONS that can be true of it, to choose from."""
    return [reason for reason in CLOSING_REASONS if not why_not(referral, reason)]


def why_not(referral, reason):
    """Why a reason to close cannot be true of this referral, as a sentence; "" where it can."""
    if reason == ClosedAs.ADULT and not ends_at_18(referral):
        return "A manager decides first what happens now that the young person is 18: that the work ends here."
    if reason == ClosedAs.AGREEMENT_REFUSED and not _refused(referral):
        return "Nobody says no to Early Help here: record the answer under “People”, “Consent” first."
    if reason == ClosedAs.NOT_HSB and not _was_expected(referral):
        return "The latest assessment does not say that this is developmentally expected."
    return ""


def _refused(referral):
    """Early Help rests on agreement, and somebody's no stands; statutory work rests on none."""
    return referral.state == ReferralState.EARLY_HELP and says_no_to_help(answers_of([referral])[referral.pk])


def _was_expected(referral):
    latest = referral.latest_assessment()
    return latest is not None and latest.category == Category.NOT_HSB

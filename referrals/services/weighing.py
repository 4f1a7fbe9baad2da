"""What stands beside the reason of a decision: options, information, the child's and the parents' views (A29)."""

from dataclasses import dataclass

from hsb.core import clock, journal
from hsb.core.numbers import last_number
from hsb.core.refusals import NotReady
from hsb.people.states import Service
from referrals.models import DecisionRecord

# Each with the sentence that asks for it below the pathway's default.
WEIGHED = {
    "options_considered": "Say which options were considered: you go below the pathway's default.",
    "relied_on": "Say which information you rely on: you go below the pathway's default.",
    "childs_views": "Give the child's views, or say why they are not known: you go below the pathway's default.",
    "parents_views": "Give the parents' views, or say why they are not known: you go below the pathway's default.",
}


@dataclass(kw_only=True)
class Weighed:
    """The four texts of models.decisions.Weighed, as they were typed."""

    options_considered: str = ""
    relied_on: str = ""
    childs_views: str = ""
    parents_views: str = ""

    def weighed(self):
        return {name: getattr(self, name).strip() for name in WEIGHED}

    def missing(self, below_default):
        """The sentences that ask for what was left open: below the default nothing of it is."""
        told = self.weighed()
        return [sentence for name, sentence in WEIGHED.items() if below_default and not told[name]]


def is_below_default(referral, tier, service):
    """Whether tier or service lies below what the pathway expects for the category and for the tier."""
    pathway, category = referral.pathway(), referral.category
    too_low = bool(category) and bool(tier) and tier < pathway.response_for(category).tier
    return too_low or (pathway.expects_statutory(category, tier) and service != Service.STATUTORY)


def closing_is_below(referral):
    """Whether the pathway still expects statutory social work for a child who is to be closed."""
    return is_below_default(referral, referral.tier, "")


def step_down_is_below(referral):
    """Whether the pathway still expects statutory social work for a child who is to go to Early Help."""
    return is_below_default(referral, referral.tier, Service.EARLY_HELP)


def not_convening_is_below(referral):
    """Whether the pathway expects a strategy meeting for the child, and not only an answer to the question (A5)."""
    return referral.expected_response().meeting_expected


def not_sending_is_below(police_referral):
    """Whether the pathway sends the form to the police for a child whom it covers."""
    return any(child.category and child.expected_response().police_referral for child in police_referral.children())


def record(move, weighed, *, reason, below_default=False, about=""):
    """Keeps the record of the decision that `move` makes, and its digest in the entry. Call inside the door.

    `about`: the reference of what it is of, where that is not the noun of the verb.

    Raises NotReady with a sentence for each text that is missing below the pathway's default.
    """
    weighed = weighed or Weighed()
    if missing := weighed.missing(below_default):
        raise NotReady(*missing)
    on = move.subject.record
    number = last_number(DecisionRecord.objects.filter(record=on)) + 1
    kept = DecisionRecord(
        record=on,
        number=number,
        reference=f"{on.reference}-DR{number}",
        kind=move.verb,
        about=about or move.subject.reference,
        reason=reason,
        below_default=below_default,
        by=move.actor,
        recorded_at=clock.now(),
        **weighed.weighed(),
    )
    kept.save(force_insert=True)
    move.facts |= {"weighed": kept.reference, "text": journal.digest_of_text(*kept.says())}
    if below_default:
        move.facts["below_default"] = True
    return kept

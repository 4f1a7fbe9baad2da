"""A young person turns 18: the line in the frame, and what was planned and decided, on the tab "Plan" (B20)."""

from django.urls import reverse

from hsb.core import clock, words
from hsb.core.calendar import months_after
from referrals.models import DecisionAt18, WhatFollows
from referrals.permissions import can_decide_at_18, can_plan_at_18
from referrals.states import ENDS_AT_18, BirthPrecision, DecidedAt18

# Ages in months: at 17 and a half it is planned what follows, at 18 it is decided.
HALF_A_YEAR_BEFORE, EIGHTEEN = 17 * 12 + 6, 18 * 12
ENDED = "This referral has ended and stays as it is: reopen it first, and go on with the new episode."


def has_reached(person, months):
    """Whether this child is that old today; of an adult, and where no date of birth is known, False."""
    if person.is_adult or person.born_on is None:
        return False
    return months_after(person.born_on, months) <= clock.today()


def turning_in_words(referral):
    """ "Turns 18 on 3 May 2027" from 17½, "18 since 3 May 2027" afterwards; "" before that, and of a referral that has
    ended."""
    person = referral.person
    if referral.has_ended or not has_reached(person, HALF_A_YEAR_BEFORE):
        return ""
    said = "18 since" if has_reached(person, EIGHTEEN) else "Turns 18 on"
    return f"{said} {words.day(months_after(person.born_on, EIGHTEEN))}{_estimated(person)}"


def _estimated(person):
    return ", estimated" if person.birth_precision == BirthPrecision.ESTIMATED else ""


def ends_at_18(referral):
    """Whether a manager's decision stands, that the work ends here because the young person is 18."""
    return DecisionAt18.objects.standing().filter(referral=referral, outcome__in=ENDS_AT_18).exists()


# What is planned and decided at 18, as relations of a referral.
DECIDED = ("what_follows", "decisions_at_18")


def section(referral, user):
    """The part of the tab: {"plans", "decisions", "before", "links"}; None where there is nothing to show."""
    plans, decisions = (
        sorted(getattr(referral, name).all(), key=lambda each: each.number, reverse=True) for name in DECIDED
    )
    links = list(_links(referral, user, bool(plans)))
    if not (plans or decisions or links):
        return None
    return {
        "rows": [*map(_plan, plans[:1]), *map(_decision, decisions[:1])],
        "before": [*map(_plan, plans[1:]), *map(_decision, decisions[1:])],
        "links": links,
        "turning": turning_in_words(referral),
    }


def _links(referral, user, planned):
    if referral.has_ended or not has_reached(referral.person, HALF_A_YEAR_BEFORE):
        return
    if can_plan_at_18(referral, user):
        text = "Plan anew what follows at 18" if planned else "Plan what follows at 18"
        yield {"text": text, "url": reverse("referrals:what_follows", args=[referral.reference])}
    if has_reached(referral.person, EIGHTEEN) and can_decide_at_18(referral, user):
        yield {
            "text": "Decide, because the young person is 18",
            "url": reverse("referrals:decide_at_18", args=[referral.reference]),
        }


def latest_plan(referral):
    """The plan of what follows that stands, as `section` shows it; None where there is none."""
    found = WhatFollows.objects.filter(referral=referral).select_related("by").order_by("-number").first()
    return _plan(found) if found else None


def _plan(each):
    goes_on = words.listed(each.where_in_words) if each.goes_on else "Nothing further is needed"
    asked = f"{each.asked}, on {words.day(each.asked_on)}" if each.goes_on else ""
    return _card(
        each,
        "What follows at 18",
        ("Where the work goes on", goes_on),
        ("Why nothing further is needed", each.not_needed_because),
        ("Who was asked there", asked),
        ("What the young person says", each.young_person_says),
        ("The plan", each.plan),
        ("Looked at again", words.day(each.review_on) if each.review_on else ""),
    )


def _decision(each):
    passed = f"{each.passed_to}, on {words.day(each.passed_on)}" if each.outcome == DecidedAt18.PASS else ""
    return _card(
        each,
        "Decided at 18",
        ("Decision", each.get_outcome_display()),
        ("Passed to", passed),
        ("Accepted by", each.accepted_by),
        ("Until", words.day(each.until_on) if each.until_on else ""),
        ("Reason", each.reason),
    )


def _card(each, title, *rows):
    recorded = f"{words.instant(each.recorded_at)}, by {each.by.name}. {each.reference}"
    said = [*rows, ("Recorded", recorded)]
    return {
        "title": title,
        "reference": each.reference,
        "rows": [{"label": label, "value": value} for label, value in said if value],
    }

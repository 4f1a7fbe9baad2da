"""How old everybody was when it happened: what stands beside the word consensual (practice.md A24, B20)."""

from django.db.models import Exists, OuterRef

from hsb.core import words
from referrals.models import Person
from referrals.selectors import power
from referrals.states import POLICE_CATEGORIES, BirthPrecision, InvolvementRole, InvolvementStatus

CAN_CONSENT_FROM = 13
RESPONSIBLE_FROM = 10
CHILDREN = (InvolvementRole.DISPLAYED, InvolvementRole.HARMED, InvolvementRole.NOT_YET_KNOWN)
CANNOT_CONSENT = "A child under 13 cannot consent in law."
UNDER_TEN = "Under 10 the police are still informed, and no prosecution can follow."
ANOTHER_CHILD = "Another child: their record is not open to you, so their age is not shown. Ask who works with them."
BIRTH_UNKNOWN = "age not known, because no date of birth is recorded"


def at_the_time(referral, user, category=""):
    """For each concern of the referral: when it was, and how old each child in it was then, as sentences.

    Other children are named only where `user` may open them; the police are spoken of where the overall `category`
    is one of which they are informed. Returns a list of dicts: when, lines, law, and facts (rows of a summary list).
    """
    parts = list(
        referral.involvements.model.objects.filter(
            concern__in=referral.involvements.values("concern"), role__in=CHILDREN, person__is_adult=False
        )
        .exclude(status=InvolvementStatus.UNFOUNDED)
        .select_related("person", "concern__place")
        .annotate(opens=Exists(Person.objects.visible_to(user).filter(pk=OuterRef("person"))))
        .order_by("concern__reported_on", "concern", "pk")
    )
    open_to_reader = {part.person_id for part in parts if part.opens}
    concerns = {}
    for part in parts:
        of_concern = concerns.setdefault(part.concern_id, {"concern": part.concern, "roles": {}, "relations": {}})
        of_concern["relations"][part.person] = part.relationship
        of_concern["roles"].setdefault(part.person, set()).add(part.role)
    police = category in POLICE_CATEGORIES
    open_to_reader.add(referral.person_id)
    return [
        _of_concern(row["concern"], row["roles"], referral, open_to_reader, police)
        | {"facts": power.facts(row["concern"], row["roles"], row["relations"], open_to_reader)}
        for row in concerns.values()
    ]


def _of_concern(concern, roles, referral, open_to_reader, police):
    day = concern.happened_on or concern.reported_on
    lines, ages, ages_displayed = [], [], []
    for person in sorted(roles, key=lambda person: person.pk != referral.person_id):
        if person.pk not in open_to_reader and person.pk != referral.person_id:
            lines.append(ANOTHER_CHILD)
            continue
        years = person.age_on(day)
        lines.append(f"{person.known_as}: {_in_words(person, years)}.")
        if years is not None:
            ages.append(years)
            ages_displayed += [years] if InvolvementRole.DISPLAYED in roles[person] else []
    law = [CANNOT_CONSENT] if any(years < CAN_CONSENT_FROM for years in ages) else []
    law += [UNDER_TEN] if police and any(years < RESPONSIBLE_FROM for years in ages_displayed) else []
    happened = "when it happened" if concern.happened_on else "when it was reported"
    return {"when": f"{happened}, {words.day(day)}", "lines": lines, "law": law}


def _in_words(person, years):
    if years is None:
        return BIRTH_UNKNOWN
    said = "under 1 year old" if years == 0 else f"{words.count(years, 'year')} old"
    return f"about {said}" if person.birth_precision == BirthPrecision.ESTIMATED else said


def on_day(person, day):
    """How old the child was that day, as a short text; "" where the day is not known."""
    return _in_words(person, person.age_on(day)) if day else ""

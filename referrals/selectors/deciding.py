"""The manager's one page: the assessment in short, what matches the pathway and what does not, the other children."""

from django.db.models import BigIntegerField, Case, Exists, OuterRef, When

from hsb.core import access, composed, words
from hsb.core.borough_words import police_form
from hsb.core.composed import Given
from hsb.core.fetched import fetch, spread
from hsb.core.models import Entry
from referrals import pathway
from referrals.models import Involvement, Person, Referral, RiskAssessment
from referrals.permissions import decides_for, wrote
from referrals.selectors import deeds, patterns
from referrals.selectors.assessment import changed_since_return
from referrals.selectors.assessment_answers import finder_in_words
from referrals.selectors.behaviours import behaviours_of, to_view
from referrals.selectors.concerns import reported_of
from referrals.selectors.involved import role_in_words
from referrals.selectors.overview import how_sure
from referrals.selectors.reading import Reading
from referrals.states import (
    NEEDS_REFERRAL,
    POLICE_CATEGORIES,
    UNDECIDED,
    Category,
    ReferralState,
    Tier,
)

MASKED = "Another child"


def to_decide_on(referral, children, user):
    """Everything the manager decides on, said in words: plain data, in a constant number of queries.

    `children` are of `other_children`: the page's form asks about them too.
    """
    assessment = referral.latest_assessment()
    behaviours = behaviours_of(assessment) if assessment and referral.has_category else []
    return {
        "judgements": [
            {"label": "Status of the allegation", "values": how_sure(Reading.of(referral, user))},
            *_judgements(referral, assessment),
        ],
        "mismatches": _mismatches(referral, assessment),
        "mismatch_reason": assessment.mismatch_reason if assessment else "",
        "returned": _returned(referral, assessment) if Reading.of(referral, user).there_is["returns"] else None,
        "behaviours": behaviours,
        "texts": [*_what_happened(referral, behaviours, user), *_texts(referral, assessment)],
        "child_head": ["Child", "Part in it", "Decision"],
        "children": [_child_row(child) for child in children],
        "notices": [*patterns.decide_notices(Reading.of(referral, user)), *_notices(referral)],
        "expected": expected_in_words(referral),
        "assessment_url": deeds.url_of("assessment", referral),
        "police_name": police_form(),
        "police_url": deeds.url_of("police_forms", referral) if referral.police_outstanding else "",
    }


def workers_view(referral):
    """The judgements in force, with which the manager agrees or not.

    {"has_category", "said", "expected", "can_be_below", "behaviours"}.
    """
    said = [Category(referral.category).label] if referral.has_category and referral.category else []
    said.append(Tier(referral.tier).label if referral.tier else "no tier")
    return {
        "has_category": referral.has_category,
        "said": words.listed(said),
        "expected": expected_in_words(referral),
        "can_be_below": _can_be_below(referral),
        "behaviours": to_view(referral) if referral.has_category else [],
    }


def _can_be_below(referral):
    """Whether a manager who agrees with the worker may still choose less than the pathway expects."""
    expected = referral.pathway().response_for(referral.category).tier if referral.category else None
    tier_is_low = expected is not None and referral.tier is not None and referral.tier < expected
    return referral.expects_statutory() or tier_is_low


def _judgements(referral, assessment):
    if assessment is None or assessment.submitted_by is None:
        return [{"label": "Assessment", "value": "None was submitted"}]
    who = (
        f"{assessment.get_kind_display()}, submitted by {assessment.submitted_by.name} on "
        f"{words.instant(assessment.submitted_at)}"
    )
    rows = [{"label": "Assessment", "value": who}]
    if referral.has_category:
        chosen = assessment.get_category_display() or "Not asked when this was submitted"
        rows.append({"label": "Hackett category", "value": chosen})
        rows.append({"label": "Brook", "value": _brook(assessment)})
    rows.append({"label": "Threshold", "value": referral.pathway().tier_words[Tier(assessment.tier)]})
    rows.append({"label": "The pathway leads to", "value": expected_in_words(referral)})
    return rows


def _brook(assessment):
    said = assessment.get_brook_display()
    if assessment.brook_by is None:
        return said
    return f"{said}, {words.day(assessment.brook_on)}, by {finder_in_words(assessment)}"


def expected_in_words(referral):
    """The allocated service response that the pathway expects for the judgements in force."""
    return referral.expected_response().service_words


def _mismatches(referral, assessment):
    if assessment is None or not referral.has_category:
        return []
    return pathway.mismatches(
        referral.pathway(), category=assessment.category, brook=assessment.brook, tier=assessment.tier
    )


def _returned(referral, assessment):
    """Why it was returned to the worker, and what changed before it was sent again; None where it never was."""
    if assessment is None or assessment.submitted_at is None:
        return None
    entry = (
        Entry.objects.filter(record=referral.record_id, verb="return_to_worker", actor__isnull=False)
        .filter(recorded_at__gte=assessment.started_at, recorded_at__lte=assessment.submitted_at)
        .select_related("actor")
        .order_by("-number")
        .first()
    )
    if entry is None:
        return None
    return {
        "by": f"{entry.actor.name} on {words.instant(entry.recorded_at)}",
        "reason": entry.reason,
        "again": words.instant(assessment.submitted_at),
        **changed_since_return(assessment),
    }


def _what_happened(referral, behaviours, user):
    """The behaviours as the worker described them; for a child without a category what was reported."""
    if not referral.has_category:
        return [{**each, "open": False} for each in reported_of(referral, user)]
    return [
        {"summary": f"What happened: {each['heading'].lower()}", "text": each["description"], "open": False}
        for each in behaviours
    ]


def _texts(referral, assessment):
    """The worker's own words, long ones folded: (summary, text)."""
    if assessment is None:
        return
    yield {"summary": "The worker's rationale", "text": assessment.rationale, "open": True}
    shown = [
        ("Context of the child", assessment.context_displayed if referral.has_category else ""),
        ("What protects the child", assessment.protective_factors),
        ("Who may be at risk", assessment.risk_statement),
        ("The child's safety now", assessment.safety_now if referral.has_safety_page else ""),
        ("The support the child needs", assessment.support_needed if referral.has_safety_page else ""),
        ("The child's views", assessment.child_views or assessment.wishes),
        ("The family's views", assessment.family_views),
    ]
    for summary, text in shown:
        if text.strip():
            yield {"summary": summary, "text": text, "open": False}


def _notices(referral):
    if not referral.is_undecided:
        return
    if referral.category in POLICE_CATEGORIES:
        yield (
            f"Category 2 or 3: a strategy meeting is expected, and {police_form()} goes to the police with the HSB "
            "risk assessment. When you allocate, the decision on the meeting is asked for at once."
        )
    elif referral.expected_response().meeting_question:
        yield "When you allocate to a statutory team, a manager records whether a strategy meeting is convened."
    if referral.police_outstanding:
        yield f"{police_form()} is not resolved. The referral can be allocated, but not closed, before it is."


# --- The other children of the concern ----------------------------------------------------


def other_children(referral, user):
    """The other children of the referral's concerns, each once, masked where this reader may not open them.

    A child: {"name", "url", "reference", "part", "decided", "state", "decide_url"}; `decide_url` where the reader may
    decide on it now, or close it in the same step.
    """
    parts = _others_kept(user).objects(**_of(referral))
    by_child = {}
    for part in parts:
        by_child.setdefault(part.referral_id or f"person-{part.person_id}", []).append(part)
    readable = {part.referral_id for part in parts if part.opens}
    named = {part.person_id for part in parts if part.named}
    decidable = _decidable([child[0].referral for child in by_child.values() if child[0].referral_id in readable], user)
    return [_child(child, readable, named, decidable) for child in by_child.values()]


def asking_other_children(referral, user):
    """The Question of `other_children` (riding.py)."""
    return _others_kept(user).asking(**_of(referral))


def _of(referral):
    return {"referral": referral.pk, "person": referral.person_id}


def _others_kept(user):
    """Every part of another child in the concerns of one referral, as it is kept."""

    def others():
        concerns = Involvement.objects.filter(referral=Given("referral", BigIntegerField())).values("concern")
        return (
            Involvement.objects.filter(concern__in=concerns, role__in=NEEDS_REFERRAL)
            .exclude(person=Given("person", BigIntegerField()))
            .select_related("person", "referral__record", "referral__person", "referral__authors_team")
            .annotate(
                opens=Exists(Referral.objects.visible_to(user).filter(pk=OuterRef("referral"))),
                named=Case(
                    When(referral=None, then=Exists(Person.objects.visible_to(user).filter(pk=OuterRef("person")))),
                    default=False,
                ),
            )
            .order_by("pk")
        )

    return composed.kept(("other children", access.rights_today(user)), others)


def _decidable(referrals, user):
    """Keys of those that wait for a decision which this manager may take: in few queries."""
    waiting = [r for r in referrals if r.state == ReferralState.AWAITING_DECISION and decides_for(r, user)]
    if not waiting:
        return set()
    parts, assessments = fetch(
        Involvement.objects.filter(referral__in=waiting).select_related("concern"),
        RiskAssessment.objects.filter(referral__in=waiting).order_by("number"),
    )
    spread(parts, waiting, "involvements")
    latest = {row.referral_id: row for row in assessments}
    return {r.pk for r in waiting if not wrote(r, user, latest.get(r.pk))}


def _child(parts, readable, named, decidable):
    referral = parts[0].referral
    roles = sorted({role_in_words(part) for part in parts})
    if referral is None:
        why = "Known by a first name only" if parts[0].person.first_name_only else "Of another borough"
        return {
            "name": parts[0].person.known_as if parts[0].person_id in named else MASKED,
            "part": words.listed(roles),
            "state": f"{why}: no referral of ours",
            "decided": None,
            "url": "",
            "reference": "",
            "decide_url": "",
        }
    seen = referral.pk in readable
    decided = referral.state not in UNDECIDED
    state = referral.get_state_display()
    return {
        "name": referral.person.known_as if seen else MASKED,
        "part": words.listed(roles),
        "state": state if seen or not decided else "Decided",
        "decided": decided,
        "url": deeds.url_of("case", referral) if seen else "",
        "reference": referral.reference if seen else "",
        "decide_url": deeds.url_of("decide", referral) if referral.pk in decidable else "",
    }


# Whether a child is decided on; nothing of one for whom there is nothing to decide.
DECIDED_TAGS = {
    True: [{"text": "Decided", "meaning": "done"}],
    False: [{"text": "Not decided yet", "meaning": "soon"}],
    None: [],
}


def _child_row(child):
    return [
        {"text": child["name"], "url": child["url"], "note": child["reference"]},
        child["part"],
        _decision_cell(child),
    ]


def _decision_cell(child):
    tags = DECIDED_TAGS[child["decided"]]
    if child["decide_url"]:
        return {"text": f"Decide on {child['name']}", "url": child["decide_url"], "tags": tags, "note": child["state"]}
    return {"text": child["state"], "tags": tags}

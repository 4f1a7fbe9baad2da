"""The behaviours of an assessment, ready to read, and the concerns that a behaviour of this child can belong to."""

from hsb.core import words
from hsb.core.asked_once import asked_once, marked
from referrals.models import BehaviourAtMeeting, BehaviourCategory
from referrals.selectors import ages, brook
from referrals.selectors.assessment_pages import behaviours_with_category
from referrals.selectors.described import described
from referrals.selectors.judgements import VIEW_HEAD, views_of_behaviours
from referrals.states import Category, Context, InvolvementRole, InvolvementStatus


def behaviours_of(assessment):
    """The behaviours of the assessment: for one that is decided only those it rated. What happened is folded."""
    marked(assessment.referral)
    person, before = assessment.referral.person, _rated_before(assessment)
    colours = brook.of_behaviours(assessment.referral)
    views = views_of_behaviours(assessment.referral)
    return [
        {
            "number": place,
            "behaviour": row,
            "heading": f"Behaviour {place}",
            "rows": [
                {"label": "When", "value": _when(row, person)},
                {"label": "Where in the child's life", "value": contexts_in_words(row.contexts)},
                *_last_time(before, row),
                {"label": "Category", "value": Category(category).label if category else "", "empty": "Not rated yet"},
                *_colours(colours, row),
                {"label": "Written by", "value": f"{row.author.name}, {words.instant(row.recorded_at)}"},
            ],
            "description": row.description,
            "category": category,
            "views": views.get(row.pk),
            "view_head": VIEW_HEAD,
        }
        for place, (row, category) in enumerate(_shown(assessment), start=1)
    ]


def to_view(referral):
    """The child's behaviours as somebody gives a view of each: [{"key", "heading", "said"}], with the views so far."""
    views = views_of_behaviours(referral)
    return [
        {
            "key": row.pk,
            "heading": f"Behaviour {place}",
            "said": ". ".join([*_day(row), *(views[row.pk]["said"] if row.pk in views else ["No view yet"])]),
        }
        for place, row in enumerate(described(referral), start=1)
    ]


def _day(row):
    said = words.day(row.happened_on) or row.happened_in_words
    return [said] if said else []


@asked_once
def said_at_meeting(meeting, referral):
    """What the meeting (its record) says of the child's behaviours: [(place, Behaviour's key, category, reason)]."""
    rows = BehaviourAtMeeting.objects.filter(meeting=meeting, behaviour__in=referral.behaviours())
    kept = {row.behaviour_id: row for row in rows}
    if not kept:
        return []
    return [
        (place, key, kept[key].category, kept[key].reason)
        for place, key in enumerate((row.pk for row in described(referral)), start=1)
        if key in kept
    ]


def _rated_before(assessment):
    """Behaviour -> the category of the assessment before this one; empty for a first assessment."""
    if assessment.number == 1:
        return {}
    earlier = BehaviourCategory.objects.filter(
        assessment__referral=assessment.referral_id, assessment__number__lt=assessment.number
    )
    return dict(earlier.order_by("assessment__number").values_list("behaviour", "category"))


def _last_time(before, row):
    return [{"label": "Category last time", "value": Category(before[row.pk]).label}] if row.pk in before else []


def _colours(colours, row):
    """What trained colleagues found of this one behaviour with the Brook tool."""
    return [{"label": "Brook colour", "values": colours[row.pk]}] if row.pk in colours else []


def _shown(assessment):
    pairs = behaviours_with_category(assessment)
    return pairs if assessment.is_writable else [(row, category) for row, category in pairs if category]


def _when(row, person):
    if row.happened_on is None:
        return row.happened_in_words
    said = f"{words.day(row.happened_on)} ({ages.on_day(person, row.happened_on)})"
    return f"{said}. {row.happened_in_words}" if row.happened_in_words else said


def contexts_in_words(codes):
    """The contexts of a behaviour, as one line."""
    return ", ".join(Context(code).label for code in codes)


# --- Where a behaviour belongs ---


def concerns_of_child(referral):
    """[(reference, words)] of the concerns in which this child displayed, the oldest first."""
    return [(concern.reference, _concern_in_words(concern)) for concern in _concerns(referral)]


def concern_of_child(referral, reference):
    """The concern of that reference in which this child displayed, or None."""
    return next((concern for concern in _concerns(referral) if concern.reference == reference), None)


def when_of_only_concern(referral):
    """What a first behaviour starts from: when the one concern says it happened. Empty where there are several."""
    concerns = _concerns(referral)
    if len(concerns) != 1:
        return {}
    return {name: getattr(concerns[0], name) for name in ("happened_on", "happened_in_words")}


def _concerns(referral):
    known = referral.__dict__.get("_displayed_concerns")
    if known is None:
        parts = referral.known("involvements")
        if parts is None:
            parts = referral.involvements.select_related("concern__record").order_by("concern__reported_on", "concern")
        known = referral.__dict__["_displayed_concerns"] = [
            part.concern
            for part in parts
            if part.role == InvolvementRole.DISPLAYED and part.status != InvolvementStatus.UNFOUNDED
        ]
    return known


def _concern_in_words(concern):
    when = words.day(concern.happened_on) or concern.happened_in_words
    reported = f"Reported on {words.day(concern.reported_on)}"
    return f"{reported}, about {when}" if when else reported

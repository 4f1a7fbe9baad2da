"""The behaviours of a child with all that was said of each: categories, views of it alone, colours."""

from django.db.models import OuterRef

from hsb.core.asked_once import asked_once
from hsb.core.rows_beside import RowsBeside
from referrals.models import BehaviourCategory, BrookFinding, CategoryDecision


@asked_once
def described(referral):
    """The behaviours of the referral's child, in order, in one question. Each with

    rated: {key of an assessment: its category for it};
    views: the CategoryDecisions of this referral about it alone, the newest first;
    colours: the BrookFindings of this referral about it that nobody has recorded anew, the latest first.
    """
    rated, views, colours = _beside(referral).values()
    found = list(what_is_described(referral))
    for row in found:
        row.rated = {each.assessment_id: each.category for each in rated.objects(row.rated)}
        row.views = views.objects(row.views)[::-1]
        row.colours = colours.objects(row.colours)[::-1]
    return found


@asked_once
def what_is_described(referral):
    """What `described` reads, a queryset: a page that only shows may have it asked with others (fetched.py) before."""
    rows = referral.behaviours().select_related("involvement__concern__record", "author")
    return rows.annotate(**{name: each.column() for name, each in _beside(referral).items()})


@asked_once
def _beside(referral):
    own = {"referral": referral.pk, "behaviour": OuterRef("pk")}
    return {
        "rated": RowsBeside(BehaviourCategory.objects.filter(behaviour=OuterRef("pk"))),
        "views": RowsBeside(CategoryDecision.objects.filter(**own), ("by",), ("recorded_at", "pk")),
        "colours": RowsBeside(
            BrookFinding.objects.filter(**own, replaced_by__isnull=True), ("found_by",), ("found_on", "number")
        ),
    }

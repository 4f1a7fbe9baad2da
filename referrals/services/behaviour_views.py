"""What a manager, a meeting or a review says of one behaviour, beside the worker's view; every view is kept (A4)."""

from hsb.core.refusals import NotReady
from referrals.models import BehaviourAtMeeting, CategoryDecision
from referrals.states import POLICE_CATEGORIES, Category


def give(referral, views, **same):
    """Keeps a view of each behaviour in `views` ({key: (category, reason)}); `same` are the other fields of a
    CategoryDecision. Returns what the journal says of it. Call with the referral locked."""
    kept = _known(referral, views)
    CategoryDecision.objects.bulk_create(
        CategoryDecision(referral=referral, behaviour=behaviour, category=category, reason=reason, **same)
        for _, behaviour, category, reason in kept
    )
    return {"behaviours": {str(place): category for place, _, category, _ in kept}} if kept else {}


def one_reaches_the_police(referral, **of):
    """Whether the latest view of one behaviour, of those that `of` finds, is category 2 or 3: what it is about is
    looked at by the police whatever the whole comes to, or a manager says why not (B3, B4)."""
    views = CategoryDecision.objects.filter(referral=referral, behaviour__isnull=False, **of)
    latest = {view.behaviour_id: view.category for view in views.order_by("recorded_at", "pk")}
    return any(category in POLICE_CATEGORIES for category in latest.values())


def _known(referral, views):
    """[(place, Behaviour, category, reason)] of the referral's own; raises NotReady where something is missing."""
    found, missing, left = [], [], dict(views)
    if views and not referral.has_category:
        raise NotReady("A category is given only for a child who displayed the behaviour.")
    for place, behaviour in enumerate(referral.behaviours() if views else (), start=1):
        if behaviour.pk not in left:
            continue
        category, reason = left.pop(behaviour.pk)
        if category not in Category.values:
            missing.append(f"Choose the category of behaviour {place}.")
        if not reason.strip():
            missing.append(f"Say what the category of behaviour {place} rests on.")
        found.append((place, behaviour, category, reason.strip()))
    if left:
        missing.append("Choose among the behaviours of this child.")
    if missing:
        raise NotReady(*missing)
    return found


def say_at_meeting(meeting, referral, views):
    """What the meeting (its record) says of the child's behaviours until its decisions are issued: all of it, anew."""
    kept = _known(referral, views)
    BehaviourAtMeeting.objects.filter(meeting=meeting, behaviour__in=referral.behaviours()).delete()
    BehaviourAtMeeting.objects.bulk_create(
        BehaviourAtMeeting(meeting=meeting, behaviour=behaviour, category=category, reason=reason)
        for _, behaviour, category, reason in kept
    )

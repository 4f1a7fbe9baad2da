"""Which concerns and referrals a question about one child may name: few, and by the reader's right."""

from hsb.core import words
from referrals.models import Concern, Referral
from referrals.states import OPEN, InvolvementStatus


def concerns_of(referral):
    """The concerns of one referral, the first reported first."""
    if (parts := referral.known("involvements")) is not None:
        return concerns_in(parts)
    return list(
        Concern.objects.filter(involvements__referral=referral)
        .select_related("record", "place")
        .distinct()
        .order_by("reported_on", "pk")
    )


def concerns_in(parts):
    """The concerns of these Involvements, each once, in their order."""
    return list({part.concern_id: part.concern for part in parts}.values())


def concern_choices(concerns):
    """(reference, words) of each: when it was reported, and by whom."""
    return [
        (concern.reference, f"Reported on {words.day(concern.reported_on)}: {concern.get_source_display()}")
        for concern in concerns
    ]


def concern_in_words(concern):
    """What a concern is called within a sentence."""
    return f"the concern reported on {words.day(concern.reported_on)}"


def is_told(referral, concerns, on):
    """Whether it is recorded that the referrer of every one of `concerns` was told `on` that day, and no task asks."""
    asked = referral.record.tasks.open().filter(kind="tell_referrer").exists()
    return not asked and bool(concerns) and all(concern.referrer_told_on == on for concern in concerns)


def roles_now(referral, concern):
    """The child's parts in the concern that stand."""
    parts = referral.involvements.filter(concern=concern).exclude(status=InvolvementStatus.UNFOUNDED)
    return list(parts.order_by("pk").values_list("role", flat=True))


def other_open_referrals(referral, user):
    """(reference, words) of the same child's other open referrals: restricted ones only where the reader opens them."""
    others = Referral.objects.filter(person=referral.person_id, state__in=OPEN).exclude(pk=referral.pk)
    openable = set(Referral.objects.visible_to(user).filter(pk__in=others.values("pk")).values_list("pk", flat=True))
    rows = others.select_related("record__holding_team", "worker").order_by("-received_at")
    return [(row.reference, _said(row)) for row in rows if row.pk in openable or not row.record.restricted]


def _said(referral):
    team = referral.record.holding_team
    holder = f"{team.name}: {referral.worker.name}" if referral.worker else team.name if team else "no team yet"
    return f"{referral.reference}, {referral.get_state_display().lower()}, with {holder}"

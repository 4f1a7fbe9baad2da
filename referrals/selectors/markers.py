"""Markers as they are read: the tag beside the name, the folded reason, the list, and who may change them."""

from django.urls import reverse

from hsb.core import settings_in_force, words
from referrals.models import Involvement, Marker, Referral
from referrals.permissions import can_mark
from referrals.states import OPEN, MarkerKind

NAMED = ("person__record", "agreed_by", "added_by", "ended_by")


def kind_in_words(kind):
    """What the borough calls a kind of marker."""
    return settings_in_force.value("marker_labels").get(kind) or MarkerKind(kind).label


def kinds():
    """Every kind, as choices."""
    return [(kind.value, kind_in_words(kind.value)) for kind in MarkerKind]


def tags(markers):
    """The type alone, once each: why it is there is folded on the overview."""
    return [{"text": text, "meaning": "late"} for text in dict.fromkeys(kind_in_words(m.kind) for m in markers)]


def note(marker):
    """For components that show notes: the type, who agreed, and the reason folded."""
    return {
        "title": kind_in_words(marker.kind),
        "tag": None,
        "by": f"Agreed by {marker.agreed_by.name}. To be looked at again by {words.day(marker.review_on)}.",
        "texts": [{"summary": "Why it is there", "text": marker.reason}],
    }


def marker_list(referral, person, user):
    """The page of one person's markers: those in force, and those that have ended."""
    every = list(
        Marker.objects.visible_to(user).filter(person=person).select_related(*NAMED).prefetch_related("reviews__by")
    )
    home = home_of(person, referral)
    changes = may_change(home, user)
    address = [referral.reference, person.reference]
    return {
        "in_force": [_row(m, address if changes else None) for m in every if m.ended_at is None],
        "ended": [_row(m, None) for m in reversed(every) if m.ended_at is not None],
        "add_url": reverse("referrals:add_marker", args=address) if changes and home.is_open else "",
    }


def _row(marker, address):
    rows = [
        {"label": "Agreed by", "value": marker.agreed_by.name},
        {"label": "Added", "value": f"{words.day(marker.added_at)}, by {marker.added_by.name}"},
        {
            "label": "Was told" if marker.person.is_adult else "Child was told",
            "value": _told(marker.person_told_on, marker.person_not_told_because),
        },
    ]
    if not marker.person.is_adult:
        told = _told(marker.parent_told_on, marker.parent_not_told_because)
        rows.append({"label": "Parent was told", "value": told})
    rows += [
        {"label": f"Looked at again on {words.day(each.at)}", "value": f"{each.by.name}: {each.reason}"}
        for each in marker.reviews.all()
    ]
    if marker.ended_at is None:
        rows.append({"label": "To be looked at again by", "value": words.day(marker.review_on)})
    else:
        ended = f"{words.day(marker.ended_at)}, by {marker.ended_by.name}: {marker.ended_reason}"
        rows.append({"label": "Ended", "value": ended})
    urls = {
        verb: reverse(f"referrals:{verb}_marker", args=[*address, marker.number]) if address else ""
        for verb in ("review", "end")
    }
    return {
        "title": kind_in_words(marker.kind),
        "number": marker.number,
        "reason": marker.reason,
        "rows": rows,
        "review_url": urls["review"],
        "end_url": urls["end"],
    }


def _told(day, why_not):
    return f"On {words.day(day)}" if day else f"Not told: {why_not}"


def together(referral, person):
    """Whether the person is the referral's child, or somebody in one of its concerns."""
    if person.pk == referral.person_id:
        return True
    return Involvement.objects.filter(person=person, concern__involvements__referral=referral).exists()


def home_of(person, referral):
    """The referral whose holder looks after the person's markers: their own open one, else this one."""
    if person.pk == referral.person_id and referral.is_open:
        return referral
    own = Referral.objects.filter(person=person, state__in=OPEN).select_related("record__holding_team")
    return own.order_by("-received_at").first() or referral


def may_change(home, user):
    """Whether the reader may add, review and end there."""
    return can_mark(home, user) and Referral.objects.visible_to(user).filter(pk=home.pk).exists()


def marker_at(person, number, user):
    """The marker of that number, or None."""
    found = Marker.objects.visible_to(user).select_related(*NAMED)
    return found.filter(person=person, number=number).first()

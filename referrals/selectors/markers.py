"""Markers as they are read: the tag beside the name, the folded reason, the list, and who may change them."""

from django.db.models import BigIntegerField, BooleanField, CharField, ExpressionWrapper, Q
from django.urls import reverse

from hsb.core import access, composed, settings_in_force, words
from hsb.core.composed import Given
from hsb.core.fetched import fetch, spread
from referrals.models import Involvement, Marker, MarkerReview, MarkerTelling, Referral
from referrals.permissions import can_mark
from referrals.states import OPEN, MarkerKind, Told

NAMED = ("person__record", "agreed_by", "confirmed_by", "added_by", "ended_by")
PERSON = Given("person", CharField())  # a reference
LINKS = {
    "confirm": "Confirm that you agreed",
    "review": "Look at it again",
    "tell": "Record who was told later",
    "end": "End it",
}


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
        "by": f"{_agreed(marker)}. To be looked at again by {words.day(marker.review_on)}.",
        "texts": [{"summary": "Why it is there", "text": marker.reason}],
    }


def _agreed(marker):
    if marker.confirmed_at is None:
        return f"Agreed with {marker.agreed_by.name}, who has not confirmed it yet"
    return f"Agreed by {marker.confirmed_by.name}"


def marker_list(referral, person, user, to_be_confirmed):
    """The page of one person's markers: those in force, and those that have ended.

    `to_be_confirmed(markers, home, user)`: those that wait for the reader.
    """
    every = _with_what_followed(person)
    home = home_of(person, referral, user)
    changes = may_change(home, user, found=referral)
    confirms = to_be_confirmed(every, home, user)
    address = [referral.reference, person.reference]
    return {
        "in_force": [_row(m, address, changes=changes, confirms=m in confirms) for m in every if m.ended_at is None],
        "ended": [_row(m, address) for m in reversed(every) if m.ended_at is not None],
        "add_url": reverse("referrals:add_marker", args=address) if changes and home.is_open else "",
    }


def _with_what_followed(person):
    """Every marker on the person, with its reviews and who was told later."""
    # Of a record that was joined to this one too: all of those have ended.
    of_person = Marker.objects.filter(Q(person=person) | Q(person__joined_to=person))
    every, reviews, tellings = fetch(
        of_person.select_related(*NAMED),
        MarkerReview.objects.filter(marker__in=of_person).select_related("by"),
        MarkerTelling.objects.filter(marker__in=of_person).select_related("by"),
    )
    spread(reviews, every, "reviews")
    spread(tellings, every, "tellings")
    return list(every)


def _row(marker, address, *, changes=False, confirms=False):
    rows = [
        {"label": "Agreement", "value": _agreed_when(marker)},
        {"label": "Added", "value": f"{words.day(marker.added_at)}, by {marker.added_by.name}"},
        {
            "label": "Was told" if marker.person.is_adult else "Child was told",
            "value": _told(marker, Told.PERSON),
        },
    ]
    if not marker.person.is_adult:
        rows.append({"label": "Parent was told", "value": _told(marker, Told.PARENT)})
    rows += [
        {"label": f"Looked at again on {words.day(each.at)}", "value": f"{each.by.name}: {each.reason}"}
        for each in marker.reviews.all()
    ]
    if marker.ended_at is None:
        rows.append({"label": "To be looked at again by", "value": words.day(marker.review_on)})
    else:
        ended = f"{words.day(marker.ended_at)}, by {marker.ended_by.name}: {marker.ended_reason}"
        rows.append({"label": "Ended", "value": ended})
    offered = {"confirm": confirms, "review": changes, "tell": changes and bool(marker.not_told()), "end": changes}
    return {
        "title": kind_in_words(marker.kind),
        "number": marker.number,
        "reason": marker.reason,
        "rows": rows,
        "links": [
            {"text": LINKS[verb], "url": reverse(f"referrals:{verb}_marker", args=[*address, marker.number])}
            for verb, offers in offered.items()
            if offers
        ],
    }


def _agreed_when(marker):
    said = _agreed(marker)
    if marker.confirmed_at is None:
        return said
    instead = "" if marker.confirmed_by_id == marker.agreed_by_id else f", in place of {marker.agreed_by.name}"
    return f"{said}{instead} on {words.day(marker.confirmed_at)}"


def _told(marker, who):
    day = getattr(marker, f"{who.value}_told_on")
    if day:
        return f"On {words.day(day)}"
    at_first = f"Not told: {getattr(marker, f'{who.value}_not_told_because')}"
    later = next((each for each in marker.tellings.all() if each.who == who), None)
    return f"On {words.day(later.told_on)}, recorded by {later.by.name}. At first: {at_first}" if later else at_first


def asking_where(referral, reference, user):
    """The Questions of `together` and `home_of` (riding.py) of the person with that reference; None for what needs no
    asking."""
    is_child = reference == referral.person.reference
    return (
        None if is_child else _parts_kept().asking_one(person=reference, referral=referral.pk),
        None if is_child and referral.is_open else _own_kept(user).asking_one(person=reference),
    )


def together(referral, person):
    """Whether the person is the referral's child, or somebody in one of its concerns."""
    if person.pk == referral.person_id:
        return True
    return _parts_kept().row(person=person.reference, referral=referral.pk) is not None


def _parts_kept():
    def parts():
        of_referral = Involvement.objects.filter(concern__involvements__referral=Given("referral", BigIntegerField()))
        return of_referral.filter(person__record__reference=PERSON).order_by("pk").values("pk")[:1]

    return composed.kept("parts of a person in a referral", parts)


def home_of(person, referral, user):
    """The referral whose holder looks after the person's markers: their own open one, else this one."""
    if person.pk == referral.person_id and referral.is_open:
        return referral
    return _own_kept(user).one(person=person.reference) or referral


def _own_kept(user):
    """A person's own open referral, and whether `user` may open it."""

    def own():
        opens = ExpressionWrapper(access.readable(user), output_field=BooleanField())
        found = Referral.objects.filter(person__record__reference=PERSON, state__in=OPEN).annotate(reader_opens=opens)
        return found.select_related("record__holding_team").order_by("-received_at")[:1]

    return composed.kept(("own open referral", access.rights_today(user)), own)


def may_change(home, user, found):
    """Whether the reader may add, review and end there; the referral that the page has `found` is theirs to open."""
    return can_mark(home, user) and (home is found or home.reader_opens)


def marker_at(person, number, user):
    """The marker of that number, or None."""
    found = Marker.objects.visible_to(user).select_related(*NAMED)
    return found.filter(person=person, number=number).first()

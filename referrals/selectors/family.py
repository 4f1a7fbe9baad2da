"""Household and family of a child, each of them by the reader's right: a list, and what is drawn of it (B7, B8).

Somebody of the family without a referral (a parent, mostly) is named to whoever may open the child. Another child is
named to whoever may open that one too, or recorded the relationship; of a restricted record nothing is said but the
relationship itself: where the child lives is not read off another child's page (B15).
"""

from dataclasses import dataclass

from django.conf import settings
from django.db.models import BigIntegerField, Case, Exists, OuterRef, When
from django.urls import reverse

from hsb.core import access, clock, composed, words
from hsb.core.composed import Given
from hsb.core.models import AccessBar
from referrals.kinships import NEEDS_WORDS, Circle, DayKnown, Together
from referrals.models import Person, Referral, Relationship
from referrals.permissions import can_relate
from referrals.selectors.concerns import masked_person
from referrals.selectors.family_drawing import Figure, drawing
from referrals.selectors.involved import people_in_each
from referrals.selectors.joining import concerns_in
from referrals.selectors.people import unsign_pick
from referrals.selectors.person_details import one_line
from referrals.selectors.reading import Reading
from referrals.states import YesNoUnknown

HEAD = ("Who", "What they are", "Home", "Safe contact")
HEAD_ENDED = ("Who", "What they were", "How it ended")
RESTRICTED = "A person whose record is restricted"
NOT_SHOWN = "Not shown to you"
RESPONSIBILITY = {
    YesNoUnknown.YES: "has parental responsibility",
    YesNoUnknown.NO: "has no parental responsibility",
    YesNoUnknown.UNKNOWN: "parental responsibility not known",
}
VERSIONS_SHOWN = 50


@dataclass
class Seen:
    """One relationship as one reader sees it on the page of `child`. `shown`: more than what it is may be said."""

    row: Relationship
    child: Person
    person: Person
    name: str
    shown: bool
    # Not even whether they live together.
    restricted: bool
    opens: Referral | None

    @property
    def side(self):
        return self.row.side_for(self.child)

    @property
    def at_home(self):
        return not self.restricted and self.row.shares_home(clock.today())

    @property
    def relation(self):
        """ "Mother", "Other (Godparent)": without the words, where those might name somebody."""
        said = self.row.words if self.shown else ""
        if said and self.row.flipped_for(self.child) and self.row.kind in NEEDS_WORDS:
            # The words say what the other one is, and this page is theirs.
            return f"{self.side.label} (from the other side: {said})"
        return f"{self.side.label} ({said})" if said else self.side.label


def family(referral, user):
    """Plain data for the tab "People": the lists, the drawing, and the way to add somebody. Constant in queries."""
    child = referral.person
    seen = seen_by(child, user)
    standing = [each for each in seen if each.row.is_open]
    may = can_relate(referral, user)
    return {
        "head": (*HEAD, "Change") if may else HEAD,
        "head_ended": HEAD_ENDED,
        "groups": [
            {"title": title, "rows": [_cells(each, referral, may) for each in members]}
            for title, members in _grouped(standing)
            if members
        ],
        "ended": [_cells_of_ended(each) for each in seen if not each.row.is_open],
        "drawing": drawing(child.known_as, figures(standing)),
        "add_url": reverse("referrals:family_search", args=[referral.reference]) if may else "",
    }


def seen_by(child, user):
    """[Seen] of the child's relationships, open and ended, in the order they were recorded. Two queries at most."""

    rows = _relationships(user).objects(child=child.pk)
    others = {row.whose for row in rows}
    if not others:
        return []
    referrals = Referral.objects.filter(person__in=others).read_by(user).select_related("record")
    referrals = list(referrals.order_by("received_at", "pk"))
    opened = {row.whose for row in rows if row.opened}
    barred = {row.whose for row in rows if row.barred}
    # Whoever recorded one of them searched for that child, and was shown the name (B8).
    own = {row.other_than(child).pk for row in rows if row.recorded_by_id == user.pk}
    found = []
    for row in rows:
        person = row.other_than(child)
        theirs = [each for each in referrals if each.person_id == person.pk]
        secret = person.record.restricted or any(each.record.restricted for each in theirs)
        named = person.pk in opened or (not secret and person.pk not in barred and (not theirs or person.pk in own))
        masked = RESTRICTED if secret else "Another adult" if person.is_adult else "Another child"
        found.append(
            Seen(
                row=row,
                child=child,
                person=person,
                name=person.known_as if named else masked,
                shown=named,
                restricted=secret and not named,
                opens=next((each for each in reversed(theirs) if each.opens), None),
            )
        )
    return found


def asking_family(child, user):
    """The Question of `seen_by` (riding.py), but for the referrals of the others."""
    return _relationships(user).asking(child=child.pk)


def _relationships(user):
    """The Composed of a child's relationships, each with what of the other one is `user`'s to open."""

    def relationships():
        child = Given("child", BigIntegerField())
        about = Relationship.objects.of(child).annotate(whose=Case(When(person=child, then="other"), default="person"))
        return about.annotate(
            opened=Exists(Person.objects.visible_to(user).filter(pk=OuterRef("whose"))),
            barred=Exists(AccessBar.objects.filter(user=user, record=OuterRef("whose"), lifted_at__isnull=True)),
        ).select_related("person__record", "other__record", "ended_by")

    return composed.kept(("family", access.rights_today(user)), relationships)


def may_change(row, child, user):
    """Whether `user` may read and change what is said of it on the child's page; ending it needs no more than that."""
    return next(each for each in seen_by(child, user) if each.row == row).shown


def relationship_of(referral, about, user):
    """The Seen that `about` names among those of the referral's child, or None."""
    return next((each for each in seen_by(referral.person, user) if each.row.once == about), None)


def values_of(seen):
    """What is said of a relationship now, by the names of services.relating.DETAILS."""
    row = seen.row
    names = ("words", "starts_known", "starts_on", "parental_responsibility", "lives_together")
    return {
        **{name: getattr(row, name) for name in (*names, "together_from", "together_until")},
        "safe_contact": getattr(row, row.contact_field(seen.child)),
    }


# --- Who is chosen ----------------------------------------------------------------------------------------------------


def offered(referral, user, terms, found):
    """[(key, name, hint)] of whom `user` can choose: what the search found, and the people of the child's concerns.

    The key is a person's reference. The one whom the search may only hint at is offered as that (B8).
    """
    people, hints = {}, {}
    for hit in found["rows"]:
        key = unsign_pick(user, hit["pick"])
        people[key] = f"{hit['name']} (known as {hit['known_as']})" if hit["known_as"] else hit["name"]
        hints[key] = f"{_capital(hit['said'])}. {hit['held']}"
    masked = masked_person(user, terms) if found["masked"] else ""
    if masked:
        people[masked] = RESTRICTED
        hints[masked] = f"Whom you searched for. It shows you nothing: ask {settings.DUTY_DESK}"
    for everybody in people_in_each(concerns_in(Reading.of(referral, user).parts), user).values():
        for each in everybody:
            if not each["hidden"]:
                people.setdefault(each["person"].reference, each["name"])
                hints.setdefault(each["person"].reference, f"In a concern of this child. {one_line(each['person'])}")
    people.pop(referral.person.reference, None)
    return [(key, name, hints[key]) for key, name in people.items()]


# --- The lists --------------------------------------------------------------------------------------------------------


def _grouped(standing):
    elsewhere = [each for each in standing if not each.at_home]
    order = list(Circle)
    near = sorted(
        (each for each in elsewhere if each.side.circle != Circle.OTHERS),
        key=lambda each: order.index(each.side.circle),
    )
    return (
        ("In the same home", [each for each in standing if each.at_home]),
        ("Other family and carers", near),
        ("Friends and others", [each for each in elsewhere if each.side.circle == Circle.OTHERS]),
    )


def _cells(seen, referral, may):
    row = seen.row
    contact = (getattr(row, row.contact_field(seen.child)) or "Not recorded") if seen.shown else NOT_SHOWN
    return [
        _who(seen),
        {"text": seen.relation, "note": "" if seen.restricted else _capital("; ".join(_said(seen)))},
        {"text": NOT_SHOWN if seen.restricted else _home(row)},
        {"text": contact},
        *([_deed(seen, referral)] if may else []),
    ]


def _who(seen):
    cell = {"text": seen.name}
    if seen.shown:
        cell["note"] = one_line(seen.person)
        if seen.person.record.restricted or (seen.opens and seen.opens.record.restricted):
            cell["tags"] = [{"text": "Restricted", "meaning": "restricted"}]
    if seen.opens is not None:
        cell["url"] = reverse("referrals:case", args=[seen.opens.reference])
    return cell


def _deed(seen, referral):
    name, text = ("family_change", "Change or end") if seen.shown else ("family_end", "End")
    url = reverse(f"referrals:{name}", args=[referral.reference, seen.row.once])
    return {"text": text, "url": url, "hidden": f"{seen.side.label}: {seen.name}"}


def _said(seen):
    row = seen.row
    if row.parental_responsibility:
        said = RESPONSIBILITY[row.parental_responsibility]
        yield f"{seen.child.known_as}: {said}" if row.flipped_for(seen.child) else said
    if row.starts_on:
        yield f"since {_day(row.starts_on, row.starts_known)}"


def _home(row):
    if row.together_until and not row.shares_home(clock.today()):
        return f"Lived together until {words.day(row.together_until)}"
    said = {Together.YES: "Same home", Together.PART: "Same home, part of the time", Together.NO: "Another home"}
    since = f", since {words.day(row.together_from)}" if row.together_from else ""
    return f"{said[row.lives_together]}{since}" if row.lives_together in said else "Not known"


def _cells_of_ended(seen):
    row = seen.row
    if row.by_mistake:
        how = "Recorded by mistake"
    elif row.ends_on:
        how = f"Ended on {words.day(row.ends_on)}"
        if row.ends_known == DayKnown.ESTIMATED:
            how = f"Ended about {words.day(row.ends_on)}"
    else:
        how = "Ended, the day is not known"
    why = row.end_reason if row.end_reason.endswith(".") else f"{row.end_reason}."
    by = f"{row.ended_by.name}, {words.instant(row.ended_at)}."
    return [
        _who(seen),
        {"text": seen.relation, "note": "" if seen.restricted else _capital("; ".join(_said(seen)))},
        {
            "text": how,
            "note": f"{why} {by}" if seen.shown else "",
        },
    ]


def _day(day, known):
    return f"about {words.day(day)}" if known == DayKnown.ESTIMATED else words.day(day)


def _capital(text):
    return text[:1].upper() + text[1:]


# --- The drawing ------------------------------------------------------------------------------------------------------


def figures(standing):
    """[Figure], one for each person: of somebody who is several things all are said."""
    by_person = {}
    for each in standing:
        by_person.setdefault(each.person.pk, []).append(each)
    order = list(Circle)
    found = []
    for parts in by_person.values():
        first = min(parts, key=lambda each: order.index(each.side.circle))
        found.append(
            Figure(
                name="Record restricted" if first.restricted else first.name,
                relation=words.listed(dict.fromkeys(each.side.label for each in parts)),
                circle=first.side.circle,
                at_home=any(each.at_home for each in parts),
                shown=first.shown,
                responsible=any(_holds_responsibility(each) for each in parts),
            )
        )
    return found


def _holds_responsibility(seen):
    flipped = seen.row.flipped_for(seen.child)
    return not seen.restricted and not flipped and seen.row.parental_responsibility == YesNoUnknown.YES


# --- Who changed what -------------------------------------------------------------------------------------------------

LABELS = {
    "words": "In other words",
    "starts_known": "How sure the beginning is",
    "starts_on": "Since when",
    "parental_responsibility": "Parental responsibility",
    "lives_together": "Home",
    "together_from": "In one home since",
    "together_until": "In one home until",
}


def history(seen):
    """Who changed which details when, the newest first: for a timeline. Field names only, as of a person's details."""
    contact = seen.row.contact_field(seen.child)
    labels = {**LABELS, contact: "Safe contact"}
    versions = list(
        seen.row.history.select_related("history_user").order_by("-history_date", "-history_id")[: VERSIONS_SHOWN + 1]
    )
    rows = []
    for newer, older in zip(versions, [*versions[1:], None], strict=True):
        changed = [
            label
            for name, label in labels.items()
            if older is not None and getattr(newer, name) != getattr(older, name)
        ]
        if older is not None and not changed:
            continue
        rows.append(
            {
                "title": "Details changed" if older is not None else "Recorded",
                "by": newer.history_user.name if newer.history_user else "",
                "at": newer.history_date,
                "text": words.listed(changed) if changed else "",
            }
        )
    return rows[:VERSIONS_SHOWN]

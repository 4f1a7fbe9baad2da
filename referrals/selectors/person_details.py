"""What a page says of one person: who it is, and the ages on the days that matter."""

from django.db.models import BigIntegerField, Prefetch
from django.utils import timezone

from hsb.core import access, clock, composed, fetched, words
from hsb.core.composed import Given
from hsb.core.models import AccessBar, ExternalId
from hsb.core.riding import riding
from referrals.models import Involvement, Person, Referral
from referrals.selectors.joining import concerns_in
from referrals.states import NEEDS_REFERRAL, OPEN, BirthPrecision

# The borough's main case system (referrals.services.intake.MAIN_SYSTEM): where a local number comes from.
MAIN_SYSTEM = "main"
PERSON = Given("person", BigIntegerField())


def is_taken(name, number):
    """Whether somebody on the books has this number; `name` is nhs_number, upn or local_id."""
    if name == "local_id":
        return ExternalId.objects.filter(system=MAIN_SYSTEM, value=number).exists()
    return Person.objects.filter(**{name: number}).exists()


def known_persons(user, references):
    """Reference -> what somebody who logs a concern may know of these persons: person, hidden, open_with.

    `hidden`: restricted, or the reader is barred; then nothing may be shown, not even that something is open.
    `open_with`: the name of the team with an open referral, "" for none. Of a record that was joined to another since,
    what is said is that one's. Four queries, however many.
    """
    if not references:
        return {}
    joined = Person.objects.filter(record__reference__in=references, joined_to__isnull=False)
    stands = dict(joined.values_list("record__reference", "joined_to__record__reference"))
    found = _known_persons(user, {stands.get(reference, reference) for reference in references})
    named = {reference: found.get(stands.get(reference, reference)) for reference in references}
    return {reference: known for reference, known in named.items() if known is not None}


def _known_persons(user, references):
    held = Referral.objects.filter(state__in=OPEN).select_related("record__holding_team").order_by("-received_at")
    persons = list(
        Person.objects.filter(record__reference__in=references)
        .select_related("record")
        .prefetch_related(Prefetch("referrals", queryset=held, to_attr="open_referrals"))
    )
    openable = set(Person.objects.visible_to(user).filter(pk__in=[p.pk for p in persons]).values_list("pk", flat=True))
    barred = set(
        AccessBar.objects.filter(
            user=user, record__in=[p.record_id for p in persons], lifted_at__isnull=True
        ).values_list("record", flat=True)
    )
    return {person.reference: _as_known(person, person.pk in openable, person.pk in barred) for person in persons}


def _as_known(person, openable, barred):
    restricted = person.record.restricted or any(open_one.record.restricted for open_one in person.open_referrals)
    hidden = barred or (restricted and not openable)
    first = person.open_referrals[0] if person.open_referrals else None
    team = first.record.holding_team if first else None
    return {
        "person": person,
        "hidden": hidden,
        "open_with": "" if hidden or team is None else team.name,
    }


def waits_for_name(person):
    """Whether a child known by a first name only would get a referral if the family name were known."""
    if not person.first_name_only or person.is_adult or not person.ours:
        return False
    return person.involvements.filter(referral__isnull=True, role__in=NEEDS_REFERRAL).exists()


def referral_of(person, user):
    """The person's open referral that `user` may open, the latest received; None where there is none."""
    mine = Referral.objects.visible_to(user).filter(person=person, state__in=OPEN)
    return mine.select_related("record").order_by("-received_at", "-pk").first()


def one_line(person):
    """How somebody known is told apart from others of the same name: "born 5 May 2012, 14 years old"."""
    if person.born_on is None:
        return "Adult" if person.is_adult else "Date of birth not known"
    if person.birth_precision == BirthPrecision.EXPECTED and person.born_on > clock.today():
        return f"Not yet born, expected {words.day(person.born_on)}"
    if person.birth_precision == BirthPrecision.ESTIMATED:
        return _sentence(about_years(person.born_on))
    return f"Born {words.day(person.born_on)}, {years(person, clock.today())}"


def about_years(born_on):
    """An estimated age today, as it was said: "about 10 years old"; the day behind it was made up, and is not shown."""
    whole = words.age(born_on)
    return f"about {words.count(whole, 'year')} old" if whole else "about under 1 year old"


def years(person, on):
    """The age on a day, said: "14 years old", "under 1 year old", "not yet born", "age not known" (A24)."""
    if person.born_on is None or on is None:
        return "age not known"
    whole = person.age_on(on)
    if whole is None:
        return "not yet born"
    said = "under 1 year old" if whole == 0 else f"{words.count(whole, 'year')} old"
    return f"{said}, estimated" if person.birth_precision == BirthPrecision.ESTIMATED else said


def ages(person, user, referrals=None):
    """Rows (label, value): the age at each incident, at each referral that `user` may open, and today (A24).

    `referrals` are those of `read_referrals`, where the page has read them.
    """
    with riding(*(asking_ages(person, user) if referrals is None else ())):
        concerns = _concerns_of(person, user)
        if referrals is None:
            referrals = _referrals_of(user).objects(person=person.pk)
    rows = []
    for concern in concerns:
        day = concern.happened_on
        when = words.day(day) if day else concern.happened_in_words or "day not known"
        rows.append({"label": f"When it happened ({when})", "value": _sentence(years(person, day))})
    for referral in referrals:
        if not referral.opens:
            continue
        day = timezone.localtime(referral.received_at).date()
        label = f"At referral {referral.reference} ({words.day(day)})"
        rows.append({"label": label, "value": _sentence(years(person, day))})
    rows.append({"label": f"Today ({words.day(clock.today())})", "value": _sentence(years(person, clock.today()))})
    return rows


def asking_ages(person, user):
    """The Questions of `ages` and `read_referrals` (riding.py)."""
    return [kept(user).asking(person=person.pk) for kept in (_parts_of, _referrals_of)]


def read_referrals(person, user):
    """Reads the person's referrals for a page that only shows, each with `opens`, the first received first:
    `can_read_address` and `ask_for_address` find them."""
    found = _referrals_of(user).objects(person=person.pk)
    for referral in found:
        referral.reader = user
    fetched.keep(person, "referrals", found)
    return found


def _referrals_of(user):
    """The Composed of a person's referrals, each with whether `user` may open it."""

    def rows():
        referrals = Referral.objects.filter(person=PERSON).read_by(user)
        return referrals.select_related("record__holding_team").order_by("received_at")

    return composed.kept(("referrals of a person", access.rights_today(user)), rows)


def _concerns_of(person, user):
    """The concerns this person is in that a referral opens which `user` may open, the first reported first."""
    return concerns_in(_parts_of(user).objects(person=person.pk))


def _parts_of(user):
    """The Composed of the person's parts in these concerns."""

    def rows():
        opened = Referral.objects.visible_to(user)
        parts = Involvement.objects.filter(person=PERSON, concern__involvements__referral__in=opened)
        return parts.select_related("concern").order_by("concern__reported_on", "pk")

    return composed.kept(("concerns of a person", access.rights_today(user)), rows)


def _sentence(text):
    return text[:1].upper() + text[1:]

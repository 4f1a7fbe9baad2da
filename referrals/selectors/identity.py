"""A person's identity as it is read: the present details in groups, what held before, who changed what when.

A confidential address, and with it every earlier one, is shown to whoever works with the child's own referral
(permissions.can_read_address). Everybody else reads whom to ask; so does whoever reads that it was changed.
"""

from dataclasses import dataclass
from itertools import pairwise

from django.conf import settings
from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse

from hsb.core import composed, words
from hsb.core.asked_once import asked_once
from hsb.core.identifiers import spaced_nhs_number
from referrals.codes import Absent, Language, Responsible, disabilities_in_words
from referrals.models import PastAddress, PastSchool, Person, Referral
from referrals.permissions import can_read_address, can_see, own_referral
from referrals.selectors.person_details import PERSON, about_years
from referrals.states import BirthPrecision

VERSIONS_SHOWN = 50
PAST_HEAD = ["From", "Until", "Recorded by"]
CHANGES_HEAD = ["When", "Who", "What", "Before", "After"]
NOT_KNOWN, NONE_GIVEN, DAY_NOT_KNOWN = "Not known", "None given", "Day not known"


@dataclass(frozen=True)
class Fact:
    """One row: its label, the fields it is made of, and how a version of the person says it."""

    label: str
    names: tuple
    said: object
    of_address: bool = False


def _plain(name, empty=NONE_GIVEN):
    return lambda person: getattr(person, name) or empty


def _coded(name):
    return lambda person: getattr(person, f"get_{name}_display")()


def _or_absent(name, none):
    """What is there; where it is empty, that there is none, or that nobody knows."""
    return lambda person: (
        getattr(person, name) or (none if getattr(person, f"{name}_absent") == Absent.NONE else NOT_KNOWN)
    )


def _day(name):
    return lambda person: words.day(getattr(person, name)) if getattr(person, name) else DAY_NOT_KNOWN


def _born(person):
    if not person.born_on:
        return NOT_KNOWN
    if person.birth_precision == BirthPrecision.ESTIMATED:
        said = about_years(person.born_on)
        return said[:1].upper() + said[1:]
    return f"{words.day(person.born_on)}{' (expected)' if person.birth_precision == BirthPrecision.EXPECTED else ''}"


def _nhs_number(person):
    return spaced_nhs_number(person.nhs_number) if person.nhs_number else NOT_KNOWN


def _upn(person):
    if person.upn:
        return person.upn
    return person.get_upn_unknown_display() if person.upn_unknown else "Not known: nobody has asked yet"


def _language(person):
    other = person.first_language == Language.OTHER and person.language_name
    return other or person.get_first_language_display()


def _address(person):
    if person.address or person.postcode:
        return ", ".join(part for part in (person.address, person.postcode) if part)
    return "No fixed address" if person.address_absent == Absent.NONE else NOT_KNOWN


def _council(person):
    # Asked of a version of the person too, which has the fields and not the property.
    return Responsible.UNKNOWN if person.authority_unknown else Responsible.OURS


# The groups of the page: the word in their address, their title, their rows.
GROUPS = (
    (
        "identity",
        "Identity",
        (
            Fact("First name", ("given_name",), _plain("given_name")),
            Fact("Family name", ("family_name",), _plain("family_name", NOT_KNOWN)),
            Fact("Preferred first name", ("preferred_name",), _plain("preferred_name")),
            Fact("Other names", ("aliases",), lambda person: words.listed(person.aliases.splitlines()) or NONE_GIVEN),
            Fact("Date of birth", ("born_on", "birth_precision"), _born),
            Fact("Sex", ("sex",), _coded("sex")),
            Fact("Ethnicity", ("ethnicity",), _coded("ethnicity")),
            Fact("NHS number", ("nhs_number",), _nhs_number),
            Fact("Number in the main case system", ("local_id",), _plain("local_id", NOT_KNOWN)),
        ),
    ),
    (
        "contact",
        "Contact",
        (
            Fact("Address", ("address", "postcode", "address_absent"), _address, of_address=True),
            Fact("At this address since", ("address_from",), _day("address_from"), of_address=True),
            Fact(
                "Address confidential",
                ("address_confidential",),
                lambda person: "Yes" if person.address_confidential else "No",
            ),
            Fact("First language", ("first_language", "language_name"), _language),
            Fact("Interpreter needed", ("interpreter",), _coded("interpreter")),
        ),
    ),
    (
        "education",
        "Education",
        (
            Fact(
                "School or nursery", ("school", "school_absent"), _or_absent("school", "Goes to no school or nursery")
            ),
            Fact("There since", ("school_from",), _day("school_from")),
            Fact("Unique pupil number (UPN)", ("upn", "upn_unknown"), _upn),
            Fact("Special educational needs", ("send",), _coded("send")),
        ),
    ),
    (
        "health",
        "Health",
        (
            Fact(
                "Disabilities",
                ("disabilities",),
                lambda person: ", ".join(disabilities_in_words(person.disabilities)) or NOT_KNOWN,
            ),
            Fact("GP", ("gp", "gp_absent"), _or_absent("gp", "Registered with no GP")),
        ),
    ),
    (
        "status",
        "Status",
        (
            Fact("Legal status", ("legal_status",), _coded("legal_status")),
            Fact("Looked after", ("looked_after",), lambda person: "Yes" if person.looked_after else "No"),
            Fact(
                "Responsible council",
                ("other_authority", "authority_unknown"),
                lambda person: person.other_authority or _council(person).label,
            ),
        ),
    ),
)
# Where there is none there is no day since when.
DAYS = {"address_from": ("address", "postcode"), "school_from": ("school",)}


def read_whose_addresses(persons, user):
    """Reads in one question what `can_read_address` and `ask_for_address` ask of each of these persons."""
    referrals = Referral.objects.read_by(user).select_related("record__holding_team")
    prefetch_related_objects(persons, Prefetch("referrals", referrals))
    for person in persons:
        for referral in person.referrals.all():
            referral.reader = user


@asked_once
def ask_for_address(person):
    """What stands in the place of an address that the reader may not read: whom to ask."""
    own = own_referral(person)
    if own is not None:
        team = own.record.holding_team
    else:
        part = person.involvements.select_related("concern__record__holding_team").order_by("pk").first()
        team = part.concern.record.holding_team if part else None
    return f"Confidential address: ask {team.name if team else settings.DUTY_DESK}"


def groups(person, user, referral):
    """The present details: dicts with title, rows for a summary list, change_url ("" for who changes nothing)."""
    edits = can_see(person, user)
    hidden = ask_for_address(person) if person.address_confidential and not can_read_address(person, user) else ""
    made = []
    for slug, title, facts in GROUPS:
        rows = [_row(fact, person, hidden) for fact in facts if not _has_no_day(fact, person, hidden)]
        made.append(
            {
                "slug": slug,
                "title": title,
                "rows": rows,
                "change_url": url_of_group(slug, referral, person) if edits else "",
            }
        )
    return made


def joined_records(person, user):
    """What the records that were joined to this one say: dicts with reference, rows for a summary list."""
    joined = _joined().objects(person=person.pk)
    reads = not any(other.address_confidential for other in joined) or can_read_address(person, user)
    found = []
    for other in joined:
        hidden = ask_for_address(person) if other.address_confidential and not reads else ""
        facts = [fact for _, _, facts in GROUPS for fact in facts if not _has_no_day(fact, other, hidden)]
        found.append({"reference": other.reference, "rows": [_row(fact, other, hidden) for fact in facts]})
    return found


def url_of_group(slug, referral, person):
    """Where a group is changed, inside a case."""
    if slug == "identity":
        return reverse("referrals:person_edit", args=[referral.reference, person.reference])
    return reverse("referrals:person_group", args=[referral.reference, person.reference, slug])


def _row(fact, person, hidden):
    return {"label": fact.label, "value": hidden if hidden and fact.of_address else fact.said(person)}


def _has_no_day(fact, person, hidden):
    """A day since when, where nothing has stood since, or of an address that is not shown."""
    (name, *_) = fact.names
    if name not in DAYS:
        return False
    return (bool(hidden) and fact.of_address) or not any(getattr(person, part) for part in DAYS[name])


def asking_person(person):
    """The Questions of `joined_records`, `past` and `changes` (riding.py)."""
    every = (_joined(), _past(PastSchool), _past(PastAddress), _versions())
    return [kept.asking(person=person.pk) for kept in every]


def _joined():
    """The Composed of the persons whose records are joined to a person's."""
    return composed.kept(
        "joined to a person", lambda: Person.objects.filter(joined_to=PERSON).select_related("record").order_by("pk")
    )


def _past(model):
    """The Composed of what held before of a person, and of a record that was joined to it too."""

    def rows():
        found = model.objects.filter(Q(person=PERSON) | Q(person__joined_to=PERSON))
        return found.select_related("recorded_by", "person").order_by("-pk")

    return composed.kept(("past of a person", model), rows)


def _versions():
    """The Composed of a person's latest versions, the newest first."""

    def rows():
        versions = Person.history.filter(record_id=PERSON).select_related("history_user")
        return versions.order_by("-history_date", "-history_id")[: VERSIONS_SHOWN + 1]

    return composed.kept("versions of a person", rows)


def past(person, user):
    """What held before, as two tables: heads and rows of cells, the latest that ended first."""
    schools = [[row.name, *_days_of(row), row.recorded_by.name] for row in _past(PastSchool).objects(person=person.pk)]
    rows = _past(PastAddress).objects(person=person.pk)
    some_hidden = any(_is_confidential(row, person) for row in rows)
    reads = not some_hidden or can_read_address(person, user)
    addresses = []
    for row in rows:
        if reads or not _is_confidential(row, person):
            said = ", ".join(part for part in (row.address, row.postcode) if part)
            addresses.append([said, *_days_of(row), row.recorded_by.name])
        else:
            addresses.append([ask_for_address(person), "", "", ""])
    return {
        "schools": schools,
        "school_head": ["School or nursery", *PAST_HEAD],
        "addresses": addresses,
        "address_head": ["Address", *PAST_HEAD],
    }


def _is_confidential(past_address, person):
    return past_address.confidential or person.address_confidential or past_address.person.address_confidential


def _days_of(row):
    return [words.day(day) if day else DAY_NOT_KNOWN for day in (row.from_on, row.until_on)]


def changes(person, user):
    """Who changed what when, the newest first, as a table: its head and rows.

    At most VERSIONS_SHOWN versions are read; the oldest says that the person was added.
    """
    versions = _versions().objects(person=person.pk)
    some_hidden = person.address_confidential or any(version.address_confidential for version in versions)
    hidden = ask_for_address(person) if some_hidden and not can_read_address(person, user) else ""
    rows = []
    for newer, older in pairwise(versions):
        rows += _changes_between(newer, older, hidden and _hider(person, hidden))
    if versions and len(versions) <= VERSIONS_SHOWN:
        rows.append([*_by(versions[-1]), "Added", "", ""])
    return {"head": CHANGES_HEAD, "rows": rows}


def labels_of(fields):
    """What the changed `fields` of a person are called on the page, in its order; what has no row there is left out."""
    changed = set(fields)
    labels = (fact.label for _, _, facts in GROUPS for fact in facts if changed & set(fact.names))
    return list(dict.fromkeys(labels))


def _hider(person, sentence):
    """Of a version: the sentence where its address is not to be read, else ""."""
    return lambda version: sentence if person.address_confidential or version.address_confidential else ""


def _changes_between(newer, older, hides):
    rows = []
    for _, _, facts in GROUPS:
        for fact in facts:
            if all(getattr(newer, name) == getattr(older, name) for name in fact.names):
                continue
            said = [(hides and fact.of_address and hides(version)) or fact.said(version) for version in (older, newer)]
            rows.append([*_by(newer), fact.label, *said])
    return rows


def _by(version):
    who = version.history_user.name if version.history_user else ""
    return [words.instant(version.history_date), who]


def unchanged_since(person, version, names):
    """Whether these fields are today what they were in that version of the person."""
    then = person.history.filter(version=version).order_by("-history_date", "-history_id").first()
    return then is not None and all(getattr(then, name) == getattr(person, name) for name in names)

"""Changing what we know of a person. Old versions are kept; a stale form is shown both versions."""

import json

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction

from hsb.core import clock, journal
from hsb.core.door import noted
from hsb.core.models import ExternalId
from hsb.core.refusals import Denied, NotReady
from referrals.codes import ALONE, Disability, Language
from referrals.models import PastAddress, PastSchool, Person
from referrals.permissions import can_read_address, can_see
from referrals.services.intake import MAIN_SYSTEM
from referrals.services.joining import open_now_named
from referrals.services.person_keys import index_person

ADDRESS = ("address", "postcode", "address_confidential", "address_from", "address_absent")
FIELDS = (
    "given_name",
    "family_name",
    "preferred_name",
    "aliases",
    "born_on",
    "birth_precision",
    "sex",
    "ethnicity",
    "disabilities",
    "first_language",
    "language_name",
    "interpreter",
    "send",
    "legal_status",
    "nhs_number",
    "local_id",
    "upn",
    "upn_unknown",
    "school",
    "school_from",
    "school_absent",
    "gp",
    "gp_absent",
    *ADDRESS,
    "other_authority",
    "authority_unknown",
    "looked_after",
)


@transaction.atomic
def change_person(reference, *, actor, details, version, moved=()):
    """Edits a person's details (fields of FIELDS). Returns the person.

    `moved` names what did not turn out wrong but ended, "address" or "school": what stood there is kept with its days.
    A child in a concern who was known by a first name only gets a referral once the family name is known.

    Raises Changed with the present values, and NotReady where another record has the same number.
    """
    details = dict(details)
    local_id = details.get("local_id")
    # No address is told with the present values: whose it is to read is asked where both versions are shown.
    told = tuple(name for name in FIELDS if name not in ADDRESS)
    with noted(
        Person, reference, "change_person", actor=actor, may=can_see, version=version, edits=True, fields=told
    ) as move:
        person = move.subject
        hidden = person.address_confidential and set(ADDRESS) & set(details) and not can_read_address(person, actor)
        if hidden or person.joined_to_id:
            raise Denied(record=person.record, verb="change_person")
        for unique in {"nhs_number", "upn"} & set(details):
            details[unique] = details[unique] or None
        _keep_what_ended(person, details, moved, actor)
        changed = sorted(name for name in FIELDS if name in details and details[name] != getattr(person, name))
        for name in changed:
            setattr(person, name, details[name])
        refuse_two_answers(person)
        _refuse_second_owner(person)
        if local_id is not None:
            _set_local_id(person, local_id)
        person._history_user = actor
        # Of everything that is known, so that no single number can be guessed from it.
        move.facts.update(fields=changed, text=journal.digest_of_text(_said_of(person)))
    index_person(person)
    open_now_named(person, actor=actor)
    return person


def _said_of(person):
    return json.dumps({name: getattr(person, name) for name in FIELDS}, cls=DjangoJSONEncoder, sort_keys=True)


def _keep_what_ended(person, details, moved, actor):
    noted_by = {"person": person, "recorded_by": actor, "recorded_at": clock.now()}
    if "address" in moved and (person.address or person.postcode):
        PastAddress.objects.create(
            address=person.address,
            postcode=person.postcode,
            confidential=person.address_confidential,
            **_days(person.address_from, details.get("address_from"), "address"),
            **noted_by,
        )
    if "school" in moved and person.school:
        PastSchool.objects.create(
            name=person.school, **_days(person.school_from, details.get("school_from"), "school"), **noted_by
        )


def _days(began, ended, what):
    if began and ended and ended < began:
        raise NotReady(f"The new {what} cannot hold since a day before the one that is on record began.")
    return {"from_on": began, "until_on": ended}


def refuse_two_answers(person):
    """Raises NotReady where what is known of a person says two things at once."""
    codes = person.disabilities
    if not codes or len(set(codes)) != len(codes) or set(codes) - set(Disability.values):
        raise NotReady("Choose each disability once, or 'Not known'.")
    if len(codes) > 1 and set(codes) & set(ALONE):
        raise NotReady("Choose 'No disability' or 'Not known' alone, without another disability.")
    if person.upn and person.upn_unknown:
        raise NotReady("Give the unique pupil number or the reason why it is not known, not both.")
    if person.other_authority and person.authority_unknown:
        raise NotReady("Name the council that is responsible, or say that it is not known, not both.")
    if person.language_name and person.first_language != Language.OTHER:
        raise NotReady("Name a language only where the first language is another one.")


def _refuse_second_owner(person):
    for name, words in (("nhs_number", "NHS number"), ("upn", "UPN")):
        number = getattr(person, name)
        if number and Person.objects.filter(**{name: number}).exclude(pk=person.pk).exists():
            raise NotReady(f"Another record has this {words}: search for it, this may be the same child.")


def _set_local_id(person, local_id):
    mine = ExternalId.objects.filter(record=person.record, system=MAIN_SYSTEM)
    if not local_id:
        mine.delete()
        return
    try:
        with transaction.atomic():
            ExternalId.objects.update_or_create(record=person.record, system=MAIN_SYSTEM, defaults={"value": local_id})
    except IntegrityError as taken:
        raise NotReady("Another record has this local number: search for it, this may be the same child.") from taken

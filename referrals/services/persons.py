"""Changing what we know of a person. Old versions are kept; a stale form is shown both versions."""

from django.db import IntegrityError, transaction

from hsb.core.door import noted
from hsb.core.models import ExternalId
from hsb.core.refusals import NotReady
from referrals.models import Person
from referrals.permissions import can_see
from referrals.services.intake import MAIN_SYSTEM
from referrals.services.joining import open_now_named
from referrals.services.person_keys import index_person

FIELDS = (
    "given_name",
    "family_name",
    "preferred_name",
    "born_on",
    "birth_precision",
    "sex",
    "nhs_number",
    "upn",
    "school",
    "address",
    "postcode",
    "address_confidential",
    "other_authority",
    "looked_after",
)


@transaction.atomic
def change_person(reference, *, actor, details, version):
    """Edits a person's details (fields of FIELDS, and `local_id`). Returns the person.

    A child in a concern who was known by a first name only gets a referral once the family name is known.

    Raises Changed with the present values, and NotReady where another record has the same number.
    """
    details = dict(details)
    local_id = details.pop("local_id", None)
    with noted(
        Person, reference, "change_person", actor=actor, may=can_see, version=version, edits=True, fields=FIELDS
    ) as move:
        person = move.subject
        for unique in {"nhs_number", "upn"} & set(details):
            details[unique] = details[unique] or None
        changed = sorted(name for name in FIELDS if name in details and details[name] != getattr(person, name))
        for name in changed:
            setattr(person, name, details[name])
        _refuse_second_owner(person)
        if local_id is not None:
            _set_local_id(person, local_id)
        person._history_user = actor
        move.facts["fields"] = changed
    index_person(person)
    open_now_named(person, actor=actor)
    return person


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

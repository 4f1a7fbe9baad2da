"""The keys a person is found by, kept in step with names and date of birth. Called by whatever writes a person."""

from django.db import transaction

from referrals import names
from referrals.models import Person, PersonKey
from referrals.states import BirthPrecision

BATCH = 1000


def index_person(person):
    """Writes the keys of one person as they now are. Call in the transaction that saved the person."""
    index_persons([person])


@transaction.atomic
def index_persons(persons):
    """Writes the keys of these persons, and takes away those of an earlier name. Returns how many persons changed."""
    persons = list(persons)
    standing = {person.pk: set() for person in persons}
    rows = PersonKey.objects.filter(person__in=standing).values_list("person", "key")
    for key_of, key in rows:
        standing[key_of].add(key)
    added, changed = [], 0
    for person in persons:
        wanted = keys_of(person)
        gone, new = standing[person.pk] - wanted, wanted - standing[person.pk]
        if gone:
            PersonKey.objects.filter(person=person, key__in=gone).delete()
        added += [PersonKey(person_id=person.pk, key=key) for key in sorted(new)]
        changed += bool(gone or new)
    # Two who save the same person at once write the same keys: the second finds them there.
    PersonKey.objects.bulk_create(added, batch_size=5000, ignore_conflicts=True)
    return changed


def keys_of(person):
    """Every key the person is found by. A record that is joined to another has none: that one has its names."""
    if person.joined_to_id:
        return set()
    wanted = set(names.keys_for(described(person)))
    for under_another_name in names.also_known(described(person), person.aliases):
        wanted |= names.keys_for(under_another_name)
    return wanted


def keys_of_details(given_name, family_name, born_on, postcode):
    """The keys of somebody of whom nothing else is known."""
    details = names.Described(given_name=given_name, family_name=family_name, born_on=born_on, postcode=postcode)
    return names.keys_for(details)


def rebuild(batch=BATCH):
    """Indexes every person again, a batch a transaction, so that it may be stopped and begun again.

    Yields (persons done so far, how many of the batch changed).
    """
    after, done = 0, 0
    while True:
        persons = list(Person.objects.filter(pk__gt=after).order_by("pk")[:batch])
        if not persons:
            return
        changed = index_persons(persons)
        after, done = persons[-1].pk, done + len(persons)
        yield done, changed


def described(person):
    """The person as names.Described."""
    return names.Described(
        given_name=person.given_name,
        family_name=person.family_name,
        preferred_name=person.preferred_name,
        born_on=person.born_on,
        estimated=person.birth_precision == BirthPrecision.ESTIMATED,
        postcode="" if person.address_confidential else person.postcode,
    )

"""The people of row P12: so many invented persons with the product's own keys, in the database Django is set to."""

import sys
from datetime import UTC, datetime
from multiprocessing import Pool

from bench import bulk, invented

IN_A_CHUNK = 5000


def build(number, seed, processes=2):
    """`number` persons with their records and keys."""
    from django.db import connection

    from hsb.core.models import Record
    from hsb.core.states import RecordKind
    from referrals.models import Person

    people = list(enumerate(invented.people(number, seed), start=invented.FIRST))
    one = Record.objects.open(RecordKind.PERSON, at=datetime(2026, 1, 5, tzinfo=UTC))
    template = Person.objects.create(record=one, given_name="Template", family_name="Row")
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE staged (id bigint, given varchar(100), family varchar(100), born date)")
    bulk.copy(
        "staged",
        ("id", "given", "family", "born"),
        ((at, g, f, b.isoformat() if b else None) for at, (g, f, b) in people),
    )
    bulk.like(one, {"id": "s.id", "reference": "'PER-1990-' || s.id"}, "SELECT id FROM staged")
    bulk.like(
        template,
        {
            "record_id": "s.id",
            "given_name": "s.given",
            "family_name": "s.family",
            "born_on": "s.born",
            "birth_precision": "CASE WHEN s.born IS NULL THEN 'unknown' ELSE 'known' END",
        },
        "SELECT * FROM staged",
    )
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE staged")
    with bulk.without_indexes("referrals_personkey"), Pool(processes) as pool:
        chunks = (people[at : at + IN_A_CHUNK] for at in range(0, len(people), IN_A_CHUNK))
        found = (row for rows in pool.imap_unordered(_keys, chunks) for row in rows)
        bulk.copy_in_order("referrals_personkey", ("key", "person_id"), found)
    bulk.settled()


def _keys(chunk):
    """(key, person) of these, by the product's own rule."""
    from referrals import names

    found = []
    for at, (given, family, born_on) in chunk:
        described = names.Described(given_name=given, family_name=family, born_on=born_on)
        found += [(key, at) for key in sorted(names.keys_for(described))]
    return found


if __name__ == "__main__":
    import django

    django.setup()
    build(int(sys.argv[1]), int(sys.argv[2]))

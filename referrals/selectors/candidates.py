"""Whom a search compares: those who share most keys with what was asked, read by a statement that is composed once.

Composing it from the models takes longer than the database takes to answer it, for every search anew. Planning it takes
a tenth, and is done once for a connection.
"""

import json

from django.db import connections, router

from hsb.core.models import AccessBar
from hsb.core.prepared import Prepared
from referrals.models import Person, PersonKey

COLUMNS = (
    "given_name",
    "family_name",
    "preferred_name",
    "aliases",
    "born_on",
    "birth_precision",
    "postcode",
    "address_confidential",
    "is_adult",
    "nhs_number",
    "upn",
)
NAMES = ("pk", *COLUMNS)
BARS, KEYS, PERSONS = (model._meta.db_table for model in (AccessBar, PersonKey, Person))
# Names of the models' own tables and columns; what is asked are parameters.
SHARING = (
    f"SELECT person_id, MAX(CASE WHEN key LIKE %s THEN 1 ELSE 0 END) AS first, COUNT(*) AS shared "  # noqa: S608
    f"FROM {KEYS} WHERE key {{among}} GROUP BY person_id ORDER BY first DESC, shared DESC, person_id DESC LIMIT %s"
)
READING = (
    f"SELECT p.record_id, {', '.join(f'p.{column}' for column in COLUMNS)} "  # noqa: S608
    f"FROM ({{found}}) AS found JOIN {PERSONS} AS p ON p.record_id = found.person_id WHERE p.joined_to_id IS NULL "
    f"AND p.record_id NOT IN (SELECT record_id FROM {BARS} WHERE user_id = %s AND lifted_at IS NULL) "
    "ORDER BY found.first DESC, found.shared DESC, found.person_id DESC"
)
# Many values are one parameter: (a value is among them, the persons of so many numbers).
MANY = {
    "postgresql": ("= ANY(%s)", "SELECT unnest(%s::bigint[]) AS person_id, 0 AS first, 0 AS shared"),
    "sqlite": (
        "IN (SELECT value FROM json_each(%s))",
        "SELECT value AS person_id, 0 AS first, 0 AS shared FROM json_each(%s)",
    ),
}
# What is given each time, in its order: how the keys begin that come first, the keys, how many are read, who asks.
SHARING_GIVEN = dict(enumerate(("text", "text[]", "bigint", "bigint")))
NUMBERED_GIVEN = dict(enumerate(("bigint[]", "bigint")))


def _statement(found, given):
    return Prepared(READING.format(found=found), [None] * len(given), given)


STATEMENTS = {
    vendor: (_statement(SHARING.format(among=among), SHARING_GIVEN), _statement(numbered, NUMBERED_GIVEN))
    for vendor, (among, numbered) in MANY.items()
}


def sharing(user, keys, most, *, first=""):
    """At most `most` persons who share these keys, as dicts with `pk` and COLUMNS: those who share one that begins with
    `first` before the others, then those who share most of them, then the last ones written. Nobody who is joined to
    another, and nobody from whom `user` is barred."""
    return _read(0, keys, [first and f"{first}%"], [most, user.pk]) if keys else []


def numbered(user, persons):
    """The same of these persons (numbers)."""
    return _read(1, persons, [], [user.pk]) if persons else []


def _read(which, many, before, after):
    connection = connections[router.db_for_read(Person)]
    many = list(many) if connection.vendor == "postgresql" else json.dumps(list(many))
    rows = STATEMENTS[connection.vendor][which].asked(connection, [*before, many, *after])
    return [dict(zip(NAMES, row)) for row in rows]  # noqa: B905 - as many as were asked for

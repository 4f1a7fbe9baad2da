"""Who asks: a reader of each kind, by e-mail address.

The first area of a simulated borough is as large in every borough: whoever works there has the same open work.
"""

# The same open work whatever the size.
EQUAL = {
    "worker": "practitioner@example.org",
    "manager": "manager@example.org",
    "front door": "dutymanager@example.org",
}
# The more open work the larger the borough.
GROWING = {"wide": "wide@example.org", "auditor": "auditor@example.org"}
# Of the second area, which is as large as areas grow; there is none in a small borough.
LARGE_AREA = {"area worker": "practitioner.1.area2@example.org", "area manager": "manager.1.area2@example.org"}
# Roles that open other pages.
OTHERS = {
    "chair": "chair@example.org",
    "minute taker": "minutes@example.org",
    "coordinator": "coordinator@example.org",
    "administrator": "admin@example.org",
}
NOBODY = {"nobody": "admin@example.org"}
READERS = {**EQUAL, **GROWING, **LARGE_AREA, **OTHERS, **NOBODY}


def at(database, names):
    """Those of `names` whose account there is in the database."""
    serving = database.serve()
    return [name for name in names if serving.call("bench.facts:exists", email=database.readers[name])]

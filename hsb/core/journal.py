"""The journal: one entry for every verb, chained per record by SHA-256.

Each entry's digest covers its own content and the digest before it, so that an edited, inserted, removed or
reordered entry breaks the chain; a cut tail is found against the anchors kept outside the database.
"""

import hashlib
import json

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Func, TextField, Value
from django.db.models.functions import SHA256, Cast, Concat

from hsb.core import clock, composed
from hsb.core.composed import Given
from hsb.core.models import Entry, Record
from hsb.core.written import all_but_the_key, said_by


def write(
    record,
    verb,
    *,
    actor,
    from_state="",
    to_state="",
    reason="",
    happened_on=None,
    pathway_version="",
    saving=None,
    **facts,
):
    """Adds one entry to `record`'s journal and moves the chain's head, whoever else writes there.

    `facts` are codes, references, ISO dates and digests. `saving` is a noun that stands and is saved with it, in one
    journey where the database can. Returns the entry. Raises RuntimeError or DatabaseError where record or noun are not
    there: of the transaction nothing is left then.
    """
    entry = Entry(
        record=record,
        verb=verb,
        from_state=from_state,
        to_state=to_state,
        actor=actor,
        reason=reason,
        happened_on=happened_on or clock.today(),
        recorded_at=clock.now(),
        pathway_version=pathway_version,
        facts=facts,
    )
    with transaction.atomic(savepoint=False):
        if not _added(entry, record, saving):
            raise RuntimeError(f"{verb} was to be entered behind what is not there.")
    record.entry_count, record.head = entry.number, entry.digest
    return entry


# What of an entry the database reckons, and what is said of it.
RECKONED = tuple(Entry._meta.get_field(name) for name in ("number", "digest"))
SAID = tuple(field for field in all_but_the_key(Entry) if field not in RECKONED)


def _added(entry, record, noun):
    """Adds it behind the head, whatever that is by now; says whether everything was there."""
    head = composed.reckoning(("head",), _of_the_record, _next_head)
    behind = {"key": record.pk, "said": said_in(entry, entry.recorded_at.timestamp())}
    if connection.vendor != "postgresql":
        if noun is not None:
            noun.save(force_update=True)
        rows = head.rows(**behind)
        if rows:
            [[entry.number, entry.digest]] = rows
            entry.save(force_insert=True)
        return bool(rows)
    # One journey to the server, not three.
    saved, values = noun.to_save() if noun is not None else (None, {})
    adding = composed.adding_behind(head, Entry, SAID, RECKONED, beside=saved)
    rows = adding.rows(**behind, **said_by(entry, SAID), **{composed.ROW: values})
    if rows:
        [[entry.pk, entry.number, entry.digest]] = rows
        entry._state.adding, entry._state.db = False, adding.using
    return bool(rows)


def _of_the_record():
    return Record.objects.filter(pk=Given("key", BigIntegerField()))


def _next_head():
    """What becomes of a record's head with an entry that says `said`: reckoned from what stands there by then."""
    number, said = F("entry_count") + 1, Given("said", TextField())
    text = ["[", Cast("pk", TextField()), ", ", Cast(number, TextField()), ", ", said, ', "', F("head"), '"]']
    pieces = [Value(piece) if isinstance(piece, str) else piece for piece in text]
    return {"entry_count": number, "head": _Digest(Concat(*pieces, output_field=TextField()))}


class _Digest(SHA256):
    """As `hashlib` has it of UTF-8; Django's own asks PostgreSQL for an extension."""

    def as_postgresql(self, compiler, connection, **context):
        template = "ENCODE(SHA256(CONVERT_TO(%(expressions)s, 'UTF8')), 'hex')"
        return Func.as_sql(self, compiler, connection, template=template, **context)


def digest_of(entry, previous):
    """The SHA-256 (hex) over what the entry says and `previous`, the digest before it."""
    return hashlib.sha256(hashed(entry, previous, entry.recorded_at.timestamp()).encode()).hexdigest()


def hashed(entry, previous, recorded_at):
    """The text over which a digest is reckoned; `recorded_at` is what it says of the instant."""
    return f'[{entry.record_id}, {entry.number}, {said_in(entry, recorded_at)}, "{previous}"]'


def said_in(entry, recorded_at):
    """Of that text what lies between the entry's place and the digest before it."""
    said = [
        entry.verb,
        entry.from_state,
        entry.to_state,
        entry.actor_id,
        entry.reason,
        entry.happened_on.isoformat(),
        recorded_at,
        entry.pathway_version,
        entry.facts,
    ]
    return json.dumps(said, sort_keys=True, ensure_ascii=False)[1:-1]


def digest_of_text(*texts):
    """The digest by which an entry vouches for text kept elsewhere."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()


def faults(record, entries, anchors=()):
    """What is wrong with one record's chain, in sentences; empty when it is whole.

    `entries` in order of number; `anchors` are (entry count, head) pairs kept outside the database.
    """
    found, previous, heads = [], "", {0: ""}
    for expected, entry in enumerate(entries, start=1):
        if entry.number != expected:
            found.append(f"{record.reference}: entry {expected} is missing.")
            break
        if entry.digest != digest_of(entry, previous):
            found.append(f"{record.reference}: entry {entry.number} ({entry.verb}) was altered.")
        previous = heads[entry.number] = entry.digest
    if (record.entry_count, record.head) != (len(entries), previous):
        found.append(f"{record.reference}: the journal's head does not match its last entry.")
    for count, head in anchors:
        if heads.get(count) != head:
            found.append(f"{record.reference}: entry {count} differs from the anchor kept outside.")
    return found

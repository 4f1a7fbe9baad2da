"""The journal: one entry for every verb, chained per record by SHA-256.

Each entry's digest covers its own content and the digest before it, so that an edited, inserted, removed or
reordered entry breaks the chain; a cut tail is found against the anchors kept outside the database.
"""

import hashlib
import json

from django.db import connection
from django.db.models import BigIntegerField, CharField, IntegerField

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
    **facts,
):
    """Adds one entry to `record`'s journal and moves the chain's head. Call with the record locked.

    `facts` are codes, references, ISO dates and digests. Returns the entry.
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
    if not _added(entry, record):
        # A verb inside a verb has written to the same journal through another object: what this one says is old.
        record.entry_count, record.head = Record.objects.values_list("entry_count", "head").get(pk=record.pk)
        if not _added(entry, record):  # Two writers without the lock: a fault of ours, never the user's.
            raise RuntimeError(f"The journal of {record.reference} moved while it was being written.")
    record.entry_count, record.head = entry.number, entry.digest
    return entry


SAID = all_but_the_key(Entry)


def _added(entry, record):
    """Numbers the entry behind the head that `record` says, moves the head and adds the entry; False, with nothing
    done, where the head is another by now.

    Count and head together: a count alone can be right again after a part of a transaction was taken back.
    """
    entry.number, entry.previous = record.entry_count + 1, record.head
    entry.digest = digest_of(entry)
    behind = {"key": record.pk, "count": record.entry_count, "head_before": record.head}
    moved = {"entry_count": entry.number, "head": entry.digest}
    if connection.vendor != "postgresql":
        if not _moving().number(**behind, **moved):
            return False
        entry.save(force_insert=True)
        return True
    # One journey to the server, not two.
    adding = composed.adding_behind(("entry",), _moving, Entry, SAID, [Entry._meta.pk])
    keys = adding.rows(**behind, **moved, **said_by(entry))
    if keys:
        [[entry.pk]] = keys
        entry._state.adding, entry._state.db = False, adding.using
    return bool(keys)


def _moving():
    """The statement that moves the head of the record that still has the count and the head it is said to have."""

    def whose_head_is():
        key, count = Given("key", BigIntegerField()), Given("count", IntegerField())
        return Record.objects.filter(pk=key, entry_count=count, head=Given("head_before", CharField()))

    return composed.changing(("head",), whose_head_is, ("entry_count", "head"))


def digest_of(entry):
    """The SHA-256 (hex) over what the entry says and the digest before it."""
    return hashlib.sha256(hashed(entry, entry.recorded_at.timestamp()).encode()).hexdigest()


def hashed(entry, recorded_at):
    """The text over which `digest_of` reckons; `recorded_at` is what it says of the instant."""
    said = [
        entry.record_id,
        entry.number,
        entry.verb,
        entry.from_state,
        entry.to_state,
        entry.actor_id,
        entry.reason,
        entry.happened_on.isoformat(),
        recorded_at,
        entry.pathway_version,
        entry.facts,
        entry.previous,
    ]
    return json.dumps(said, sort_keys=True, ensure_ascii=False)


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
        if entry.previous != previous or entry.digest != digest_of(entry):
            found.append(f"{record.reference}: entry {entry.number} ({entry.verb}) was altered.")
        previous = heads[entry.number] = entry.digest
    if (record.entry_count, record.head) != (len(entries), previous):
        found.append(f"{record.reference}: the journal's head does not match its last entry.")
    for count, head in anchors:
        if heads.get(count) != head:
            found.append(f"{record.reference}: entry {count} differs from the anchor kept outside.")
    return found

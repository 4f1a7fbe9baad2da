"""Anchors: the heads of the journals' chains, kept as files outside the database (docs/decisions/0008).

Each file is JSON lines, {"reference", "count", "head"}, and is written once: `anchors-20261123T090000Z.jsonl`. Only
heads that moved since the last anchor are written, so that anchoring often costs little. To check a million
records without holding their anchors in memory, the lines are first laid into a temporary table of SQLite's own.
"""

import json
import os
import sqlite3
from datetime import UTC
from itertools import islice

PATTERN = "anchors-*.jsonl"


class KeptAnchors:
    """Every anchor in `folder`. Use as a context manager; `faults` are lines that cannot be read."""

    def __init__(self, folder):
        self.folder = folder
        self.faults = []

    def __enter__(self):
        # An empty name: a file of its own that the operating system forgets on closing.
        self._table = sqlite3.connect("")
        self._table.execute("CREATE TABLE anchor (reference TEXT, count INTEGER, head TEXT)")
        for path in sorted(self.folder.glob(PATTERN)):
            with path.open(encoding="utf-8") as lines:
                self._table.executemany("INSERT INTO anchor VALUES (?, ?, ?)", self._read(path.name, lines))
        self._table.execute("CREATE INDEX by_reference ON anchor (reference)")
        return self

    def __exit__(self, *exception):
        self._table.close()

    def _read(self, name, lines):
        for number, line in enumerate(lines, start=1):
            try:
                anchor = json.loads(line)
                yield str(anchor["reference"]), int(anchor["count"]), str(anchor["head"])
            except (ValueError, KeyError, TypeError):
                self.faults.append(f"{name}: line {number} cannot be read.")

    def of(self, reference):
        """The (count, head) pairs kept for that record, oldest first."""
        return self._table.execute(
            "SELECT count, head FROM anchor WHERE reference = ? ORDER BY rowid", (reference,)
        ).fetchall()

    def latest(self, reference):
        """The newest (count, head) of that record, or None."""
        found = self.of(reference)
        return found[-1] if found else None

    def references(self, at_once):
        """Every reference that was ever anchored, in lists of `at_once`."""
        rows = iter(self._table.execute("SELECT DISTINCT reference FROM anchor ORDER BY reference"))
        while some := [reference for (reference,) in islice(rows, at_once)]:
            yield some


class AnchorWriter:
    """Writes one new file of anchors; none where there is nothing to write. A half-written file never shows."""

    def __init__(self, folder, at):
        self.path = folder / f"anchors-{at.astimezone(UTC):%Y%m%dT%H%M%S%fZ}.jsonl"
        self._unfinished = self.path.with_suffix(".unfinished")
        self._file = None

    def __enter__(self):
        return self

    def add(self, records):
        """Anchors the head of each record."""
        for record in records:
            if self._file is None:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                self._file = self._unfinished.open("x", encoding="utf-8")
            anchor = {"reference": record.reference, "count": record.entry_count, "head": record.head}
            self._file.write(json.dumps(anchor) + "\n")

    def __exit__(self, kind, *exception):
        if self._file is None:
            return
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        if kind is None:
            self._unfinished.rename(self.path)
        else:
            self._unfinished.unlink()

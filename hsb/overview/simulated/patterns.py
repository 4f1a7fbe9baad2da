"""A Pattern: the rows that one story wrote, as text with blanks; and how the blanks are filled for one telling.

A row is a line of PostgreSQL's COPY text: values parted by tabs, `\\N` for none. Everything in it that belongs to one
telling is a blank, wherever it stands (a key in a column, a reference in the journal's facts, a date in a task): keys,
references, dates, names, numbers, the tokens of forms, digests, and who did it.
"""

import hashlib
import json
import re
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta

from hsb.core.states import REFERENCE_PREFIX

NONE = r"\N"
# Keys of the rows of a walk: nine digits that begin with a nine, each table's in a range of its own.
FIRST_KEY, RANGE = 900_000_000, 500_000
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_UNESCAPE = re.compile(r"\\([\\tnr])")
_UNESCAPED = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
DAY = 86_400 * 10**6  # microseconds


def text_of(value):
    """A value of a row as COPY text, which both databases read alike."""
    if value is None:
        return NONE
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, (dict, list)):
        value = json.dumps(value)
    return str(value).translate(_ESCAPES)


def values_of(line):
    """The values of a line of COPY text: texts, or None. SQLite makes numbers of those in columns of numbers."""
    return [
        None if text == NONE else _UNESCAPE.sub(lambda found: _UNESCAPED[found[1]], text) if "\\" in text else text
        for text in line.split("\t")
    ]


class Blanks:
    """Finds what belongs to one telling in a text, and puts a blank (`%(name)s`) in its place.

    `known`: {what stands in the text: the name of its blank} of names, numbers and tokens; `keys(number)` gives the
    name of the blank of a key, `refs` {reference: name}, `born` {ISO date: name} of dates of birth. The other ISO dates
    that are met are added to `dates`.
    """

    def __init__(self, *, known, keys, refs, born, dates):
        self.known, self.keys, self.refs, self.born = known, keys, refs, born
        self.dates = dates
        words = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True)) or "(?!)"
        prefixes = "|".join(REFERENCE_PREFIX.values())
        self.pattern = re.compile(
            r"(?<![0-9A-Za-z])(?:"
            rf"(?P<ref>(?:{prefixes})-\d{{4}}-\d{{5,}})(?!\d)"
            r"|(?P<date>\d{4}-\d\d-\d\d)(?!\d)"
            r"|(?P<key>9\d{8})(?![0-9A-Za-z])"
            rf"|(?P<word>{words})(?![0-9A-Za-z])"
            r")"
        )

    def put(self, text):
        return self.pattern.sub(self._blank, text.replace("%", "%%"))

    def _blank(self, found):
        return f"%({self._name(found.lastgroup, found[0])})s"

    def _name(self, kind, text):
        if kind == "ref":
            return self.refs[text]
        if kind == "key":
            return self.keys(int(text))
        if kind == "word":
            return self.known[text]
        if text in self.born:
            return self.born[text]
        self.dates.add(text)
        return f"d{text}"


@dataclass
class Journal:
    """One record's entries: each as what is hashed, and when it was recorded (microseconds since 1970)."""

    head: str  # the blank of the last digest
    entries: list  # of (blank of the digest, blanked text, name of the moment's blank or "", microseconds)


@dataclass
class Pattern:
    name: str
    began_on: date
    tables: dict  # {table: (columns, number of rows, blanked text)}
    keys: dict  # {table: [names of the blanks]}: numbered on from the table's last key
    refs: list  # of (blank, prefix, day on which the record was opened)
    dates: list  # ISO dates
    children: list  # how old each was on the day on which the story began, in days; None: no date of birth
    tokens: list  # blanks of the forms' tokens and of stored names: random ones
    users: dict  # {account of the walk: number}: whom the blanks u0, u1 ... name
    teams: dict  # {slug of the walk: number}
    places: list  # of (kind, name)
    themes: list  # of (kind, name)
    texts: list  # of (blank, blanked text): digests of texts that have blanks
    journals: list  # of Journal
    person_keys: list  # the blanks of the children's keys
    open: int  # how many of its referrals are open
    stored: dict = field(default_factory=dict)  # {blank of a stored file's name: its ending}

    @property
    def referrals(self):
        return self.tables["referrals_referral"][1]

    def fill(self, shift, values):
        """{table: text} of one telling, moved by `shift` days; the columns are the pattern's. `values` fills the blanks
        that are not reckoned here: keys, references, people, places."""
        for iso in self.dates:
            values[f"d{iso}"] = (date.fromisoformat(iso) + timedelta(days=shift)).isoformat()
        for blank, text in self.texts:
            values[blank] = hashlib.sha256((text % values).encode()).hexdigest()
        for journal in self.journals:
            for blank, said, when, microseconds in journal.entries:
                values[when] = repr((microseconds + shift * DAY) / 10**6)
                values[blank] = hashlib.sha256((said % values).encode()).hexdigest()
        return {table: text % values for table, (_, _, text) in self.tables.items()}


def as_plain(pattern):
    """The pattern as JSON takes it."""
    return asdict(pattern) | {
        "began_on": pattern.began_on.isoformat(),
        "refs": [[*r[:2], str(r[2])] for r in pattern.refs],
    }


def from_plain(told):
    """The pattern that as_plain gave."""
    return Pattern(
        **told
        | {
            "began_on": date.fromisoformat(told["began_on"]),
            "refs": [(blank, prefix, date.fromisoformat(day)) for blank, prefix, day in told["refs"]],
            "places": [tuple(place) for place in told["places"]],
            "themes": [tuple(theme) for theme in told["themes"]],
            "journals": [Journal(**journal) for journal in told["journals"]],
        }
    )

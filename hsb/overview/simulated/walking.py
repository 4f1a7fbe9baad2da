"""Walks stories in the database, reads what the services wrote, and takes all of it back: Patterns are what is left."""

import json
import re
import sys
from contextlib import ExitStack, contextmanager
from functools import cache
from unittest import mock

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection, models, transaction
from django.db.models import Max

from hsb.core import documents, journal, word
from hsb.core.models import Document, Entry, Place, Record
from hsb.overview.demo.accounts import ACCOUNTS, TEAMS, make_accounts
from hsb.overview.demo.stories import Borough, Story
from hsb.overview.simulated.patterns import FIRST_KEY, RANGE, Blanks, Journal, Pattern, text_of
from hsb.people.models import Team, User
from referrals.models import Person, PersonKey, Reader, Referral
from referrals.states import OPEN
from strategy_meetings.models import Theme

# What is made for the whole borough, or is made anew from the rest: no telling has rows of its own there.
SHARED = (Place, Theme, PersonKey, Reader)
SHARED_TABLES = {"core_referencecounter", "core_heartbeat", "core_setting", "core_settingchange", "core_preferredword"}
OTHER_APPS = {"people", "auth", "contenttypes", "account", "mfa", "usersessions"}
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_WHEN = "when it was recorded"


class StandIns(Borough):
    """The borough of the walk: its teams and children are called what no other text says."""

    def __init__(self, users, seed):
        super().__init__(users, seed)
        self.given, self.numbered = 0, iter(range(10**6))
        for slug in TEAMS:
            Team.objects.filter(slug=slug).update(slug=_team(slug))

    def team(self, slug):
        return Team.objects.get(slug=_team(slug))

    def child(self, youngest=9, oldest=15, **more):
        number = next(self.numbered)
        letters = "".join(chr(ord("a") + int(digit)) for digit in f"{number:04}")
        self.names = iter([(f"Qzgiven{letters}", f"Qzfamily{letters}")])
        return super().child(youngest, oldest, **{"postcode": f"QZ{number:02} 9ZZ", **more})


def _team(slug):
    return f"qzteam-{slug}"


@contextmanager
def _taken_back():
    """What is done inside is seen inside alone."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def walked(kinds, *, seed, tell=lambda words: None):
    """({kind: Pattern} of the kinds (mix.Kind), specimens()), walked as of the clock's day, in an empty database."""
    with _taken_back():
        number_from(FIRST_KEY)
        people = make_accounts()
        found = {}
        for kind in kinds:
            tell(kind.name)
            with _taken_back():
                found[kind] = _walked(kind, people, seed)
    pdf, docx = specimens()
    return found, {"pdf": pdf.pdf, "docx": docx}


def numbered_tables():
    """The models whose keys the database gives, in the order in which their ranges follow one another."""
    return sorted(
        (m for m in apps.get_models(include_auto_created=True) if isinstance(m._meta.pk, models.AutoField)),
        key=lambda model: model._meta.db_table,
    )


def number_from(first):
    """Lets the keys of each table begin in a range of its own, above what may stand there."""
    with connection.cursor() as cursor:
        for at, model in enumerate(numbered_tables()):
            table, column = model._meta.db_table, model._meta.pk.column
            start = first + at * RANGE
            if connection.vendor == "postgresql":
                cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN "{column}" RESTART WITH {start}')
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, start - 1])


# --- One story ---------------------------------------------------------------------------------------------------


def _walked(kind, people, seed):
    before = {model: last_key(model) for model in told_models()}
    borough = StandIns(people, seed)
    begun = []

    def story(**how):
        begun.append(Story(borough, **how))
        return begun[-1]

    with _specimens() as digests:
        kind.walk(story, borough)
    return _Reading(kind, min(each.began_on for each in begun), borough, before, digests).pattern()


@contextmanager
def _specimens():
    """Inside, a document is one line, and {digest: texts} of every text that a journal vouches for is gathered."""
    gathered, digest_of = {}, journal.digest_of_text

    def gathering(*texts):
        digest = digest_of(*texts)
        gathered[digest] = "\x1f".join(texts)
        return digest

    pdf, docx = specimens()
    with ExitStack() as stack:
        for module in list(sys.modules.values()):
            if getattr(module, "digest_of_text", None) is digest_of:
                stack.enter_context(mock.patch.object(module, "digest_of_text", gathering))
        stack.enter_context(mock.patch.object(documents, "framed", lambda *args, **kwargs: pdf))
        stack.enter_context(mock.patch.object(word, "made", lambda *args: docx))
        yield gathered


@cache
def specimens():
    """(documents.Made of a PDF, bytes of a Word document): what stands for every document of a simulated borough."""
    pdf = documents.framed("specimen.typ", title="Specimen", recipient="Nobody", data={})
    return pdf, word.made(word.Page("Specimen", "Nobody"), [("text", "Every document of a simulated borough is this.")])


def told_models():
    """The models of which each telling has rows of its own."""
    return [
        model
        for model in apps.get_models(include_auto_created=True)
        if model not in SHARED
        and model._meta.app_label not in OTHER_APPS
        and model._meta.db_table not in SHARED_TABLES
        and not isinstance(model._meta.pk, models.CompositePrimaryKey)
    ]


def last_key(model):
    """The last key of its table, 0 where it has no rows."""
    return model._base_manager.aggregate(last=Max("pk"))["last"] or 0


class _Reading:
    """Reads what one story wrote, and makes a Pattern of it."""

    def __init__(self, kind, began_on, borough, before, digests):
        self.kind, self.began_on, self.borough, self.digests = kind, began_on, borough, digests
        self.rows = {model: self._rows(model, last) for model, last in before.items()}
        self.rows = {model: rows for model, rows in self.rows.items() if rows}
        self.tables = dict(enumerate(numbered_tables()))
        self.users = {user.pk: number for number, user in enumerate(borough.users.values())}
        self.teams = {team.pk: number for number, team in enumerate(Team.objects.order_by("pk"))}
        self.places, self.themes = [], []
        self.known, self.tokens = {}, []

    def _rows(self, model, last):
        return list(model._base_manager.filter(pk__gt=last).order_by("pk"))

    def pattern(self):
        self._name_keys()
        children = self._name_children()
        self._name_people()
        self._name_tokens()
        entries = self._name_digests()
        texts, dates = self._blanked_digests()
        blanks = self._blanks(dates)
        tables = {
            model._meta.db_table: (
                [f.column for f in model._meta.concrete_fields],
                len(rows),
                "".join(blanks.put(_line(row)) + "\n" for row in rows),
            )
            for model, rows in self.rows.items()
        }
        journals = [Journal(head, self._all_hashed(blanks, rows)) for head, rows in entries]
        records = self.rows[Record]
        referrals = self.rows[Referral]
        pattern = Pattern(
            name=self.kind.name,
            began_on=self.began_on,
            tables=tables,
            keys={table: sorted(names, key=_number) for table, names in self.named.items()},
            refs=[(self.refs[each.reference], each.reference.split("-")[0], each.opened_at.date()) for each in records],
            dates=sorted(blanks.dates),
            children=children,
            tokens=self.tokens,
            users=self._who_acts("".join(text for *_, text in tables.values())),
            teams={team.slug.removeprefix("qzteam-"): self.teams[team.pk] for team in Team.objects.all()},
            places=[(place.kind, place.name) for place in self.places],
            themes=[(theme.kind, theme.name) for theme in self.themes],
            texts=texts,
            journals=journals,
            person_keys=[self._key(each.pk) for each in self.rows.get(Person, ())],
            open=sum(each.state in OPEN for each in referrals),
            stored=self.stored,
        )
        return pattern

    # --- What the blanks are called ---

    def _name_keys(self):
        """Of keys that the database gave: by table and place; a noun that shares its record's key has that one's."""
        self.named, self.keys = {}, {}
        for model, rows in self.rows.items():
            if isinstance(model._meta.pk, models.AutoField):
                table = model._meta.db_table
                for at, row in enumerate(rows):
                    self.keys[row.pk] = f"{table}.{at}"
                self.named[table] = [f"{table}.{at}" for at in range(len(rows))]
        self.refs = {each.reference: f"r{at}" for at, each in enumerate(self.rows[Record])}

    def _key(self, number):
        """The name of the blank of a key."""
        if number in self.keys:
            return self.keys[number]
        model = self.tables[(number - FIRST_KEY) // RANGE]
        if model is User:
            return f"u{self.users[number]}"
        if model is Team:
            return f"t{self.teams[number]}"
        for shared, kept, letter in ((Place, self.places, "p"), (Theme, self.themes, "h")):
            if model is shared:
                row = shared.objects.get(pk=number)
                if row not in kept:
                    kept.append(row)
                return f"{letter}{kept.index(row)}"
        raise LookupError(f"{self.kind.name}: {model._meta.db_table} {number} is nobody's row.")

    def _name_children(self):
        children = []
        self.born = {}
        for at, person in enumerate(self.rows.get(Person, ())):
            blanks = {
                person.given_name: "gn",
                person.family_name: "fn",
                person.postcode: "pc",
                person.nhs_number: "nh",
                person.upn: "up",
                person.local_id: "li",
            }
            self.known |= {said: f"{name}{at}" for said, name in blanks.items() if said}
            if person.born_on:
                self.born[person.born_on.isoformat()] = f"b{at}"
            children.append((self.began_on - person.born_on).days if person.born_on else None)
        return children

    def _name_people(self):
        for user in self.borough.users.values():
            number = self.users[user.pk]
            self.known |= {user.reference: f"ur{number}", user.name: f"un{number}"}
        for team in Team.objects.all():
            self.known[team.slug] = f"ts{self.teams[team.pk]}"

    def _who_acts(self, text):
        """{account: number} of those whom some row names."""
        found = {account: self.users[user.pk] for account, user in self.borough.users.items()}
        return {
            account: number
            for account, number in found.items()
            if any(f"%({letters}{number})s" in text for letters in ("u", "ur", "un"))
        }

    def _name_tokens(self):
        """Of forms' tokens, with and without hyphens, and of the random names of stored files."""
        found = []
        for model, rows in self.rows.items():
            names = [f.attname for f in model._meta.concrete_fields if isinstance(f, models.UUIDField)]
            found += [value for row in rows for name in names if (value := getattr(row, name))]
        for token in dict.fromkeys(found):
            number = len(self.tokens)
            self.tokens.append(f"x{number}")
            self.known |= {token.hex: f"x{number}", str(token): f"xh{number}"}
        self.stored = {}
        for document in self.rows.get(Document, ()):
            default_storage.delete(document.stored_name)
            stem, _, ending = document.stored_name.rpartition("/")[2].partition(".")
            number = len(self.tokens)
            self.tokens.append(f"x{number}")
            self.known[stem] = f"x{number}"
            self.stored[f"x{number}"] = ending

    def _name_digests(self):
        """Of each entry's digest. Returns [(blank of the head, entries in order)], a record each."""
        by_record = {}
        for entry in self.rows[Entry]:
            by_record.setdefault(entry.record_id, []).append(entry)
        found = []
        for at, rows in enumerate(by_record.values()):
            rows.sort(key=lambda entry: entry.number)
            self.known |= {entry.digest: f"e{at}_{entry.number}" for entry in rows}
            found.append((f"e{at}_{rows[-1].number}", rows))
        return found

    def _blanked_digests(self):
        """[(blank, blanked text)] of the digests of texts in which something belongs to one telling; their dates."""
        standing = set()
        for entry in self.rows[Entry]:
            standing.update(_DIGEST.findall(json.dumps(entry.facts)))
        blanks, found = self._blanks(set()), []
        for digest in sorted(standing & self.digests.keys()):
            text = blanks.put(self.digests[digest])
            if "%(" in text:
                found.append((f"g{len(found)}", text))
                self.known[digest] = found[-1][0]
        return found, blanks.dates

    def _blanks(self, dates):
        return Blanks(known=self.known, keys=self._key, refs=self.refs, born=self.born, dates=dates)

    def _all_hashed(self, blanks, entries):
        """A record's entries as Journal has them."""
        before = ["", *(entry.digest for entry in entries)]
        return [self._hashed(blanks, entry, previous) for entry, previous in zip(entries, before, strict=False)]

    def _hashed(self, blanks, entry, previous):
        """An entry as Journal has it: what is hashed of it, with blanks."""
        when = f"w{self.known[entry.digest]}"
        text = blanks.put(journal.hashed(entry, previous, _WHEN)).replace(f'"{_WHEN}"', f"%({when})s")
        microseconds = round(entry.recorded_at.timestamp() * 10**6)
        return self.known[entry.digest], text, when, microseconds


def _line(row):
    return "\t".join(text_of(getattr(row, field.attname)) for field in row._meta.concrete_fields)


def _number(blank):
    return int(blank.rpartition(".")[2])


def pools():
    """{account of the walk: (team's slug, role)}: who may stand in its place in another area."""
    return {account: (team, role) for account, (_, team, role, _) in ACCOUNTS.items()}

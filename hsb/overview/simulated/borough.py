"""Builds a simulated borough: walks the stories, makes the people, and tells each story as often as the mix says."""

import hashlib
import json
import os
import random
import shutil
import uuid
from base64 import b64decode, b64encode
from datetime import timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction

from hsb.core import clock
from hsb.core.models import ReferenceCounter
from hsb.overview.simulated import mix, people, walking
from hsb.overview.simulated.loading import loader
from hsb.overview.simulated.patterns import NONE, as_plain, from_plain
from referrals import readers
from referrals.models import PersonKey
from referrals.services.person_keys import keys_of_details
from strategy_meetings.models import Theme

PERSON_KEYS = PersonKey._meta.db_table
OPEN_SHARE = 10  # one referral in so many is open
# From so many referrals on no documents are written: their pages say that the file is missing.
DOCUMENTS_UP_TO = 20_000
TOLD_EVERY = 10_000  # referrals
LATELY = 8  # the power of the chance by which running stories began earlier: three in four are as they were walked
AGE_APART = 160  # days: how much older or younger a child of a telling is than the one of the walk


@transaction.atomic
def build(referrals, *, open_referrals=None, seed=2026, keep=None, kinds=None, tell=lambda words: None):
    """Builds it in an empty database, as of the clock's day; returns the number of referrals.

    `open_referrals`: how many of them are open (a tenth of them by default); `keep`: a file (Path) that keeps what was
    walked, and gives it again on the same day; `kinds`: the stories (all of mix); `tell` hears how far it is.
    """
    wanted_open = referrals // OPEN_SHARE if open_referrals is None else open_referrals
    patterns, specimens = _walked(kinds or mix.kinds(), seed, keep, tell)
    tell("Teams and accounts")
    found = people.areas(wanted_open)
    documents = specimens if referrals <= DOCUMENTS_UP_TO else {}
    telling = _Borough(patterns, found, random.Random(seed), documents)  # noqa: S311
    tell("The stories are told")
    tables = {table for pattern in patterns.values() for table in pattern.tables} | {PERSON_KEYS}
    with readers.loading(connection):
        into = loader(sorted(tables), referrals)
        for done in telling.tell(referrals, wanted_open, into):
            tell(f"{done:,} of {referrals:,} referrals")
        into.finish(lambda name: tell(f"{name} is made"))
        tell("The table of readers")
    telling.number_on()
    return telling.referrals


def _walked(kinds, seed, keep, tell):
    """({kind: Pattern}, specimens), walked now or, where `keep` has them of this day and seed, earlier."""
    of = [str(clock.today()), seed]
    kept = json.loads(keep.read_text()) if keep and keep.exists() else {}
    if kept.get("of") == of and kept["patterns"].keys() == {kind.name for kind in kinds}:
        patterns = {kind: from_plain(kept["patterns"][kind.name]) for kind in kinds}
        return patterns, {ending: b64decode(content) for ending, content in kept["specimens"].items()}
    tell("The stories are walked by the services")
    patterns, specimens = walking.walked(kinds, seed=seed)
    if keep:
        told = {kind.name: as_plain(pattern) for kind, pattern in patterns.items()}
        encoded = {ending: b64encode(content).decode() for ending, content in specimens.items()}
        keep.write_text(json.dumps({"of": of, "patterns": told, "specimens": encoded}))
    return patterns, specimens


class _Borough:
    """What all tellings share: the dice, what was numbered so far, and who works where."""

    def __init__(self, patterns, areas, dice, documents):
        self.patterns, self.areas, self.dice, self.documents = patterns, areas, dice, documents
        self.names, self.numbers = people.Names(dice), people.Numbers(dice)
        self.keys = {}  # {table: the last key}
        self.counters = {}  # {(prefix, year): the last number}
        self.referrals = self.open = 0
        self.places = {
            area.number: people.places(area, {place for pattern in patterns.values() for place in pattern.places})
            for area in areas
        }
        self.themes = {
            (kind, name): Theme.called(kind, name).pk for pattern in patterns.values() for kind, name in pattern.themes
        }
        self.shares = [area.share for area in areas]

    def tell(self, referrals, open_referrals, into):
        """Tells stories until there are so many referrals and so many of them open; yields how many there are."""
        due = TOLD_EVERY
        while self.referrals < referrals:
            pattern, kind = self._next(referrals - self.referrals, open_referrals - self.open)
            area = self.dice.choices(self.areas, self.shares)[0] if len(self.areas) > 1 else self.areas[0]
            self._tell(pattern, kind, area, into)
            if self.referrals >= due:
                due += TOLD_EVERY
                yield self.referrals

    def _next(self, referrals_left, open_left):
        """A pattern that fits into what is left: running ones in step with ended ones."""
        running = open_left > 0 and self.dice.random() * referrals_left < open_left * 1.6
        fit = [
            (pattern, kind)
            for kind, pattern in self.patterns.items()
            if kind.ended != running and pattern.referrals <= referrals_left and pattern.open <= max(open_left, 0)
        ] or [(p, k) for k, p in self.patterns.items() if p.referrals <= referrals_left and p.open <= max(open_left, 0)]
        return self.dice.choices(fit, [kind.weight for _, kind in fit])[0]

    def _tell(self, pattern, kind, area, into):
        shift = -7 * self._weeks(kind)
        values = {}
        self._fill_keys(pattern, values)
        self._fill_references(pattern, shift, values)
        self._fill_people(pattern, area, values)
        keys = self._fill_children(pattern, shift, values)
        for blank in pattern.tokens:
            # Names of files are chosen by no dice: another borough may have kept its files in the same place.
            token = uuid.uuid4().hex if blank in pattern.stored else f"{self.dice.getrandbits(128):032x}"
            values[blank], values[f"xh{blank[1:]}"] = token, str(uuid.UUID(token))
        for table, text in pattern.fill(shift, values).items():
            into.add(table, pattern.tables[table][0], text)
        into.add(PERSON_KEYS, ["key", "person_id"], keys)
        if self.documents:
            self._write_documents({values[blank]: ending for blank, ending in pattern.stored.items()})
        self.referrals += pattern.referrals
        self.open += pattern.open

    def _weeks(self, kind):
        """Ended stories are spread over the years; those that run began lately, most of them as they were walked."""
        return self.dice.randrange(kind.weeks) if kind.ended else int(kind.weeks * self.dice.random() ** LATELY)

    def _fill_keys(self, pattern, values):
        for table, blanks in pattern.keys.items():
            last = self.keys.get(table, 0)
            values.update(zip(blanks, map(str, range(last + 1, last + len(blanks) + 1)), strict=True))
            self.keys[table] = last + len(blanks)

    def _fill_references(self, pattern, shift, values):
        for blank, prefix, opened_on in pattern.refs:
            year = (opened_on + timedelta(days=shift)).year
            number = self.counters[prefix, year] = self.counters.get((prefix, year), 0) + 1
            values[blank] = f"{prefix}-{year}-{number:05d}"

    def _fill_people(self, pattern, area, values):
        """Somebody of the same team and role for each account of the walk, never one person for two of them."""
        taken = {}
        for account, number in pattern.users.items():
            pool = area.pools[POOLS[account]]
            if POOLS[account] not in taken:
                taken[POOLS[account]] = iter(self.dice.sample(pool, min(len(pool), MOST_OF_A_POOL)))
            user = next(taken[POOLS[account]])
            values[f"u{number}"], values[f"ur{number}"], values[f"un{number}"] = str(user.pk), user.reference, user.name
        for slug, number in pattern.teams.items():
            values[f"t{number}"], values[f"ts{number}"] = str(area.teams[slug].pk), area.teams[slug].slug
        for number, place in enumerate(pattern.places):
            values[f"p{number}"] = str(self.places[area.number][place])
        for number, theme in enumerate(pattern.themes):
            values[f"h{number}"] = str(self.themes[theme])

    def _fill_children(self, pattern, shift, values):
        """Returns the lines of the keys by which the children are found."""
        lines = []
        for at, (days_old, key) in enumerate(zip(pattern.children, pattern.person_keys, strict=True)):
            given, family = self.names.next()
            nhs, upn, local = self.numbers.next()
            postcode = people.postcode(self.dice)
            born_on = None
            if days_old is not None:
                days = shift - days_old + self.dice.randrange(-AGE_APART, AGE_APART)
                born_on = pattern.began_on + timedelta(days=days)
                values[f"b{at}"] = born_on.isoformat()
            values[f"gn{at}"], values[f"fn{at}"], values[f"pc{at}"] = given, family, postcode
            values[f"nh{at}"], values[f"up{at}"], values[f"li{at}"] = nhs or NONE, upn, local
            number = values[key]
            lines += [f"{each}\t{number}\n" for each in keys_of_details(given, family, born_on, postcode)]
        return "".join(lines)

    def _write_documents(self, names_and_endings):
        """Each a file of its own name, all of them the specimen: one file of many names where the disk allows it."""
        for name, ending in names_and_endings.items():
            content = self.documents[ending]
            same = f"documents/specimen-{hashlib.sha256(content).hexdigest()[:16]}.{ending}"
            if not default_storage.exists(same):
                default_storage.save(same, ContentFile(content))
            specimen, named = default_storage.path(same), default_storage.path(f"documents/{name}.{ending}")
            try:
                os.link(specimen, named)
            except OSError:
                shutil.copyfile(specimen, named)

    def number_on(self):
        """The numbers that were given are the last ones, for whoever goes on."""
        ReferenceCounter.objects.all().delete()
        ReferenceCounter.objects.bulk_create(
            ReferenceCounter(prefix=prefix, year=year, last=last) for (prefix, year), last in self.counters.items()
        )


POOLS = walking.pools()
MOST_OF_A_POOL = max(list(POOLS.values()).count(pool) for pool in POOLS.values())

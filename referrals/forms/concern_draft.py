"""An unfinished concern, read back: everything typed so far through its forms, and what is still missing."""

from dataclasses import dataclass
from datetime import date

from django.http import QueryDict
from django.urls import reverse

from hsb.core import words
from hsb.core.forms import DayAndTime
from referrals.codes import Responsible
from referrals.forms.intake import Birth, WhatForm
from referrals.forms.involved import PARTS_IN_WORDS, KnownForm, NewcomerForm, parts_for
from referrals.selectors.concerns import KNOWN, search_in_words
from referrals.selectors.person_details import about_years, known_persons, one_line
from referrals.services.intake import Known, Newcomer, Urgent
from referrals.states import NEEDS_REFERRAL, BirthPrecision

# What of a newcomer's details is shown on the page before logging, beside name, birth and part.
SUMMARISED = ("preferred_name", "school", "other_authority", "nhs_number", "upn", "local_id", "address", "postcode")
TICKED = ("looked_after", "address_confidential")
HIDDEN_NAME = "Somebody whose record is restricted"


def posted(raw):
    """What was posted, as a form takes it: {name: [values]} back to a QueryDict."""
    data = QueryDict(mutable=True)
    for name, values in (raw or {}).items():
        data.setlist(name, values)
    return data


@dataclass
class Part:
    """One person of an unfinished concern: what was typed of them, and whether it will do."""

    number: int
    form: object
    name: str
    line: str = ""
    known: dict | None = None  # what referrals.selectors.person_details.known_persons says; None for a newcomer

    @property
    def hidden(self):
        return bool(self.known and self.known["hidden"])

    @property
    def complete(self):
        return self.form.is_valid()

    @property
    def parts_in_words(self):
        chosen = self.form.parts() if self.complete else ()
        return [PARTS_IN_WORDS[part] for part in chosen]

    @property
    def gets_referral(self):
        return self.complete and bool(set(self.form.parts()) & set(NEEDS_REFERRAL))

    def summary(self):
        """What was answered of them, as rows for a summary list."""
        if not self.complete:
            return [{"label": "Part in it", "value": "", "empty": "Not answered yet"}]
        answers = self.form.cleaned_data
        rows = [
            {"label": "Part in it", "values": self.parts_in_words},
            {"label": "Relationship", "value": answers["relationship"]},
        ]
        if self.known and "joins" in answers:
            joined = f"To the open referral with {self.known['open_with']}"
            separate = f"To a separate referral: {answers['separate_because']}"
            rows.append({"label": "Belongs", "value": joined if self.form.attach() else separate})
        if not self.known:
            rows += [
                {"label": self.form.fields[name].label, "value": value}
                for name, value in self.form.details().items()
                if name in SUMMARISED and value
            ]
            if answers["responsible"] == Responsible.UNKNOWN:
                rows.append({"label": self.form.fields["responsible"].label, "value": Responsible.UNKNOWN.label})
            ticked = [self.form.fields[name].label for name in TICKED if answers[name]]
            if ticked:
                rows.append({"label": "Also", "values": ticked})
        return [row for row in rows if row.get("value") or row.get("values")]

    def birth(self):
        """When they were born, for checking other days against it; None where it is not known or not to be said."""
        if self.known:
            person = self.known["person"]
            known, born_on = person.birth_precision, None if self.hidden else person.born_on
        else:
            known, born_on = self.form.cleaned_data.get("birth_precision"), self.form.cleaned_data.get("born_on")
        if born_on is None or known == BirthPrecision.EXPECTED:
            return None
        return Birth(self.name, born_on, known == BirthPrecision.ESTIMATED)

    def for_service(self):
        """The person as `log_concern` takes them. Of a complete part."""
        answers = self.form.cleaned_data
        if not self.known:
            return Newcomer(details=self.form.details(), roles=self.form.parts(), relationship=answers["relationship"])
        return Known(
            person=self.known["person"],
            roles=self.form.parts(),
            relationship=answers["relationship"],
            attach=self.form.attach(),
            separate_because=answers.get("separate_because") or "",
        )


class ConcernDraft:
    """A user's unfinished concern. `data` is what the server keeps of it (services.concern_drafts)."""

    def __init__(self, user, key, data):
        self.user, self.key, self.data = user, key, data
        entries = data.get("people", ())
        known = known_persons(user, [entry["person"] for entry in entries if entry["kind"] == KNOWN])
        self.people = []
        for entry in entries:
            part = self._known_part(entry, known) if entry["kind"] == KNOWN else self._newcomer(entry, entries)
            if part is not None:
                self.people.append(part)

    def _known_part(self, entry, known):
        found = known.get(entry["person"])
        if found is None:
            return None
        hidden = found["hidden"]
        form = KnownForm(posted(entry["raw"]), **known_form_kwargs(found))
        return Part(
            number=entry["number"],
            form=form,
            name=HIDDEN_NAME if hidden else found["person"].known_as,
            line=f"You searched for {search_in_words(entry['searched'])}" if hidden else one_line(found["person"]),
            known=found,
        )

    def _newcomer(self, entry, entries):
        form = NewcomerForm(posted(entry["raw"]), others=numbers_given(entries, but=entry["number"]))
        form.is_valid()
        return Part(number=entry["number"], form=form, name=typed_name(entry["raw"]), line=self._line_of(form))

    @staticmethod
    def _line_of(form):
        born_on = form.cleaned_data.get("born_on")
        said = [f"New to us{', adult' if form.is_of_adult() else ''}"]
        if born_on:
            said.append(_birth_in_words(form.cleaned_data["birth_precision"], born_on))
        if not form.cleaned_data.get("family_name"):
            said.append("first name only")
        return ", ".join(said)

    def part(self, number):
        """The person of that number, or None."""
        return next((part for part in self.people if part.number == number), None)

    def births(self):
        """Every day of birth that is known."""
        return [birth for part in self.people if (birth := part.birth()) is not None]

    def what_form(self):
        """The second step as it stands: bound to what was typed, or fresh."""
        raw = self.data.get("what")
        return WhatForm(posted(raw), births=self.births()) if raw else WhatForm(births=self.births())

    def what_summary(self):
        """The second step as rows for a summary list; empty where it was not answered yet."""
        form = self.what_form()
        if not form.is_valid():
            return []
        rows = []
        for name in form.reading_order():
            value = form.cleaned_data.get(name)
            if name not in form.not_revealed() and value not in (None, "", []):
                rows.append({"label": form.fields[name].label, **_in_words(form.fields[name], value)})
        return rows

    def address(self, name, *more):
        return reverse(f"referrals:{name}", args=[self.key, *more])

    def missing(self):
        """What must be answered before this can be logged: dicts with text and url; empty where nothing is."""
        found = [
            {
                "text": f"Say what part {part.name} had in it"
                if part.known
                else f"Complete the details of {part.name}",
                "url": self.address("concern_person", part.number),
            }
            for part in self.people
            if not part.complete
        ]
        if not found and not any(part.gets_referral for part in self.people):
            found.append(
                {
                    "text": "Add at least one child who displayed the behaviour, was harmed, or whose role is not "
                    "yet known",
                    "url": self.address("concern_people"),
                }
            )
        form = self.what_form()
        if not form.is_valid():
            sentences = [str(error) for errors in form.errors.values() for error in errors]
            otherwise = "Look at your words about what was reported" if form.words_asked else "Say what was reported"
            found += [{"text": text, "url": self.address("concern_what")} for text in sentences or [otherwise]]
        return found

    def for_service(self):
        """Everything as keywords for `log_concern`. Of a draft with nothing missing."""
        form = self.what_form()
        form.is_valid()
        protection = form.protection()
        return {
            "people": [part.for_service() for part in self.people],
            "protection": Urgent(**protection) if protection else None,
            **form.facts(),
        }


def _birth_in_words(precision, born_on):
    if precision == BirthPrecision.ESTIMATED:
        return about_years(born_on)
    return f"{'birth expected' if precision == BirthPrecision.EXPECTED else 'born'} {words.day(born_on)}"


def _in_words(field, value):
    """An answer as it is read: {"value": ...} or {"values": [...]}."""
    if isinstance(value, DayAndTime):
        return {"value": f"{words.day(value.day)}{f' at {words.clock_time(value.time)}' if value.time else ''}"}
    if isinstance(value, date):
        return {"value": words.day(value)}
    choices = dict(getattr(field, "choices", ()))
    if isinstance(value, list):
        return {"values": [choices[each] for each in value]}
    return {"value": choices.get(value, value)}


def known_form_kwargs(known):
    """What KnownForm needs to know of somebody (see `known_persons`)."""
    return {
        "choices": parts_for(None if known["hidden"] else known["person"]),
        "has_open": bool(known["open_with"]),
    }


def typed_name(raw):
    """The name of a newcomer as it was typed."""
    given, family = ((raw.get(name) or [""])[0].strip() for name in ("given_name", "family_name"))
    return f"{given} {family}".strip() or "Somebody without a name yet"


def numbers_given(entries, but=None):
    """Numbers given to the other newcomers of a concern: {"nhs_number": {...}, ...}, as they were tidied."""
    found = {"nhs_number": set(), "upn": set(), "local_id": set()}
    for entry in entries:
        if entry["kind"] == KNOWN or entry["number"] == but:
            continue
        form = NewcomerForm(posted(entry["raw"]))
        form.is_valid()
        for name, numbers in found.items():
            if form.cleaned_data.get(name):
                numbers.add(form.cleaned_data[name])
    return found

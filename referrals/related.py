"""Every table that names a person or a person's record, and what becomes of its rows when two records are joined.

The tables are found in the models' own relations, so that none is forgotten; those of the floors above are called by
their names alone. A relation without a line here moves, in the words of its model; tests/house/test_joined_tables.py
asks for the line.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, UniqueConstraint

PERSON, RECORD = ("referrals", "Person"), ("core", "Record")


@dataclass(frozen=True)
class Moves:
    """The rows go to the record that stands. `one` and `many` call them in words."""

    one: str
    many: str
    # Columns beside the key that name the person too: {column: how it is written}.
    also: dict = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Stays:
    """The rows stay where they are, and why."""

    why: str


OF_ANOTHER_NOUN = Stays("hangs on the record of another noun, never on a person's")
WRITTEN = Stays("was written about the record as it was then; the database itself only ever adds to it")
OWN = Stays("belongs to joining itself")

RULES = {
    ("referrals.Referral", "person"): Moves("referral", "referrals"),
    ("referrals.Involvement", "person"): Moves("part in a concern", "parts in concerns"),
    ("referrals.HistoricalInvolvement", "person"): WRITTEN,
    ("referrals.Relationship", "person"): Moves("relationship", "relationships"),
    ("referrals.Relationship", "other"): Moves(
        "relationship of somebody else to the child", "relationships to the child"
    ),
    ("referrals.HistoricalRelationship", "person"): WRITTEN,
    ("referrals.HistoricalRelationship", "other"): WRITTEN,
    ("referrals.PastAddress", "person"): WRITTEN,
    ("referrals.PastSchool", "person"): WRITTEN,
    ("referrals.Marker", "person"): Stays("has ended; one in force stands in the way of joining"),
    ("referrals.PersonKey", "person"): Stays("is made anew"),
    ("referrals.Reader", "person"): Stays("follows its referral, by the database itself"),
    ("referrals.Reader", "record"): Stays("follows its grant, by the database itself"),
    ("referrals.HistoricalPerson", "record"): WRITTEN,
    ("referrals.HistoricalPerson", "joined_to"): WRITTEN,
    ("referrals.Person", "joined_to"): OWN,
    ("referrals.PersonJoin", "person"): OWN,
    ("referrals.PersonJoin", "into"): OWN,
    ("referrals.PersonLock", "person"): Stays("holds for both records while they are joined"),
    ("referrals.PersonLock", "other"): Stays("holds for both records while they are joined"),
    ("strategy_meetings.ChildConsidered", "person"): Moves(
        "place among the children of a strategy meeting", "places among the children of strategy meetings"
    ),
    ("strategy_meetings.IntelChild", "person"): Moves(
        "place among the children of an intel form", "places among the children of intel forms"
    ),
    ("strategy_meetings.IntelEntry", "person"): Moves("entry of an intel form", "entries of intel forms"),
    ("panels.MapNode", "person"): Moves("place on a map", "places on maps"),
    ("panels.AgendaItem", "person"): Moves(
        "item of a panel's agenda", "items of panels' agendas", also={"subject": "person-{}"}
    ),
    # What hangs on a person's record.
    ("core.Entry", "record"): WRITTEN,
    ("core.AccessRecord", "record"): WRITTEN,
    ("core.AccessBar", "record"): Stays("holds for both records while they are joined"),
    ("core.ExternalId", "record"): Stays("is one of the details, of which one is chosen"),
    ("core.AccessGrant", "record"): Moves("leave to open the record", "leaves to open the record"),
    ("core.Task", "record"): Moves("task", "tasks"),
    ("core.Action", "record"): Moves("agreed action", "agreed actions"),
    **dict.fromkeys(
        (
            ("core.Action", "source"),
            ("core.Document", "record"),
            ("referrals.Person", "record"),
            ("referrals.Concern", "record"),
            ("referrals.HistoricalConcern", "record"),
            ("referrals.Referral", "record"),
            ("referrals.RiskAssessment", "record"),
            ("referrals.AimAssessment", "record"),
            ("referrals.BrookFinding", "record"),
            ("referrals.BehaviourAtMeeting", "meeting"),
            ("referrals.SubmittedWork", "record"),
            ("referrals.WhatFollows", "record"),
            ("referrals.DecisionAt18", "record"),
            ("referrals.CaseNote", "record"),
            ("referrals.ConsentAnswer", "record"),
            ("referrals.DecisionRecord", "record"),
            ("referrals.Disclosure", "record"),
            ("referrals.PaperTelling", "record"),
            ("referrals.NoteCorrection", "record"),
            ("referrals.NoteTelling", "record"),
            ("referrals.SignificantEvent", "record"),
            ("referrals.EventCorrection", "record"),
            ("referrals.BoroughTransfer", "record"),
            ("referrals.Offer", "record"),
            ("referrals.MeetingDecision", "record"),
            ("referrals.Plan", "record"),
            ("referrals.PoliceReferral", "record"),
            ("referrals.Section47", "record"),
            ("strategy_meetings.StrategyMeeting", "record"),
            ("strategy_meetings.IntelForm", "record"),
            ("strategy_meetings.IntelForm", "source"),
            ("panels.Panel", "record"),
            ("panels.MappingMeeting", "record"),
        ),
        OF_ANOTHER_NOUN,
    ),
}


@dataclass(frozen=True)
class Relation:
    """A column of a table that names a person, or the record of one."""

    model: type
    column: str

    @property
    def name(self):
        return self.model._meta.label, self.column

    @property
    def rule(self):
        meta = self.model._meta
        return RULES.get(self.name) or Moves(str(meta.verbose_name), str(meta.verbose_name_plural))

    def rows(self, person):
        """The rows that name the person of that key."""
        return self.model._base_manager.filter(**{self.column: person})

    def standing_twice(self, old, new):
        """The rows of `old` beside which a row of `new` says the same already: a constraint keeps it once."""
        written = {self.column: new} | self._also(new)
        rows, twice = self.rows(old), Q(pk__in=[])
        if self.model._meta.get_field(self.column).unique:
            twice |= Q(Exists(self.rows(new)))
        for column in self._names_another():
            twice |= Q(**{column: new})  # nobody stands in a row with themselves
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, UniqueConstraint) or not set(constraint.fields) & set(written):
                continue
            same = {name: written.get(name, OuterRef(name)) for name in constraint.fields}
            there = self.model._base_manager.filter(constraint.condition or Q(), **same)
            twice |= (constraint.condition or Q()) & Exists(there)
        return rows.filter(twice)

    def move(self, keys, old, new):
        """The rows of these keys name `new` from now on."""
        rows = self.model._base_manager.filter(pk__in=keys)
        for column, written in self._also(new).items():
            # Only where it was written after the person it named.
            rows.filter(**{column: self._also(old)[column]}).update(**{column: written})
        rows.update(**{self.column: new})

    def _names_another(self):
        """The other columns of the table that name a person."""
        return [each.column for each in relations() if each.model is self.model and each.column != self.column]

    def _also(self, person):
        return {column: form.format(person) for column, form in self.rule.also.items()}


@lru_cache
def relations():
    """Every Relation, in the order of RULES; those that have no line there come last."""
    found = {
        Relation(related.related_model, related.field.name)
        for target in (PERSON, RECORD)
        for related in apps.get_model(*target)._meta.get_fields(include_hidden=True)
        if related.auto_created and not related.concrete and not related.many_to_many
    }
    order = {name: place for place, name in enumerate(RULES)}
    return tuple(sorted(found, key=lambda each: (order.get(each.name, len(order)), each.name)))


def moving():
    """The relations whose rows move."""
    return tuple(each for each in relations() if isinstance(each.rule, Moves))

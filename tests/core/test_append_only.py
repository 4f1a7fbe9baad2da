"""The database itself refuses to change or delete what the journal and the access record say."""

from uuid import uuid4

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from hsb.core import access, append_only, journal, settings_in_force
from hsb.core.models import AccessRecord, Entry, Record
from hsb.core.states import RecordKind
from panels.models import AgendaItem, ItemAmendment, MappingMeeting, MapSnapshot, Panel
from referrals.models import (
    CategoryDecision,
    DecisionAt18,
    DecisionRecord,
    EarlyHelpAssessment,
    FamilyAssessment,
    JoinedRow,
    PastAddress,
    PastSchool,
    PathwayText,
    Person,
    PersonJoin,
    PlanReview,
    PoliceReferral,
    RiskAssessment,
    ThresholdDecision,
)
from referrals.services import significant, submitting, telling
from strategy_meetings.models import Theme
from tests import cast
from tests.referrals import age_road, aim_road, brook_road, consent_road, notes_road, plans_road, sharing_road
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


def freeze_a_map(user):
    now = timezone.now()
    meeting = MappingMeeting.objects.create(
        record=Record.objects.open(RecordKind.MAPPING, at=now),
        state_since=now,
        group=Theme.called("group", "A group"),
        called_by=user,
        chair=user,
        keeper=user,
        planned_on=now.date(),
        once=uuid4(),
    )
    MapSnapshot.objects.create(meeting=meeting, content={}, digest="0", made_at=now, made_by=user)


def amend_minutes(user):
    now = timezone.now()
    panel = Panel.objects.create(
        record=Record.objects.open(RecordKind.PANEL, at=now),
        state_since=now,
        planned_on=now.date(),
        cut_off_at=now,
        once=uuid4(),
    )
    item = AgendaItem.objects.create(panel=panel, number=1, section="T", subject="theme-1", described="A theme")
    ItemAmendment.objects.create(
        item=item,
        number=1,
        text="The nurse was there.",
        reason="She said so.",
        written_by=user,
        agreed_name="The nurse",
        agreed_agency="Health",
        agreed_on=now.date(),
        at=now,
        once=uuid4(),
    )


def correct_what_was_written(user):
    team = user.memberships.get().team
    referral = cast.referral(user, held_by=team, state="statutory", worker=user)
    cast.train(user, "aim3")
    cast.train(user)
    come_of_age(user, team)
    brook_road.recorded(referral, user)
    aim_road.recorded(referral, user)
    consent_road.answered(referral, user)
    note = notes_road.written(referral, user)
    notes_road.corrected(note, user)
    telling.hold_note_back(note.reference, actor=user, reason="The police asked.")
    sharing_road.recorded(referral, user)
    assessment = RiskAssessment.objects.create(
        record=referral.record,
        referral=referral,
        number=1,
        reference=f"{referral.reference}-A1",
        kind="short",
        started_by=user,
        started_at=timezone.now(),
    )
    telling.hold_assessment_back(assessment.reference, actor=user, reason="The police asked.")
    told = {"text": "A new school.", "meaning": "It is calmer.", "source": "The school", "basis": "fact"}
    day = timezone.localdate()
    event = significant.record_event(referral.reference, actor=user, once=uuid4(), happened_on=day, **told)
    significant.correct_event(event.reference, actor=user, once=uuid4(), text="In May.", reason="The school said so.")


def come_of_age(user, team):
    referral = cast.referral(user, held_by=team, state="statutory", worker=user, child=age_road.child_of(18))
    age_road.planned(referral, user)
    DecisionAt18.objects.create(
        record=referral.record,
        referral=referral,
        number=1,
        reference=f"{referral.reference}-AT1",
        outcome="close",
        reason="The work is done.",
        by=user,
        recorded_at=timezone.now(),
        once=uuid4(),
    )


def move_a_child(user):
    now = timezone.now()
    child = Person.objects.create(record=Record.objects.open(RecordKind.PERSON, at=now), given_name="Robin")
    PastAddress.objects.create(person=child, address="1 Example Road", recorded_by=user, recorded_at=now)
    PastSchool.objects.create(person=child, name="Oak School", recorded_by=user, recorded_at=now)


def join_two_records(user):
    records = [Record.objects.open(RecordKind.PERSON, at=timezone.now()) for _ in range(2)]
    one, other = (Person.objects.create(record=record, given_name="Robin") for record in records)
    join = PersonJoin.objects.create(person=one, into=other, by=user, at=timezone.now(), reason="One child.")
    JoinedRow.objects.create(join=join, table="referrals.Referral", column="person", key="1", was="moved")


def decide_on_a_child(user):
    now = timezone.now()
    referral = cast.referral(user, held_by=user.memberships.get().team, state="assessing")
    decided = {"referral": referral, "view": "worker", "by": user, "decided_on": now.date(), "recorded_at": now}
    CategoryDecision.objects.create(category="1", pathway_version=referral.pathway_version, **decided)
    ThresholdDecision.objects.create(tier=3, pathway_version=referral.pathway_version, **decided)
    PathwayText.objects.create(version="2026.1", key="tier-3", number=1, text="In our words.", by=user, at=now)


def review_a_plan(user):
    now = timezone.now()
    day = now.date()
    referral = cast.referral(user, held_by=user.memberships.get().team, state="statutory", worker=user)
    plan = plans_road.begun(referral, user)
    line = plans_road.lined(plan, user)
    told = {"number": 1, "held_on": day, "took_part": "The mother", "child_views": "Good.", "parents_views": "Good."}
    what = {"outcome": "met", "concerns_since": 0, "by": user, "recorded_at": now, "once": uuid4()}
    review = PlanReview.objects.create(plan=plan, **told, **what)
    review.lines.create(line=line, came="happened", said="The school says so.")
    days = {"started_on": day, "due_on": day, "completed_on": day, "recorded_at": now}
    FamilyAssessment.objects.create(referral=referral, outcome="no_service", summary="Done.", by=user, **days)
    help_ = {"outcome": "plan", "summary": "Done.", "done_by": "The mentor", "by": user}
    EarlyHelpAssessment.objects.create(referral=referral, **help_, **days)
    DecisionRecord.objects.create(
        record=referral.record,
        number=1,
        reference=f"{referral.reference}-DR1",
        kind="close",
        about=referral.reference,
        reason="Agreed.",
        by=user,
        recorded_at=now,
    )
    submitting.keep(referral.record, plan.reference, [("What it is for", plan.purpose)], actor=user)


def refuse_a_form(user):
    now = timezone.now()
    referral = cast.referral(user, held_by=user.memberships.get().team, state="statutory", worker=user)
    record = Record.objects.open(RecordKind.POLICE_REFERRAL, at=now)
    concern = referral.involvements.get().concern
    whole = PoliceReferral.objects.create(record=record, concern=concern, needed_since=now)
    form = whole.forms.create(number=1, referral=referral, drafted_by=user, drafted_at=now, known="A", asked="B")
    form.refusal_steps.create(number=1, kind="resend", said="The place is added.", by=user, at=now, once=uuid4())


@remembered
def everything_written(amara):
    """One entry, one access record, a child who moved, a map that was frozen, minutes that were amended, an AIM
    assessment, an answer about consent, what was shared, an assessment that is held back, a note and an event that
    were corrected, a category and a tier that were decided, a text of the pathway, a plan that was passed on and
    reviewed, an assessment by either service, a decision record, a setting that was changed, a Brook colour, what was
    done after a refusal of Form 87A."""
    move_a_child(amara)
    join_two_records(amara)
    freeze_a_map(amara)
    amend_minutes(amara)
    correct_what_was_written(amara)
    decide_on_a_child(amara)
    review_a_plan(amara)
    settings_in_force.set_value("digest_hour", 8, from_on=timezone.localdate(), actor=amara)
    refuse_a_form(amara)
    record = Record.objects.open(RecordKind.REFERRAL, at=timezone.now())
    journal.write(record, "noted", actor=amara)
    access.look(amara, record, "overview")
    return record


@pytest.fixture
def written(amara):
    return everything_written(amara)


def refused(act):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        act()


@pytest.mark.parametrize(
    ("model", "change"),
    [(Entry, {"reason": "Another reason."}), (AccessRecord, {"page": "another"})],
    ids=["an entry", "an access record"],
)
def test_a_row_is_neither_changed_nor_deleted(written, model, change):
    before = list(model.objects.values())

    refused(lambda: model.objects.update(**change))
    refused(lambda: model.objects.all().delete())
    refused(lambda: model.objects.first().delete())

    assert list(model.objects.values()) == before


@pytest.mark.parametrize("table", append_only.TABLES)
def test_raw_sql_is_refused_too(written, table):
    def run(sql):
        with connection.cursor() as cursor:
            cursor.execute(sql)

    key = "history_id" if "historical" in table else "id"
    refused(lambda: run(f"UPDATE {table} SET {key} = {key} + 1000"))  # noqa: S608
    refused(lambda: run(f"DELETE FROM {table}"))  # noqa: S608
    if connection.vendor == "postgresql":
        connection.check_constraints()  # else PostgreSQL refuses for a reason of its own
        refused(lambda: run(f"TRUNCATE {table} CASCADE"))
        refused(lambda: run("TRUNCATE core_record CASCADE"))


@pytest.mark.skipif(not settings.EMBEDDED, reason="only SQLite has this statement")
@pytest.mark.parametrize("table", append_only.TABLES)
def test_sqlites_insert_or_replace_is_no_way_round(written, table):
    def replace():
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")  # noqa: S608

    refused(replace)


def test_the_triggers_stand_after_migrating_and_the_check_says_nothing():
    assert append_only.missing(connection) == []
    assert append_only.triggers_stand(databases=["default"]) == []
    call_command("check", databases=["default"])


def drop_one(table):
    name = f"{table}_append_only" if connection.vendor == "postgresql" else f"{table}_append_only_update"
    on = f" ON {table}" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER {name}{on}")


@pytest.mark.parametrize("table", append_only.TABLES)
def test_the_check_names_the_table_that_lost_a_trigger(table):
    drop_one(table)
    try:
        found = append_only.triggers_stand(databases=["default"])

        assert [(error.id, error.msg) for error in found] == [
            ("hsb.E001", f"{table} lost the triggers that make it append-only.")
        ]
    finally:
        append_only.install(connection)


def test_migrating_again_puts_a_lost_trigger_back():
    drop_one("core_entry")

    call_command("migrate", verbosity=0)

    assert append_only.missing(connection) == []


def test_migrating_is_not_refused_where_a_table_has_no_trigger_yet(settings):
    drop_one("core_entry")
    settings.MIGRATING = True

    call_command("migrate", verbosity=0, skip_checks=False)

    assert append_only.missing(connection) == []


def test_the_check_without_a_database_asks_none(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert append_only.triggers_stand(databases=None) == []

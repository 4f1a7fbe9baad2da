"""Case notes: who writes and corrects them in which state, once, and never changed afterwards."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction

from hsb.core import append_only, clock, reminders, runs, work
from hsb.core.calendar import add_working_days
from hsb.core.models import AccessGrant, Reminder, Task
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.overview.selectors.tasks import tasks_due, team_task_rows
from hsb.people.models import User
from referrals.models import CaseNote, NoteCorrection, NoteTelling, Referral
from referrals.selectors import notes as reading
from referrals.services import deciding, notes, restricting, telling
from referrals.states import ENDED, NoteKind, ReferralState
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import notes_road
from tests.referrals.notes_road import corrected, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    """Amara's case."""
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def ends(referral):
    """Closes it, whatever was to be done."""
    Referral.objects.filter(pk=referral.pk).update(state="closed", closed_on=clock.today(), closed_as="plan_met")
    return road.again(referral)


# --- State and verb ---


def test_a_note_is_written_while_the_referral_is_open(front_door, amara, willow):
    for state in ReferralState.values:
        referral = cast.referral(amara, held_by=willow, state=state, worker=amara)

        if state in ENDED:
            with pytest.raises(NotReady, match="reopen it first"):
                written(referral, amara)
            assert not CaseNote.objects.filter(referral=referral).exists()
            continue
        note = written(referral, amara)

        assert (note.reference, note.number) == (f"{referral.reference}-N1", 1)
        assert road.again(referral).state == state
        assert road.again(referral).version == referral.version


def test_after_the_end_only_its_author_still_corrects_a_note(case, amara, mo):
    note = written(case, amara)
    referral = ends(case)

    with pytest.raises(NotReady, match="reopen it first"):
        corrected(note, mo)
    corrected(note, amara)

    assert [each.by for each in note.corrections.all()] == [amara]
    assert referral.has_ended


# --- Role and verb ---

WRITE = {"amara", "mo"}
EVERYBODY = {"amara", "bea", "carl", "dee", "mo", "max", "dot", "dev", "eli", "esi", "cho", "min", "coo", "aud"}


ALLOWED = {
    "write": WRITE,
    "oversight": {"mo"},
    "correct": WRITE,
    "read": {"mo"},
    "hold_back": WRITE,
    "tell": {"mo"},
}


def test_who_may(request, case, amara, mo):
    note = written(case, amara, readers=[mo])
    held_back = written(case, amara, do_not_disclose=True)
    reason = "As it was agreed."
    deeds = {
        "write": lambda user: written(case, user),
        "oversight": lambda user: written(case, user, **notes_road.oversight()),
        "correct": lambda user: corrected(note, user),
        "read": lambda user: notes.read_note(note.reference, actor=user),
        "hold_back": lambda user: telling.hold_note_back(written(case, amara).reference, actor=user, reason=reason),
        "tell": lambda user: telling.tell_note(held_back.reference, actor=user, reason=reason),
    }
    done = {verb: set() for verb in deeds}

    for who in sorted(EVERYBODY):
        user = cast.again(request.getfixturevalue(who))
        for verb, deed in deeds.items():
            before = road.entries(case)
            try:
                with transaction.atomic():
                    deed(user)
            except Denied:
                assert road.entries(case) == before
            else:
                assert road.entries(case) > before
                done[verb].add(who)

    assert done == ALLOWED


def test_whoever_is_named_may_write_and_no_chair_and_no_auditor_may(case, mo, carl, cho):
    for each in (carl, cho):
        restricting.name_reader(case.reference, actor=mo, reader=each, reason="Helps with it.")

    note = written(case, carl)
    with pytest.raises(Denied):
        written(case, cho)

    assert note.author == carl
    assert corrected(note, carl).number == 1


def test_another_readers_note_is_not_a_readers_to_correct(case, amara, mo, carl):
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="Helps with it.")

    with pytest.raises(Denied):
        corrected(written(case, amara), carl)


# --- What a note must say ---


def test_what_is_missing_is_asked_for_and_nothing_is_written(case, amara, mo):
    for fields, sentence in (
        ({"text": "  "}, "Say what happened."),
        ({"kind": "party"}, "Choose what the note is of."),
        ({"basis": ""}, "fact or opinion"),
        ({"seen": None, "seen_alone": None}, "Say whether the child was seen on the visit."),
        ({"seen": True, "seen_alone": None}, "seen alone"),
        ({"seen": False, "not_seen_reason": ""}, "why the child was not seen"),
        ({"happened_on": clock.today() + timedelta(days=2)}, "check the day"),
        (notes_road.oversight(agreed=" "), "Say what was agreed"),
    ):
        with pytest.raises(NotReady, match=sentence):
            written(case, mo, **fields)

    assert not CaseNote.objects.exists()


def test_of_a_call_nobody_must_say_whether_the_child_was_seen(case, amara):
    assert written(case, amara, kind="call", seen=None, seen_alone=None).seen is None


def test_alone_is_kept_only_of_a_child_who_was_seen(case, amara):
    note = written(case, amara, seen=False, seen_alone=True, not_seen_reason="Nobody was at home.")

    assert (note.seen, note.seen_alone) == (False, None)


def test_the_database_itself_refuses_a_visit_that_does_not_say_whether_the_child_was_seen(case, amara):
    note = written(case, amara)
    note.pk, note.number, note.reference, note.once = None, 2, "another", uuid4()
    note.seen = note.seen_alone = None

    with pytest.raises(IntegrityError, match="case_note_visit"), transaction.atomic():
        note.save(force_insert=True)
    note.kind = NoteKind.OVERSIGHT  # without what was agreed
    with pytest.raises(IntegrityError, match="case_note_oversight"), transaction.atomic():
        note.save(force_insert=True)


# --- Final ---


def test_the_database_never_changes_a_note_nor_a_correction(case, amara):
    note = written(case, amara)
    corrected(note, amara)
    telling.hold_note_back(note.reference, actor=amara, reason="The police asked.")

    for model in (CaseNote, NoteCorrection, NoteTelling):
        assert model.objects.count() == 1
        for deed in (lambda m: m.objects.update(number=7), lambda m: m.objects.all().delete()):
            with pytest.raises((DatabaseError, Exception), match="append-only|protected"), transaction.atomic():
                deed(model)
    assert CaseNote.objects.get().text == notes_road.TEXT


def test_a_correction_stands_under_the_note_which_stays(case, amara, mo):
    note = written(case, amara)

    first, second = corrected(note, amara), corrected(note, mo, text="And it was noon.", reason="The diary says so.")

    assert CaseNote.objects.get().says() == note.says()
    assert [first.reference, second.reference] == [f"{note.reference}-C1", f"{note.reference}-C2"]


def test_a_correction_says_what_and_why(case, amara):
    note = written(case, amara)

    for fields in ({"text": " "}, {"reason": ""}):
        with pytest.raises(NotReady, match="and why"):
            corrected(note, amara, **fields)


def test_a_text_that_was_changed_behind_the_trigger_is_found(case, amara, settings, tmp_path):
    """Whoever owns the tables can take the trigger away: the journal vouches for the words."""
    settings.ANCHOR_DIR = tmp_path  # another run's anchors are of other entries
    note = written(case, amara)
    corrected(note, amara)
    telling.hold_note_back(note.reference, actor=amara, reason="The police asked.")
    call_command("verify_record", case.reference, stdout=StringIO())
    connection.check_constraints()  # PostgreSQL changes no trigger of a table whose keys are still to be checked
    append_only.remove(connection)
    try:
        CaseNote.objects.update(childs_words="Nothing.")
        NoteCorrection.objects.update(text="Nothing.")
        NoteTelling.objects.update(reason="Nothing.")
        told = StringIO()
        with pytest.raises(CommandError):
            call_command("verify_record", case.reference, stdout=StringIO(), stderr=told)
    finally:
        append_only.install(connection)

    for reference in (note.reference, f"{note.reference}-C1", f"{note.reference}-T1"):
        assert f"{reference}: what it says is not what the journal vouched for." in told.getvalue()


# --- Twice, and stale ---


def test_the_same_page_sent_twice_makes_one_note_and_one_correction(case, amara, mo):
    key, again = uuid4(), uuid4()

    note = written(case, amara, once=key, readers=[mo])
    assert written(case, amara, once=key, readers=[mo]) == note
    assert corrected(note, amara, once=again) == corrected(note, amara, once=again)

    assert (CaseNote.objects.count(), NoteCorrection.objects.count()) == (1, 1)
    assert Task.objects.filter(kind="read_note").count() == 1


def test_sent_again_with_other_words_it_is_refused_and_not_swallowed(case, amara):
    key, again = uuid4(), uuid4()
    note = written(case, amara, once=key)
    corrected(note, amara, once=again)

    with pytest.raises(NotReady, match="says something else"):
        written(case, amara, once=key, text="Other words.")
    with pytest.raises(NotReady, match="says something else"):
        corrected(note, amara, once=again, text="Other words.")


def test_a_correction_by_somebody_else_meanwhile_is_shown_first(case, amara, mo):
    note = written(case, amara)
    corrected(note, mo)

    with pytest.raises(Changed) as refusal:
        corrected(note, amara, version=0)

    assert (refusal.value.who, refusal.value.now["text"], refusal.value.version) == ("Mo", notes_road.PUT_RIGHT, 1)
    assert corrected(note, amara, version=1).number == 2


# --- Who is asked to read it ---


def test_whoever_may_not_open_the_record_is_not_asked_and_nothing_is_written(case, amara, carl, mo):
    with pytest.raises(NotReady) as refusal:
        written(case, amara, readers=[mo, carl])

    assert str(refusal.value).startswith("Carl may not open this record")
    assert not CaseNote.objects.exists()
    assert not Task.objects.filter(kind="read_note").exists()


def test_an_auditor_who_has_no_list_of_work_is_not_asked(case, amara, aud):
    with pytest.raises(NotReady, match="Aud is an auditor"):
        written(case, amara, readers=[aud])


def test_somebody_barred_is_not_asked(case, amara, mo):
    other = cast.user("Ada", (case.record.holding_team, "manager"))
    restricting.bar(case.reference, actor=mo, user=other, reason="A relative.")

    with pytest.raises(NotReady, match="Ada may not open this record"):
        written(case, amara, readers=[cast.again(other)])


def test_of_a_restricted_record_only_who_is_named_is_asked(case, amara, mo):
    other = cast.user("Ada", (case.record.holding_team, "manager"))
    restricting.restrict(case.reference, actor=mo, reason="A colleague's child.", readers=[])

    with pytest.raises(NotReady, match="Ada may not open this record"):
        written(case, amara, readers=[other])
    assert written(case, amara, readers=[mo]).number == 1


def test_the_author_is_not_asked_and_nobody_twice(case, amara, mo):
    written(case, amara, readers=[amara, mo, mo])

    assert [task.owner for task in Task.objects.filter(kind="read_note")] == [mo]


def test_i_have_read_it_ends_the_task_once(case, amara, mo):
    note = written(case, amara, readers=[mo])

    notes.read_note(note.reference, actor=mo)
    entries = road.entries(case)
    notes.read_note(note.reference, actor=mo)

    task = Task.objects.get(kind="read_note")
    assert (task.done_by, road.entries(case)) == (mo, entries)


def test_a_correction_asks_again_whoever_was_asked_and_may_still_open_it(case, amara, mo, carl):
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="Helps with it.")
    note = written(case, amara, readers=[mo, carl])
    notes.read_note(note.reference, actor=mo)
    notes.read_note(note.reference, actor=carl)
    restricting.bar(case.reference, actor=mo, user=carl, reason="A relative.")

    corrected(note, amara)

    assert [task.owner for task in Task.objects.open().filter(kind="read_note")] == [mo]


def test_what_somebody_is_asked_to_read_makes_no_case_late_and_does_not_end_with_it(case, amara, mo):
    written(case, amara, readers=[mo])

    assert work.next_due_on(case.record) is None
    work.cancel(case.record, reason="Attached.")
    assert Task.objects.open().get().kind == "read_note"

    deciding.end(road.again(case), "plan_met", actor=mo)
    assert Task.objects.open().filter(kind="read_note").exists()


def loses_access(case, mo, carl):
    """Each way in which Carl, who was named, may not open the record any more; and how he may again."""
    yield lambda: restricting.bar(case.reference, actor=mo, user=carl, reason="A relative.")
    restricting.lift_bar(case.reference, actor=mo, user=carl, reason="No relative.")
    yield lambda: AccessGrant.objects.filter(user=carl).update(ends_at=clock.now())
    AccessGrant.objects.filter(user=carl).update(ends_at=None)
    yield lambda: User.objects.filter(pk=carl.pk).update(is_active=False)


def test_whoever_may_not_open_the_record_any_more_is_asked_nothing_and_not_reminded(
    case, amara, mo, carl, time_machine
):
    day = add_working_days(clock.today(), 1)
    time_machine.move_to(datetime(day.year, day.month, day.day, 9, tzinfo=UTC), tick=False)
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="Helps with it.")
    note = written(case, amara, readers=[carl])
    Task.objects.update(due_on=clock.today() - timedelta(days=4))

    def asked():
        reminders.sweep()
        told = set(Reminder.objects.values_list("user__name", flat=True))
        Reminder.objects.all().delete()
        due = [user.name for user in (carl, mo) if tasks_due(cast.again(user))]
        rows = [row[0]["text"] for row in team_task_rows(cast.again(mo), 50)["rows"]]
        return told, due, rows, reading.one_note(case, amara, reading.note_at(case, note.number))["asked"]

    for lose in loses_access(case, mo, carl):
        assert asked() == ({"Carl"}, ["Carl"], [], ["Carl: not read yet"])
        lose()
        assert asked() == (set(), [], [], ["Carl: not read, and may not open this record any more"])


# --- What the family is told ---


def test_a_note_is_held_back_from_the_beginning_or_later_and_each_decision_stands(case, amara, mo):
    note = written(case, amara, do_not_disclose=True)
    assert held_back(case) == [note.reference]

    with pytest.raises(NotReady, match="Give the reason"):
        telling.tell_note(note.reference, actor=mo, reason=" ")
    told = telling.tell_note(note.reference, actor=mo, reason="The police agreed.")
    assert held_back(case) == []
    with pytest.raises(NotReady, match="already"):
        telling.tell_note(note.reference, actor=mo, reason="The police agreed.")
    again = telling.hold_note_back(note.reference, actor=amara, reason="They asked anew.")

    assert held_back(case) == [note.reference]
    assert [told.reference, again.reference] == [f"{note.reference}-T1", f"{note.reference}-T2"]
    assert CaseNote.objects.get().do_not_disclose is True


def held_back(case):
    return [note.reference for note in reading.held_back_notes(referral=case)]


@pytest.mark.parametrize(
    ("secret", "text", "found"),
    [
        ("He was at the quarry on Monday.", "We heard he WAS at the: quarry!", "he was at the quarry"),
        ("He was at the quarry.", "He was at home.", ""),
        ("The quarry", "near the quarry", "the quarry"),
        ("See it", "see it", ""),
        ("School", "at school", ""),
        ("", "at school", ""),
    ],
)
def test_words_that_one_text_repeats_of_another(secret, text, found):
    assert runs.shared(text, secret) == found

"""verify_record: finds what was tampered with, and says that everything is whole when it is."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from hsb.core import append_only, journal
from hsb.core.door import perform
from hsb.core.management.commands import verify_record
from hsb.core.models import Record
from hsb.core.states import RecordKind
from referrals.models import PoliceReferral, Referral, RiskAssessment
from referrals.states import AssessmentState, ReferralState
from tests import cast
from tests.core.threads import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchors(settings, tmp_path):
    """The folder of the anchors: another machine's, in earnest."""
    settings.ANCHOR_DIR = tmp_path / "anchors"
    return settings.ANCHOR_DIR


@pytest.fixture
def referral(amara, dot, front_door):
    """Five records, eight entries: person, concern, referral with a verb of its own and one of its assessment."""
    referral = cast.referral(amara, held_by=front_door, state=ReferralState.AWAITING_DECISION)
    cast.submitted(referral, amara)
    with transaction.atomic():
        record = Record.objects.open(RecordKind.REFERRAL, at=timezone.now())
        Record.objects.open(RecordKind.PERSON, at=timezone.now())
        for verb in ("first", "second", "third"):
            journal.write(record, verb, actor=amara)
    journal.write(
        referral.record,
        "submit",
        actor=amara,
        to_state=AssessmentState.SUBMITTED,
        noun=f"{referral.reference}-A1",
        text=referral.latest_assessment().digest(),
    )
    return referral


def verify(*references, **options):
    """(exit code, what was said, the faults)."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_record", *references, stdout=out, stderr=err, **options)
    except CommandError as failure:
        return failure.returncode, str(failure), err.getvalue().splitlines()
    return 0, out.getvalue().strip(), err.getvalue().splitlines()


def tamper(sql, *params):
    append_only.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
    append_only.install(connection)


def cut_tail(record, keep):
    tamper("DELETE FROM core_entry WHERE record_id = %s AND number > %s", record.pk, keep)
    head = record.entries.get(number=keep).digest if keep else ""
    Record.objects.filter(pk=record.pk).update(entry_count=keep, head=head)


def test_an_empty_house_is_whole():
    assert verify() == (0, "Checked 0 records and 0 entries: whole.", [])


def test_everything_whole_is_said_in_the_last_line(referral):
    assert verify() == (0, "Checked 5 records and 8 entries: whole.", [])


def test_after_real_verbs_everything_is_whole(referral, dev):
    perform(RiskAssessment, f"{referral.reference}-A1", "approve", actor=dev)
    perform(Referral, referral.reference, "allocate_to_statutory", actor=dev)

    assert verify() == (0, "Checked 5 records and 10 entries: whole.", [])


def test_some_records_can_be_asked_for_by_reference(referral):
    assert verify(referral.reference) == (0, "Checked 1 record and 3 entries: whole.", [])


def test_a_reference_that_does_not_exist_is_a_fault(referral):
    code, told, faults = verify("HSB-1999-00001")

    assert (code, told) == (1, "Checked 0 records and 0 entries: 1 fault.")
    assert faults == ["HSB-1999-00001: there is no such record."]


def test_an_altered_entry_is_named_and_the_exit_code_is_1(referral):
    tamper("UPDATE core_entry SET reason = 'Another.' WHERE record_id = %s AND number = 1", referral.pk)

    assert verify() == (
        1,
        "Checked 5 records and 8 entries: 1 fault.",
        [f"{referral.reference}: entry 1 (log_concern) was altered."],
    )


def test_a_state_that_was_moved_past_the_door_is_found(referral):
    Referral.objects.filter(pk=referral.pk).update(state=ReferralState.STATUTORY)

    assert verify() == (
        1,
        "Checked 5 records and 8 entries: 1 fault.",
        [f"{referral.reference}: its state is statutory, but the journal's last move says awaiting_decision."],
    )


def test_a_nouns_state_that_was_moved_past_the_door_is_found(referral):
    RiskAssessment.objects.update(state=AssessmentState.APPROVED)

    assert verify()[2] == [
        f"{referral.reference}-A1: its state is approved, but the journal's last move says submitted."
    ]


def test_what_was_submitted_and_changed_past_the_door_is_found(referral):
    RiskAssessment.objects.update(rationale="Another one.")

    assert verify()[2] == [f"{referral.reference}-A1: what it says is not what the journal vouched for."]


def test_a_noun_that_never_moved_must_stand_where_it_began(referral, amara):
    cast.assessment(referral, amara, number=2, state=AssessmentState.STALE)

    assert verify()[2] == [f"{referral.reference}-A2: its state is stale, but the journal's last move says draft."]


def test_every_model_that_the_door_moves_is_checked():
    assert {Referral, RiskAssessment, PoliceReferral} <= set(verify_record.nouns_with_a_state())


def test_several_faults_are_all_told(referral):
    tamper("DELETE FROM core_entry WHERE verb = 'second'")
    Referral.objects.filter(pk=referral.pk).update(state=ReferralState.RECEIVED)

    code, told, faults = verify()

    assert (code, told) == (1, "Checked 5 records and 8 entries: 3 faults.")
    assert len(faults) == 3


@pytest.mark.parametrize("keep", [2, 0], ids=["of one entry", "of everything"])
def test_a_cut_tail_is_found_against_the_anchors(referral, anchors, keep):
    victim = Record.objects.get(entries__verb="third")
    assert verify()[0] == 0

    cut_tail(victim, keep)

    assert verify()[2] == [f"{victim.reference}: entry 3 differs from the anchor kept outside."]


def test_without_anchors_a_cut_tail_cannot_be_found(referral):
    cut_tail(Record.objects.get(entries__verb="third"), 2)

    assert verify()[0] == 0


def test_a_record_that_is_gone_with_its_journal_is_found_against_the_anchors(referral):
    gone = Record.objects.get(entries__verb="third")
    verify()

    tamper("DELETE FROM core_entry WHERE record_id = %s", gone.pk)
    gone.delete()

    assert verify()[2] == [f"{gone.reference}: the record is gone, but an anchor kept outside names it."]


def lines(anchors):
    return [json.loads(line) for path in sorted(anchors.glob("*")) for line in path.read_text().splitlines()]


def test_anchors_are_json_lines_of_reference_count_and_head(referral, anchors):
    verify()

    kept = Record.objects.get(pk=referral.pk)
    assert {"reference": kept.reference, "count": 3, "head": kept.head} in lines(anchors)
    assert len(lines(anchors)) == 5
    assert [path.suffix for path in anchors.iterdir()] == [".jsonl"]


def test_only_heads_that_moved_on_are_anchored_again(referral, anchors, amara):
    verify()
    verify()
    assert len(list(anchors.iterdir())) == 1

    with transaction.atomic():
        journal.write(Record.objects.get(pk=referral.pk), "later", actor=amara)
    verify()

    assert len(list(anchors.iterdir())) == 2
    assert len(lines(anchors)) == 6
    assert verify()[0] == 0


def test_no_anchor_writes_none(referral, anchors):
    verify(no_anchor=True)

    assert not anchors.exists()


def test_a_record_with_a_fault_is_not_anchored(referral, anchors):
    tamper("UPDATE core_entry SET reason = 'Another.' WHERE record_id = %s AND number = 1", referral.pk)

    verify()

    assert len(lines(anchors)) == 4
    assert referral.reference not in {line["reference"] for line in lines(anchors)}


def test_an_anchor_that_cannot_be_read_is_a_fault(referral, anchors):
    verify()
    with next(anchors.iterdir()).open("a") as file:
        file.write('{"reference": "HSB-2026-00001"}\nnonsense\n')

    code, _, faults = verify()

    assert code == 1
    assert [fault.split(": ")[1] for fault in faults] == ["line 6 cannot be read.", "line 7 cannot be read."]


def test_what_cannot_even_be_read_is_a_fault_and_the_rest_is_checked(referral):
    tamper("UPDATE core_entry SET facts = '[1, 2]', to_state = 'x' WHERE record_id = %s AND number = 1", referral.pk)

    assert verify() == (
        1,
        "Checked 5 records and 8 entries: 1 fault.",
        [f"{referral.reference}: its journal cannot be read (AttributeError)."],
    )


def test_many_records_are_read_in_chunks(referral, monkeypatch):
    for _ in range(30):
        Record.objects.open(RecordKind.PERSON, at=timezone.now())
    monkeypatch.setattr(verify_record, "AT_ONCE", 10)

    code, told, _ = verify()

    assert (code, told) == (0, "Checked 35 records and 8 entries: whole.")


@pytest.mark.django_db(transaction=True)
def test_people_at_work_meanwhile_are_no_fault(amara, front_door):
    referral = cast.referral(amara, held_by=front_door)

    def write_on():
        for _ in range(40):
            with transaction.atomic():
                journal.write(Record.objects.select_for_update().get(pk=referral.pk), "noted", actor=amara)

    def verify_often():
        return [verify(no_anchor=True)[0] for _ in range(20)]

    _, codes = at_once(write_on, verify_often)

    assert codes == [0] * 20
    assert verify() == (0, "Checked 3 records and 43 entries: whole.", [])

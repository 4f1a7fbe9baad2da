"""References: readable, numbered by kind and year, never given twice."""

import pytest
from django.db import transaction
from django.utils import timezone

from hsb.core.door import record_reference
from hsb.core.models import Record, ReferenceCounter
from hsb.core.states import RecordKind
from tests.core.threads import at_once


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "reference"),
    [
        (RecordKind.REFERRAL, "HSB-2026-00001"),
        (RecordKind.CONCERN, "CON-2026-00001"),
        (RecordKind.PERSON, "PER-2026-00001"),
        (RecordKind.POLICE_REFERRAL, "POL-2026-00001"),
    ],
)
def test_each_kind_has_its_own_numbers(kind, reference):
    record = Record.objects.open(kind, at=timezone.make_aware(timezone.datetime(2026, 5, 1)))

    assert record.reference == reference
    assert (record.entry_count, record.head) == (0, "")


@pytest.mark.django_db
def test_numbers_go_on_and_start_again_each_year():
    given = [ReferenceCounter.next_reference("HSB", year) for year in (2026, 2026, 2027, 2026)]

    assert given == ["HSB-2026-00001", "HSB-2026-00002", "HSB-2027-00001", "HSB-2026-00003"]


@pytest.mark.django_db
def test_a_number_is_not_lost_when_what_wanted_it_fails():
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        ReferenceCounter.next_reference("HSB", 2026)
        raise ZeroDivisionError

    assert ReferenceCounter.next_reference("HSB", 2026) == "HSB-2026-00001"


@pytest.mark.parametrize(
    ("reference", "of_record"),
    [
        ("HSB-2026-00042", "HSB-2026-00042"),
        ("HSB-2026-00042-A1", "HSB-2026-00042"),
        ("HSB-2026-00042-M12", "HSB-2026-00042"),
    ],
)
def test_a_noun_hangs_on_the_record_its_reference_begins_with(reference, of_record):
    assert record_reference(reference) == of_record


@pytest.mark.django_db(transaction=True)
def test_eight_writers_at_once_get_different_numbers():
    def open_five():
        opened = []
        for _ in range(5):
            with transaction.atomic():
                opened.append(Record.objects.open(RecordKind.REFERRAL, at=timezone.now()).reference)
        return opened

    numbers = sorted(int(reference[-5:]) for given in at_once(*[open_five] * 8) for reference in given)

    assert numbers == list(range(1, 41))

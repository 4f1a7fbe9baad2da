"""A child who displayed the behaviour in one concern and was harmed in another: whoever has the child reads both."""

import pytest

from hsb.core.models import Entry
from tests.referrals import case_road

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("postgresql", "the first road is walked on both"),
]
MEANING = "The plan has two halves, and the same adult keeps both."


def test_a_child_seen_both_ways_is_read_both_ways(actors, borough):
    referral, _ = case_road.logged(borough["duty"], harmed=False)
    case = f"/referrals/{referral.reference}/"
    worker = actors("duty")
    worker.opens(case)
    assert "in two concerns in different parts" not in worker.main.inner_text()
    case_road.harmed_too(referral, borough["duty"])

    worker.opens(case)
    worker.reads("This child is in two concerns in different parts: read both.")
    worker.press("I have read both")
    worker.reads("neither explains the other away")
    assert worker.main.get_by_role("link", name="Read the concern of").count() == 2
    worker.press("I have read both")
    worker.is_refused()
    worker.fill(meaning=MEANING)
    worker.press("I have read both")

    worker.reads("It is recorded that you read both.")
    told = Entry.objects.filter(record=referral.record_id, verb="read_both").get()
    assert (told.reason, told.actor) == (MEANING, borough["duty"])
    assert not referral.record.tasks.open().filter(kind="read_both").exists()

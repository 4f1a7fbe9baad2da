"""The neutral summary, that it stands in the main system, and what changed since; and what is new since one looked."""

from datetime import timedelta

import pytest

from hsb.core import access, clock, journal
from hsb.core.models import AccessRecord, Entry
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.core.states import AccessKind
from referrals.models import Referral
from referrals.selectors.main_system import VERB, copied, summary_text
from referrals.selectors.since import SHOWN, since_last_looked
from referrals.services.main_system import record_copied
from referrals.states import ReferralState, Side
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(mo, willow, amara):
    """Amara's: Robin Sample, of the second category."""
    with clock.moved_to(clock.now() - timedelta(hours=10)):
        return cast.referral(mo, held_by=willow, state=ReferralState.STATUTORY, worker=amara, category="2")


def copy(referral, actor, **fields):
    return record_copied(referral.reference, actor=actor, **{"copied_on": clock.today()} | fields)


def now(referral):
    return Referral.at(referral.reference).get()


# --- The text --------------------------------------------------------------------------------------------------------


def test_the_summary_says_where_it_stands_and_nothing_of_what_happened(referral):
    referral.next_due_on = clock.today()

    said = summary_text(referral)

    for line in (f"Reference: {referral.reference}", "Team: Willow", "Worker: Amara", "Category: 2\n"):
        assert line in said
    assert "State: With statutory social work since" in said
    assert f"Next date: {clock.today().day} " in said
    assert not any(word in said for word in ("Robin", "Sample", "Abusive", "behaviour", "harmed"))


def test_of_a_child_who_was_harmed_it_says_no_category(referral):
    referral.category, referral.side = "", Side.HARMED

    assert "Category" not in summary_text(referral)


# --- Recorded there ---------------------------------------------------------------------------------------------------


def test_who_copied_it_when_and_what_changed_since(referral, amara, bea):
    assert copied(referral) == {"text": "Not recorded in the main system yet.", "changed": ""}

    entry = copy(referral, amara)

    assert (entry.verb, entry.actor, entry.happened_on, entry.facts["worker"]) == (
        VERB,
        amara,
        clock.today(),
        amara.reference,
    )
    there = copied(now(referral))
    assert "by Amara" in there["text"]
    assert there["changed"] == ""
    Referral.objects.filter(pk=referral.pk).update(worker=bea, state=ReferralState.EARLY_HELP)
    assert copied(now(referral))["changed"] == "Changed since: state and worker."


def test_the_same_copy_is_recorded_once_and_again_when_something_changed(referral, amara, bea):
    copy(referral, amara)
    with pytest.raises(NotReady, match="already"):
        copy(referral, amara)
    Referral.objects.filter(pk=referral.pk).update(worker=bea)

    copy(referral, amara)

    assert Entry.objects.filter(record=referral.pk, verb=VERB).count() == 2
    assert copied(now(referral))["changed"] == ""


def test_not_before_it_was_received_not_tomorrow_not_of_another_state_not_by_a_stranger(referral, amara, carl):
    for day in (clock.today() + timedelta(days=1), clock.today() - timedelta(days=4000)):
        with pytest.raises(NotReady, match="Enter a day"):
            copy(referral, amara, copied_on=day)
    with pytest.raises(Changed):
        copy(referral, amara, version=referral.version + 1)
    with pytest.raises(Denied):
        copy(referral, carl)
    assert not Entry.objects.filter(verb=VERB).exists()


# --- Since you last looked --------------------------------------------------------------------------------------------


def look(user, referral, minutes_ago, kind=AccessKind.PAGE):
    with clock.moved_to(clock.now() - timedelta(minutes=minutes_ago)):
        access.look(user, referral.record, "overview", kind=kind)


def done(referral, actor, minutes_ago, verb="protection", times=1):
    with clock.moved_to(clock.now() - timedelta(minutes=minutes_ago)):
        for _ in range(times):
            journal.write(referral.record, verb, actor=actor)


def titles(referral, user):
    found = since_last_looked(referral, user)
    return found and [each["title"] for each in found["entries"]]


def test_what_others_did_since_the_visit_before_this_one(referral, amara, mo):
    done(referral, mo, 400, "approve")
    done(referral, mo, 200, "start_work")
    look(amara, referral, 0)
    assert since_last_looked(referral, amara) is None  # looked never before

    look(amara, referral, 300)
    done(referral, amara, 100, "record_protection")
    assert titles(referral, amara) == ["Work with the child started"]
    # This visit began an hour ago, with less than half an hour between its pages: it hides nothing.
    for minutes in (20, 45, 60):
        look(amara, referral, minutes)
    assert titles(referral, amara) == ["Work with the child started"]
    # A refusal, and somebody else's look, are no visit.
    look(amara, referral, 150, AccessKind.REFUSED)
    look(mo, referral, 150)
    assert titles(referral, amara) == ["Work with the child started"]
    look(amara, referral, 150)
    assert since_last_looked(referral, amara) is None  # nothing new, but her own


def test_at_most_eight_and_that_there_is_more(referral, amara, mo, django_assert_num_queries):
    look(amara, referral, 300)
    done(referral, mo, 100, "record_protection", times=SHOWN)
    assert since_last_looked(referral, amara)["more"] is False
    done(referral, mo, 90, "start_work")
    written = AccessRecord.objects.count()

    with django_assert_num_queries(2):
        found = since_last_looked(referral, amara)

    assert (len(found["entries"]), found["more"]) == (SHOWN, True)
    assert found["entries"][0]["title"] == "Work with the child started"
    assert AccessRecord.objects.count() == written

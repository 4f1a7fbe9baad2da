"""What the police told us of a child: who reads it, what follows, and that no family is told of it by mistake."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from hsb.core import clock
from hsb.core.refusals import Denied, NotReady
from referrals.models import PoliceNotification
from referrals.selectors import notifications as selectors
from referrals.selectors.held_back import repeats_held_back
from referrals.services import case_documents, notifications
from tests import cast
from tests.referrals import case_road as road
from tests.referrals import papers_of_a_child, police_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, mo, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def shown(referral, user):
    again = road.again(referral)
    return selectors.of_referral(again, user, selectors.about(again))["rows"]


def test_it_is_held_back_unless_somebody_says_otherwise_and_the_journal_keeps_no_word_of_it(case, amara):
    row = police_road.notified(case, amara)

    entry = road.last_entry(case, "record_notification")
    assert (row.do_not_disclose, list(row.children.all())) == (True, [case])
    assert (entry.actor, entry.reason, entry.facts["held_back"]) == (amara, "", True)
    assert police_road.TOLD not in str(entry.facts)
    assert police_road.notified(case, amara, once=row.once) == row
    assert police_road.notified(case, amara, do_not_disclose=False).do_not_disclose is False


@pytest.mark.parametrize(
    "told", [{"says": " "}, {"unit": " "}, {"received_on": date(2999, 1, 1)}, {"concern": "CON-1"}]
)
def test_what_cannot_be_is_refused(case, amara, told):
    with pytest.raises(NotReady):
        police_road.notified(case, amara, **told)
    assert not PoliceNotification.objects.exists()


def test_what_speaks_of_several_children_opens_for_who_opens_all(case, amara, willow, rowan, carl, max):
    concern = case.involvements.get().concern
    own = cast.referral(amara, held_by=willow, state="statutory", worker=amara, about=concern)
    other = cast.referral(carl, held_by=rowan, state="statutory", worker=carl, about=concern, side="harmed")
    row = police_road.notified(case, amara, children=[case.reference, own.reference])
    assert shown(own, amara)[0]["says"] == police_road.TOLD
    assert road.last_entry(own, "record_notification").actor == amara
    assert shown(other, carl) == []
    with pytest.raises(NotReady, match="does not speak of this child"):
        police_road.notified(case, amara, children=[own.reference])
    with pytest.raises(Denied):  # a child whom she may not open is not offered
        police_road.notified(case, amara, children=[other.reference])

    row.children.set([case, other])
    for referral, user, whose in ((case, amara, "Rowan"), (other, carl, "Willow")):
        (told,) = shown(referral, user)
        assert (told["rows"], told["says"], told["links"]) == ([], "", [])
        assert "Ask the managers of" in told["masked"] and whose in told["masked"]
        acknowledged = {"acknowledged_on": clock.today(), "acknowledged_to": "The unit"}
        with pytest.raises(Denied):
            notifications.follow(referral.reference, actor=user, notification=row, **acknowledged)


def test_what_followed_is_recorded_once(case, amara, mo):
    row = police_road.notified(case, amara)
    letter = papers_of_a_child.added(case, amara, kind="police", title="From the police")
    concern = case.involvements.first().concern
    same = {"actor": amara, "notification": row}
    with pytest.raises(NotReady, match="at least one"):
        notifications.follow(case.reference, **same)
    with pytest.raises(NotReady, match="on which it came"):
        early = clock.today() - timedelta(days=1)
        notifications.follow(case.reference, acknowledged_on=early, acknowledged_to="The unit", **same)

    notifications.follow(case.reference, acknowledged_on=clock.today(), acknowledged_to="The unit", **same)
    with pytest.raises(NotReady, match="already"):
        notifications.follow(case.reference, acknowledged_on=clock.today(), acknowledged_to="Another", **same)
    asked = {"concern": concern.reference, "document": letter.reference, "grounds": "They may be at risk together."}
    row = notifications.follow(case.reference, **asked, **same)

    assert (row.acknowledged_to, row.concern, row.document) == ("The unit", concern, letter)
    assert row.discussion_asked_on == clock.today() and selectors.is_followed(row)
    assert case.meeting_decisions.last().grounds == "They may be at risk together."
    (told,) = shown(case, amara)
    assert [link["text"] for link in told["links"]] == [f"Open the letter itself: {letter.reference}"]
    with pytest.raises(IntegrityError), transaction.atomic():
        PoliceNotification.objects.filter(pk=row.pk).update(acknowledged_to="")


def test_a_letter_that_was_taken_out_makes_room_for_the_right_one(case, client_of, amara, mo):
    wrong, right = (papers_of_a_child.added(case, amara, kind="police", title=title) for title in ("One", "Another"))
    row = police_road.notified(case, amara, document=wrong.reference)
    same = {"actor": amara, "notification": row}
    with pytest.raises(NotReady, match="already"):
        notifications.follow(case.reference, document=right.reference, **same)
    case_documents.take_out(case.reference, actor=amara, document=wrong, reason="It is about somebody else.")

    offered = client_of(amara).get(f"/referrals/{case.reference}/police-notifications/{row.once}/what-followed/")
    assert right.reference in offered.content.decode()
    row = notifications.follow(case.reference, document=right.reference, **same)

    assert row.document == right


def test_no_copy_for_a_family_repeats_it_until_a_manager_has_agreed(case, amara, mo):
    row = police_road.notified(case, amara)
    copy = "We know that the officers were called to the park on Tuesday."
    persons = [case.person_id]
    assert repeats_held_back(copy, persons) == ["the officers were called to the park on tuesday"]
    assert set(selectors.persons_held_back(persons)) == set(persons)

    with pytest.raises(Denied):
        notifications.let_disclose(case.reference, actor=amara, notification=row, reason="They agreed.")
    with pytest.raises(NotReady):
        notifications.let_disclose(case.reference, actor=mo, notification=row, reason=" ")
    notifications.let_disclose(case.reference, actor=mo, notification=row, reason="The police agreed.")

    assert repeats_held_back(copy, persons) == []
    assert set(selectors.persons_held_back(persons)) == set()
    with pytest.raises(NotReady):
        notifications.let_disclose(case.reference, actor=mo, notification=row, reason="The police agreed.")

"""One child under two names: a manager joins the two records, and parts them again."""

import pytest

from hsb.core.models import Entry
from referrals.models import Person
from tests.referrals import case_road

pytestmark = [
    pytest.mark.journey,
    pytest.mark.one_database("postgresql", "the first road is walked on both"),
]


def test_two_records_are_joined_and_parted(actors, borough):
    first, _ = case_road.logged(borough["practitioner"], harmed=False)
    second, _ = case_road.logged(borough["practitioner"], harmed=False)
    manager = actors("dutymanager")

    manager.opens(f"/referrals/{first.reference}/people/")
    manager.reads("Why: same name.")
    manager.follow_to(f"/referrals/{first.reference}/people/{second.person.reference}/join/")
    manager.reads("What moves")
    manager.press("Join the two records")
    manager.is_refused()
    manager.fill(reason="The mother gave two dates of birth.", sure="on")
    manager.press("Join the two records")

    manager.reads(f"Next, attach {second.reference} to the other.")
    assert set(first.person.referrals.all()) == {first, second}
    manager.go(f"/referrals/{second.reference}/people/{second.person.reference}/edit/")
    assert manager.path == f"/referrals/{second.reference}/people/{first.person.reference}/edit/"

    manager.opens(f"/referrals/{first.reference}/people/")
    manager.follow_to(f"/referrals/{first.reference}/people/{second.person.reference}/part/")
    manager.reads(f"Referral, {second.reference}")
    manager.fill(reason="Two cousins of one name.")
    manager.press("Part the two records")

    manager.reads(f"{second.person.reference} is a record of its own again.")
    assert Person.objects.get(pk=second.person_id).referrals.get() == second
    told = Entry.objects.filter(record=first.person_id).order_by("number").values_list("verb", flat=True)
    assert list(told)[-2:] == ["join_person", "part_person"]

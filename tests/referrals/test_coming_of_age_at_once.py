"""Several sweeps at the same moment, and a sweep beside a decision: each task is written once, and none too late."""

import pytest

from hsb.core.models import Task
from referrals.services import coming_of_age
from tests import cast
from tests.core.threads import at_once
from tests.referrals.age_road import CLOSE, DECIDE, PLAN, asked, child_of, decided

pytestmark = pytest.mark.django_db(transaction=True)


def test_several_sweeps_at_once_write_each_task_once(front_door, willow, amara):
    fields = {"held_by": willow, "state": "statutory", "worker": amara}
    cases = [cast.referral(amara, child=child_of(17, 6), **fields) for _ in range(20)]
    older = [cast.referral(amara, child=child_of(18), **fields) for _ in range(20)]

    done = at_once(*[coming_of_age.sweep] * 4)

    assert [each for each in done if isinstance(each, Exception)] == []
    assert Task.objects.filter(kind=PLAN, record__in=[case.pk for case in cases]).count() == 20
    assert Task.objects.filter(kind=DECIDE, record__in=[case.pk for case in older]).count() == 20
    assert Task.objects.count() == 40


def test_a_sweep_beside_the_decision_asks_for_no_second_one(front_door, willow, amara, mo):
    case = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=child_of(18))

    done = at_once(lambda: decided(case, mo), coming_of_age.sweep, coming_of_age.sweep)

    assert [each for each in done if isinstance(each, Exception)] == []
    assert sorted(asked(case)) == [CLOSE]

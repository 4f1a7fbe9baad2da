"""The rules of the ground floor themselves, without a page around them."""

import pytest

from hsb.people import permissions
from hsb.people.states import Role
from tests import cast


@pytest.mark.parametrize(
    ("who", "may"),
    [("dee", True), ("amara", False), ("mo", False), ("cho", False), ("min", False), ("coo", False), ("aud", False)],
    ids=["an administrator", "not a practitioner", "not a manager", "not a chair", "not a minute taker",
         "not a coordinator", "not an auditor"],
)  # fmt: skip
def test_who_administers(who, may, request):
    assert permissions.can_administer(request.getfixturevalue(who)) is may


@pytest.mark.parametrize("rule", ["can_give_role", "can_reset_password", "can_close"])
def test_an_administrator_does_it_to_somebody_else(rule, dee, amara):
    assert getattr(permissions, rule)(amara, dee)


@pytest.mark.parametrize("rule", ["can_give_role", "can_reset_password", "can_close"])
def test_not_to_herself(rule, dee):
    assert not getattr(permissions, rule)(dee, dee)


@pytest.mark.parametrize("rule", ["can_give_role", "can_reset_password", "can_close"])
def test_not_to_a_closed_account(rule, dee, willow):
    left = cast.user("Lea", (willow, Role.PRACTITIONER), is_active=False)

    assert not getattr(permissions, rule)(left, dee)


@pytest.mark.parametrize(
    ("by", "arranger", "may"),
    [
        ("bea", "amara", True),
        ("mo", "amara", True),
        ("carl", "amara", False),
        ("carl", "mo", False),
        ("carl", "dee", True),
        ("amara", "amara", False),
        ("dee", "dee", False),
        ("aud", "dee", False),
        ("cho", "dee", False),
    ],
    ids=[
        "a team-mate, named by herself",
        "her manager, named by herself",
        "not somebody of another team, named by herself",
        "not somebody of another team, named by her manager",
        "somebody of another team, named by the administrator",
        "not she herself",
        "not the administrator",
        "not an auditor",
        "not a chair",
    ],
)
def test_who_can_cover_for_amara(by, arranger, may, amara, request):
    stand_in, user = request.getfixturevalue(by), request.getfixturevalue(arranger)

    assert permissions.can_stand_in(stand_in, amara, user) is may


def test_a_closed_account_covers_for_nobody(amara, dee, willow):
    left = cast.user("Lea", (willow, Role.PRACTITIONER), is_active=False)

    assert not permissions.can_stand_in(left, amara, dee)


def test_nobody_covers_for_somebody_without_cases(aud, dee):
    assert not permissions.can_arrange_cover(aud, dee)


def test_a_manager_answers_no_longer_for_a_worker_who_moved(mo, rowan):
    moved = cast.user("Noor", (rowan, Role.PRACTITIONER))

    assert not permissions.can_arrange_cover(moved, mo)

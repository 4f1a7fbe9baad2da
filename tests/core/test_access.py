"""Need to know: every kind of grant as a truth table, and what beats what."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction

from hsb.core import access, clock
from hsb.core.models import AccessBar, AccessGrant, AccessRecord
from hsb.core.states import AccessKind, Because
from hsb.people.states import Role
from referrals.models import Person, Referral
from referrals.states import ReferralState
from tests import cast

pytestmark = pytest.mark.django_db

EVERYBODY = ["amara", "bea", "carl", "dee", "mo", "max", "dot", "dev", "eli", "esi", "cho", "min", "coo", "aud"]


@pytest.fixture
def everybody(request):
    return {name: request.getfixturevalue(name) for name in EVERYBODY}


@pytest.fixture
def bare(dot, front_door):
    """A referral on which no grant stands."""
    referral = cast.referral(dot, held_by=front_door)
    AccessGrant.objects.all().delete()
    return referral


def opens(user, referral):
    """Whether the rule, asked afresh, lets `user` open it; and "why" must say the same."""
    user = cast.again(user)
    seen = Referral.objects.visible_to(user).filter(pk=referral.pk).exists()
    barred = AccessBar.objects.filter(user=user, record=referral.person_id, lifted_at__isnull=True).exists()
    if user.is_active and not barred:
        referral.record.refresh_from_db()
        assert bool(access.why(user, referral.record)) == seen
    return seen


def who_open(everybody, referral):
    return {name for name, user in everybody.items() if opens(user, referral)}


def give(referral, **to):
    return access.grant(referral.record, because=to.pop("because", Because.NAMED), **to)


# --- By state: who sees a referral by default (practice.md B6, B7) ------------------------------------------------


def test_before_allocation_the_front_door_the_author_and_the_authors_manager_open_it(everybody, amara, front_door):
    referral = cast.referral(amara, held_by=front_door)

    assert who_open(everybody, referral) == {"dot", "dev", "amara", "mo", "aud"}


def test_after_allocation_the_worker_and_the_teams_managers_open_it(everybody, dot, amara, willow):
    referral = cast.referral(dot, held_by=willow, state=ReferralState.STATUTORY, worker=amara)

    assert who_open(everybody, referral) == {"amara", "mo", "aud"}


def test_after_closing_the_last_worker_and_the_last_teams_managers_open_it(everybody, dot, amara, willow):
    referral = cast.referral(dot, held_by=willow, state=ReferralState.CLOSED, worker=amara)

    assert who_open(everybody, referral) == {"amara", "mo", "aud"}


def test_of_many_it_is_known_at_once_who_may_open_it(
    everybody, amara, dot, willow, bea, carl, dee, esi, django_assert_num_queries
):
    referral = cast.referral(dot, held_by=willow, state=ReferralState.STATUTORY, worker=amara)
    give(referral, user=carl)
    give(referral, user=esi)
    bar(esi, referral, dee)
    cast.cover(bea, amara)
    carl.is_active = False
    carl.save()

    def who(users):
        users = [cast.again(user) for user in users]
        with django_assert_num_queries(2):
            return [user.name for user in access.who_open(users, referral)]

    one_by_one = [user.name for user in everybody.values() if opens(user, referral)]
    assert who(everybody.values()) == one_by_one == ["Amara", "Bea", "Mo", "Aud"]
    assert who([bea]) == ["Bea"]
    assert access.who_open([], referral) == []


# --- By kind of grant -----------------------------------------------------------------------------------------------


def test_without_a_grant_only_the_auditor_opens_it(everybody, bare):
    assert who_open(everybody, bare) == {"aud"}


def test_a_grant_to_a_user_is_hers_alone(everybody, bare, carl):
    give(bare, user=carl)

    assert who_open(everybody, bare) == {"carl", "aud"}


@pytest.mark.parametrize(
    ("role", "expected"),
    [(Role.PRACTITIONER, {"amara", "bea", "aud"}), (Role.MANAGER, {"mo", "aud"}), (Role.CHAIR, {"aud"})],
)
def test_a_grant_to_a_role_in_a_team_is_for_that_role_in_that_team(everybody, bare, willow, role, expected):
    give(bare, team=willow, role=role)

    assert who_open(everybody, bare) == expected


def test_a_second_seat_in_another_team_counts_too(bare, carl, hazel):
    give(bare, team=hazel, role=Role.PRACTITIONER)
    assert not opens(carl, bare)

    cast.join(carl, hazel, Role.PRACTITIONER)

    assert opens(carl, bare)


def test_role_and_team_must_meet_in_one_seat(bare, willow, hazel):
    """A manager of one team who practises in another is not a manager there."""
    ina = cast.user("Ina", (willow, Role.PRACTITIONER), (hazel, Role.MANAGER))
    give(bare, team=willow, role=Role.MANAGER)

    assert not opens(ina, bare)


@pytest.mark.parametrize("because", Because.values)
def test_cover_opens_what_is_allocated_to_the_covered_worker_and_nothing_else_of_hers(bare, amara, carl, because):
    cast.cover(carl, amara)
    # Of any kind, also one that is not given on a child's record.
    AccessGrant.objects.create(record=bare.record, user=amara, because=because, starts_at=clock.now())

    assert opens(carl, bare) is (because == Because.ALLOCATED)


def test_leave_for_a_teams_work_is_given_on_what_the_sweep_asks_it_of(bare, amara):
    with pytest.raises(ValueError, match="writes_intel is not given on"):
        access.grant(bare.record, because=Because.WRITES_INTEL, user=amara)

    assert not opens(amara, bare)


def test_cover_does_not_pass_on_what_the_covered_worker_sees_by_her_team(bare, amara, carl, willow):
    cast.cover(carl, amara)
    give(bare, team=willow, role=Role.PRACTITIONER, because=Because.ALLOCATED)

    assert not opens(carl, bare)


def test_cover_is_not_passed_on_from_cover(bare, amara, carl, bea):
    cast.cover(bea, amara)
    cast.cover(carl, bea)
    give(bare, user=amara, because=Because.ALLOCATED)

    assert opens(bea, bare)
    assert not opens(carl, bare)


# --- Restricted -----------------------------------------------------------------------------------------------------


def restrict(referral):
    referral.record.restricted = True
    referral.record.save()


def test_on_a_restricted_record_only_a_grant_to_a_named_user_counts(everybody, bare, amara, willow):
    give(bare, user=amara, because=Because.ALLOCATED)
    give(bare, team=willow, role=Role.PRACTITIONER)
    give(bare, team=willow, role=Role.MANAGER)
    assert who_open(everybody, bare) == {"amara", "bea", "mo", "aud"}

    restrict(bare)

    assert who_open(everybody, bare) == {"amara"}


def test_cover_does_not_open_a_restricted_record(bare, amara, carl):
    cast.cover(carl, amara)
    give(bare, user=amara, because=Because.ALLOCATED)
    restrict(bare)

    assert not opens(carl, bare)
    assert opens(amara, bare)


def test_an_auditor_opens_a_restricted_record_only_when_named(bare, aud):
    restrict(bare)
    assert not opens(aud, bare)

    give(bare, user=aud, because=Because.BREAK_GLASS)

    assert opens(aud, bare)


# --- A bar beats everything -----------------------------------------------------------------------------------------


def bar(user, referral, by):
    return AccessBar.objects.create(
        user=user, record=referral.person.record, reason="Related.", set_by=by, set_at=clock.now()
    )


def test_a_bar_beats_every_kind_of_grant(bare, carl, amara, mo, willow):
    cast.cover(carl, amara)
    cast.join(carl, willow, Role.PRACTITIONER)
    cast.join(carl, willow, Role.AUDITOR)
    give(bare, user=amara, because=Because.ALLOCATED)
    give(bare, team=willow, role=Role.PRACTITIONER)
    give(bare, user=carl, because=Because.BREAK_GLASS)
    assert opens(carl, bare)

    bar(carl, bare, by=mo)

    assert not opens(carl, bare)


def test_a_bar_is_on_one_user_and_one_child(bare, carl, bea, mo, front_door, dot):
    sibling = cast.referral(dot, held_by=front_door, child=cast.person("Pip", "Sample"))
    for referral in (bare, sibling):
        give(referral, user=carl)
        give(referral, user=bea)

    bar(carl, bare, by=mo)

    assert opens(bea, bare)
    assert opens(carl, sibling)
    assert not opens(carl, bare)


def test_a_bar_holds_for_every_episode_of_the_child(bare, carl, mo, front_door, dot):
    later = cast.referral(dot, held_by=front_door, child=bare.person)
    give(later, user=carl)

    bar(carl, bare, by=mo)

    assert not opens(carl, later)


def test_a_lifted_bar_bars_nobody(bare, carl, mo):
    give(bare, user=carl)
    barred = bar(carl, bare, by=mo)
    assert not opens(carl, bare)

    barred.lifted_at, barred.lifted_by = clock.now(), mo
    barred.save()

    assert opens(carl, bare)


# --- In time --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        pytest.param(-1, None, True, id="begun and without an end"),
        pytest.param(0, None, True, id="beginning this instant"),
        pytest.param(1, None, False, id="not yet begun"),
        pytest.param(-2, 1, True, id="not yet ended"),
        pytest.param(-2, 0, False, id="ending this instant"),
        pytest.param(-2, -1, False, id="ended"),
    ],
)
def test_a_grant_holds_from_its_start_until_its_end(bare, carl, time_machine, starts, ends, expected):
    now = clock.now().replace(microsecond=0)
    time_machine.move_to(now, tick=False)
    AccessGrant.objects.create(
        record=bare.record,
        user=carl,
        because=Because.NAMED,
        starts_at=now + timedelta(seconds=starts),
        ends_at=None if ends is None else now + timedelta(seconds=ends),
    )

    assert opens(carl, bare) is expected


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "expected"),
    [
        pytest.param("2026-11-23", None, True, id="from today"),
        pytest.param("2026-11-24", None, False, id="from tomorrow"),
        pytest.param("2026-01-01", "2026-11-23", True, id="until today, which is included"),
        pytest.param("2026-01-01", "2026-11-22", False, id="until yesterday"),
    ],
)
@pytest.mark.parametrize("kind", ["membership", "cover"])
def test_memberships_and_cover_hold_on_their_days(
    bare, carl, amara, hazel, time_machine, kind, starts_on, ends_on, expected
):
    time_machine.move_to("2026-11-23T12:00:00+00:00")
    first, last = date.fromisoformat(starts_on), date.fromisoformat(ends_on) if ends_on else None
    if kind == "membership":
        cast.join(carl, hazel, Role.PRACTITIONER, starts_on=first, ends_on=last)
        give(bare, team=hazel, role=Role.PRACTITIONER)
    else:
        cast.cover(carl, amara, starts_on=first, ends_on=last or date(2027, 1, 1))
        give(bare, user=amara, because=Because.ALLOCATED)

    assert opens(carl, bare) is expected


def test_a_closed_account_opens_nothing(bare, carl, willow):
    give(bare, user=carl)
    cast.join(carl, willow, Role.AUDITOR)

    carl.is_active = False
    carl.save()

    assert not opens(carl, bare)


def test_nobody_signed_in_opens_nothing(bare):
    assert not Referral.objects.visible_to(AnonymousUser()).exists()


def test_a_user_reads_her_seats_once_for_a_request(carl, django_assert_num_queries):
    again = cast.again(carl)
    again.current_memberships()

    with django_assert_num_queries(0):
        assert again.has_role(Role.PRACTITIONER)
        assert not again.has_role(Role.MANAGER, Role.AUDITOR)


def test_whom_a_user_covers_is_read_once_for_a_request(carl, amara, django_assert_num_queries):
    cast.cover(carl, amara)
    again = cast.again(carl)
    list(Referral.objects.visible_to(again))

    with django_assert_num_queries(1):
        list(Referral.objects.visible_to(again))


def test_cover_that_ended_overnight_is_not_remembered(bare, carl, amara):
    give(bare, user=amara, because=Because.ALLOCATED)
    cast.cover(carl, amara)
    again = cast.again(carl)
    assert Referral.objects.visible_to(again).exists()

    with clock.moved_to(clock.now() + timedelta(days=1)):
        assert not Referral.objects.visible_to(again).exists()


# --- Persons and concerns are opened through a referral -------------------------------------------------------------


def test_a_person_is_opened_through_any_of_their_referrals(bare, carl, bea):
    give(bare, user=carl)

    assert list(Person.objects.visible_to(cast.again(carl))) == [bare.person]
    assert not Person.objects.visible_to(cast.again(bea)).exists()


def test_a_witness_without_a_referral_is_opened_through_the_concern(bare, carl, bea):
    concern = bare.involvements.get().concern
    witness = cast.person("Pip", "Example")
    concern.involvements.create(person=witness, role="witness")
    give(bare, user=carl)

    assert witness in Person.objects.visible_to(cast.again(carl))
    assert witness not in Person.objects.visible_to(cast.again(bea))


def test_another_child_of_the_concern_with_a_referral_of_its_own_stays_closed(bare, carl, dot, front_door):
    concern = bare.involvements.get().concern
    other = cast.referral(dot, held_by=front_door, child=cast.person("Pip", "Example"), about=concern)
    AccessGrant.objects.filter(record=other.record).delete()
    give(bare, user=carl)

    assert other.person not in Person.objects.visible_to(cast.again(carl))
    assert not opens(carl, other)


def test_an_author_keeps_what_she_typed_but_not_the_referral(bare, dot):
    concern = bare.involvements.get().concern

    assert concern in type(concern).objects.visible_to(cast.again(dot))
    assert not opens(dot, bare)


# --- Giving and ending ----------------------------------------------------------------------------------------------


def test_the_same_leave_given_twice_is_one_row(bare, carl):
    first = give(bare, user=carl)

    assert give(bare, user=carl) == first
    assert AccessGrant.objects.count() == 1


def test_leave_given_again_takes_the_new_end(bare, carl):
    give(bare, user=carl, until=clock.now() + timedelta(hours=1))

    give(bare, user=carl, until=None)

    assert AccessGrant.objects.get().ends_at is None


def test_ended_grants_stay_on_record(bare, carl):
    give(bare, user=carl)
    give(bare, user=carl, because=Because.AUTHOR)

    assert access.end_grants(bare.record, Because.NAMED) == 1
    assert opens(carl, bare)
    assert access.end_grants(bare.record, Because.AUTHOR) == 1

    assert not opens(carl, bare)
    assert AccessGrant.objects.count() == 2


def test_leave_after_an_ended_one_is_a_new_row(bare, carl):
    give(bare, user=carl)
    access.end_grants(bare.record, Because.NAMED)

    give(bare, user=carl)

    assert opens(carl, bare)
    assert AccessGrant.objects.count() == 2


@pytest.mark.parametrize(
    "to",
    [{}, {"user": True, "team": True, "role": "manager"}, {"team": True}, {"user": True, "role": "manager"}],
    ids=["nobody", "a user and a team", "a team without a role", "a user with a role"],
)
def test_a_grant_to_anything_but_a_user_or_a_role_in_a_team_is_no_grant(bare, carl, willow, to):
    given = {"user": carl if to.get("user") else None, "team": willow if to.get("team") else None}

    with pytest.raises(IntegrityError), transaction.atomic():
        AccessGrant.objects.create(
            record=bare.record, because=Because.NAMED, starts_at=clock.now(), role=to.get("role", ""), **given
        )


# --- Why, and who looked --------------------------------------------------------------------------------------------


def words(user, referral):
    return [(reason.code, reason.words) for reason in access.why(cast.again(user), referral.record)]


def test_why_can_i_see_this_has_every_answer(bare, amara, carl, mo, aud, willow):
    give(bare, user=amara, because=Because.ALLOCATED)
    give(bare, team=willow, role=Role.MANAGER, because=Because.ALLOCATED_TEAM)
    give(bare, user=mo, because=Because.AUTHOR)
    cast.cover(carl, amara)

    assert words(amara, bare) == [("allocated", "you are the allocated worker")]
    assert words(mo, bare) == [
        ("allocated_team", "you manage the team that has the referral"),
        ("author", "you logged the concern"),
    ]
    assert words(carl, bare) == [("allocated", "you cover for Amara")]
    assert words(aud, bare) == [("auditor", "you are an auditor")]


def test_why_says_until_when(bare, carl):
    until = clock.now() + timedelta(days=1)
    give(bare, user=carl, because=Because.BREAK_GLASS, until=until)

    assert [reason.until for reason in access.why(cast.again(carl), bare.record)] == [until]


def test_looking_leaves_a_row(bare, amara, time_machine):
    time_machine.move_to("2026-11-23T12:00:00+00:00", tick=False)

    access.look(amara, bare.record, "overview")

    row = AccessRecord.objects.get()
    assert (row.user, row.record, row.page, row.kind, row.terms) == (
        amara,
        bare.record,
        "overview",
        AccessKind.PAGE,
        {},
    )
    assert row.at.isoformat() == "2026-11-23T12:00:00+00:00"


def test_a_refusal_leaves_a_row(bare, carl):
    access.refused(carl, bare.record, "allocate")

    assert AccessRecord.objects.values_list("user__name", "kind", "page").get() == ("Carl", "refused", "allocate")

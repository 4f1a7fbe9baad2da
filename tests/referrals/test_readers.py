"""The table that lists and counts read, kept by the database: for everybody, at each instant, it says what the rule
says."""

import random
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from hsb.core import access, clock
from hsb.core.models import AccessBar, AccessGrant, Record
from hsb.core.states import Because
from hsb.people.models import User
from hsb.people.states import Role
from referrals import readers
from referrals.models import Reader, Referral
from referrals.models.readers import COVERED, FOR_A_ROLE, ROLES, WIDTH
from referrals.selectors.boxes import BOXES, chart_counts
from referrals.selectors.filters import WAITING, Filters
from referrals.selectors.lists import referral_list
from referrals.states import OPEN, Category, ReferralState, Side
from tests import cast
from tests.core.threads import at_once
from tests.overview import a_borough

EVERYBODY = ["amara", "bea", "carl", "dee", "mo", "max", "dot", "dev", "eli", "esi", "cho", "min", "coo", "aud"]
DAY = timedelta(days=1)


@pytest.fixture
def everybody(request):
    return [request.getfixturevalue(name) for name in EVERYBODY]


# --- A world made by chance, and what is asked of it ---------------------------------------------------------------


def by_the_table(user):
    """Keys of what the pages of lists hold: of open referrals, and of those that ended."""
    found = set(Reader.objects.of(user).values_list("record", flat=True))
    if user.is_active and user.has_role(Role.AUDITOR):
        found |= set(Referral.objects.filter(record__restricted=False).values_list("pk", flat=True))
        found -= set(
            Referral.objects.filter(
                person__in=AccessBar.objects.filter(user=user, lifted_at__isnull=True).values("record")
            ).values_list("pk", flat=True)
        )
    return found


def assert_the_table_says_what_the_rule_says():
    for member in User.objects.all():
        rule = set(Referral.objects.visible_to(cast.again(member)).values_list("pk", flat=True))
        assert by_the_table(cast.again(member)) == rule, (member.name, clock.now())


def chance_of_deeds(chance, users, teams, referrals):
    """One thing that somebody does to the leave on a referral, as plain writes: not only as the services do it."""
    now = clock.now()
    referral = chance.choice(referrals)
    begins = chance.choice([now - DAY, now, now, now, now + DAY, now + 3 * DAY])
    ends = chance.choice([None, None, None, begins + DAY, begins + 5 * DAY])

    def give():
        to = (
            {"user": chance.choice(users)}
            if chance.random() < 0.6
            else {"team": chance.choice(teams), "role": chance.choice(Role.values)}
        )
        because = chance.choice(Because.values)
        if ends is None and AccessGrant.objects.filter(record=referral, because=because, ends_at=None, **to).exists():
            return
        AccessGrant.objects.create(record_id=referral, because=because, starts_at=begins, ends_at=ends, **to)

    def end():
        keys = list(AccessGrant.objects.filter(record=referral).values_list("pk", flat=True))
        AccessGrant.objects.filter(pk__in=chance.sample(keys, len(keys) // 2)).update(
            ends_at=chance.choice([now, now + DAY, now + 4 * DAY])
        )

    def delete():
        keys = list(AccessGrant.objects.filter(record=referral).values_list("pk", flat=True))
        AccessGrant.objects.filter(pk__in=keys[:1]).delete()

    def restrict():
        Record.objects.filter(pk=referral).update(restricted=chance.random() < 0.6)

    def move():
        state = chance.choice(ReferralState.values)
        closed = now.date() if state == ReferralState.CLOSED else None
        side = chance.choice(Side.values)
        category = chance.choice([*Category.values, ""]) if side in (Side.DISPLAYED, Side.BOTH) else ""
        Referral.objects.filter(pk=referral).update(
            state=state,
            closed_on=closed,
            side=side,
            category=category,
            tier=chance.choice([None, 1, 2, 3, 4]),
            worker=chance.choice([None, *users]),
            next_due_on=chance.choice([None, clock.today() - DAY, clock.today(), clock.today() + 4 * DAY]),
            police_outstanding=chance.random() < 0.3,
            state_before_closing=chance.choice(["early_help", "statutory"]) if state == "closing_proposed" else "",
        )
        Record.objects.filter(pk=referral).update(holding_team=chance.choice(teams))

    def bar():
        user, person = chance.choice(users), Referral.objects.values_list("person", flat=True).get(pk=referral)
        if not AccessBar.objects.filter(user=user, record=person, lifted_at__isnull=True).exists():
            AccessBar.objects.create(user=user, record_id=person, reason="Knows the family.", set_by=user, set_at=now)

    def lift():
        AccessBar.objects.filter(lifted_at__isnull=True).update(lifted_at=now)

    deeds = [give, give, give, give, end, end, delete, restrict, move, move, bar, lift]
    return chance.choices(deeds, weights=[1] * (len(deeds) - 1) + [0.3])[0]


def build(chance, users, teams, children):
    """Referrals, grants, bars, cover and seats by chance; keys of the referrals."""
    made = [
        cast.referral(chance.choice(users), held_by=chance.choice(teams), child=cast.person("Robin", f"Sample{place}"))
        for place in range(children)
    ]
    keys = [referral.pk for referral in made]
    for referral in made[:4]:
        a_borough.ask_for_a_meeting(referral, chance.choice(["requested", "convened"]))
    for _ in range(3):
        by, covered = chance.sample(users, 2)
        cast.cover(by, covered)
    for _ in range(4):
        member, team, role = chance.choice(users), chance.choice(teams), chance.choice(Role.values)
        if not member.memberships.filter(team=team, role=role).exists():
            cast.join(member, team, role, ends_on=chance.choice([None, clock.today() - 40 * DAY]))
    for _ in range(children * 8):
        chance_of_deeds(chance, users, teams, keys)()
    return keys


def pages(user, filters):
    """Keys of the referrals in a list, page by page, and how its title counts them."""
    references, after = [], ""
    while True:
        found = referral_list(user, filters, after, size=3)
        references += [row[0]["url"].split("/")[2] for row in found["rows"]]
        after = found["next"]
        if not after:
            return references, found["count"], found["late"]


def by_the_rule(user, filters):
    """The same, by the rule and the database's own order."""
    found = Referral.objects.visible_to(user)
    found = found.filter(state=filters.state) if filters.state else found.filter(state__in=OPEN)
    if filters.box:
        found = found.filter(BOXES[filters.box].which)
    if filters.waiting:
        found = found.filter(WAITING[filters.waiting][0])
    if filters.team:
        found = found.filter(record__holding_team__slug=filters.team)
    if filters.mine:
        found = found.filter(worker=user)
    if filters.late:
        found = found.filter(next_due_on__lt=clock.today())
    late = found.filter(next_due_on__lt=clock.today()).count()
    rows = list(found.values_list("next_due_on", "pk", "record__reference"))
    if filters.ended:
        return [reference for _, _, reference in sorted(rows, key=lambda row: -row[1])], None, None
    rows.sort(key=lambda row: (row[0] is None, row[0] or clock.today(), row[1]))
    return [reference for *_, reference in rows], len(rows), late


ASKED = [
    {},
    {"late": "1"},
    {"mine": "1"},
    {"team": "willow"},
    {"state": "closed"},
    {"state": "statutory"},
    {"waiting": "decision"},
    {"box": "meeting-asked"},
    {"box": "category-none"},
]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(3))
def test_in_a_world_made_by_chance_everybody_lists_and_counts_what_the_rule_opens(
    seed, everybody, willow, rowan, hazel, front_door
):
    chance = random.Random(seed)
    build(chance, everybody, [willow, rowan, hazel, front_door], children=12)

    assert readers.differences(connection) == ([], [])
    for later in (0 * DAY, 2 * DAY, 6 * DAY):
        with clock.moved_to(clock.now() + later):
            assert_the_table_says_what_the_rule_says()
    for member in everybody:
        user = cast.again(member)
        for asked in ASKED:
            filters = Filters(**asked)
            assert pages(user, filters) == by_the_rule(user, filters), (member.name, asked)
        opened = Referral.objects.visible_to(user).filter(state__in=OPEN)
        keys = set(opened.values_list("pk", flat=True))
        counts = chart_counts(user)
        for box in BOXES.values():
            # By the key: the rule is asked above, and once for each reader.
            found = Referral.objects.filter(box.which, pk__in=keys)
            late = found.filter(next_due_on__lt=clock.today()).count()
            assert (counts[box.code]["number"], counts[box.code]["late"]) == (found.count(), late), box.code


# --- Many at once ---------------------------------------------------------------------------------------------------


def many_at_once(everybody, teams, *, threads, deeds, children):
    chance = random.Random(7)
    keys = build(chance, everybody, teams, children)

    def work(seed):
        def run():
            mine, done = random.Random(seed), 0
            for _ in range(deeds):
                try:
                    with transaction.atomic():
                        for _ in range(mine.choice([1, 1, 2])):
                            chance_of_deeds(mine, everybody, teams, keys)()
                    done += 1
                except Exception as refused:  # noqa: BLE001  (a constraint, or a deadlock that ended one of two)
                    if not any(word in str(refused) for word in ("unique", "UNIQUE", "deadlock", "duplicate key")):
                        raise
            return done

        return run

    done = at_once(*(work(seed) for seed in range(threads)))

    assert all(isinstance(number, int) for number in done), done
    assert sum(done) > threads * deeds / 2
    assert readers.differences(connection) == ([], [])
    for later in (0 * DAY, 2 * DAY, 9 * DAY):
        with clock.moved_to(clock.now() + later):
            assert_the_table_says_what_the_rule_says()


@pytest.mark.django_db(transaction=True)
def test_many_who_give_end_restrict_and_bar_at_once_leave_the_table_right(everybody, willow, rowan, hazel, front_door):
    embedded = connection.vendor == "sqlite"
    many_at_once(
        everybody,
        [willow, rowan, hazel, front_door],
        threads=3 if embedded else 6,
        deeds=20 if embedded else 60,
        children=4,
    )


@pytest.mark.one_database("postgresql", "the embedded database has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_leave_given_and_ended_while_the_record_is_being_restricted_waits_for_it(amara, bea, willow):
    """They meet in the middle: neither sees what the other has written and not committed."""
    if connection.vendor != "postgresql":
        pytest.skip("asked of PostgreSQL")
    referral = cast.referral(amara, held_by=willow)
    record = referral.record
    for turn in range(30):
        AccessGrant.objects.filter(record=record).delete()
        Record.objects.filter(pk=record.pk).update(restricted=turn % 2 == 0)
        old = access.grant(record, because=Because.ASKED, team=willow, role=Role.PRACTITIONER)

        def restrict(restricted=turn % 2 == 1):
            Record.objects.filter(pk=record.pk).update(restricted=restricted)

        def give():
            access.grant(record, because=Because.ASKED, team=willow, role=Role.MANAGER)

        def end(key=old.pk):
            AccessGrant.objects.filter(pk=key).delete()

        def hurry(days=turn):
            Referral.objects.filter(pk=record.pk).update(next_due_on=clock.today() + days * DAY, worker=bea)

        assert at_once(restrict, give, end, hurry) == [None, None, None, None]
        assert readers.differences(connection) == ([], []), turn


# --- What keeps it -------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_every_role_and_every_reason_has_a_number_of_its_own():
    numbers = [0, *COVERED.values(), *FOR_A_ROLE.values(), *ROLES.values()]

    assert set(ROLES) == set(Role.values)
    assert set(COVERED).isdisjoint(FOR_A_ROLE)
    assert len(set(numbers)) == len(numbers)
    assert max(numbers) < WIDTH


@pytest.mark.django_db
def test_a_team_has_no_row_on_a_restricted_record(dot, front_door, dev):
    referral = cast.referral(dot, held_by=front_door)
    assert referral_list(dev, Filters())["count"] == 1

    Record.objects.filter(pk=referral.pk).update(restricted=True)

    assert referral_list(dev, Filters())["count"] == 0
    assert {each % WIDTH for each in Reader.objects.values_list("principal", flat=True)} <= {0}


@pytest.mark.django_db
def test_a_row_that_no_grant_gives_is_never_drawn(dot, front_door, carl, caplog):
    referral = cast.referral(dot, held_by=front_door)
    grant = access.grant(referral.record, because=Because.NAMED, user=carl)
    kept = Reader.objects.get(pk=grant.pk)
    AccessGrant.objects.filter(pk=grant.pk).delete()
    kept.save(force_insert=True)

    found = referral_list(carl, Filters())

    assert found["rows"] == []
    assert "verify_readers" in caplog.text


@pytest.mark.django_db
def test_the_triggers_stand_and_a_lost_one_is_told(db):
    assert readers.triggers_stand(databases=["default"]) == []
    for name in readers._wanted(connection.vendor):
        with transaction.atomic():
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    cursor.execute(f"DROP FUNCTION {name}() CASCADE")
                else:
                    cursor.execute(f"DROP TRIGGER {name}")
            assert [error.msg.split()[0] for error in readers.triggers_stand(databases=["default"])] == [name]
            transaction.set_rollback(True)
    assert readers.triggers_stand(databases=["default"]) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(readers._wanted(connection.vendor)))
def test_without_any_one_trigger_the_table_goes_wrong_and_is_found_so(name, everybody, willow, rowan):
    """The control: what the tests above compare would notice."""
    chance = random.Random(3)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"DROP FUNCTION {name}() CASCADE")
        else:
            cursor.execute(f"DROP TRIGGER {name}")
    keys = build(chance, everybody, [willow, rowan], children=6)
    if name.endswith("referral_insert"):
        # Grants that stood before their referral.
        first, child = Referral.objects.get(pk=keys[0]), cast.person("Robin", "Sample99")
        record = Record.objects.open("referral", at=clock.now(), holding_team=willow)
        AccessGrant.objects.create(record=record, user=everybody[0], because="named", starts_at=clock.now())
        first.pk, first.record, first.person = record.pk, record, child
        first.save(force_insert=True)
    if name.endswith("referral_delete"):
        gone = cast.referral(everybody[0], held_by=willow, child=cast.person("Robin", "Sample98")).pk
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
            cursor.execute("DELETE FROM referrals_referral WHERE record_id = %s", [gone])

    wrong, left = readers.differences(connection)
    assert wrong or left

    with pytest.raises(CommandError) as ended:
        call_command("verify_readers")
    assert ended.value.returncode == 1
    with pytest.raises(CommandError):
        call_command("verify_readers", "--mend")
    assert readers.differences(connection) == ([], [])
    transaction.set_rollback(True)


@pytest.mark.django_db
def test_what_differs_is_made_anew(dot, front_door, capsys):
    cast.referral(dot, held_by=front_door)
    Reader.objects.filter(pk=Reader.objects.earliest("pk").pk).delete()
    Reader.objects.update(next_due_on=clock.today() - 9 * DAY)

    with pytest.raises(CommandError, match="mended"):
        call_command("verify_readers", "--mend")
    call_command("verify_readers")

    assert "says what the grants say" in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_what_is_loaded_past_the_triggers_is_filled_in_once(dot, front_door):
    with readers.loading(connection):
        cast.referral(dot, held_by=front_door)
        assert not Reader.objects.exists()

    assert readers.missing(connection) == []
    assert readers.differences(connection) == ([], [])
    assert Reader.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_table_that_sqlite_makes_anew_is_kept_again_after_migrating(dot, front_door):
    cast.referral(dot, held_by=front_door)

    readers.before_migrate("default")
    assert (readers.missing(connection) != []) is (connection.vendor == "sqlite")
    cast.referral(dot, held_by=front_door, child=cast.person("Robin", "Sample2"))
    readers.after_migrate("default")

    assert readers.missing(connection) == []
    assert readers.differences(connection) == ([], [])

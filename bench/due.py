"""The tasks of row P10: so many open tasks, a tenth of them due, with the teams, workers, records and leave that they
need, in the database that Django is set to."""

import sys
from datetime import UTC, date, datetime, timedelta

from bench import bulk
from bench.database import AS_OF

TODAY = date.fromisoformat(AS_OF)  # a Monday
OF_A_WORKER, IN_A_TEAM, OF_A_RECORD = 250, 10, 4
FIRST_USER, FIRST_RECORD, FIRST_PERSON = 1_000, 10_000_000, 20_000_000
SINCE = datetime(2025, 1, 6, 9, tzinfo=UTC)


def build(tasks):
    """`tasks` open tasks. Of those that are due half are late; some are a team's, to be done at once, or asked of one
    person by name; some owners have left or are covered, some records are restricted, some managers barred."""
    workers = max(tasks // OF_A_WORKER, IN_A_TEAM)
    teams, records = workers // IN_A_TEAM, tasks // OF_A_RECORD
    row = _templates()
    count = f"({bulk.numbers(0, workers + teams - 1)})"
    # Users: the workers first, then a manager for each team.
    users = f"SELECT n, CASE WHEN n < {workers} THEN n / {IN_A_TEAM} ELSE n - {workers} END AS team FROM {count} AS c"
    bulk.like(
        row["team"], {"id": "s.n + 100", "slug": "'team-' || s.n", "name": "'Team ' || s.n"}, bulk.numbers(0, teams)
    )
    bulk.like(
        row["user"],
        {
            "id": f"s.n + {FIRST_USER}",
            "reference": "'U' || s.n",
            "email": "'user' || s.n || '@example.org'",
            "name": "'User ' || s.n",
            "is_active": "s.n % 97 <> 5",
        },
        users,
    )
    bulk.like(
        row["membership"],
        {
            "id": "s.n + 1000",
            "user_id": f"s.n + {FIRST_USER}",
            "team_id": "s.team + 100",
            "role": f"CASE WHEN s.n < {workers} THEN 'practitioner' ELSE 'manager' END",
        },
        users,
    )
    covers = f"SELECT n FROM {count} AS c WHERE n % 50 = 7 AND n < {workers}"
    bulk.like(
        row["cover"],
        {"id": "s.n + 1000", "covered_id": f"s.n + {FIRST_USER}", "by_id": f"s.n + {FIRST_USER + 1}"},
        covers,
    )
    each = bulk.numbers(0, records - 1)
    held = f"SELECT n, n % {workers} AS worker, (n % {workers}) / {IN_A_TEAM} AS team FROM ({each}) AS c"
    bulk.like(row["person"].record, {"id": f"s.n + {FIRST_PERSON}", "reference": "'PER-1990-' || s.n"}, held)
    bulk.like(row["person"], {"record_id": f"s.n + {FIRST_PERSON}", "family_name": "'Number ' || s.n"}, held)
    bulk.like(
        row["referral"].record,
        {
            "id": f"s.n + {FIRST_RECORD}",
            "reference": "'HSB-1990-' || s.n",
            "holding_team_id": "s.team + 100",
            "restricted": "s.n % 100 = 3",
        },
        held,
    )
    bulk.like(
        row["referral"],
        {
            "record_id": f"s.n + {FIRST_RECORD}",
            "person_id": f"s.n + {FIRST_PERSON}",
            "worker_id": f"s.worker + {FIRST_USER}",
        },
        held,
    )
    record = f"s.n + {FIRST_RECORD}"
    worker = {"id": "s.n + 1000", "record_id": record, "user_id": f"s.worker + {FIRST_USER}"}
    bulk.like(row["allocated"], worker, held)
    team = {"id": f"s.n + {records + 1000}", "record_id": record, "team_id": "s.team + 100"}
    bulk.like(row["allocated_team"], team, held)
    # Where a record's number divides by five one of its tasks is due: who is barred would have been told of it.
    barred = f"SELECT * FROM ({held}) AS h WHERE n % {max(records // 20, 1)} = 0"
    bulk.like(
        row["bar"],
        {
            "id": "s.n + 1000",
            "record_id": f"s.n + {FIRST_PERSON}",
            "user_id": f"s.team + {FIRST_USER + workers}",
        },
        barred,
    )
    with bulk.without_indexes("core_task"):
        _tasks(row, tasks, workers)
    for each in ("task", "bar", "cover"):
        row[each].delete()
    bulk.settled()


def _tasks(row, tasks, workers):
    asked = (
        f"SELECT n, n / {OF_A_RECORD} AS record, (n / {OF_A_RECORD}) % {workers} AS worker, n % 10 = 3 AS due, "
        f"n / 10 AS tens FROM ({bulk.numbers(0, tasks - 1)}) AS c"
    )
    personal = "(s.due AND s.tens % 200 = 7)"
    of_a_team = f"(s.tens % 5 = 0 AND NOT {personal})"
    late, soon, later = TODAY - timedelta(days=7), TODAY, TODAY + timedelta(days=8)
    due = f"CASE WHEN NOT s.due THEN {_day(later, 's.tens % 60')} WHEN s.tens % 2 = 0 THEN {_day(late, 's.tens % 6')} "
    due += f"ELSE {_day(soon, 's.tens % 2')} END"
    bulk.like(
        row["task"],
        {
            "id": "s.n + 1000",
            "record_id": f"s.record + {FIRST_RECORD}",
            "kind": f"CASE WHEN {personal} THEN 'read_note' WHEN s.due AND s.tens % 100 = 11 THEN 'protection' "
            "WHEN s.tens % 3 = 0 THEN 'family_assessment' WHEN s.tens % 3 = 1 THEN 'assess' ELSE 'section_47' END",
            "about": "CAST(s.n AS varchar(40))",
            "owner_id": f"CASE WHEN {of_a_team} THEN NULL ELSE s.worker + {FIRST_USER} END",
            "team_id": f"CASE WHEN {of_a_team} THEN s.worker / {IN_A_TEAM} + 100 END",
            "role": f"CASE WHEN NOT {of_a_team} THEN '' WHEN s.tens % 50 = 0 THEN 'practitioner' ELSE 'manager' END",
            "due_on": due,
        },
        asked,
    )


def _day(first, days):
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"DATE '{first}' + CAST({days} AS integer)"
    return f"date('{first}', '+' || ({days}) || ' days')"


def _templates():
    """One row of each table, of which the others are copies."""
    from hsb.core.models import AccessBar, AccessGrant, Record, Task
    from hsb.core.states import Because, RecordKind
    from hsb.people.models import Cover, Membership, Team, User
    from hsb.people.states import Role, Service
    from referrals.models import Person, Referral
    from referrals.states import ReferralState, Side

    team = Team.objects.create(slug="template", name="Template", service=Service.STATUTORY)
    user = User.objects.create_user("template@example.org", None, name="Template")
    other = User.objects.create_user("template2@example.org", None, name="Template")
    membership = Membership.objects.create(user=user, team=team, role=Role.PRACTITIONER, starts_on=SINCE)
    person = Person.objects.create(
        record=Record.objects.open(RecordKind.PERSON, at=SINCE), given_name="Child", family_name="Template"
    )
    referral = Referral.objects.create(
        record=Record.objects.open(RecordKind.REFERRAL, at=SINCE, holding_team=team),
        person=person,
        side=Side.DISPLAYED,
        author=user,
        authors_team=team,
        received_at=SINCE,
        state=ReferralState.STATUTORY,
        state_since=SINCE,
        pathway_version="1",
        worker=user,
    )
    grant = {"record": referral.record, "starts_at": SINCE}
    return {
        "team": team,
        "user": user,
        "membership": membership,
        "cover": Cover.objects.create(
            covered=user, by=other, starts_on=SINCE, ends_on=TODAY + timedelta(days=30), arranged_by=user
        ),
        "person": person,
        "referral": referral,
        "allocated": AccessGrant.objects.create(user=user, because=Because.ALLOCATED, **grant),
        "allocated_team": AccessGrant.objects.create(
            team=team, role=Role.MANAGER, because=Because.ALLOCATED_TEAM, **grant
        ),
        "bar": AccessBar.objects.create(user=user, record=person.record, reason="Related.", set_by=user, set_at=SINCE),
        "task": Task.objects.create(
            record=referral.record, kind="assess", owner=user, started_on=SINCE, due_on=TODAY, opened_at=SINCE
        ),
    }


if __name__ == "__main__":
    import django

    django.setup()
    build(int(sys.argv[1]))

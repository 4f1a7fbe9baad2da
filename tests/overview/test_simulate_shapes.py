"""What is told of a simulated borough is of the shapes that the services write for the same story."""

from collections import Counter
from datetime import timedelta
from itertools import islice

import pytest

from hsb.core import clock
from hsb.core.models import Entry
from hsb.overview.demo import invented
from hsb.overview.demo.accounts import address
from hsb.overview.demo.stories import Borough, Story
from hsb.overview.simulated import borough, mix, walking
from hsb.people.models import User
from referrals.models import Referral

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.one_database("embedded", "rows are told as text before a database sees them"),
]

SEED = 7
# A story, its referrals and the open ones of them.
STORIES = [
    ("answered_by_school", 2, 0),
    ("no_service_for_one", 1, 0),
    ("police_told_and_ended", 2, 0),
    ("just_logged", 2, 2),
    ("told_to_the_panel", 2, 2),
]
# A fifth of the children have none.
BY_CHANCE = {"nhs_number"}


def shapes_of(rows_of):
    """{table: how often each shape}: which values of a row are none, empty, or of which kind."""
    return {
        model._meta.db_table: Counter(
            tuple(
                (field.column, "none" if value is None else "empty" if value == "" else type(value).__name__)
                for field in model._meta.concrete_fields
                if field.column not in BY_CHANCE
                for value in [getattr(row, field.attname)]
            )
            for row in rows
        )
        for model, rows in rows_of.items()
        if rows
    }


def verbs(entries):
    return sorted((entry.record.kind, entry.number, entry.verb, entry.to_state) for entry in entries)


@pytest.mark.parametrize(("name", "size", "open_ones"), STORIES)
def test_rows_are_of_the_shapes_that_the_services_write_for_the_same_story(name, size, open_ones):
    """The story is told once; then the services walk it in the same borough: the same rows, the same verbs."""
    kind = next(kind for kind in mix.kinds() if kind.name == name)
    borough.build(size, open_referrals=open_ones, kinds=[kind], seed=SEED)
    told = {model: list(model._base_manager.all()) for model in walking.told_models()}
    before = {model: walking.last_key(model) for model in told}
    users = {account: User.objects.get(email=address(account)) for account in walking.pools()}
    by_services = Borough(users, SEED)
    by_services.numbers = islice(invented.numbers(), 1000, None)  # the first ones were given to those who were told

    kind.walk(lambda **how: Story(by_services, **how), by_services)

    walked = {model: list(model._base_manager.filter(pk__gt=last)) for model, last in before.items()}
    assert verbs(told[Entry]) == verbs(walked[Entry])
    assert shapes_of(told) == shapes_of(walked)


def test_an_earlier_day_makes_an_earlier_borough():
    kind = next(kind for kind in mix.kinds() if kind.name == "just_logged")
    day = clock.now() - timedelta(days=100)

    with clock.moved_to(day):
        borough.build(2, open_referrals=2, kinds=[kind], seed=SEED)

    assert {referral.received_at.date() for referral in Referral.objects.all()} <= {
        (day - timedelta(days=days)).date() for days in range(14)
    }

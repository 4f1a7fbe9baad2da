"""The intelligence of row P11: accepted forms with so many entries, and a panel that collects them, in the database
that Django is set to."""

import sys
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from bench import bulk
from bench.database import AS_OF

IN_A_FORM = 3
PEOPLE, PLACES, THEMES = 3_000, 2_000, 300  # of ten thousand entries: so many subjects are spoken of
FIRST = 1_000_000
SINCE = datetime(2025, 1, 6, 9, tzinfo=UTC)


def build(entries):
    """`entries` entries, a child, a person, a place or a theme each, and one panel that collects."""
    from django.utils import timezone

    from hsb.core import clock

    at = timezone.make_aware(datetime.fromisoformat(f"{AS_OF}T12:00"))
    with clock.moved_to(at):
        row = _templates()
    forms = entries // IN_A_FORM
    people, places, themes = (max(number * entries // 10_000, 10) for number in (PEOPLE, PLACES, THEMES))
    count = bulk.numbers(0, people - 1)
    bulk.like(row["person"].record, {"id": f"s.n + {FIRST}", "reference": "'PER-1990-' || s.n"}, count)
    bulk.like(row["person"], {"record_id": f"s.n + {FIRST}", "family_name": "'Number ' || s.n"}, count)
    named = {"id": f"s.n + {FIRST}"}
    bulk.like(row["place"], named | {"name": "'Park ' || s.n", "folded": "'park ' || s.n"}, bulk.numbers(0, places - 1))
    bulk.like(
        row["theme"], named | {"name": "'Theme ' || s.n", "folded": "'theme ' || s.n"}, bulk.numbers(0, themes - 1)
    )
    count = bulk.numbers(0, forms - 1)
    bulk.like(row["form"].record, {"id": f"s.n + {2 * FIRST}", "reference": "'INT-1990-' || s.n"}, count)
    instant = "t.submitted_at + s.n * interval '1 minute'"
    bulk.like(row["form"], {"record_id": f"s.n + {2 * FIRST}", "once": _uuid("s.n"), "submitted_at": instant}, count)
    said = (
        f"SELECT n, n % 20 AS of_twenty, (n * 7919) % {people} AS person, (n * 7919) % {places} AS place, "
        f"(n * 7919) % {themes} AS theme FROM ({bulk.numbers(0, forms * IN_A_FORM - 1)}) AS c"
    )
    kind = (
        "CASE WHEN s.of_twenty < 6 THEN 'V' WHEN s.of_twenty < 12 THEN 'O' WHEN s.of_twenty < 18 THEN 'L' ELSE 'T' END"
    )
    bulk.like(
        row["entry"],
        {
            "id": f"s.n + {FIRST}",
            "form_id": f"s.n / {IN_A_FORM} + {2 * FIRST}",
            "number": f"s.n % {IN_A_FORM} + 1",
            "kind": kind,
            "person_id": f"CASE WHEN s.of_twenty < 12 THEN s.person + {FIRST} END",
            "place_id": f"CASE WHEN s.of_twenty BETWEEN 12 AND 17 THEN s.place + {FIRST} END",
            "theme_id": f"CASE WHEN s.of_twenty > 17 THEN s.theme + {FIRST} END",
            "police_only": "s.n % 50 = 7",
            "once": _uuid("s.n"),
        },
        said,
    )
    row["entry"].delete()
    bulk.settled()


def _uuid(number):
    return f"CAST(md5(CAST({number} AS text)) AS uuid)"


def _templates():
    from hsb.core import clock
    from hsb.core.calendar import add_working_days
    from hsb.core.models import Place, Record
    from hsb.core.states import PlaceKind, RecordKind
    from hsb.overview.demo.accounts import make_accounts
    from panels.services import planning
    from referrals.models import Person
    from strategy_meetings.models import IntelEntry, IntelForm, Theme
    from strategy_meetings.states import IntelState, Reliability, ThemeKind

    coordinator = make_accounts()["coordinator"]
    panel = planning.plan(actor=coordinator, once=uuid4(), planned_on=add_working_days(clock.today(), 10))
    planning.collect(panel.reference, actor=coordinator)
    person = Person.objects.create(
        record=Record.objects.open(RecordKind.PERSON, at=SINCE), given_name="Child", family_name="Template"
    )
    form = IntelForm.objects.create(
        record=Record.objects.open(RecordKind.INTEL_FORM, at=SINCE),
        state=IntelState.ACCEPTED,
        state_since=SINCE,
        source=person.record,
        author=coordinator,
        submitted_by=coordinator,
        submitted_at=SINCE + timedelta(days=1),
        why="The same in several cases.",
        once=uuid4(),
    )
    return {
        "person": person,
        "place": Place.objects.create(kind=PlaceKind.PARK, name="Template", folded="template"),
        "theme": Theme.objects.create(kind=ThemeKind.THEME, name="Template", folded="template"),
        "form": form,
        "entry": IntelEntry.objects.create(
            form=form,
            number=1,
            kind="O",
            person=person,
            text="What is known.",
            said_by="The school",
            reliability=Reliability.LIKELY,
            once=uuid4(),
        ),
    }


if __name__ == "__main__":
    import django

    django.setup()
    build(int(sys.argv[1]))

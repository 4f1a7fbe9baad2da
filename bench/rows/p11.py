"""P11: the panel's agenda compiled from ten thousand waiting entries, against SQL that writes the same rows."""

import time
from statistics import median

from bench import pages
from bench.figures import interval, paired_ratios, timed

SIZES = {"small": (2_000, 7, 100), "full": (10_000, 11, 300)}  # entries, rounds, sample of the loop
OWN = {size: ("bench.waiting", entries) for size, (entries, *_) in SIZES.items()}
BOROUGHS = False
# Small: what compiling costs once (locks, the panel, the version) weighs more beside fewer rows.
AGAINST_SQL = {"small": (6, 4), "full": (5, 2)}

# By hand, for the same rows of a panel without moves: the items of each section in their order, what they come from,
# the version with its content, the journal's entry.
RAW = """
WITH waiting AS MATERIALIZED (
    SELECT e.id, e.kind, e.number, e.person_id, e.place_id, e.theme_id, e.described, e.police_only, e.form_id,
        f.submitted_at, r.reference || '-' || e.number AS called,
        CASE WHEN e.person_id IS NOT NULL THEN 'person-' || e.person_id
            WHEN e.place_id IS NOT NULL THEN 'place-' || e.place_id
            WHEN e.theme_id IS NOT NULL THEN 'theme-' || e.theme_id
            ELSE 'described-' || left(encode(sha256(lower(e.described)::bytea), 'hex'), 32) END AS subject
    FROM strategy_meetings_intelentry e
    JOIN strategy_meetings_intelform f ON f.record_id = e.form_id
    JOIN core_record r ON r.id = f.record_id
    WHERE e.dropped_at IS NULL AND f.state = 'accepted' AND NOT EXISTS (
        SELECT 1 FROM panels_agendasource s JOIN panels_agendaitem i ON i.id = s.item_id
        JOIN panels_panel p ON p.record_id = s.panel_id
        WHERE s.entry_id = e.id AND s.dropped_at IS NULL AND i.label <> '' AND p.state <> 'cancelled'
        AND s.panel_id <> %(panel)s)
), subjects AS MATERIALIZED (
    SELECT kind, subject, min(person_id) AS person_id, min(place_id) AS place_id, min(theme_id) AS theme_id,
        min(described) AS described, bool_and(police_only) AS police_only, count(DISTINCT form_id) AS forms,
        min(submitted_at) AS first_at, jsonb_agg(called ORDER BY submitted_at, form_id, number) AS called
    FROM waiting GROUP BY kind, subject
), placed AS MATERIALIZED (
    SELECT *, row_number() OVER (ORDER BY police_only, position('' || kind IN 'VOLT'), forms DESC, first_at, subject)
        AS number,
        row_number() OVER (PARTITION BY kind, police_only ORDER BY forms DESC, first_at, subject) AS place
    FROM subjects
), items AS (
    INSERT INTO panels_agendaitem (panel_id, number, section, subject, person_id, place_id, theme_id, described,
        police_only, position, forms, carried_times, moved_reason, label, label_before, discussion, outcome, version)
    SELECT %(panel)s, number, kind, subject, person_id, place_id, theme_id, described, police_only, place, forms, 0,
        '', '', '', '', '', 1 FROM placed
    RETURNING id, section, subject
), sources AS (
    INSERT INTO panels_agendasource (panel_id, item_id, entry_id)
    SELECT %(panel)s, i.id, w.id FROM waiting w JOIN items i ON i.section = w.kind AND i.subject = w.subject
), content AS (
    SELECT jsonb_build_object('panel', %(panel)s, 'items', jsonb_agg(jsonb_build_object(
        'section', kind, 'police_only', police_only, 'position', place, 'subject', subject, 'entries', called,
        'carried', 0, 'moved_to', 0, 'moved_reason', '', 'actions', '[]'::jsonb
        ) ORDER BY position('' || kind IN 'VOLT'), police_only, place)) AS said FROM placed
), version AS (
    INSERT INTO panels_agendaversion (panel_id, number, sha256, content, addendum, police_only, made_at)
    SELECT %(panel)s, 1, encode(sha256(said::text::bytea), 'hex'), said, FALSE, FALSE, now() FROM content
    RETURNING sha256
), entry AS (
    INSERT INTO core_entry (record_id, number, verb, from_state, to_state, reason, happened_on, recorded_at,
        pathway_version, facts, digest)
    SELECT r.id, r.entry_count + 1, 'compile_agenda', '', '', '', current_date, now(), '',
        jsonb_build_object('sha256', v.sha256), encode(sha256((v.sha256 || r.head)::bytea), 'hex')
    FROM core_record r, version v WHERE r.id = %(panel)s
)
UPDATE panels_panel SET compiled_at = now() WHERE record_id = %(panel)s
"""


def measure(bench):
    _, rounds, sample = SIZES[bench.size]
    child = bench.own(*OWN[bench.size]).serve()
    times = {"ours": [], "raw": []}
    for number in range(rounds + 2):
        rows = {}
        for name in bench.rng.sample(["ours", "raw"], 2):
            took, rows[name] = child.call(f"bench.rows.p11:{name}")
            if number > 1:
                times[name].append(took)
        # In each round, the first two of which are not timed.
        pages.same("rows of compiling and of the statement", rows["ours"], rows["raw"])
        if not all(rows["ours"]):
            raise pages.Wrong(f"Nothing was compiled: {rows['ours']}.")
    took, by_loop = child.call("bench.rows.p11:loop", sample=sample)
    a_row = took / by_loop[1]
    goal, moonshot = AGAINST_SQL[bench.size]
    ours = median(times["ours"]) / 1000
    written, sources = rows["ours"][:2]
    yield timed(
        "P11",
        f"agenda of {sources:,} waiting entries / SQL of the same rows",
        paired_ratios(times["ours"], times["raw"]),
        goal,
        moonshot,
        note=f"{written:,} items from {sources:,} entries in {ours:.2f} s, the statement "
        f"{median(times['raw']) / 1000:.2f} s; number, place and sum of keys of every row compared.",
    )
    yield timed(
        "P11",
        "a loop with get_or_create / ours",
        interval(times["ours"], lambda drawn: a_row * sources / median(drawn)),
        30,
        90,
        at_least=True,
        control=f"{a_row:.1f} ms an entry, {a_row * sources / 1000:.0f} s for all",
        note=f"from {sample} entries; the single statement would be {a_row * sources / median(times['raw']):.0f}x.",
    )


# --- In the child: each in a transaction whose constraints are checked, and that is taken back ------------------------


def ours():
    """(milliseconds, what was written) of the product's own compiling."""
    from panels.models import Panel
    from panels.services import agenda

    reference = Panel.objects.get().reference
    return _taken_back(lambda: agenda.compile_agenda(reference))


def raw():
    """The same of the one statement."""
    from django.db import connection

    from panels.models import Panel

    def run():
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM core_record WHERE id = %s FOR UPDATE", [panel])
            cursor.execute(RAW, {"panel": panel})

    panel = Panel.objects.get().pk
    return _taken_back(run)


def loop(sample):
    """The same of a loop over so many entries: the item and its source by get_or_create, the item's facts saved each
    time."""
    from panels.models import AgendaItem, AgendaSource, Panel
    from panels.selectors.agenda import subject_key
    from strategy_meetings.models import IntelEntry

    panel = Panel.objects.get()
    entries = list(IntelEntry.objects.filter(form__state="accepted").order_by("form__submitted_at", "number")[:sample])

    def run():
        for number, entry in enumerate(entries, start=1):
            row = {name: getattr(entry, f"{name}_id") for name in ("person", "place", "theme")}
            about = {f"{name}_id": key for name, key in row.items()}
            item, _ = AgendaItem.objects.get_or_create(
                panel=panel,
                section=entry.kind,
                subject=subject_key(row | {"described": entry.described}),
                defaults=about | {"number": number},
            )
            AgendaSource.objects.get_or_create(panel=panel, entry=entry, defaults={"item": item})
            item.forms = item.sources.values("entry__form").distinct().count()
            item.save()

    return _taken_back(run)


def _taken_back(write):
    from django.db import connection, transaction
    from django.db.models import F, Sum

    from panels.models import AgendaItem, AgendaSource, AgendaVersion

    with transaction.atomic():
        began = time.perf_counter()
        write()
        connection.check_constraints()
        ms = (time.perf_counter() - began) * 1000
        # Of each item its number, section, place and how many forms, each of its entries: in one sum.
        found = AgendaItem.objects.aggregate(sum=Sum(F("number") * F("position") * F("forms")))["sum"]
        entries = AgendaSource.objects.aggregate(sum=Sum(F("item__number") * F("entry")))["sum"]
        written = [AgendaItem.objects.count(), AgendaSource.objects.count(), AgendaVersion.objects.count()]
        transaction.set_rollback(True)
    return ms, [*written, int(found or 0), int(entries or 0)]

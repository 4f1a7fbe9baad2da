"""The agenda: by subject, in an order that can be read aloud, the same again; whoever runs it twice or is killed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from hsb.core import clock
from hsb.core.models import Entry
from hsb.core.refusals import Denied, NotReady
from panels import tasks
from panels.models import AgendaItem, AgendaSource, AgendaVersion, Panel
from panels.services import agenda, planning
from tests.core.threads import at_once
from tests.panels import panel_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def accept(robin, amara, coo):
    """`accept(entry, ...)`: one more accepted form with these entries."""
    return lambda *entries, children=(): road.accepted(robin, amara, coo, *entries, children=children)


@pytest.fixture
def panel(coo, aspen):
    return road.collecting(coo)


def compiled(panel):
    return agenda.compile_agenda(panel.reference)


def state(panel=None):
    """Everything that compiling writes."""
    return (
        sorted(
            AgendaItem.objects.values_list(
                *("panel", "number", "section", "subject", "position", "forms", "carried_times", "moved_to"),
                *("dropped_at", "label"),
            ),
            key=str,
        ),
        sorted(AgendaSource.objects.values_list("panel", "item__number", "entry", "addendum"), key=str),
        sorted(AgendaVersion.objects.values_list("panel", "number", "sha256")),
        Entry.objects.filter(verb="compile_agenda").count(),
    )


def test_the_same_place_in_three_forms_is_one_item_with_three_sources(accept, panel):
    forms = [accept(road.at_place(spelt)) for spelt in ("Lantern Park", "lantern park", "Lantern  Park.")]

    made = compiled(panel)

    item = AgendaItem.objects.get(panel=panel)
    assert item.section == "L"
    assert item.forms == 3
    assert [source.entry.form for source in item.sources.order_by("pk")] == forms
    assert (made.version, made.new) == (1, True)


def test_the_sections_are_the_documents_and_a_person_can_stand_in_two(accept, panel, robin, sky):
    accept(road.of_theme(), road.at_place(), road.of_child(robin.person), road.of_child(sky.person, "V"))
    accept(road.of_child(robin.person, "V"), road.entry("O", described="A tall man  in a blue car"))
    accept(road.entry("O", described="a tall man in a blue car"))

    compiled(panel)

    assert road.called(panel) == [
        "V Sky Other",
        "V Robin Sample",
        "O A tall man  in a blue car",
        "O Robin Sample",
        "L Lantern Park",
        "T Bus journeys after school",
    ]


def test_only_what_was_accepted_is_on_it(accept, panel, robin, amara, coo):
    accept(road.at_place("One"))
    road.submitted(robin, amara, road.at_place("Two"))
    declined = road.submitted(robin, amara, road.at_place("Three"))
    road.proposed(declined, coo, "decline")
    road.decided(declined, coo, "decline")

    compiled(panel)

    assert road.called(panel) == ["L One"]


def test_the_order_is_carried_over_then_forms_then_the_first_submitted(accept, panel, coo, aspen):
    for name in ("Old once", "Old twice"):
        accept(road.at_place(name))
    first = panel
    road.held(road.published(first, coo), coo)
    road.issued(first, coo, carried=("Old twice",))
    second = road.collecting(coo, days=20)
    accept(road.at_place("Old once"))
    road.held(road.published(second, coo), coo)
    road.issued(second, coo, carried=("Old once", "Old twice"))
    third = road.collecting(coo, days=30)
    for name in ("Single", "Double", "Later", "Double"):
        accept(road.at_place(name))

    compiled(third)

    assert road.called(third) == ["L Old twice", "L Old once", "L Double", "L Single", "L Later"]
    assert [item.carried_times for item in road.items(third)] == [2, 1, 0, 0, 0]


def test_compiled_twice_it_is_the_same_and_a_new_form_is_a_new_version(accept, panel):
    accept(road.at_place("One"), road.of_theme())
    first = compiled(panel)
    was = state()

    again = compiled(panel)

    assert (again.version, again.sha256, again.new) == (first.version, first.sha256, False)
    assert state() == was
    accept(road.at_place("Two"))
    later = compiled(panel)
    assert (later.version, later.new) == (2, True)
    assert later.sha256 != first.sha256


def test_a_move_keeps_its_reason_and_survives_compiling(accept, panel, coo):
    for name in ("One", "Two", "Three"):
        accept(road.at_place(name))
    compiled(panel)
    three = road.items(panel)[2]

    agenda.move_item(panel.reference, three.number, actor=coo, to=1, reason="The head teacher leaves early.")
    accept(road.at_place("Four"))
    accept(road.at_place("Two"))
    compiled(panel)

    assert road.called(panel) == ["L Three", "L Two", "L One", "L Four"]
    three.refresh_from_db()
    assert (three.moved_to, three.moved_reason) == (1, "The head teacher leaves early.")


def test_a_move_needs_a_reason_a_place_and_a_coordinator(accept, panel, coo, aud):
    accept(road.at_place())
    compiled(panel)

    with pytest.raises(NotReady, match="Say why"):
        agenda.move_item(panel.reference, 1, actor=coo, to=1, reason=" ")
    with pytest.raises(NotReady, match="a place that the section has"):
        agenda.move_item(panel.reference, 1, actor=coo, to=2, reason="Sooner.")
    with pytest.raises(Denied):
        agenda.move_item(panel.reference, 1, actor=aud, to=1, reason="Sooner.")


# --- Published ---


def test_published_it_is_frozen_numbered_and_hashed(accept, panel, coo):
    accept(road.at_place("One"), road.of_theme())
    road.published(panel, coo)

    version = AgendaVersion.objects.get()
    assert version.published_at is not None
    assert len(version.sha256) == 64
    assert [item.label for item in road.items(panel)] == ["L1", "T1"]
    with pytest.raises(NotReady, match="frozen"):
        agenda.move_item(panel.reference, 1, actor=coo, to=1, reason="Sooner.")


def test_publishing_takes_in_what_came_since_the_last_compiling(accept, panel, coo):
    accept(road.at_place("One"))
    compiled(panel)
    accept(road.at_place("Two"))

    planning.publish(panel.reference, actor=coo)

    assert [item.label for item in road.items(panel)] == ["L1", "L2"]


def test_a_late_form_makes_an_addendum_with_only_what_is_new(accept, panel, coo):
    accept(road.at_place("One"))
    road.published(panel, coo)
    frozen = AgendaVersion.objects.get().content
    again = compiled(panel)
    assert again.new is False

    late = accept(road.at_place("One"), road.at_place("Two"), road.of_theme())
    made = compiled(panel)

    addendum = AgendaVersion.objects.get(number=2)
    assert (made.version, addendum.addendum, addendum.published_at is not None) == (2, True, True)
    assert [(item["section"], item["entries"]) for item in addendum.content["items"]] == [
        ("L", [f"{late.reference}-2"]),
        ("L", [f"{late.reference}-1"]),
        ("T", [f"{late.reference}-3"]),
    ]
    assert [item.label for item in road.items(panel)] == ["L1", "L2", "T1"]
    assert AgendaVersion.objects.get(number=1).content == frozen
    assert compiled(panel).new is False


def test_what_one_agenda_has_is_on_no_other(accept, panel, coo, aspen):
    accept(road.at_place("One"))
    other = road.collecting(coo, days=15)
    compiled(panel)
    compiled(other)

    planning.publish(other.reference, actor=coo)
    compiled(panel)

    assert road.called(other) == ["L One"]
    assert road.called(panel) == []


def test_a_cancelled_panels_items_return_to_the_next_agenda(accept, panel, coo, aspen):
    accept(road.at_place("One"))
    road.published(panel, coo)
    following = road.collecting(coo, days=20)
    compiled(following)
    assert road.called(following) == []

    planning.cancel(panel.reference, actor=coo, reason="Both chairs are ill.")
    compiled(following)

    assert road.called(following) == ["L One"]
    assert road.items(following)[0].carried_times == 0


def test_a_postponed_panel_keeps_its_agenda(accept, panel, coo, aspen):
    accept(road.at_place("One"))
    road.published(panel, coo)
    planning.postpone(panel.reference, actor=coo, reason="The room is flooded.")
    following = road.collecting(coo, days=20)
    compiled(following)

    resumed = planning.resume(panel.reference, actor=coo, planned_on=following.planned_on)

    assert road.called(following) == []
    assert resumed.state == "published"
    assert resumed.record.tasks.open().get(kind="hold_panel").due_on == following.planned_on


def test_open_actions_of_earlier_panels_stand_in_what_is_hashed(accept, panel, coo, aspen):
    accept(road.at_place("One"))
    road.held(road.published(panel, coo), coo)
    road.action(panel, road.items(panel)[0], coo)
    road.issued(panel, coo, carried=("One",))
    following = road.collecting(coo, days=20)

    compiled(following)

    content = following.agenda_versions.get().content
    assert content["items"][0]["actions"] == [f"{panel.reference}-1"]
    assert content["items"][0]["carried"] == 1


def test_no_name_stands_in_a_version_or_the_journal(accept, panel, robin):
    accept(road.of_child(robin.person), road.entry("O", described="Mr Unnamed"), road.at_place("Lantern Park"))
    compiled(panel)

    said = f"{AgendaVersion.objects.get().content}{list(Entry.objects.values_list('facts', flat=True))}"
    assert not any(name in said for name in ("Robin", "Sample", "Unnamed", "Lantern"))


# --- The clock, the command ---


def test_the_clock_compiles_once_the_cut_off_has_passed(accept, panel, time_machine):
    accept(road.at_place("One"))
    tasks.compile_due_agendas()
    assert not AgendaVersion.objects.exists()

    time_machine.move_to(panel.cut_off_at + timedelta(minutes=1), tick=False)
    assert agenda.due() == [panel.reference]
    tasks.compile_due_agendas()

    assert AgendaVersion.objects.get().made_by is None
    assert agenda.due() == []
    Panel.objects.filter(pk=panel.pk).update(compiled_at=panel.cut_off_at - timedelta(hours=1))
    assert agenda.due() == [panel.reference]


def test_by_hand_it_ends_with_agenda_version_and_hash(accept, panel):
    accept(road.at_place("One"))
    said = StringIO()

    call_command("compile_agenda", panel.reference, stdout=said)

    version = AgendaVersion.objects.get()
    assert said.getvalue().splitlines()[-1] == f"{panel.reference} version 1 sha256 {version.sha256}"
    with pytest.raises(CommandError, match="There is no panel"):
        call_command("compile_agenda", "PAN-1999-00001")


def test_who_compiles(panel, coo, aud, amara):
    for user in (aud, amara):
        with pytest.raises(Denied):
            agenda.compile_agenda(panel.reference, actor=user)
    assert agenda.compile_agenda(panel.reference, actor=coo).version == 1


def test_a_panel_that_only_is_planned_or_has_begun_is_not_compiled(coo, aspen):
    with pytest.raises(NotReady, match="while the panel collects"):
        compiled(road.planned(coo))


# --- Killed, and two at once ---


class Killed(BaseException):
    """The process is gone."""


class KilledAt:
    def __init__(self, number):
        self.number, self.seen = number, 0

    def __call__(self, execute, sql, params, many, context):
        self.seen += 1
        if self.seen == self.number:
            raise Killed
        return execute(sql, params, many, context)


def killed_everywhere(work, whole):
    """Kills `work` at every statement in turn; run again it comes to `whole`. Returns at how many it was killed."""
    killed, ended = 0, False
    while not ended:
        with transaction.atomic():
            was = state()
            try:
                with transaction.atomic(), connection.execute_wrapper(KilledAt(killed + 1)):
                    work()
                ended = True
            except Killed:
                killed += 1
                assert state() == was
                work()
            assert state() == whole
            transaction.set_rollback(True)
    return killed


def whole_of(work):
    with transaction.atomic():
        work()
        whole = state()
        transaction.set_rollback(True)
    return whole


def test_killed_at_any_statement_it_leaves_nothing_and_comes_to_the_same(accept, panel, robin):
    accept(road.at_place("One"), road.of_child(robin.person))
    accept(road.at_place("One"), road.of_theme())

    assert killed_everywhere(lambda: compiled(panel), whole_of(lambda: compiled(panel))) > 8


def test_an_addendum_killed_at_any_statement_comes_to_the_same(accept, panel, coo):
    accept(road.at_place("One"))
    road.published(panel, coo)
    accept(road.at_place("One"), road.at_place("Two"))

    assert killed_everywhere(lambda: compiled(panel), whole_of(lambda: compiled(panel))) > 8


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_result(robin, amara, coo):
    panel = road.collecting(coo)
    for name in ("One", "Two", "One"):
        road.accepted(robin, amara, coo, road.at_place(name))

    results = at_once(*[lambda: compiled(panel)] * 4)

    assert {(each.version, each.sha256) for each in results} == {(1, results[0].sha256)}
    assert [each.new for each in results].count(True) == 1
    assert AgendaItem.objects.count() == 2
    assert AgendaSource.objects.count() == 3
    assert Entry.objects.filter(verb="compile_agenda").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_panels_published_at_once_share_no_entry(robin, amara, coo):
    panels = [road.collecting(coo, days=days) for days in (10, 20)]
    road.accepted(robin, amara, coo, road.at_place("One"))
    for panel in panels:
        compiled(panel)

    at_once(*[lambda panel=panel: planning.publish(panel.reference, actor=coo) for panel in panels])

    assert AgendaItem.objects.exclude(label="").count() == 1
    assert {road.again(panel).state for panel in panels} == {"published"}


# --- How much it asks ---


def test_it_asks_the_database_as_much_for_many_as_for_few(accept, panel, django_assert_max_num_queries):
    accept(*(road.at_place(f"Place {number}") for number in range(40)))

    with django_assert_max_num_queries(25):
        compiled(panel)

    assert AgendaItem.objects.count() == 40
    assert clock.now()

"""How sure a part in a concern is, a child in different parts, where a concern belongs, category 0 again (A7)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from hsb.core import clock, settings_in_force
from hsb.core.forms import date_parts
from hsb.core.models import Entry, Task
from hsb.core.refusals import Changed, Denied, NotReady
from hsb.people.states import Role
from referrals.models import Involvement, Referral
from referrals.selectors import patterns as read
from referrals.selectors import power
from referrals.selectors.reading import Reading
from referrals.services import intake, involvements, patterns
from referrals.states import InvolvementRole, Side
from tests import cast
from tests.pages import filled
from tests.referrals import case_road as road

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, bea, mo, willow):
    """A child with Willow; Bea works with them."""
    return road.at_work(road.with_statutory(amara, mo, willow, bea), bea)


def set_status(referral, actor, status="unfounded", *, part=None, **changed):
    answers = {"status": status, "basis": "police", "since": clock.today(), "reason": "What the police found."}
    part = part or referral.involvements.first()
    return involvements.set_status(referral.reference, actor=actor, part=part.pk, **answers | changed)


def at(referral, name):
    return reverse(f"referrals:{name}", args=[referral.reference])


def asked(referral, kind):
    """Who is asked, in the order they were asked."""
    found = Task.objects.open().filter(record=referral.record, kind=kind).order_by("pk")
    return [task.owner or task.team for task in found]


# --- Status -----------------------------------------------------------------------------------------------------------


def test_a_manager_records_a_finding_and_it_stands_wherever_the_allegation_does(case, client_of, bea, mo):
    part = case.involvements.get()
    url = reverse("referrals:set_status", args=[case.reference, part.pk])
    worker, manager = client_of(bea), client_of(mo)
    assert 'value="unfounded"' not in worker.get(url).content.decode()
    opened = manager.get(url)

    empty = manager.post(url, filled(opened, status="unfounded"))
    sent = filled(
        opened, status="unfounded", basis="police", reason="No offence.", **date_parts("since", clock.today())
    )
    done = manager.post(url, sent)
    again = manager.post(url, sent)

    assert (empty.status_code, done.status_code, again.status_code) == (422, 302, 302)
    part.refresh_from_db()
    assert (part.status, part.status_basis, part.status_since) == ("unfounded", "police", clock.today())
    entry = Entry.objects.get(record=case.record, verb="set_status")
    assert (entry.facts["was"], entry.facts["now"], entry.reason) == ("alleged", "unfounded", "No offence.")
    tabs = [at(case, "case"), at(case, "people_tab"), at(case, "chronology")]
    for page in (*tabs, reverse("referrals:concern", args=[part.concern.reference])):
        assert "nfounded" in road.text(worker.get(page)), page
    assert "outcome of the police" in road.text(worker.get(tabs[0]))
    # A finding is a manager's to take back.
    assert worker.get(url).status_code == 403


def test_who_may_say_what(case, front_door, amara, bea, carl, mo, linden):
    with pytest.raises(Denied):
        set_status(case, bea, "established")
    set_status(case, bea, "admitted", basis="own_account")
    with pytest.raises(Changed):
        set_status(case, mo, "established", was="alleged")
    for wrong in ({"since": clock.today() + timedelta(days=1)}, {"basis": ""}, {"reason": " "}, {"status": "admitted"}):
        with pytest.raises(NotReady):
            set_status(case, mo, **wrong)
    with pytest.raises(Denied):
        set_status(case, carl, "alleged")
    auditor = cast.user("Abi", (linden, Role.AUDITOR))
    with pytest.raises(Denied):
        set_status(case, auditor, "alleged")
    # Choosing the child's roles undoes no status that somebody recorded with what it rests on.
    with pytest.raises(NotReady):
        intake.set_roles(case.reference, actor=bea, concern=case.involvements.get().concern, roles=["harmed"])


def test_the_decide_page_says_how_sure_each_part_is(front_door, client_of, amara, mo, dev):
    displayed, harmed = road.awaiting(amara, harmed=True)
    set_status(displayed, mo, "established")
    set_status(harmed, mo)

    page = road.text(client_of(dev).get(at(displayed, "decide")))

    assert "established since" in page and "Child who was harmed: unfounded" in page


def test_that_it_is_unfounded_is_said_in_lists_and_on_the_supervision_sheet(case, client_of, bea, mo):
    pages = [reverse("referrals:list"), reverse("referrals:supervision", args=[bea.reference])]
    browser = client_of(mo)
    assert not any("Child who displayed: unfounded" in road.text(browser.get(page)) for page in pages)

    set_status(case, mo)

    assert all("Child who displayed: unfounded" in road.text(browser.get(page)) for page in pages)


def test_somebody_without_a_referral_has_a_status_on_the_page_of_a_child_of_the_concern(front_door, amara, dot, dev):
    people = [
        intake.Newcomer(details={"given_name": "Robin", "family_name": "Sample"}, roles=("displayed",)),
        intake.Newcomer(details={"given_name": "Sky", "family_name": "Other"}, roles=("harmed",)),
        intake.Newcomer(details={"given_name": "Lin", "is_adult": True}, roles=("person_of_concern",)),
    ]
    fields = {"source": "2A", "reported_on": clock.today(), "place_kind": "school", "protection_needed": "no"}
    logged = intake.log_concern(author=amara, once=cast.uuid4(), people=people, what_was_reported="What.", **fields)
    one, other = logged.opened
    adult = Involvement.objects.get(role="person_of_concern")

    set_status(one, dev, "established", part=adult)

    adult.refresh_from_db()
    assert adult.status == "established"
    with pytest.raises(Denied):
        set_status(one, dev, part=other.involvements.get())


# --- Seen both ways ---------------------------------------------------------------------------------------------------


def test_a_child_in_different_parts_is_read_once_by_whoever_has_the_child(case, client_of, amara, bea, mo):
    road.harmed_too(case, amara, ("not_yet_known",))
    assert asked(case, "read_both") == []
    road.harmed_too(case, amara)
    patterns.follow(case.person, actor=amara)
    assert asked(case, "read_both") == [bea]

    laptop = client_of(bea)
    shown = road.text(laptop.get(at(case, "case")))
    url = at(case, "read_both")
    posted = laptop.post(url, {"meaning": "Both plans are made together."})
    twice = laptop.post(url, {"meaning": "Both plans are made together."})

    assert "This child is in two concerns in different parts: read both." in shown
    assert (posted.status_code, twice.status_code) == (302, 409)
    assert asked(case, "read_both") == []
    patterns.follow(case.person, actor=amara)
    assert asked(case, "read_both") == []
    assert "Both plans are made together." in road.text(laptop.get(at(case, "case")))
    assert road.last_entry(case, "read_both").reason == "Both plans are made together."

    # What turns out to be unfounded is no part any more.
    road.harmed_too(case, amara)
    assert asked(case, "read_both") == [bea]
    for part in case.involvements.filter(role=InvolvementRole.HARMED):
        set_status(case, mo, part=part)
    assert asked(case, "read_both") == []
    assert road.again(case).side == Side.DISPLAYED


def test_of_another_record_the_reader_is_told_whom_to_ask_and_of_a_restricted_one_nothing(case, amara, dev, bea, dot):
    known = intake.Known(
        person=case.person, roles=("harmed",), attach=False, separate_because="Another family is in it."
    )
    fields = {"source": "2A", "reported_on": clock.today(), "place_kind": "home", "protection_needed": "no"}
    logged = intake.log_concern(author=dot, once=cast.uuid4(), people=[known], what_was_reported="What.", **fields)
    other = logged.opened[0]

    note = read.both_ways_note(Reading(case, bea))

    assert note == {
        "sentence": f"There is another record about this child: ask {other.record.holding_team.name}.",
        "parts": [],
        "read": [],
    }
    # Whoever has either record is asked, in the same neutral words.
    assert (asked(case, "read_both"), asked(other, "read_both")) == ([bea], [other.record.holding_team])
    theirs = read.both_ways_note(Reading(road.again(other), dot))
    assert theirs["sentence"] == f"There is another record about this child: ask {case.record.holding_team.name}."
    with pytest.raises(Denied):
        patterns.read_both(case.reference, actor=bea, meaning="What it means.")
    other.record.restricted = True
    other.record.save()
    assert read.both_ways_note(Reading(case, bea)) is None


# --- Where a concern belongs, and what power and consent turn on ------------------------------------------------


def test_contexts_are_kept_when_it_is_logged_and_later(case, client_of, amara, bea):
    concern = road.harmed_too(case, amara, contexts=["online"])
    assert concern.contexts == ["online"]
    laptop = client_of(bea)
    url = at(case, "set_contexts")
    first = case.involvements.order_by("pk").first().concern

    done = laptop.post(url, filled(laptop.get(url), concern=first.reference, contexts=["group", "school"]))

    assert done.status_code == 302
    first.refresh_from_db()
    assert first.contexts == ["school", "group"]
    assert road.last_entry(case, "set_contexts").facts["now"] == ["school", "group"]
    assert "School, In a group" in road.text(laptop.get(reverse("referrals:concern", args=[first.reference])))


def test_the_facts_stand_beside_the_descriptors_by_the_readers_right(front_door, client_of, amara, dot, mo):
    displayed, harmed = road.logged(amara)
    for referral, born_on, precision in (
        (displayed, date(2011, 2, 20), "known"),
        (harmed, date(2013, 5, 19), "estimated"),
    ):
        person = referral.person
        person.born_on, person.birth_precision, person.disabilities, person.send = born_on, precision, ["LD"], "K"
        person.save()
    road.assessing.begin_assessment(displayed.reference, actor=amara)

    short = road.text(client_of(amara).get(reverse("referrals:assessment_page", args=[displayed.reference, "short"])))
    stranger = power.facts(
        displayed.involvements.get().concern,
        {displayed.person: {"displayed"}, harmed.person: {"harmed"}},
        {displayed.person: "Same class", harmed.person: "Same class"},
        {displayed.person_id},
    )

    assert "about 2 years and 2 months, because the date of birth of Sky Other is estimated" in short
    assert "Sky Other: Learning; special educational needs: SEN support" in short
    assert "Sky" not in str(stranger) and "Same class" in str(stranger)
    assert power.years_and_months(date(2012, 2, 29), date(2013, 2, 28)) == "11 months"
    assert power.years_and_months(date(2012, 2, 29), date(2012, 3, 1)) == "less than 1 month"


# --- Category 0 again -------------------------------------------------------------------------------------------------


def test_a_second_category_0_concern_asks_for_a_re_rating(front_door, client_of, amara, mo, eli, esi, hazel):
    referral = road.at_work(road.with_early_help(amara, mo, hazel, eli), eli)
    assert asked(referral, "rate_again") == []
    road.harmed_too(referral, amara, ("displayed",))
    patterns.follow(referral.person, actor=amara)
    assert asked(referral, "rate_again") == [eli]
    assert "Category 0 is in force for 2 concerns" in road.text(client_of(eli).get(at(referral, "case")))

    road.reassessed(referral, eli)

    assert asked(referral, "rate_again") == []
    patterns.follow(referral.person, actor=amara)
    assert asked(referral, "rate_again") == []


def test_the_prompt_stands_on_the_decide_page_and_follows_setting_period_and_category(front_door, client_of, amara, mo):
    referral, _ = road.awaiting(amara)
    person = referral.person
    road.harmed_too(referral, amara, ("displayed",))
    assert "Rate the risk again, as a whole" in road.text(client_of(mo).get(at(referral, "decide")))
    part = referral.involvements.last()

    def count():
        return len(read.category_0_again(person))

    assert count() == 2
    settings_in_force.set_value("category_0_repeat", 3, from_on=clock.today(), actor=mo)
    settings_in_force.forget()
    assert count() == 0
    settings_in_force.set_value("category_0_repeat", 2, from_on=clock.today(), actor=mo)
    settings_in_force.forget()
    part.concern.reported_on = clock.today() - timedelta(days=366)
    part.concern.save()
    assert count() == 0
    part.concern.reported_on = clock.today()
    part.concern.save()
    Referral.objects.filter(pk=referral.pk).update(category="1")
    assert count() == 0
    patterns.follow(person, actor=amara)
    assert asked(referral, "rate_again") == []


def test_a_concern_of_the_same_day_between_two_parts_of_another_is_one_of_the_cases(amara, willow):
    case = cast.referral(amara, held_by=willow)
    first, between = case.involvements.get().concern, cast.concern(amara)
    for concern, role in ((between, InvolvementRole.DISPLAYED), (first, InvolvementRole.HARMED)):
        Involvement.objects.create(concern=concern, person=case.person, role=role, referral=case)

    found = [reference for reference, _ in Reading(case, amara).concerns]

    assert found == [between.record.reference, first.record.reference]

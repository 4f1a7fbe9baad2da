"""The pages of an intel form: who reads what of it, what comes next, and that nothing is told of another child."""

from uuid import uuid4

import pytest

from hsb.core import access, clock
from hsb.core.models import AccessRecord, SearchTerms
from hsb.core.states import Because
from hsb.people.models import User
from hsb.people.states import Role
from referrals.services import restricting
from referrals.services.person_keys import index_person
from strategy_meetings.models import IntelForm
from strategy_meetings.services import intel
from strategy_meetings.states import Criterion
from tests import cast
from tests.pages import assert_same_queries, filled, page
from tests.strategy_meetings import intel_road as road
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db
POLICE = "A sentence for the police only."
OF_ASH = "A sentence about Ash alone."


@pytest.fixture
def meeting(front_door, juniper, willow, aspen, amara, mo, cho, min):
    """Held, of three children: Robin and Ash displayed, Sky was harmed."""
    robin, *_ = meeting_road.allocated(amara, mo, willow, amara)
    planned = meeting_road.planned(meeting_road.convened(robin, mo), cho, min)
    meeting_road.held(planned, cho)
    return meeting_road.again(planned)


@pytest.fixture
def form(meeting, min):
    """About all three; with one entry of each kind, one of them for the police only."""
    begun = road.complete(road.begun(meeting.reference, min, (1, 2, 3)), min)
    road.added(begun, min, described="Somebody older at the bandstand", text=POLICE, police_only=True)
    ash = begun.standing_entries().get(person__given_name="Ash")
    intel.change_entry(begun.reference, ash.number, actor=min, entry=road.entry(text=OF_ASH, said_by="Ash's school"))
    road.located(begun, min, "The pier", text="Robin and Ash Made-Up were seen there.", said_by="Ash's aunt")
    intel.add_theme(
        begun.reference,
        actor=min,
        once=uuid4(),
        theme_kind="group",
        name="Bandstand group",
        text="They meet there.",
        said_by="A warden",
        reliability="unknown",
        police_only=True,
    )
    return road.again(begun)


@pytest.fixture
def named(meeting, mo, carl):
    """Carl is named on Robin's referral alone."""
    robin = meeting.children.get(number=1).referral
    restricting.name_reader(robin.reference, actor=mo, reader=carl, reason="Supports the family.")
    return cast.again(carl)


def at(form, rest=""):
    return f"/intel/{form.reference}/{rest}"


def text(answer):
    assert answer.status_code == 200
    return page(answer).text


# --- Begun ---


def test_the_children_are_chosen_by_tick_and_who_needs_one_is_ticked_already(meeting, min, cho, client_of):
    meeting_road.agreed(
        meeting, 2, cho, section_47=True, intel="needed", intel_reason="", intel_by=min, intel_due_on=clock.today()
    )
    browser = client_of(min)

    asked = browser.get(f"/meetings/{meeting.reference}/intel/")
    begun = browser.post(f"/meetings/{meeting.reference}/intel/", filled(asked))

    assert filled(asked)["children"] == ["2"]
    form = IntelForm.objects.get()
    assert begun.url == at(form)
    assert [child.person.given_name for child in form.children.select_related("person")] == ["Ash"]


def test_where_one_is_begun_the_link_goes_on_with_it(form, meeting, cho, client_of):
    assert client_of(cho).get(f"/meetings/{meeting.reference}/intel/").url == at(form)


def test_the_task_leads_to_beginning_the_form_and_then_to_the_form(meeting, min, cho, client_of):
    for number in (1, 2, 3):
        needed = {"intel": "needed", "intel_reason": "", "intel_by": min, "intel_due_on": clock.today()}
        meeting_road.agreed(meeting, number, cho, section_47=True, **(needed if number == 1 else {}))
    meeting_road.sitting.issue_decisions(meeting.reference, actor=cho)
    browser = client_of(min)
    begin = f"/meetings/{meeting.reference}/intel/"

    assert begin in [href for href, _ in page(browser.get("/my-work/")).links]
    assert begin in [href for href, _ in page(browser.get(f"/meetings/{meeting.reference}/children/1/")).links]
    begun = browser.post(begin, filled(browser.get(begin)))
    assert begun.url == at(IntelForm.objects.get())


def test_a_case_s_meetings_tab_leads_to_beginning_one_and_lists_what_there_is(form, meeting, amara, client_of):
    robin = meeting.children.get(number=1).referral

    links = [href for href, _ in page(client_of(amara).get(f"/referrals/{robin.reference}/meetings/")).links]

    assert f"/referrals/{robin.reference}/intel/" in links
    assert at(form) in links


# --- Read ---


def test_its_writer_reads_all_of_it_in_four_sections_without_a_label(form, min, client_of):
    shown = client_of(min).get(at(form))

    told = text(shown)
    for words in ("Who was harmed", "Persons of concern", "Locations", "Themes and groups"):
        assert words in told
    assert not any(label in told for label in ("Victim", "Offender", "victim", "offender"))
    for words in ("Child of concern", "Child who was harmed", "Person of concern, not named", "Group", POLICE, OF_ASH):
        assert words in told
    assert "For the police only" in told
    assert "Some of what this form says is not shown to you" not in told


def test_another_child_s_worker_sees_neither_name_nor_entry(form, named, client_of):
    told = text(client_of(named).get(at(form)))

    assert "Robin Sample" in told
    assert "Another child" in told
    assert "Some of what this form says is not shown to you" in told
    for secret in ("Ash", "Made-Up", "Sky", POLICE, OF_ASH, "Somebody older", "Bandstand group", road.WHY["why"]):
        assert secret not in told
    assert "Robin and another child were seen there." in told


def test_what_is_for_the_police_only_is_not_read_through_a_child_s_referral(form, meeting, amara, client_of):
    told = text(client_of(amara).get(at(form)))

    assert OF_ASH in told
    assert POLICE not in told
    assert "Bandstand group" not in told
    robin = meeting.children.get(number=1).referral
    for tab in ("", "chronology/", "meetings/", "people/"):
        assert POLICE not in client_of(amara).get(f"/referrals/{robin.reference}/{tab}").content.decode()


def test_the_panel_s_answer_is_not_read_through_a_child_s_referral(form, amara, min, coo, client_of):
    intel.submit(form.reference, actor=min)
    intel.answer(form.reference, "decline", actor=coo, reason="What only its writer reads.")

    assert "What only its writer reads." not in text(client_of(amara).get(at(form)))
    assert "What only its writer reads." in text(client_of(min).get(at(form)))


def test_the_coordinator_reads_all_of_it_and_is_led_to_no_file(form, meeting, min, coo, client_of):
    intel.submit(form.reference, actor=min)
    browser = client_of(coo)

    shown = browser.get(at(form))

    assert POLICE in text(shown)
    assert not [href for href, _ in page(shown).links if href.startswith(("/referrals/", "/meetings/"))]
    robin = meeting.children.get(number=1).referral
    for path in (f"/referrals/{robin.reference}/", f"/meetings/{meeting.reference}/", "/referrals/", "/meetings/"):
        assert browser.get(path).status_code == 404


def test_the_coordinator_finds_the_form_under_my_work_and_in_the_list(form, min, coo, client_of):
    intel.submit(form.reference, actor=min)
    browser = client_of(coo)

    work, listed = browser.get("/my-work/"), browser.get("/intel/")

    assert "Sift an intel form" in text(work)
    assert f"/panel/sift/{form.reference}/" in [href for href, _ in page(work).links]
    assert "Submitted to the panel" in text(listed)
    assert at(form) in [href for href, _ in page(listed).links]
    assert browser.get("/messages/").status_code == 200


def test_what_a_worker_who_left_began_is_gone_on_with_by_the_next(meeting, amara, mo, client_of):
    robin = meeting.children.get(number=1).referral
    begun = intel.begin_from_referral(robin.reference, actor=amara, once=uuid4(), criteria=["stuck"])
    road.added(begun, amara, described="Somebody older", text=POLICE, police_only=True)
    path, laptop = f"/referrals/{robin.reference}/intel/", client_of(mo)
    assert "has left" not in text(laptop.get(path))
    User.objects.filter(pk=amara.pk).update(is_active=False)
    assert "Amara began it, and has left" in text(laptop.get(path))

    sent = laptop.post(path, filled(laptop.get(path)))

    assert sent.url == at(begun)
    assert "Write why the panel should look at it" in text(laptop.get(sent.url))
    assert POLICE in text(laptop.get(sent.url))
    assert laptop.get(path).url == at(begun)
    assert IntelForm.objects.count() == 1


def test_the_list_shows_each_child_by_the_reader_s_right(form, min, named, dee, client_of):
    assert "Robin Sample, Ash Made-Up and Sky Other" in text(client_of(min).get("/intel/"))
    told = text(client_of(named).get("/intel/"))
    assert "Robin Sample, another child and another child" in told
    assert client_of(dee).get("/intel/").status_code == 404


def test_every_look_stands_on_the_form_and_on_each_child_it_shows(form, meeting, named, client_of):
    before = AccessRecord.objects.count()

    client_of(named).get(at(form))

    looked = AccessRecord.objects.filter(user=named, page="intel").values_list("record__reference", flat=True)
    robin = meeting.children.get(number=1).referral
    assert AccessRecord.objects.count() == before + 2
    assert set(looked) == {form.reference, robin.reference}


def test_who_looked_names_the_page(form, meeting, amara, mo, client_of):
    client_of(mo).get(at(form))
    robin = meeting.children.get(number=1).referral

    assert "An intel form" in text(client_of(amara).get(f"/referrals/{robin.reference}/who-looked/"))


def test_as_many_queries_for_many_entries_as_for_few(form, min, client_of):
    def grow():
        for number in range(6):
            road.located(form, min, f"Place {number}", text="Ash was there.")
            road.added(form, min, described=f"Somebody {number}")
            road.added(form, min, person=cast.person(f"Adult{number}", is_adult=True))

    road.added(form, min, person=cast.person("Adult", is_adult=True))
    assert_same_queries(client_of(min), at(form), grow, at_most=8)


def test_through_an_earlier_episode_of_a_restricted_child_no_name_is_told(form, meeting, named, mo, client_of):
    """Carl may open Robin's referral; where Robin lives now, and what Robin is called in this form, he may not."""
    robin = meeting.children.get(number=1)
    robin.person.record.restricted = True
    robin.person.record.save()

    told = text(client_of(named).get(at(form)))

    for secret in ("Robin", "Sample", "Ash", "Sky", POLICE, OF_ASH):
        assert secret not in told


# --- Written ---


def test_a_stale_page_gets_both_versions(form, min, cho, client_of):
    browser = client_of(min)
    opened = browser.get(at(form, "why/"))
    intel.write(form.reference, actor=cho, answers={"why": "What Cho wrote."})

    answer = browser.post(at(form, "why/"), filled(opened, why="What Min wrote."))

    assert answer.status_code == 409
    assert "What Cho wrote." in answer.content.decode()
    assert "What Min wrote." in answer.content.decode()


def test_a_person_is_chosen_among_the_people_of_the_source_whom_the_writer_may_open(meeting, named, client_of):
    meeting.children.filter(number=1).update(intel="needed", intel_by=named)
    own = road.begun(meeting.reference, named)

    asked = client_of(named).get(at(own, "add/person/"))

    choices = [name for _, name in asked.context["form"].fields["who"].choices]
    assert choices == ["Robin Sample", "Somebody who cannot be named yet"]


def test_somebody_who_is_none_of_them_is_refused(form, min, client_of):
    stranger = cast.person("Nobody", "Here")
    browser = client_of(min)
    asked = browser.get(at(form, "add/person/"))

    answer = browser.post(
        at(form, "add/person/"), filled(asked, who=str(stranger.pk), text="x", said_by="x", reliability="likely")
    )

    assert answer.status_code == 422
    assert not form.entries.filter(person=stranger).exists()


KNOWN = {"text": "Seen there.", "said_by": "A teacher", "reliability": "likely"}


def known(author, *names):
    """A referral of another team's, whose child a search finds."""
    child = cast.person(*names)
    index_person(child)
    return cast.referral(author, held_by=cast.team("Elsewhere"), child=child)


def searched(browser, form, part, words):
    """The page on which somebody of that search is chosen."""
    asked = browser.get(at(form, f"add/{part}/search/"))
    return browser.post(at(form, f"add/{part}/search/"), filled(asked, words=words)).url


@pytest.mark.parametrize(("part", "kind"), [("person", "O"), ("harmed", "V")])
def test_somebody_we_know_outside_the_source_is_searched_for(form, cho, dot, part, kind, client_of):
    stranger = known(dot, "Juno", "Elsewhere").person
    browser = client_of(cho)
    assert at(form, f"add/{part}/search/") in [href for href, _ in page(browser.get(at(form, f"add/{part}/"))).links]

    found = searched(browser, form, part, "Juno Elsewhere")
    sent = browser.post(found, filled(browser.get(found), who=str(stranger.pk), **KNOWN))

    assert sent.url == at(form)
    assert form.standing_entries().get(person=stranger).kind == kind
    assert AccessRecord.objects.filter(user=cho, kind="search", page="intel form").exists()


def test_of_a_search_nobody_else_has_anything_and_a_restricted_child_is_not_chosen(form, cho, mo, dot, client_of):
    hidden = known(dot, "Juno", "Elsewhere")
    hidden.record.restricted = True
    hidden.record.save()
    browser = client_of(cho)

    found = searched(browser, form, "person", "Juno Elsewhere")
    asked = browser.get(found)
    answer = browser.post(found, filled(asked, who=str(hidden.person_id), **KNOWN))

    assert "Juno" not in [name for _, name in asked.context["form"].fields["who"].choices]
    assert answer.status_code == 422
    assert not form.entries.filter(person=hidden.person).exists()
    access.grant(form.record, because=Because.WRITES_INTEL, user=mo)
    assert client_of(mo).get(at(form, "add/person/")).status_code == 200
    assert client_of(mo).get(found).status_code == 404


def test_a_minute_taker_does_not_search(form, min, client_of):
    browser = client_of(min)

    assert "Search for somebody else" not in text(browser.get(at(form, "add/person/")))
    assert browser.get(at(form, "add/person/search/")).status_code == 404


def test_of_a_search_that_is_too_old_nothing_typed_is_lost(form, cho, client_of):
    browser = client_of(cho)
    found = searched(browser, form, "person", "Robin Sample")
    typed = filled(browser.get(found), who="described", described="Somebody older", **KNOWN)
    SearchTerms.objects.all().delete()

    assert browser.get(found).status_code == 404
    assert browser.post(found, typed).url == at(form)


def test_whether_a_child_who_was_harmed_is_a_person_of_concern_too_is_asked_first(form, meeting, min, client_of):
    sky = meeting.children.get(number=3).person
    form.entries.filter(person=sky, kind="O").delete()
    browser, path = client_of(min), at(form, "add/person/")
    typed = filled(browser.get(path), who=str(sky.pk), **KNOWN)

    asked = browser.post(path, typed)

    assert asked.status_code == 422
    assert "is recorded as harmed. Also a person of concern?" in page(asked).text
    assert filled(asked)["text"] == [KNOWN["text"]]
    assert not form.entries.filter(person=sky, kind="O").exists()
    assert browser.post(path, filled(asked, both=[str(sky.pk)])).url == at(form)
    assert form.standing_entries().filter(person=sky, kind="O").exists()


@pytest.mark.parametrize("number", [1, 2], ids=["Robin, who displayed", "Ash, who displayed"])
def test_of_a_child_who_displayed_nothing_is_asked(form, meeting, min, number, client_of):
    child = meeting.children.get(number=number).person
    browser, path = client_of(min), at(form, "add/person/")

    assert browser.post(path, filled(browser.get(path), who=str(child.pk), **KNOWN)).url == at(form)


def test_what_is_missing_is_said_before_it_is_submitted(meeting, min, client_of):
    form = road.begun(meeting.reference, min)
    browser = client_of(min)

    asked = browser.get(at(form, "submit/"))
    forced = browser.post(at(form, "submit/"), {"version": intel.shown_for_submitting(form)})

    assert "Say why the panel should look at it, and what is asked of it." in text(asked)
    assert forced.status_code == 422
    assert road.again(form).state == "draft"
    assert "Write why the panel should look at it" in text(browser.get(at(form)))


def test_an_entry_that_was_taken_out_is_not_found(form, min, client_of):
    intel.drop_entry(form.reference, 1, actor=min, reason="Wrong.")

    assert client_of(min).get(at(form, "entries/1/")).status_code == 404


# --- Submitted and answered ---


def test_who_submits_a_page_that_is_out_of_date_is_told_who_changed_the_form(form, min, cho, client_of):
    browser = client_of(min)
    opened = browser.get(at(form, "submit/"))
    road.located(form, cho, "The bandstand")

    answer = browser.post(at(form, "submit/"), filled(opened))

    assert answer.status_code == 409
    assert cho.name in page(answer).text
    assert road.again(form).state == "draft"


def test_submitted_it_says_who_has_it_now(form, min, client_of):
    browser = client_of(min)

    sent = browser.post(at(form, "submit/"), filled(browser.get(at(form, "submit/"))))

    assert sent.url == at(form)
    assert "The panel's coordinators sift this form" in text(browser.get(at(form)))


def test_a_form_that_the_panel_reads_no_more_says_so_and_its_writer_lets_it(form, meeting, min, mo, coo, client_of):
    intel.submit(form.reference, actor=min)
    restricting.restrict(meeting.children.get(number=1).referral.reference, actor=mo, reason="A relative works here.")
    browser = client_of(min)
    assert client_of(coo).get(at(form)).status_code == 404
    assert "It cannot be read by the panel's coordinators" in text(browser.get(at(form)))
    assert at(form, "panel-reads/") in [href for href, _ in page(browser.get(at(form))).links]

    sent = browser.post(at(form, "panel-reads/"), filled(browser.get(at(form, "panel-reads/"))))

    assert sent.url == at(form)
    assert "It cannot be read by" not in text(browser.get(at(form)))
    assert POLICE in text(client_of(coo).get(at(form)))
    assert browser.get(at(form, "panel-reads/")).status_code == 409


# --- Lists ---


def test_two_forms_of_one_day_are_told_apart_in_a_child_s_tab(form, meeting, amara, min, client_of):
    robin = meeting.children.get(number=1).referral
    own = intel.begin_from_referral(robin.reference, actor=amara, once=uuid4(), criteria=["stuck"])

    told = text(client_of(amara).get(f"/referrals/{robin.reference}/meetings/"))

    assert f"{form.reference}, from a strategy meeting" in told
    assert f"{own.reference}, from a child's record: {Criterion.STUCK.label}" in told
    assert f"{form.reference}, from a strategy meeting: " not in told


def test_what_is_not_for_the_panel_stands_in_a_table_of_its_own(form, min, coo, client_of):
    intel.submit(form.reference, actor=min)
    intel.answer(form.reference, "decline", actor=coo, reason="It is for another panel.")

    told = text(client_of(min).get("/intel/"))

    assert "Not for the panel: may be submitted again with more" in told
    assert "No form of yours waits to be finished." in told


def test_the_author_reads_the_answer_and_says_so(form, min, coo, client_of):
    intel.submit(form.reference, actor=min)
    intel.answer(form.reference, "decline", actor=coo, reason="It is for another panel.")
    browser = client_of(min)

    assert at(form, "answer/") in [href for href, _ in page(browser.get("/my-work/")).links]
    asked = browser.get(at(form, "answer/"))
    assert "It is for another panel." in text(asked)
    assert browser.post(at(form, "answer/"), filled(asked)).url == at(form)
    assert browser.get(at(form, "answer/")).status_code == 409


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRACTITIONER, Role.COORDINATOR])
def test_who_may_not_open_it_finds_no_such_page(form, rowan, role, client_of):
    stranger = cast.user("Stranger", (rowan, role))

    for rest in ("", "why/", "submit/", "answer/", "entries/1/"):
        assert client_of(stranger).get(at(form, rest)).status_code == 404

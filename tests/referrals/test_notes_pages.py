"""Case notes in a browser: draft and final, who sees them, as they stood on a day, and where no word of them is."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail

from hsb.core import clock
from hsb.core.forms import date_parts
from hsb.core.models import AccessGrant, AccessRecord, Draft, Entry, Task
from hsb.core.tasks import sweep_and_deliver
from referrals.models import CaseNote, NoteCorrection
from referrals.selectors import notes as reading
from referrals.services import notes, restricting, telling
from tests import cast
from tests.pages import assert_same_queries, assert_well_formed, filled, page
from tests.referrals import case_road as road
from tests.referrals import notes_road
from tests.referrals.notes_road import CANARIES, corrected, written

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(front_door, amara, willow):
    """Amara's case."""
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def tab(referral, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return road.url(referral, "notes") + (f"?{query}" if query else "")


def new_address(referral):
    return road.url(referral, f"notes/write/{uuid4()}")


def typed(**answers):
    return {
        "kind": "visit",
        **date_parts("happened", clock.today(), at=""),
        "seen": "yes",
        "seen_alone": "no",
        "text": notes_road.TEXT,
        "basis": "both",
        "childs_words": notes_road.WORDS,
        "who_was_there": "The mother",
        "readers": "",
    } | answers


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


# --- Draft, then final ---


def test_each_note_is_begun_at_an_address_of_its_own(case, client_of, amara):
    browser = client_of(amara)

    first, second = (browser.get(road.url(case, "notes/write")) for _ in range(2))

    assert first.status_code == second.status_code == 302
    assert first.url != second.url
    assert_well_formed(browser.get(first.url))


def test_a_draft_is_its_authors_alone_until_it_is_final(case, client_of, amara, mo):
    browser, address = client_of(amara), new_address(case)

    kept = browser.post(address, typed(later="1", text=notes_road.TEXT))

    assert kept.url == tab(case)
    assert not CaseNote.objects.exists()
    mine, theirs = main(browser.get(tab(case))), main(client_of(mo).get(tab(case)))
    assert address in mine
    assert "Visit, kept on" in mine
    assert address not in theirs
    assert filled(browser.get(address))["text"] == [notes_road.TEXT]
    assert filled(client_of(mo).get(address))["text"] == [""]
    assert not any(canary in mine + theirs for canary in CANARIES)

    final = browser.post(address, filled(browser.get(address)))

    note = CaseNote.objects.get()
    assert final.url == road.url(case, f"notes/{note.number}")
    assert (note.text, note.childs_words, note.seen, note.seen_alone) == (
        notes_road.TEXT,
        notes_road.WORDS,
        True,
        False,
    )
    assert note.who_was_there == "The mother"
    assert notes_road.WORDS in main(client_of(mo).get(final.url))
    assert "Your drafts" not in main(browser.get(tab(case)))
    assert not Draft.objects.exists()


def test_my_work_lists_my_drafts_without_a_word_of_them_while_i_may_open_the_child(case, client_of, amara, mo, carl):
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="Helps with it.")
    address = new_address(case)
    client_of(carl).post(address, typed(later="1"))

    mine, theirs = client_of(carl).get("/my-work/"), client_of(amara).get("/my-work/")

    assert "Notes not final yet" in page(mine).text
    assert address in [href for href, _ in page(mine).links]
    assert "Notes not final yet" not in page(theirs).text
    assert not any(canary in mine.content.decode() for canary in CANARIES)
    restricting.bar(case.reference, actor=mo, user=carl, reason="A relative.")
    assert "Notes not final yet" not in page(client_of(carl).get("/my-work/")).text


def test_what_is_typed_is_kept_by_the_products_own_drafts(case, client_of, amara):
    browser, address = client_of(amara), new_address(case)

    browser.post("/keep-draft/", typed(page=address, text="Half a sent"))

    assert filled(browser.get(address))["text"] == ["Half a sent"]
    assert address in main(browser.get(tab(case)))


def test_two_drafts_of_one_child_do_not_write_over_each_other(case, client_of, amara):
    browser, first, second = client_of(amara), new_address(case), new_address(case)
    browser.post(first, typed(later="1", text="The first."))
    browser.post(second, typed(later="1", text="The second."))

    browser.post(first, filled(browser.get(first)))

    assert CaseNote.objects.get().text == "The first."
    assert filled(browser.get(second))["text"] == ["The second."]


def test_a_draft_may_be_unfinished_and_a_final_note_may_not(case, client_of, amara):
    browser, address = client_of(amara), new_address(case)

    draft = browser.post(address, {"later": "1", "childs_words": notes_road.WORDS})
    final = browser.post(address, {"childs_words": notes_road.WORDS})

    assert (draft.status_code, final.status_code) == (302, 422)
    assert filled(final)["childs_words"] == [notes_road.WORDS]
    for sentence in ("Choose what this is a note of", "Enter the day it happened", "Say what happened"):
        assert sentence in page(final).text


def test_what_is_wrong_with_a_note_is_said_and_the_rest_is_kept(case, client_of, amara, mo):
    workers, managers = client_of(amara), client_of(mo)

    for browser, answers, sentence in (
        (workers, {"seen": ""}, "Say whether the child was seen"),
        (workers, {"seen": "yes", "seen_alone": ""}, "Say whether the child was seen alone"),
        (workers, {"seen": "no", "not_seen_reason": " "}, "Say why the child was not seen"),
        (workers, {"kind": "oversight"}, "choose from the answers shown"),
        (managers, {"kind": "oversight", "agreed": " "}, "Say what was agreed"),
        (workers, {"happened_year": "2190"}, "must be today or in the past"),
        (workers, {"readers": "nobody@example.org"}, "Nobody who uses this service has the address nobody@example.org"),
    ):
        answer = browser.post(new_address(case), typed(**answers))

        assert answer.status_code == 422
        assert sentence in page(answer).text
        assert filled(answer)["text"] == [notes_road.TEXT]
    assert not CaseNote.objects.exists()


def test_whether_seen_is_asked_first_and_what_was_not_asked_is_dropped(case, client_of, amara):
    form = client_of(amara).get(new_address(case)).context["form"]
    order = form.reading_order()
    assert order.index("seen") < order.index("seen_alone") < order.index("who_was_there")

    client_of(amara).post(new_address(case), typed(seen="no", seen_alone="yes", not_seen_reason="Nobody was at home."))

    note = CaseNote.objects.get()
    assert (note.seen, note.seen_alone, note.not_seen_reason) == (False, None, "Nobody was at home.")


def test_a_call_need_not_say_whether_the_child_was_seen(case, client_of, amara):
    assert client_of(amara).post(new_address(case), typed(kind="call", seen="")).status_code == 302


def test_a_second_click_makes_no_second_note_and_other_words_are_not_swallowed(case, client_of, amara):
    browser, address = client_of(amara), new_address(case)

    answers = [browser.post(address, typed()) for _ in range(2)]
    other = browser.post(address, typed(text="Other words."))

    assert [each.status_code for each in answers] == [302, 302]
    assert answers[0].url == answers[1].url == browser.get(address).url
    assert CaseNote.objects.get().text == notes_road.TEXT
    assert other.status_code == 422
    assert "says something else" in page(other).text
    assert filled(other)["text"] == ["Other words."]


def test_an_address_that_was_passed_on_makes_each_reader_a_note_of_their_own(case, client_of, amara, mo):
    address = new_address(case)

    client_of(mo).post(address, typed(text="Mo's."))
    client_of(amara).post(address, typed(text="Amara's."))

    assert {note.author: note.text for note in CaseNote.objects.all()} == {mo: "Mo's.", amara: "Amara's."}


# --- Management oversight ---


def test_a_manager_writes_oversight_with_what_was_discussed_and_agreed(case, client_of, amara, mo):
    browser = client_of(mo)
    form = road.text(browser.get(new_address(case)))
    assert 'value="oversight"' in form
    assert "Answer this for management oversight." in form

    answer = browser.post(new_address(case), typed(kind="oversight", seen="", agreed=notes_road.AGREED))

    assert answer.status_code == 302
    workers = client_of(amara)
    said = main(workers.get(tab(case)))
    assert "Management oversight</strong>" in said
    assert said.index("What was discussed") < said.index(notes_road.TEXT) < said.index("What was agreed")
    assert said.index("What was agreed") < said.index(notes_road.AGREED)
    form = road.text(workers.get(new_address(case)))
    assert 'value="oversight"' not in form
    assert "Answer this for management oversight." not in form


# --- What the family is told ---


def test_a_note_that_is_held_back_says_so_until_a_manager_says_that_they_can_be_told(case, client_of, amara, mo):
    worker, manager = client_of(amara), client_of(mo)
    note = worker.post(new_address(case), typed(do_not_disclose="on")).url
    telling = f"{note}telling/"

    for place in (note, tab(case)):
        assert "Do not disclose yet" in main(worker.get(place))
    assert telling not in main(worker.get(note))
    assert worker.get(telling).status_code == 409
    assert "stands on the note of" in page(manager.get(road.url(case, "what-families-are-told"))).text

    form = manager.get(telling)
    assert_well_formed(form)
    answers = filled(form, decision="tell", reason=" ")
    assert manager.post(telling, answers).status_code == 422
    assert manager.post(telling, answers | {"reason": "The police agreed."}).url == note
    assert manager.post(telling, answers | {"reason": "The police agreed."}).status_code == 422  # recorded already

    said = main(worker.get(note))
    assert "Do not disclose yet" not in said
    assert "The family can be told of it: Mo on" in said
    assert "The police agreed." in said
    assert "stands on the note of" not in page(manager.get(road.url(case, "what-families-are-told"))).text
    worker.post(telling, {"decision": "hold_back", "reason": "They asked anew."})
    assert "Do not disclose yet" in main(worker.get(note))


# --- Who sees them ---


def test_who_may_not_open_the_case_finds_no_note(case, client_of, amara, bea, carl):
    """What each role gets of each address stands in the table of every URL (tests.house.url_table)."""
    written(case, amara)

    places = ("notes", "notes/1", "notes/1/correct", "notes/1/telling", "notes/write", f"notes/write/{uuid4()}")

    for browser in (client_of(bea), client_of(carl)):
        assert [browser.get(road.url(case, place)).status_code for place in places] == [404] * len(places)


def test_who_may_open_the_case_reads_its_notes_and_is_recorded(case, client_of, amara, mo, aud):
    written(case, amara)

    for user in (amara, mo, aud):
        browser = client_of(user)
        for place in ("notes", "notes/1"):
            answer = browser.get(road.url(case, place))
            assert_well_formed(answer)
            assert notes_road.TEXT in main(answer)

        looks = AccessRecord.objects.filter(user=user, record=case.record).values_list("page", flat=True)
        assert set(looks) == {"notes", "note"}


def test_somebody_barred_reads_none_of_them(case, client_of, amara, mo, carl):
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="Helps with it.")
    written(case, carl)
    restricting.bar(case.reference, actor=mo, user=carl, reason="A relative.")

    assert client_of(carl).get(tab(case)).status_code == 404
    assert client_of(carl).get(road.url(case, "notes/1")).status_code == 404


def test_of_a_restricted_record_only_who_is_named_reads_them(case, client_of, amara, mo, aud):
    written(case, amara)
    restricting.restrict(case.reference, actor=mo, reason="A colleague's child.", readers=[])

    assert client_of(aud).get(tab(case)).status_code == 404
    assert client_of(mo).get(tab(case)).status_code == 200


def test_a_note_of_another_referral_is_not_found_here(case, client_of, amara, willow):
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    written(other, amara)

    for place in ("notes/1", "notes/1/correct"):
        assert client_of(amara).get(road.url(case, place)).status_code == 404


# --- After the end ---


def test_a_closed_referrals_notes_are_read_and_none_is_written(front_door, client_of, amara, mo, willow):
    referral = cast.referral(amara, held_by=willow, state="closed", worker=amara)
    browser, address = client_of(amara), new_address(referral)

    opened, sent = browser.get(address), browser.post(address, typed())

    assert (opened.status_code, sent.status_code) == (409, 422)
    for answer in (opened, sent):
        assert "reopen it first" in page(answer).text
    assert filled(sent)["text"] == [notes_road.TEXT]
    assert not CaseNote.objects.exists()
    assert filled(browser.get(address))["text"] == [notes_road.TEXT]  # not lost either
    assert browser.get(tab(referral)).status_code == 200
    assert "notes/write/" not in main(browser.get(tab(referral))).split("Your drafts")[0]


# --- Corrections ---


def test_a_correction_stands_under_the_note_on_every_page(case, client_of, amara, mo):
    note = written(case, amara)
    browser, address = client_of(mo), road.url(case, "notes/1/correct")

    answer = browser.post(address, filled(browser.get(address), text=notes_road.PUT_RIGHT, reason="It was misheard."))

    assert answer.url == road.url(case, "notes/1")
    for place in (tab(case), answer.url):
        said = main(client_of(amara).get(place))
        assert said.index(notes_road.TEXT) < said.index("Added by Mo on") < said.index(notes_road.PUT_RIGHT)
    assert note.corrections.get().by == mo


def test_a_correction_twice_is_one_and_a_stale_one_shows_both(case, client_of, amara, mo):
    note = written(case, amara)
    browser, address = client_of(amara), road.url(case, "notes/1/correct")
    mine = filled(browser.get(address), text="Mine.", reason="Mine.")
    corrected(note, mo)

    stale = browser.post(address, mine)
    again = filled(browser.get(address))
    answers = [browser.post(address, again) for _ in range(2)]

    assert stale.status_code == 409
    assert notes_road.PUT_RIGHT in page(stale).text
    assert "Mine." in page(stale).text
    assert [each.status_code for each in answers] == [302, 302]
    assert [each.text for each in NoteCorrection.objects.order_by("number")] == [notes_road.PUT_RIGHT, "Mine."]


# --- Who is asked to read it ---


def test_a_reader_is_told_without_a_word_of_it_and_says_that_it_is_read(case, client_of, amara, mo):
    client_of(amara).post(new_address(case), typed(readers=mo.email))
    browser = client_of(mo)

    work = browser.get("/my-work/")
    assert "A note asks for your attention" in page(work).text
    assert [f"/referrals/{case.reference}/notes/1/"] == [href for href, _ in page(work).links if "/notes/" in href]
    note = browser.get(road.url(case, "notes/1"))
    assert "I have read it" in main(note)
    assert "Mo: not read yet" in main(client_of(amara).get(tab(case)))

    answer = browser.post(road.url(case, "notes/1"))

    assert answer.status_code == 302
    assert Task.objects.get(kind="read_note").done_by == mo
    assert "Mo: read on" in main(client_of(amara).get(tab(case)))
    assert "I have read it" not in main(browser.get(answer.url))
    assert browser.post(answer.url).status_code == 302


def test_a_colleague_who_may_not_open_it_is_refused_with_a_sentence(case, client_of, amara, bea):
    answer = client_of(amara).post(new_address(case), typed(readers=f"{bea.email}\n"))

    assert answer.status_code == 422
    assert "Bea may not open this record, and cannot be asked to read a note on it." in page(answer).text
    assert not CaseNote.objects.exists()


def test_who_was_not_asked_does_not_say_that_it_is_read(case, client_of, amara, mo, aud):
    written(case, amara, readers=[mo])

    assert client_of(amara).post(road.url(case, "notes/1")).status_code == 403
    assert client_of(aud).post(road.url(case, "notes/1")).status_code == 403


def test_what_one_is_asked_to_read_is_next_for_them_and_no_step_of_the_case(case, client_of, amara, mo):
    written(case, amara, readers=[mo])

    assert "A note asks for your attention" in page(client_of(mo).get(road.url(case, "chronology"))).text
    assert "is to a note" not in page(client_of(amara).get(road.url(case, "chronology"))).text


# --- Where no word of a note stands ---


def test_no_word_of_a_note_stands_in_journal_lists_tasks_or_mail(case, client_of, amara, mo):
    note = written(case, amara, readers=[mo], who_was_there=CANARIES[0], agreed=notes_road.AGREED)
    corrected(note, amara, reason=CANARIES[1])
    Task.objects.update(due_on=clock.today() - timedelta(days=7))
    sweep_and_deliver()

    entries = list(Entry.objects.filter(record=case.record).values("verb", "facts", "reason"))
    said = [json.dumps(entries), *(message.subject + message.body for message in mail.outbox)]
    for user in (amara, mo):
        browser = client_of(user)
        places = ["/", "/my-work/", "/messages/", "/referrals/", f"/referrals/{case.reference}/"]
        places += [road.url(case, "chronology"), road.url(case, "who-looked")]
        said += [browser.get(place).content.decode() for place in places]
    said.append(client_of(mo).get("/team-work/").content.decode())

    assert [canary for canary in CANARIES if any(canary in text for text in said)] == []


def test_the_chronology_tells_of_note_and_correction(case, client_of, amara, mo):
    corrected(written(case, amara, readers=[mo]), mo)
    notes.read_note(f"{case.reference}-N1", actor=mo)

    said = page(client_of(amara).get(road.url(case, "chronology"))).text

    for words in ("Note written: visit", "Asked to read it: Mo", "A note corrected", f"{case.reference}-N1-C1"):
        assert words in said


# --- The list ---


def test_the_newest_stands_first_and_one_kind_can_be_chosen(case, client_of, amara, mo):
    written(case, amara, text="The first.")
    written(case, amara, kind="call", text="The second.")
    written(case, mo, **notes_road.oversight(text="The third."))
    browser = client_of(amara)

    every, calls, nonsense = (main(browser.get(tab(case, **asked))) for asked in ({}, {"kind": "call"}, {"kind": "x"}))

    assert every.index("The third.") < every.index("The second.") < every.index("The first.")
    assert "The second." in calls
    assert "The first." not in calls + ""
    assert "The third." not in calls
    assert "The first." in nonsense


def test_the_list_goes_on_after_fifty_in_the_kind_that_is_shown(case, client_of, amara, monkeypatch):
    monkeypatch.setattr(reading, "PAGE_SIZE", 3)
    for _ in range(5):
        written(case, amara, kind="call", seen=None)
    written(case, amara)
    browser = client_of(amara)

    first = browser.get(tab(case, kind="call"))
    following = next(href for href, words in page(first).links if words.startswith("Show the next"))
    rest = browser.get(following.replace("&amp;", "&"))

    assert main(first).count("What the note says") == 3
    assert main(rest).count("What the note says") == 2
    assert "Back to the first" in main(rest)


def test_a_broken_place_in_the_list_does_no_harm(case, client_of, amara):
    browser = client_of(amara)

    for before in ("x", "²", "-1", "9" * 40):
        assert browser.get(tab(case, before=before)).status_code == 200


def test_the_tab_asks_as_much_for_many_notes_as_for_few(case, client_of, amara, mo):
    def more():
        for number in range(6):
            note = written(case, amara, readers=[mo] if number % 2 else [])
            corrected(note, mo)

    more()

    assert_same_queries(client_of(amara), tab(case), more)


# --- As it stood on a day ---


@pytest.fixture
def old_case(case):
    """The same, as if it had been theirs for a year."""
    AccessGrant.objects.update(starts_at=clock.now() - timedelta(days=365))
    return case


def at(days_ago):
    return clock.moved_to(clock.now() - timedelta(days=days_ago))


def as_of(day):
    return date_parts("as_of", day)


def test_the_notes_are_read_as_they_stood_at_the_end_of_a_day(old_case, client_of, amara, mo):
    today = clock.today()
    with at(10):
        note = written(old_case, amara, text="The first.", happened_on=today - timedelta(days=12), readers=[mo])
    with at(6):
        corrected(note, mo)
        notes.read_note(note.reference, actor=mo)
        telling.hold_note_back(note.reference, actor=amara, reason="The police asked.")
    with at(2):
        telling.tell_note(note.reference, actor=mo, reason="The police agreed.")
        written(old_case, amara, text="The second.", happened_on=today - timedelta(days=12))
    browser = client_of(amara)

    def told(days_ago):
        return main(browser.get(tab(old_case, **as_of(today - timedelta(days=days_ago)))))

    assert "There are no notes of that time" in told(11)
    assert "The first." in told(10)
    assert "Mo: not read yet" in told(8)
    assert "Do not disclose yet" not in told(7) + told(2)
    assert "Do not disclose yet" in told(6)
    assert notes_road.PUT_RIGHT not in told(7)
    assert notes_road.PUT_RIGHT in told(6)
    assert "Mo: read on" in told(6)
    assert "The second." not in told(3)
    assert "The second." in told(2)
    assert "as they stood at the end of" in told(2)


def test_the_day_is_kept_while_the_list_is_narrowed_and_ends_at_midnight_in_london(
    old_case, client_of, amara, time_machine
):
    time_machine.move_to("2026-07-15T23:30:00+01:00", tick=False)  # still the 15th, in London
    written(old_case, amara, text="The first.")
    time_machine.move_to("2026-07-16T00:10:00+01:00", tick=False)  # in UTC still the 15th
    written(old_case, amara, text="The second.")
    browser = client_of(amara)

    answer = browser.get(tab(old_case, as_of_day=15, as_of_month=7, as_of_year=2026))

    assert "The first." in main(answer)
    assert "The second." not in main(answer)
    narrowed = next(href for href, words in page(answer).links if words == "Visit")
    assert "The second." not in main(browser.get(narrowed.replace("&amp;", "&")))


def test_whoever_chose_a_kind_keeps_it_while_choosing_a_day(case, client_of, amara):
    forms = page(client_of(amara).get(tab(case, kind="call"))).forms

    assert [form["data"].get("kind") for form in forms if "as_of_day" in form["data"]] == [["call"]]


def test_a_day_that_cannot_be_is_explained(case, client_of, amara):
    written(case, amara)
    browser = client_of(amara)

    for day in ("31 2 2026", "1 1 2190", "x y z", "1  2026", "² ¹ ²⁰²⁶", "99999999 1 2026"):
        parts = dict(zip(("as_of_day", "as_of_month", "as_of_year"), day.split(" "), strict=True))
        answer = browser.get(tab(case), parts)

        assert answer.status_code == 200
        assert "The day" in page(answer).text
        assert page(answer).error_links
        assert "as they stood at the end of" not in main(answer).split("<form")[0]


@pytest.mark.parametrize(
    ("page_of", "typed"),
    [
        ("notes/write/6f9619ff-8b86-d011-b42d-00cf4fc964ff/", {"text": "Zephyrwort, unsaved."}),
        ("family/search/", {"words": "Zephyrwort, unsaved."}),
        ("tell-referrer/", {"how": "Zephyrwort, unsaved."}),
    ],
)
def test_leave_for_a_time_that_ends_in_mid_form_is_said_and_what_was_typed_is_shown(
    case, client_of, carl, mo, time_machine, page_of, typed
):
    until = clock.now() + timedelta(minutes=2)
    restricting.name_reader(case.reference, actor=mo, reader=carl, reason="A visit.", until=until)
    laptop, address = client_of(carl), road.url(case, page_of.rstrip("/"))
    assert laptop.get(address).status_code == 200
    time_machine.move_to(until + timedelta(seconds=1))

    answer = laptop.post(address, typed)

    shown = answer.content.decode()
    assert answer.status_code == 409
    assert "Your leave to open this record ended on" in shown and "Zephyrwort, unsaved." in shown
    assert "changed this record" not in shown and "Robin" not in shown

"""The supervision sheet: every open referral of one worker by the manager's right; "Discussed" writes the note."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from hsb.core import clock, journal, work
from hsb.core.calendar import add_working_days
from hsb.core.models import AccessRecord
from hsb.core.refusals import Denied, NotReady
from referrals.models import CaseNote, Referral
from referrals.services import working
from referrals.services.supervising import discussed
from tests import cast
from tests.pages import assert_well_formed, filled, page, queries_of
from tests.referrals import case_road as road
from tests.referrals import notes_road

pytestmark = pytest.mark.django_db
SAID = {"text": "How the tansywick plan is followed.", "agreed": "Amara asks the fallowmere club.", "basis": "fact"}


@pytest.fixture
def case(front_door, amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara, category="1")


def sheet(worker, *more):
    return reverse("referrals:supervision", args=[worker.reference]) + "".join(f"{part}/" for part in more)


def main(answer):
    return road.text(answer).split("<main")[1].split("</main")[0]


def row(answer, referral):
    """What the sheet says of one referral."""
    return main(answer).split(f'id="{referral.reference}"')[1].split("</section>")[0]


def test_the_sheet_says_how_each_referral_stands_and_counts_what_is_hidden(
    case, client_of, amara, bea, mo, willow, time_machine
):
    quiet = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    cast.referral(amara, held_by=willow, state="statutory", worker=amara, restricted=True)
    cast.referral(amara, held_by=willow, state="statutory", worker=bea)
    cast.referral(amara, held_by=willow, state="closed", worker=amara)
    cast.assessment(quiet, amara, return_reason="Say more about strengths.", decided_by=mo, decided_at=clock.now())
    work.ask(case.record, "start_work", owner=amara, due_on=clock.today())
    day = add_working_days(clock.today(), 10)
    time_machine.move_to(clock.now() + (day - clock.today()), tick=False)
    journal.write(case.record, "tell_referrer", actor=amara)
    browser = client_of(mo)

    answer = browser.get(sheet(amara))
    said = main(answer)

    assert_well_formed(answer)
    assert "2 open referrals, 1 stuck" in said
    assert "1 more open referral is not yours to open" in said
    mine, stuck = row(answer, case), row(answer, quiet)
    for words in ("Category 1", "1 overdue", "Start work", "Discussed", "Never", "Since "):
        assert words in mine, words
    assert "Stuck" not in mine
    for words in ("Stuck: no entry for 10 working days", "Returned by Mo", "Nothing is overdue"):
        assert words in stuck, words
    assert "Say more about strengths" not in said
    looks = AccessRecord.objects.filter(user=mo).values_list("record__reference", "page", "kind")
    assert sorted(looks) == sorted((each.reference, "supervision", "page") for each in (case, quiet))
    links = [href for href, text in page(browser.get("/team-work/")).links if text == "Supervision sheet of Amara"]
    assert links == [sheet(amara)]


def test_discussed_writes_the_oversight_note_and_the_sheet_stays(case, client_of, amara, mo, willow):
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
    browser = client_of(mo)
    before = browser.get(sheet(amara))
    assert main(before).index(case.reference) < main(before).index(other.reference)

    asked = browser.get(sheet(amara, case.reference))
    empty = browser.post(sheet(amara, case.reference), filled(asked, text="Half a thought."))
    kept = browser.get(sheet(amara, case.reference))
    sent = [browser.post(sheet(amara, case.reference), filled(asked, **SAID)) for _ in range(2)]
    after = browser.get(sheet(amara))

    assert_well_formed(asked)
    assert empty.status_code == 422
    assert "Say what was agreed" in page(empty).text
    assert "Half a thought." in main(kept)
    assert "This is what you typed before" in main(kept)
    assert [each.url for each in sent] == [f"{sheet(amara)}#{case.reference}"] * 2
    note = CaseNote.objects.get()
    assert (note.kind, note.text, note.agreed, note.author) == ("oversight", SAID["text"], SAID["agreed"], mo)
    # What was discussed goes to the end.
    assert main(after).index(other.reference) < main(after).index(case.reference)
    for words in (SAID["agreed"], "by Mo", "What was agreed on"):
        assert words in row(after, case)
    notes_road.corrected(note, mo)
    printed = browser.get(sheet(amara, "print"))
    assert_well_formed(printed)
    for words in ("OFFICIAL-SENSITIVE", "Printed by Mo on", "corrected since", SAID["agreed"]):
        assert words in main(printed)
    assert "Discussed" not in main(printed)
    assert AccessRecord.objects.filter(user=mo, page="print_supervision", kind="export").count() == 2


def test_who_may_not_discuss_is_refused(case, client_of, amara, bea, mo, max, willow, rowan):
    typed = {"once": uuid4(), "happened_on": clock.today(), **SAID}
    own = cast.referral(amara, held_by=willow, state="statutory", worker=mo)

    assert client_of(max).get(sheet(amara)).status_code == 404
    assert client_of(amara).get(sheet(amara)).status_code == 404
    with pytest.raises(Denied):
        discussed(case.reference, actor=max, worker=amara, **typed)
    with pytest.raises(Denied):
        discussed(own.reference, actor=mo, worker=mo, **typed)
    mine = client_of(mo).get(sheet(mo))
    assert "discussed with another manager" in main(mine)
    assert "Discussed" not in row(mine, own)
    assert client_of(mo).get(sheet(mo, own.reference)).status_code == 403
    asked = client_of(mo).get(sheet(amara, case.reference))
    working.name_worker(case.reference, actor=mo, worker=bea, reason="Leave.")
    with pytest.raises(NotReady, match="not with this worker any more"):
        discussed(case.reference, actor=mo, worker=amara, **typed)
    lost = client_of(mo).post(sheet(amara, case.reference), filled(asked, **SAID))
    assert lost.status_code == 422
    assert SAID["text"] in main(lost)
    assert not CaseNote.objects.exists()


def test_the_sheet_asks_as_much_for_many_as_for_few(case, client_of, amara, mo, willow):
    def more():
        for _ in range(3):
            referral = cast.referral(amara, held_by=willow, state="statutory", worker=amara)
            work.ask(referral.record, "start_work", owner=amara, due_on=clock.today() - timedelta(days=1))
            cast.assessment(referral, amara, return_reason="More.", decided_by=mo, decided_at=clock.now())
            notes_road.written(referral, mo, **notes_road.oversight())

    more()
    cast.train(amara)

    browser = client_of(mo)
    browser.get(sheet(amara))
    # Looking is one statement, however many rows it writes: the totals are compared.
    few = queries_of(browser, sheet(amara)).total()
    more()

    assert queries_of(browser, sheet(amara)).total() == few <= 25
    assert Referral.objects.count() == 7

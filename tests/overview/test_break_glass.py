"""Opening a record in an emergency: who may, from where, for how long; who is told, who reviews it (B8, B14, B15)."""

from datetime import date, timedelta

import pytest
from django.core import mail

from hsb.core import access, clock, outbox
from hsb.core.models import AccessGrant, AccessRecord, Entry, Message, Task
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import AccessKind, Because
from hsb.people.states import Role
from referrals.models import EmergencyOpening, Referral
from referrals.selectors.emergencies import LOOKS_SHOWN, facts
from referrals.services import emergencies, restricting, working
from referrals.services.person_keys import index_person
from tests import cast
from tests.pages import page

pytestmark = pytest.mark.django_db

WHY = {"reason": "The child is in hospital and nobody of the team answers."}
BORN = date(2012, 5, 14)
NHS = "9434765919"


@pytest.fixture
def case(amara, bea, mo, willow, front_door):
    """Bea of Willow has Robin, who can be found."""
    child = cast.person("Robin", "Sample", born_on=BORN, nhs_number=NHS)
    index_person(child)
    return cast.referral(amara, held_by=willow, state="statutory", worker=bea, child=child)


@pytest.fixture
def restricted(case, mo):
    restricting.restrict(case.reference, actor=mo, reason="A relative works here.")
    return case


def opens(user, referral):
    return Referral.objects.visible_to(cast.again(user)).filter(pk=referral.pk).exists()


def way_in(browser, terms="Robin Sample"):
    """The address to which a search leads where the record is not the reader's; "" where there is none."""
    found = page(browser.post("/search/", {"terms": terms}, follow=True))
    return next((url for url, _ in found.links if "/emergency/" in url), "")


# --- The way in, and what follows -----------------------------------------------------------------------------------


def test_a_worker_of_another_team_opens_it_for_a_day(case, client_of, carl, bea, mo):
    browser = client_of(carl)
    url = way_in(browser)

    asked = page(browser.get(url))
    empty = browser.post(url, {"reason": ""})
    done = browser.post(url, WHY)

    assert "Robin Sample: open referral with Willow" in asked.text
    assert "The allocated worker and a manager are told at once" in asked.text
    assert "Robin" not in url and case.reference not in url and case.person.reference not in url
    assert empty.status_code == 422 and "Say why you need to open this record now" in page(empty).text
    assert done.url == f"/referrals/{case.reference}/"
    assert "You can open this record for 24 hours" in page(browser.get(done.url)).text
    grant = AccessGrant.objects.get(record=case.record, user=carl)
    assert (grant.because, grant.ends_at - grant.starts_at <= timedelta(hours=24)) == (Because.BREAK_GLASS, True)
    assert not AccessGrant.objects.filter(access.live(grant.ends_at), pk=grant.pk).exists()
    looked = AccessRecord.objects.get(record=case.record, kind=AccessKind.BREAK_GLASS)
    assert (looked.user, looked.terms) == (carl, WHY)
    entry = Entry.objects.get(record=case.record, verb="break_glass")
    assert (entry.actor, entry.reason) == (carl, WHY["reason"])
    task = Task.objects.open().get(kind="review_break_glass")
    assert (task.team, task.role, (task.due_on - clock.today()).days >= 1) == (
        case.record.holding_team,
        Role.MANAGER,
        True,
    )
    assert Referral.objects.get(pk=case.pk).next_due_on == task.due_on
    # Sent twice: the second leads to the case and writes nothing.
    assert browser.post(url, WHY).url == done.url
    assert EmergencyOpening.objects.count() == 1


def test_worker_and_manager_are_told_at_once_without_a_word_of_the_child(case, client_of, carl, bea, mo):
    emergencies.break_glass(case.reference, actor=carl, reason=WHY["reason"])

    sent = outbox.deliver()

    assert sent == 2
    assert {to for each in mail.outbox for to in each.to} == {bea.email, mo.email}
    said = mail.outbox[0].subject + mail.outbox[0].body
    assert case.reference in said
    assert not any(word in said for word in ("Robin", "Sample", "Carl", "hospital"))
    assert outbox.deliver() == 0
    row = page(client_of(bea).get("/messages/"))
    assert "A record was opened in an emergency" in row.text
    assert f"/referrals/{case.reference}/who-looked/" in str(row.links)
    assert WHY["reason"] in page(client_of(bea).get(f"/referrals/{case.reference}/who-looked/")).text


@pytest.mark.parametrize("who", ["carl", "max", "aud"])
def test_a_restricted_record_is_opened_from_the_line_that_says_whom_to_ask(restricted, request, client_of, who):
    user = request.getfixturevalue(who)
    browser = client_of(user)
    url = way_in(browser, NHS)

    asked = page(browser.get(url))
    done = browser.post(url, WHY)

    assert "Robin" not in asked.text and "Willow" not in asked.text
    assert done.url == f"/referrals/{restricted.reference}/"
    assert opens(user, restricted)
    assert browser.get(done.url).status_code == 200


def test_who_is_shown_no_way_in(case, client_of, carl, aud, cho, amara, bea):
    shown = {user.name: way_in(client_of(user)) for user in (carl, aud, cho, bea)}

    # An auditor reads what is not restricted; a chair does not break in; it is Bea's own.
    assert [name for name, url in shown.items() if url] == ["Carl"]
    # Nobody else's search, and no other child, opens anything.
    assert client_of(amara).get(shown["Carl"]).status_code == 404
    assert client_of(carl).get(shown["Carl"][:-2] + "0/").status_code == 404
    with pytest.raises(Denied):
        emergencies.break_glass(case.reference, actor=cho, reason="I chair.")


def test_a_child_without_an_open_referral_is_not_told_apart(client_of, carl, amara, willow):
    for name, state in (("Sky", "closed"), ("Terry", None)):
        child = cast.person(name, "Sample")
        index_person(child)
        if state:
            cast.referral(amara, held_by=willow, state=state, child=child)

    found = page(client_of(carl).post("/search/", {"terms": "Sample"}, follow=True))

    assert "/emergency/" not in str(found.links)


def test_who_had_an_earlier_referral_is_shown_the_way_to_the_open_one(case, client_of, carl, amara, rowan):
    cast.referral(amara, held_by=rowan, state="closed", worker=carl, child=case.person)
    browser = client_of(carl)

    assert browser.post(way_in(browser), WHY).url == f"/referrals/{case.reference}/"


def test_two_restricted_children_of_one_name_and_day_are_never_guessed(restricted, client_of, carl, amara, mo, willow):
    twin = cast.person("Terry", "Sample", born_on=BORN)
    index_person(twin)
    other = cast.referral(amara, held_by=willow, state="statutory", child=twin, restricted=True)
    browser = client_of(carl)

    url = way_in(browser, "Sample 14 5 2012")
    shown = page(browser.get(url))

    assert "does not say which record is meant" in shown.text
    assert browser.post(url, WHY).status_code == 409
    assert not opens(carl, restricted) and not opens(carl, other)


# --- What beats it --------------------------------------------------------------------------------------------------


def test_a_bar_beats_it_and_the_refusal_stands(case, client_of, carl, mo):
    browser = client_of(carl)
    url = way_in(browser)
    restricting.bar(case.reference, actor=mo, user=carl, reason="A cousin.")

    answer = browser.post(url, WHY)

    assert answer.status_code == 403
    assert "in an emergency either. Ask the front door duty desk" in page(answer).text
    refusal = AccessRecord.objects.get(kind=AccessKind.REFUSED)
    assert (refusal.user, refusal.record, refusal.page) == (carl, case.record, "break_glass")
    with pytest.raises(Denied, match="in an emergency either"):
        emergencies.break_glass(case.reference, actor=carl, reason=WHY["reason"])
    assert not AccessGrant.objects.filter(user=carl).exists()
    assert not Message.objects.exists() and not Task.objects.filter(kind="review_break_glass").exists()
    # And once it is opened, a bar closes it.
    restricting.lift_bar(case.reference, actor=cast.again(mo), user=carl, reason="No cousin.")
    emergencies.break_glass(case.reference, actor=carl, reason=WHY["reason"])
    restricting.bar(case.reference, actor=cast.again(mo), user=carl, reason="A cousin after all.")
    assert not opens(carl, case)


# --- The review -----------------------------------------------------------------------------------------------------


def test_the_manager_reviews_it_and_may_end_it(case, client_of, carl, mo):
    emergencies.break_glass(case.reference, actor=carl, reason=WHY["reason"])
    client_of(carl).get(f"/referrals/{case.reference}/chronology/")
    browser, url = client_of(mo), f"/referrals/{case.reference}/review-emergency/"

    shown = browser.get(url)
    empty = browser.post(url, {"number": "1"})
    answer = browser.post(
        url, {"number": "1", "finding": "not_justified", "what_follows": "I speak with their manager.", "end_now": "on"}
    )

    assert all(words in page(shown).text for words in ("Carl opened this record", WHY["reason"], "Chronology"))
    assert empty.status_code == 422 and "Say whether it was justified" in page(empty).text
    assert answer.status_code == 302
    kept = EmergencyOpening.objects.get()
    assert (kept.reviewed_by, kept.finding, kept.what_follows) == (mo, "not_justified", "I speak with their manager.")
    assert kept.ended_at and not opens(carl, case)
    assert not Task.objects.open().filter(kind="review_break_glass").exists()
    assert Entry.objects.get(record=case.record, verb="review_break_glass").facts["user"] == carl.reference
    assert browser.get(url).status_code == 409
    with pytest.raises(NotReady, match="Mo has reviewed this already"):
        emergencies.review(case.reference, actor=mo, number=1, finding="justified", what_follows="Nothing.")


def test_the_manager_reads_of_every_page_that_it_opened_and_that_there_are_more(case, client_of, carl, mo):
    emergencies.break_glass(case.reference, actor=carl, reason=WHY["reason"])
    browser, concern = client_of(carl), case.involvements.get().concern
    for address in (f"/concerns/{concern.reference}/", f"/referrals/{case.reference}/notes/"):
        assert browser.get(address).status_code == 200
    review = f"/referrals/{case.reference}/review-emergency/"

    assert [pages for _, pages in facts(case.emergency_openings.get())["looks"]] == ["The concern", "Notes"]
    for _ in range(LOOKS_SHOWN):
        access.look(carl, case.record, "chronology")
    assert "Later More pages: the tab “Who looked” has those of this record" in page(client_of(mo).get(review)).text


def test_nobody_reviews_their_own(restricted, willow, mo):
    """Mop manages Willow too and is not named on the record: what she opened is for Mo."""
    mop = cast.user("Mop", (willow, Role.MANAGER))
    emergencies.break_glass(restricted.reference, actor=mop, reason=WHY["reason"])

    with pytest.raises(Denied):
        emergencies.review(
            restricted.reference, actor=cast.again(mop), number=1, finding="justified", what_follows="Nothing."
        )
    assert Task.objects.open().get(kind="review_break_glass").owner == mo
    assert Message.objects.filter(user=mop).count() == 0


def test_where_the_team_has_no_other_manager_the_front_door_reviews(amara, bea, dev, willow, rowan):
    mop = cast.user("Mop", (willow, Role.MANAGER))
    case = cast.referral(amara, held_by=willow, state="statutory", worker=bea, restricted=True)
    emergencies.break_glass(case.reference, actor=mop, reason=WHY["reason"])

    task = Task.objects.open().get(kind="review_break_glass")
    assert (task.team.name, opens(dev, case)) == ("Front door", True)

    emergencies.review(
        case.reference, actor=cast.again(dev), number=1, finding="justified", what_follows="She is named as a reader."
    )
    assert not opens(dev, case)
    assert opens(mop, case)


def test_the_review_follows_the_child_and_outlives_closing(case, carl, mo, bea, esi, hazel):
    emergencies.break_glass(case.reference, actor=carl, reason=WHY["reason"])
    Referral.objects.filter(pk=case.pk).update(worker=None)
    case.allocations.update(worker=None)

    working.name_worker(case.reference, actor=mo, worker=bea)

    assert Task.objects.open().get(kind="review_break_glass").team == case.record.holding_team

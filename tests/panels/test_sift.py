"""The sift: the coordinator proposes, two named people decide, nobody sifts their own, the referrer is told (B12)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from hsb.core import clock
from hsb.core.models import Entry
from hsb.core.refusals import Denied, NotReady
from hsb.people.states import Role
from panels.models import SiftDecision
from panels.selectors.sifting import first_waiting, others_naming, queue, sift_page
from panels.services import sifting
from panels.services.sifting import Decider
from referrals.models import Referral
from referrals.services import restricting
from strategy_meetings.selectors.intel import IntelReading
from strategy_meetings.services import intel
from tests import cast
from tests.pages import filled, page
from tests.panels import panel_road as road
from tests.strategy_meetings import meeting_road

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(robin, amara, coo):
    """About Robin, whom no strategy meeting has discussed."""
    return road.submitted(robin, amara, road.of_child(robin.person), road.at_place(), children=[(robin.person, robin)])


@pytest.fixture
def of_a_place(robin, amara, coo):
    return road.submitted(robin, amara, road.at_place())


def told(form):
    return {task.owner.name for task in form.record.tasks.open().filter(kind="read_intel_answer")}


@pytest.mark.parametrize(
    ("decision", "state", "more"),
    [
        pytest.param("accept", "accepted", {}, id="accepted"),
        pytest.param("defer", "deferred", {"deferred_until": clock.today() + timedelta(days=30)}, id="deferred"),
        pytest.param("decline", "not_for_panel", {}, id="not for the panel"),
    ],
)
def test_a_proposal_then_a_decision_by_two_named_people(form, coo, amara, decision, state, more):
    road.proposed(form, coo, decision, **more)

    made = road.decided(form, coo, decision, **more)

    form = road.form_again(form)
    assert form.state == state
    assert (made.authority, made.police) == (
        "Lane Deciding, Children's services",
        "Sergeant Example, Borough police",
    )
    assert list(Entry.objects.filter(record=form.record).values_list("verb", flat=True))[-3:] == [
        "propose_sift",
        "decide_sift",
        decision,
    ]
    assert told(form) == {"Amara"}
    assert not form.record.tasks.open().filter(kind="sift_intel").exists()
    assert form.answer == "What was decided."


def test_a_deferred_form_comes_back_on_its_day_and_is_decided_then(form, coo):
    until = clock.today() + timedelta(days=30)
    road.proposed(form, coo, "defer", deferred_until=until)
    road.decided(form, coo, "defer", deferred_until=until)

    again = form.record.tasks.open().get(kind="sift_deferred")
    assert again.due_on == until
    with pytest.raises(NotReady, match="deferred once"):
        road.proposed(form, coo, "defer", deferred_until=until)
    road.proposed(form, coo, "accept")
    road.decided(form, coo, "accept")
    assert road.form_again(form).state == "accepted"
    assert form.sift_decisions.count() == 2


def test_nothing_is_decided_that_was_not_proposed(form, coo):
    with pytest.raises(NotReady, match="Propose what becomes of the form first"):
        road.decided(form, coo)

    assert road.form_again(form).state == "submitted"


def test_the_deciders_may_decide_otherwise(form, coo):
    road.proposed(form, coo, "accept")

    made = road.decided(form, coo, "decline")

    assert (made.proposal, made.decision) == ("accept", "decline")
    assert road.form_again(form).state == "not_for_panel"


def test_a_proposal_is_written_anew_until_it_is_decided(form, coo, cy):
    first = road.proposed(form, coo, "accept")
    road.proposed(form, cy, "decline")

    with pytest.raises(Exception, match="was changed"):
        road.decided(form, coo, version=first.version)
    assert SiftDecision.objects.get().proposed_by == cy


def test_the_same_form_twice_is_one_proposal(form, coo):
    once = uuid4()
    for _ in range(2):
        sifting.propose(form.reference, actor=coo, once=once, proposal="decline", reason="Not for it.")

    assert SiftDecision.objects.get().version == 1


def test_a_key_that_made_another_forms_proposal_is_refused_in_words(form, of_a_place, coo):
    once = uuid4()
    sifting.propose(form.reference, actor=coo, once=once, proposal="decline", reason="Not for it.")

    with pytest.raises(NotReady, match="sent before"):
        sifting.propose(of_a_place.reference, actor=coo, once=once, proposal="decline", reason="Not for it.")
    with pytest.raises(NotReady, match="sent before"):
        sifting.return_with_advice(of_a_place.reference, actor=coo, once=once, reason="Say more.")

    assert (SiftDecision.objects.get().form, road.form_again(of_a_place).state) == (form, "submitted")


# --- Who ---


@pytest.mark.parametrize("who", ["amara", "mo", "cho", "aud", "dee", "carl"])
def test_only_a_coordinator_sifts(form, request, who):
    with pytest.raises(Denied):
        road.proposed(form, request.getfixturevalue(who))

    assert not SiftDecision.objects.exists()


@pytest.fixture
def own(robin, coo, cy, willow):
    """The form of somebody who is a social worker of Willow and a coordinator too."""
    cast.join(coo, willow, Role.PRACTITIONER)
    both = cast.again(coo)
    return road.submitted(robin, both, road.at_place()), both


def test_nobody_sifts_their_own(own, cy):
    form, author = own

    with pytest.raises(Denied):
        road.proposed(form, author)
    with pytest.raises(Denied):
        sifting.return_with_advice(form.reference, actor=author, once=uuid4(), reason="More, please.")
    road.proposed(form, cy)
    with pytest.raises(Denied):
        road.decided(form, author)
    assert road.form_again(form).state == "submitted"


@pytest.mark.parametrize("side", ["authority", "police"])
@pytest.mark.parametrize("by", ["account", "name"])
def test_nobody_decides_on_their_own(form, coo, amara, side, by):
    road.proposed(form, coo)
    decider = Decider(user=amara) if by == "account" else Decider(name=" amara", agency="Children's services")

    with pytest.raises(NotReady, match="wrote or submitted this form"):
        road.decided(form, coo, **{side: decider})


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        pytest.param({"authority": Decider()}, "local authority", id="nobody for the local authority"),
        pytest.param({"police": Decider()}, "for the police", id="nobody for the police"),
        pytest.param({"police": Decider(name="Sergeant Example")}, "part of the police", id="without an agency"),
        pytest.param({"police": road.AUTHORITY}, "Two people decide", id="the same person twice"),
    ],
)
def test_two_people_are_named(form, coo, people, sentence):
    road.proposed(form, coo)

    with pytest.raises(NotReady, match=sentence):
        road.decided(form, coo, **people)


@pytest.mark.parametrize("called", ["their account", "their name"])
def test_who_proposed_it_does_not_decide_on_it(form, coo, called):
    road.proposed(form, coo)
    authority = Decider(user=coo) if called == "their account" else Decider(name=coo.name, agency="Panel office")

    with pytest.raises(NotReady, match="proposed it: somebody else decides on it"):
        road.decided(form, coo, authority=authority)


def test_a_user_of_ours_decides_by_name_unless_barred(form, coo, mo, dev, robin):
    road.proposed(form, coo)
    restricting.bar(robin.reference, actor=mo, user=dev, reason="Lives next door.")

    with pytest.raises(NotReady, match="cannot decide on this form"):
        road.decided(form, coo, authority=Decider(user=dev))
    made = road.decided(form, coo, authority=Decider(user=mo))
    assert made.authority == "Mo"


def test_a_barred_coordinator_finds_no_form(form, coo, mo, robin, client_of):
    restricting.bar(robin.reference, actor=mo, user=coo, reason="Lives next door.")

    assert client_of(coo).get(f"/panel/sift/{form.reference}/").status_code == 404
    assert queue(coo, first_waiting(coo))["rows"] == []


# --- Without a strategy meeting ---


def test_a_case_without_a_strategy_meeting_asks_a_reason(form, coo):
    with pytest.raises(NotReady, match="No strategy meeting has discussed"):
        road.proposed(form, coo, without_meeting_reason=" ")

    road.proposed(form, coo, "decline", without_meeting_reason="")
    with pytest.raises(NotReady, match="No strategy meeting has discussed"):
        road.decided(form, coo, "accept")
    made = road.decided(form, coo, "accept", without_meeting_reason="The police ask for it now.")
    assert made.without_meeting_reason == "The police ask for it now."


def test_a_case_that_was_discussed_asks_for_none(robin, amara, mo, coo, cho, min):
    meeting = meeting_road.planned(meeting_road.convened(robin, mo), cho, min)
    numbers = meeting.children_in().values_list("number", flat=True)
    meeting_road.issued(meeting, cho, {number: {"section_47": True} for number in numbers})
    form = road.submitted(robin, amara, road.of_child(robin.person), children=[(robin.person, robin)])

    made = road.proposed(form, coo, without_meeting_reason="")

    assert not sift_page(IntelReading(form, coo))["without_meeting"]
    assert made.without_meeting_reason == ""


def test_a_form_about_places_and_themes_never_warns(of_a_place, coo):
    road.proposed(of_a_place, coo, without_meeting_reason="")
    road.decided(of_a_place, coo)

    assert not sift_page(IntelReading(of_a_place, coo))["without_meeting"]
    assert road.form_again(of_a_place).state == "accepted"


def test_of_an_address_and_a_name_of_who_decided_neither_is_called_optional(form, coo, client_of):
    road.proposed(form, coo)

    told = page(client_of(coo).get(f"/panel/sift/{form.reference}/decide/")).text

    assert "(optional)" not in told
    assert "Answer one of these." in told


# --- Returned with advice ---


def test_it_goes_back_with_advice_and_can_be_sifted_again(form, coo, amara):
    road.proposed(form, coo)
    sifting.return_with_advice(form.reference, actor=coo, once=uuid4(), reason="Say more of the place.")

    assert road.form_again(form).state == "returned"
    assert form.record.tasks.open().get(kind="intel_again").owner == amara
    assert SiftDecision.objects.get().decision == "return_with_advice"
    road.intel.submit(form.reference, actor=amara)
    road.proposed(form, coo)
    road.decided(form, coo)
    assert [each.decision for each in form.sift_decisions.all()] == ["return_with_advice", "accept"]


# --- The facts behind it ---


def test_the_facts_are_the_forms_own_and_other_forms_references(form, of_a_place, coo, amara, robin, children):
    ash = children[1]
    draft = road.intel.begin(ash.record, actor=amara, once=uuid4(), children=[], entries=[road.at_place()])
    Referral.objects.filter(pk=robin.pk).update(category="0")  # what stands on the file now is not looked at

    found = others_naming(IntelReading(form, coo))
    shown = sift_page(IntelReading(form, coo))

    place = form.entries.get(kind="L").place
    assert found["place", place.pk] == {of_a_place.reference}
    assert draft.reference not in str(shown)
    assert "Category 2" in str(shown["children"])
    assert of_a_place.reference in str(shown["entries"])


def test_the_page_links_to_no_file(form, coo, robin, client_of):
    shown = client_of(coo).get(f"/panel/sift/{form.reference}/").content.decode()

    assert "Robin" in shown
    assert robin.reference not in shown
    assert "/referrals/" not in shown
    assert client_of(coo).get(f"/referrals/{robin.reference}/").status_code == 404


def test_the_sift_calls_a_child_a_child_of_concern(form, coo, client_of):
    text = page(client_of(coo).get(f"/panel/sift/{form.reference}/")).text

    assert "Child of concern" in text
    assert "Person of concern" not in text


def test_the_queue_says_what_a_form_is_about_and_names_no_child(form, of_a_place, coo):
    of_robin, of_the_park = (row[1] for row in queue(coo, first_waiting(coo))["rows"])

    assert of_robin["text"] == "1 child, Lantern Park"
    assert [tag["text"] for tag in of_robin["tags"]] == ["No strategy meeting"]
    assert of_the_park["text"] == "Lantern Park"
    assert not of_the_park["tags"]


def test_the_queue_says_of_a_form_deferred_without_a_day_no_more_than_that(form, coo):
    intel.answer(form.reference, "defer", actor=coo, reason="Later.")

    assert queue(coo, first_waiting(coo))["rows"][0][3]["text"] == "Deferred"


def test_the_queue_counts_more_than_it_shows(form, of_a_place, coo, monkeypatch):
    monkeypatch.setattr("panels.selectors.sifting.SHOWN", 1)

    shown = queue(coo, first_waiting(coo))

    assert (len(shown["rows"]), shown["number"]) == (1, 2)


def test_the_queue_is_oldest_first_and_marks_what_is_late(form, of_a_place, coo):
    form.record.tasks.filter(kind="sift_intel").update(due_on=clock.today() - timedelta(days=1))

    shown = queue(coo, first_waiting(coo))

    assert [row[0]["text"] for row in shown["rows"]] == [form.reference, of_a_place.reference]
    assert (shown["number"], shown["late"]) == (2, 1)


def typed(browser, path, **answers):
    """What is sent from a page that was opened now; it can be sent later."""
    opened = browser.get(path)
    return lambda: browser.post(path, filled(opened, **answers))


def test_a_decision_from_a_page_about_an_earlier_proposal_is_refused(client_of, form, coo, cy, amara):
    road.proposed(form, coo)
    deciders = {"authority_name": "L", "authority_agency": "C", "police_name": "S", "police_agency": "P"}
    send = typed(client_of(coo), f"/panel/sift/{form.reference}/decide/", reason="Both agree.", **deciders)
    sifting.return_with_advice(form.reference, actor=cy, once=uuid4(), reason="More.")
    intel.write(form.reference, actor=amara, answers={"why": "Quite another reason."})
    intel.submit(form.reference, actor=amara)
    road.proposed(form, cy, "decline")

    answer = send()

    assert answer.status_code == 409
    assert "Not for the panel" in page(answer).text
    assert road.form_again(form).state == "submitted"


def test_of_two_proposals_the_second_is_shown_the_first(client_of, form, coo, cy):
    path = f"/panel/sift/{form.reference}/propose/"
    why = {"reason": "Mine.", "without_meeting_reason": "Cannot wait."}
    browser = client_of(coo)
    send = typed(browser, path, proposal="accept", **why)
    road.proposed(form, cy, "decline")

    answer = send()

    assert answer.status_code == 409
    assert "What was weighed." in page(answer).text
    assert form.sift_decisions.get().proposal == "decline"
    assert browser.post(path, filled(browser.get(path), proposal="accept", **why)).status_code == 302
    assert form.sift_decisions.get().proposal == "accept"


@pytest.mark.parametrize("ended", [False, True], ids=["writes it", "wrote it"])
@pytest.mark.parametrize("by_name", [False, True], ids=["a user", "a name"])
def test_who_wrote_the_form_with_somebody_does_not_decide_on_it(robin, amara, coo, mo, ended, by_name):
    form = intel.begin(
        robin.record,
        actor=amara,
        once=uuid4(),
        children=[(robin.person, robin)],
        entries=[road.at_place()],
        writers=[mo],
    )
    answers = {"criteria": ["pattern"], "why": "Mo wrote this.", "tried": "", "asked": "A look."}
    intel.write(form.reference, actor=mo, answers=answers)
    intel.submit(form.reference, actor=amara)
    road.proposed(form, coo)
    if ended:
        form.record.grants.filter(user=mo).update(ends_at=clock.now())

    with pytest.raises(NotReady, match="wrote or submitted this form"):
        road.decided(form, coo, authority=Decider(name=mo.name, agency="C") if by_name else Decider(user=mo))

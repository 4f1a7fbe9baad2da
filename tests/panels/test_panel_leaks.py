"""What is for the police only, not for minutes, about a restricted child or barred: it stands where it may, nowhere
else, on pages and in papers."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from hsb.core import document_store
from hsb.core.models import AccessRecord, Message
from hsb.core.refusals import NotReady
from hsb.people.states import Role
from panels.models import AgendaItem
from panels.services import papers, planning, rounds
from panels.states import PanelPaperKind
from referrals.services import restricting
from strategy_meetings.models import IntelForm
from tests import cast
from tests.pages import filled, page
from tests.panels import panel_road as road

pytestmark = pytest.mark.django_db
OPEN, POLICE, QUIET = "Seen by the canal gate.", "Quillfeather drove the van.", "Larkspur told it in confidence."


@pytest.fixture
def officer(rowan):
    """A police colleague with an account."""
    return cast.user("Pat", (rowan, Role.PRACTITIONER))


@pytest.fixture
def panel(robin, sky, amara, coo, mo, officer):
    """Published: Robin with three entries, Sky, a place that only the police know of; Mo and the police sit on it."""
    panel = road.collecting(coo)
    road.accepted(
        robin,
        amara,
        coo,
        road.of_child(robin.person, text=OPEN),
        road.of_child(robin.person, text=POLICE, police_only=True),
        road.of_child(robin.person, text=QUIET, not_for_minutes=True),
        road.at_place("Hidden Yard", text="Known from the police.", police_only=True),
        children=[(robin.person, robin)],
    )
    road.accepted(sky, amara, coo, road.of_child(sky.person, "V", text="Sky is afraid."), children=[(sky.person, sky)])
    planning.save_seat(panel.reference, actor=coo, number=1, role="local_authority", user=mo)
    planning.save_seat(panel.reference, actor=coo, number=2, role="police", user=officer)
    return road.published(panel, coo)


def text_of(panel, kind):
    document = panel.record.documents.filter(kind=kind).order_by("-number").first()
    pages = PdfReader(BytesIO(document_store.content(document))).pages
    return " ".join(" ".join(p.extract_text() for p in pages).split())


def item_of(panel, name):
    return next(item for item in road.items(panel) if item.called == name)


def url(panel, item=None):
    return f"/panel/{panel.reference}/" + (f"items/{item.number}/" if item else "")


def seen(client_of, user, panel):
    """All that `user` reads on the panel's page and on every item that opens."""
    browser, found = client_of(user), []
    found.append(page(browser.get(url(panel))).text)
    for item in road.items(panel):
        answer = browser.get(url(panel, item))
        if answer.status_code == 200:
            found.append(page(answer).text)
    return " ".join(found)


def test_what_is_for_the_police_only_stands_on_the_polices_pages(panel, client_of, mo, officer, coo):
    others, police, coordinator = (seen(client_of, user, panel) for user in (mo, officer, coo))

    assert OPEN in others
    assert OPEN in police
    assert "Quillfeather" not in others
    assert "Hidden Yard" not in others
    assert all("Quillfeather" in text and "Hidden Yard" in text for text in (police, coordinator))
    assert client_of(mo).get(url(panel, item_of(panel, "Hidden Yard"))).status_code == 404


def test_who_sits_elsewhere_or_nowhere_opens_nothing(panel, client_of, amara, carl, cho):
    assert [client_of(user).get(url(panel)).status_code for user in (amara, carl, cho)] == [404, 404, 404]


def test_the_agendas_respect_the_handling_codes(panel):
    police, others = (text_of(panel, kind) for kind in ("agenda_police", "agenda_agencies"))

    assert all(said in police for said in (OPEN, POLICE, QUIET, "Hidden Yard"))
    assert OPEN in others
    assert QUIET in others
    assert "Quillfeather" not in others
    assert "Hidden Yard" not in others
    assert panel.agenda_versions.get().sha256 in others


def test_no_number_tells_that_the_police_know_of_more(panel, client_of, mo, coo, robin, amara):
    """Hidden Yard, of which only the police know, stands before the park that everybody may know of."""
    road.accepted(robin, amara, coo, road.at_place("Lantern Park"))
    road.agenda.compile_agenda(panel.reference, actor=coo)
    papers.make_paper(panel.reference, actor=coo, kind=PanelPaperKind.AGENDA_AGENCIES)
    papers.make_paper(panel.reference, actor=coo, kind=PanelPaperKind.AGENDA_POLICE)

    assert "L1 Lantern Park" in text_of(panel, "agenda_agencies")
    assert "LP1 Hidden Yard" in text_of(panel, "agenda_police")
    assert "police only" in text_of(panel, "agenda_police")
    shown = page(client_of(mo).get(url(panel))).text
    assert "L1" in shown
    assert "not yours to open" not in shown
    assert "Police only" in page(client_of(coo).get(url(panel))).text
    assert "Police only" in page(client_of(coo).get(url(panel, item_of(panel, "Hidden Yard")))).text


def test_of_an_addendum_for_the_police_the_others_hear_nothing(panel, client_of, mo, coo, robin, amara):
    panel.seats.filter(user__isnull=True).delete()
    rounds.circulate_agenda(panel.reference, actor=coo)
    before = panel.record.documents.filter(kind="agenda_agencies").count()
    shown = page(client_of(mo).get(url(panel))).text

    road.accepted(robin, amara, coo, road.at_place("Hidden Mews", police_only=True))
    made = road.agenda.compile_agenda(panel.reference, actor=coo)

    addendum = panel.agenda_versions.get(number=made.version)
    assert addendum.police_only
    assert {seat.role for seat in panel.seats_to_tell()} == {"police"}
    assert panel.record.documents.filter(kind="agenda_agencies").count() == before
    assert addendum.sha256 in text_of(panel, "agenda_police").replace(" ", "")
    assert addendum.sha256 not in text_of(panel, "agenda_agencies").replace(" ", "")
    assert rounds.circulate_agenda(panel.reference, actor=coo) == 1
    assert page(client_of(mo).get(url(panel))).text == shown
    assert Message.objects.filter(user=mo).count() == 1


def test_what_is_not_for_minutes_stands_in_no_minutes(panel, coo):
    road.held(panel, coo)
    road.action(panel, item_of(panel, "Robin Sample"), coo, words="Stop the van.", wording="Walk home together.")
    road.issued(panel, coo)

    police, others = (text_of(panel, kind) for kind in ("minutes_police", "minutes_agencies"))

    assert "Larkspur" not in police + others
    assert "Quillfeather" in police
    assert "Quillfeather" not in others
    assert "Hidden Yard" not in others
    assert "Stop the van." in police
    assert "Stop the van." not in others
    assert "Walk home together." in others
    assert "What was said." in others


def test_an_item_of_the_police_is_marked_in_their_minutes_though_nothing_of_it_is_for_minutes(robin, amara, coo):
    panel = road.collecting(coo)
    hidden = road.at_place("Hidden Yard", text="Known.", police_only=True, not_for_minutes=True)
    road.accepted(robin, amara, coo, hidden, road.at_place())
    road.held(road.published(panel, coo), coo)
    road.issued(panel, coo)

    police, others = (text_of(panel, kind) for kind in ("minutes_police", "minutes_agencies"))

    assert "LP1 police only What was said of it is not for these minutes." in police.replace("• ", "")
    assert "LP1" not in others
    assert "not for these minutes" not in others


def test_open_actions_and_times_carried_over_stand_on_the_next_agenda(panel, coo):
    road.held(panel, coo)
    robins = item_of(panel, "Robin Sample")
    road.action(panel, robins, coo, words="Stop the van.", wording="Walk home together.")
    road.issued(panel, coo, carried=("Robin Sample",))
    following = road.published(road.collecting(coo, days=20), coo)

    police, others = (text_of(following, kind) for kind in ("agenda_police", "agenda_agencies"))

    assert all("carried over 1 time" in text for text in (police, others))
    assert "Stop the van." in police
    assert "Walk home together." in others
    assert "Stop the van." not in others


@pytest.mark.parametrize(
    ("name", "said"), [("Robin Sample", POLICE), ("Robin Sample", QUIET)], ids=["police only", "not for minutes"]
)
def test_no_minutes_are_written_of_words_that_are_kept_back(panel, coo, name, said):
    road.held(panel, coo)
    item = item_of(panel, name)

    with pytest.raises(NotReady, match="for the police only|not for minutes"):
        road.outcome(panel, item, coo, discussion=f"We heard: {said}")

    # Nor are minutes made of such words where they stand already.
    for each in road.items(panel):
        road.outcome(panel, each, coo)
    AgendaItem.objects.filter(pk=item.pk).update(discussion=f"We heard: {said}")
    with pytest.raises(NotReady, match="does not stand in this paper"):
        road.sitting.issue_actions(panel.reference, actor=coo)
    assert road.again(panel).state == "held"


def test_what_is_not_for_minutes_is_no_wording_and_no_words_of_an_action(panel, coo):
    road.held(panel, coo)

    for name in ("wording", "words"):
        with pytest.raises(NotReady, match="not for minutes"):
            road.action(panel, item_of(panel, "Sky Other"), coo, **{name: f"We heard: {QUIET}"})


@pytest.mark.parametrize(
    ("more", "said"),
    [
        pytest.param({"text": "Known dealer."}, "The known dealer.", id="two words"),
        pytest.param({"text": "Seen.", "described": "Quillfeather"}, "Quillfeather was named.", id="a description"),
    ],
)
def test_a_short_entry_for_the_police_is_found_whole(robin, amara, coo, more, said):
    panel = road.collecting(coo)
    of_him = road.entry("O", **{"described": "A man"} | more, police_only=True)
    road.accepted(robin, amara, coo, road.of_child(robin.person), of_him, children=[(robin.person, robin)])
    road.held(road.published(panel, coo), coo)

    with pytest.raises(NotReady, match="for the police only"):
        road.action(panel, item_of(panel, "Robin Sample"), coo, wording=said)
    assert road.action(panel, item_of(panel, "Robin Sample"), coo, wording="Known to the school: a man of ideas.")


def test_an_action_on_a_childs_record_names_no_other_child_of_the_agenda(panel, coo):
    road.held(panel, coo)

    with pytest.raises(NotReady, match="word it without “Sky”"):
        road.action(panel, item_of(panel, "Robin Sample"), coo, wording="Walk home apart from Sky.")
    assert road.action(panel, item_of(panel, "Robin Sample"), coo, wording="Walk home with Robin.")


@pytest.mark.parametrize("text", ["words", "discussion", "feedback"])
def test_what_the_police_said_of_one_subject_is_told_of_no_other(panel, coo, sky, text):
    """The words of Robin's entry, typed at Sky's item or in what the author of Sky's form is told."""
    road.held(panel, coo)
    skys = item_of(panel, "Sky Other")

    with pytest.raises(NotReady, match="Quillfeather drove the van|quillfeather drove the van"):
        if text == "words":
            road.action(panel, skys, coo, wording=f"We heard: {POLICE}")
        if text == "discussion":
            road.outcome(panel, skys, coo, discussion=f"We heard: {POLICE}")
        for item in road.items(panel):
            road.outcome(panel, item, coo)
        issued = road.sitting.issue_actions(panel.reference, actor=coo)
        form = issued.forms_to_hear().get(children__person=sky.person)
        road.sitting.give_feedback(panel.reference, form.reference, actor=coo, feedback=POLICE)


@pytest.mark.parametrize("name", ["agency", "owner_name"])
def test_what_is_for_the_police_is_no_name_of_who_does_an_action(panel, coo, name):
    road.held(panel, coo)

    with pytest.raises(NotReady, match="quillfeather drove the van"):
        road.action(panel, item_of(panel, "Sky Other"), coo, **{name: f"We heard: {POLICE}"})


def test_how_the_police_describe_somebody_is_told_of_no_other(robin, amara, coo):
    panel = road.collecting(coo)
    described = "A man called Quillfeather with a white van"
    of_him = road.entry("O", described=described, text="Seen.", police_only=True)
    road.accepted(robin, amara, coo, road.of_child(robin.person), of_him, children=[(robin.person, robin)])
    road.held(road.published(panel, coo), coo)

    with pytest.raises(NotReady, match="a man called quillfeather"):
        road.action(panel, item_of(panel, "Robin Sample"), coo, wording=f"Keep away from {described.lower()}.")
    with pytest.raises(NotReady, match="a man called quillfeather"):
        road.outcome(panel, item_of(panel, "Robin Sample"), coo, discussion=f"We spoke of {described.lower()}.")


def test_words_that_an_open_entry_says_too_may_be_told(panel, coo, robin, amara):
    road.accepted(robin, amara, coo, road.of_child(robin.person, text=OPEN, police_only=True))
    road.agenda.compile_agenda(panel.reference, actor=coo)
    road.held(panel, coo)

    assert road.action(panel, item_of(panel, "Robin Sample"), coo, wording=f"Walk home: {OPEN}")


def test_a_restricted_child_stands_without_a_name_for_whom_it_is_not(panel, client_of, coo, mo, aud, sky):
    assert all("Sky Other" in seen(client_of, user, panel) for user in (mo, aud))
    made_before = panel.record.documents.get(kind="agenda_agencies")
    restricting.restrict(sky.reference, actor=mo, reason="A councillor's family.")
    planning.save_seat(
        panel.reference,
        actor=coo,
        number=3,
        role="health",
        user=cast.user("Hal", (sky.record.holding_team, Role.PRACTITIONER)),
    )
    reader = panel.seats.get(number=3).user

    text = seen(client_of, reader, panel)
    papers.make_paper(panel.reference, actor=coo, kind=PanelPaperKind.AGENDA_AGENCIES)

    assert "Sky" not in text
    assert "A child whose record is restricted" in text
    assert "Sky" not in text_of(panel, "agenda_agencies")
    assert client_of(reader).get(f"{url(panel)}papers/{made_before.number}/").status_code == 404
    latest = panel.record.documents.order_by("-number").first()
    assert client_of(reader).get(f"{url(panel)}papers/{latest.number}/").status_code == 200


@pytest.fixture
def health(rowan):
    """A colleague of the health service: what a restricted record says is not for them."""
    return cast.user("Hal", (rowan, Role.PRACTITIONER))


def restrict(referral, mo):
    restricting.restrict(referral.reference, actor=mo, reason="A councillor's family.")


def test_a_paper_that_names_a_child_in_a_text_closes_when_the_child_is_restricted(
    client_of, sky, amara, coo, mo, health
):
    panel = road.collecting(coo)
    text = road.at_place(text="Sky Other was seen there.")
    road.accepted(sky, amara, coo, text, children=[(sky.person, sky)])
    planning.save_seat(panel.reference, actor=coo, number=3, role="health", user=health)
    road.published(panel, coo)
    paper = panel.record.documents.get(kind="agenda_agencies")
    browser = client_of(health)
    assert browser.get(f"{url(panel)}papers/{paper.number}/").status_code == 200

    restrict(sky, mo)
    again = papers.make_paper(panel.reference, actor=coo, kind=PanelPaperKind.AGENDA_AGENCIES)

    assert browser.get(f"{url(panel)}papers/{paper.number}/").status_code == 404
    assert again.number != paper.number
    assert "Sky" not in text_of(panel, "agenda_agencies")
    assert browser.get(f"{url(panel)}papers/{again.number}/").status_code == 200


@pytest.fixture
def sitting_on_a_park(sky, amara, coo):
    """A panel that sits on a place alone; what was typed there names Sky, whom its form is about."""
    panel = road.collecting(coo)
    road.accepted(sky, amara, coo, road.at_place(), children=[(sky.person, sky)])
    road.agenda.compile_agenda(panel.reference, actor=coo)
    park = item_of(panel, "Lantern Park")
    road.agenda.move_item(panel.reference, park.number, actor=coo, to=1, reason="Sky Other is at risk there.")
    road.held(road.published(panel, coo), coo)
    meet = "Meet Sky Other at the gate."
    road.action(panel, park, coo, words=meet, wording=meet, owner_name="Sky Other's aunt", agency="Sky Other's school")
    road.outcome(panel, park, coo, discussion="Sky Other came.")
    return panel


def test_no_text_of_an_earlier_panel_names_a_child_restricted_since(
    sitting_on_a_park, client_of, robin, sky, amara, coo, mo
):
    road.issued(sitting_on_a_park, coo)
    restrict(sky, mo)
    following = road.collecting(coo, days=20)
    road.accepted(robin, amara, coo, road.at_place(), children=[(robin.person, robin)])
    road.published(following, coo)

    assert "at the gate" in text_of(following, "agenda_agencies")
    for kind in ("agenda_agencies", "agenda_police"):
        assert "Sky" not in text_of(following, kind)
    shown = seen(client_of, coo, following)
    assert "at the gate" in shown
    assert "Sky" not in shown


def test_what_was_typed_at_a_panel_names_no_restricted_child_on_its_pages(sitting_on_a_park, client_of, sky, coo, mo):
    panel, browser = sitting_on_a_park, client_of(coo)
    base = url(panel, item_of(panel, "Lantern Park"))
    assert browser.get(f"{base}discuss/").status_code == 200
    restrict(sky, mo)
    shown = browser.get(base).content.decode()

    assert "Sky" not in seen(client_of, coo, panel)
    assert "Sky" not in browser.get(f"{url(panel)}actions/1/drop/").content.decode()
    assert f"{base}discuss/" in shown


def test_whoever_does_not_read_what_was_said_says_what_it_came_to(sitting_on_a_park, client_of, sky, coo, mo):
    panel, browser = sitting_on_a_park, client_of(coo)
    park = item_of(panel, "Lantern Park")
    page = f"{url(panel, park)}discuss/"
    restrict(sky, mo)
    shown = browser.get(page).content.decode()
    answer = {"outcome": "decided", "discussion": "Something else.", "version": park.version}

    assert "Sky" not in shown
    assert "It stays as it is" in shown
    assert browser.post(page, answer).status_code == 302
    said_now = item_of(panel, "Lantern Park")
    assert (said_now.outcome, said_now.discussion) == ("decided", park.discussion)


def test_whoever_moves_an_item_does_not_write_over_a_name_that_is_not_theirs(client_of, sky, amara, coo, mo):
    panel = road.collecting(coo)
    road.accepted(sky, amara, coo, road.at_place(), children=[(sky.person, sky)])
    road.agenda.compile_agenda(panel.reference, actor=coo)
    park = item_of(panel, "Lantern Park")
    road.agenda.move_item(panel.reference, park.number, actor=coo, to=1, reason="Sky Other is at risk there.")
    restrict(sky, mo)
    browser, base = client_of(coo), url(panel, park)

    assert "Sky" not in seen(client_of, coo, panel)
    assert f"{base}move/" not in browser.get(base).content.decode()
    assert browser.get(f"{base}move/").status_code == 404


def test_a_barred_user_opens_no_item_about_that_person_nor_what_their_form_says(panel, client_of, coo, mo, robin):
    restricting.bar(robin.reference, actor=mo, user=coo, reason="Lives next door.")
    for name in ("Robin Sample", "Hidden Yard"):
        assert client_of(coo).get(url(panel, item_of(panel, name))).status_code == 404

    text = seen(client_of, coo, panel)

    assert "Robin" not in text
    assert OPEN not in text
    assert "Sky Other" in text
    number = panel.record.documents.get(kind="agenda_police").number
    assert client_of(coo).get(f"{url(panel)}papers/{number}/").status_code == 404


def test_what_was_typed_of_a_shared_item_is_not_for_whoever_is_barred_from_a_child_of_its_forms(
    sitting_on_a_park, client_of, robin, sky, amara, coo, cy, mo
):
    panel = sitting_on_a_park
    following = road.collecting(coo, days=20)
    road.accepted(robin, amara, coo, road.at_place(text="Busy."), children=[(robin.person, robin)])
    park = item_of(panel, "Lantern Park")
    restricting.bar(sky.reference, actor=mo, user=cy, reason="Lives next door.")
    road.issued(panel, coo)
    road.published(following, coo)

    base = url(following, item_of(following, "Lantern Park"))
    shown = client_of(cy).get(base)
    assert shown.status_code == 200
    assert "Busy." in page(shown).text
    assert "Sky" not in seen(client_of, cy, following) + seen(client_of, cy, panel)
    for path in (f"{url(panel, park)}amend/", f"{url(panel)}actions/1/"):
        assert client_of(coo).get(path).status_code == 200
        assert client_of(cy).get(path).status_code == 404


def test_a_barred_coordinator_is_not_told_the_words_for_which_no_minutes_are_made(panel, client_of, coo, cy, mo, robin):
    road.held(panel, coo)
    for item in road.items(panel):
        road.outcome(panel, item, coo)
    AgendaItem.objects.filter(panel=panel).update(discussion=f"We heard: {POLICE}")
    restricting.bar(robin.reference, actor=mo, user=cy, reason="Lives next door.")
    browser, path = client_of(cy), f"{url(panel)}issue-actions/"
    answer = browser.post(path, filled(browser.get(path)))

    assert answer.status_code == 422
    assert "an item that is not yours to read" in page(answer).text
    assert page(answer).text.lower().count("quillfeather") == 1  # at Sky's own item
    assert client_of(cy).get(f"{url(panel, item_of(panel, 'Robin Sample'))}discuss/").status_code == 404


def test_the_police_open_their_paper_and_nobody_else_of_the_panel(panel, client_of, mo, officer):
    number = panel.record.documents.get(kind="agenda_police").number
    path = f"{url(panel)}papers/{number}/"

    assert client_of(officer).get(path).status_code == 200
    assert client_of(mo).get(path).status_code == 404
    assert AccessRecord.objects.filter(record=panel.record, kind="document", user=officer).count() == 1
    assert AccessRecord.objects.filter(record=panel.record, kind="refused", user=mo).count() == 1


def test_a_look_at_an_item_about_a_child_stands_on_the_panels_and_the_forms_record(panel, client_of, mo):
    item = item_of(panel, "Robin Sample")
    form = item.sources.first().entry.form
    client_of(mo).get(url(panel, item))

    looked = AccessRecord.objects.filter(user=mo, page="panel_item")
    assert {look.record_id for look in looked} == {panel.pk, form.pk}


def test_no_page_links_to_a_case(panel, client_of, coo, robin):
    browser = client_of(coo)
    pages = [browser.get(url(panel)), *(browser.get(url(panel, item)) for item in road.items(panel))]

    assert not [href for shown in pages for href, _ in page(shown).links if href.startswith("/referrals/")]
    assert robin.reference not in "".join(shown.content.decode() for shown in pages)


def test_feedback_is_written_beside_what_the_form_said_and_what_the_panel_agreed(panel, coo, client_of, mo):
    """Its own items alone, in the wording for the record; what is for the police only is marked, a restricted child has
    no name there, and the look stands on the form's record."""
    form = IntelForm.objects.order_by("pk").first()
    road.held(panel, coo)
    robins = item_of(panel, "Robin Sample")
    road.action(panel, robins, coo, words="Stop the van.", wording="Walk home together.")
    road.issued(panel, coo)
    path = f"{url(panel)}feedback/{form.reference}/"

    shown = page(client_of(coo).get(path)).text

    assert f"{robins.label}: Robin Sample" in shown
    assert "Amara wrote the form, and reads what you write here under My work." in shown
    assert all(said in shown for said in (OPEN, POLICE, "Police only", "What was said.", "Walk home together."))
    assert all(said in shown for said in ("The designated lead", "Schools", "Decided", "is for the police only"))
    assert "Stop the van." not in shown
    assert "Sky" not in shown
    assert AccessRecord.objects.filter(user=coo, record=form.record, page="panel_feedback").exists()


def test_on_the_feedback_page_a_restricted_child_has_no_name(panel, sky, coo, client_of, mo):
    form = IntelForm.objects.order_by("pk").last()
    road.held(panel, coo)
    skys = item_of(panel, "Sky Other")
    road.action(panel, skys, coo, words="Meet Sky.", wording="Meet Sky Other at school.")
    road.issued(panel, coo)
    restricting.restrict(sky.reference, actor=mo, reason="A councillor's family.")

    shown = page(client_of(coo).get(f"{url(panel)}feedback/{form.reference}/")).text

    assert "A child whose record is restricted" in shown
    assert "Meet a child whose record is restricted at school." in shown
    assert "Sky" not in shown


def test_who_looked_at_a_panel_and_at_a_form_is_seen_by_coordinators_and_auditors_alone(
    panel, client_of, coo, aud, mo, carl
):
    form = IntelForm.objects.order_by("pk").first()
    client_of(mo).get(url(panel))
    client_of(carl).get(url(panel))
    client_of(coo).get(f"/panel/sift/{form.reference}/")
    of_panel, of_form = f"{url(panel)}who-looked/", f"/panel/sift/{form.reference}/who-looked/"

    for reader in (coo, aud):
        shown = page(client_of(reader).get(of_panel)).text
        assert all(said in shown for said in (mo.name, "A panel", carl.name, "Was refused"))
        assert "The sift of an intel form" in page(client_of(reader).get(of_form)).text
        assert of_panel in dict(page(client_of(reader).get(url(panel))).links)
        assert of_form in dict(page(client_of(reader).get(f"/panel/sift/{form.reference}/")).links)
    assert [client_of(mo).get(path).status_code for path in (of_panel, of_form)] == [404, 404]
    assert of_panel not in dict(page(client_of(mo).get(url(panel))).links)

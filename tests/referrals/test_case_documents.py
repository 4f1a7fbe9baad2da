"""Documents that people bring: added, read by whom, opened as a download, taken out; nothing of it is deleted."""

import logging
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction

from hsb.core import clock, document_store, journal
from hsb.core.forms import date_parts
from hsb.core.models import AccessRecord, Draft, Entry
from hsb.core.refusals import Denied, NotReady
from hsb.core.states import AccessKind
from referrals.models import CaseDocument, Referral
from referrals.services import case_documents
from tests import cast
from tests.pages import assert_no_dead_error_links, assert_same_queries, filled, page
from tests.referrals.papers_of_a_child import PDF, a_file, a_scanner, added, office

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(amara, willow):
    return cast.referral(amara, held_by=willow, state="statutory", worker=amara)


def tab_of(referral):
    return f"/referrals/{referral.reference}/documents/"


def verbs(referral):
    return list(Entry.objects.filter(record=referral.record).order_by("number").values_list("verb", flat=True))


def answers(**changed):
    return {
        "once": str(uuid4()),
        "file": a_file(),
        "kind": "education",
        "title": "Report of the autumn term",
        "came_from": "The school's safeguarding lead",
        **date_parts("dated_on", clock.today()),
        "do_not_disclose": "on",
    } | changed


# --- Adding -----------------------------------------------------------------------------------------------------------


def test_a_document_is_added_listed_and_opened(client_of, amara, mo, referral, settings):
    settings.CLAMD_URL = ""
    browser = client_of(amara)
    form = browser.get(f"{tab_of(referral)}add/")
    said = page(form).text
    assert "Never add an image or a video of sexual content" in said
    assert "call the police: 999" in said
    assert "At most 20 MB" in said
    assert 'enctype="multipart/form-data"' in form.content.decode()
    assert "choose it again" not in said

    sent = filled(form) | answers(once=filled(form)["once"])
    assert browser.post(f"{tab_of(referral)}add/", sent).url == tab_of(referral)
    assert browser.post(f"{tab_of(referral)}add/", sent).url == tab_of(referral)  # a double click

    document = CaseDocument.objects.get()
    assert document.reference == f"{referral.reference}-U1"
    assert default_storage.exists(document.stored_name)
    assert "report" not in document.stored_name
    assert verbs(referral)[-1] == "add_document"
    entry = Entry.objects.filter(record=referral.record).latest("number")
    assert entry.facts["sha256"] == document.sha256
    referral.record.refresh_from_db()
    assert journal.faults(referral.record, list(Entry.objects.filter(record=referral.record).order_by("number"))) == []

    listed = client_of(mo).get(tab_of(referral))
    said = page(listed).text
    for words in ("1 document", "Report of the autumn term", "Report of a school", "Amara", "PDF, 1 kB", "Not scanned"):
        assert words in said, words
    assert "Do not disclose yet" in said
    assert "U1 can be disclosed, U1 was added by mistake" in said
    opened = client_of(mo).get(f"{tab_of(referral)}{document.reference}/")
    assert opened.content == PDF
    assert opened["Content-Type"] == "application/pdf"
    assert opened["Content-Disposition"] == f'attachment; filename="{document.reference}.pdf"'
    assert opened["X-Content-Type-Options"] == "nosniff"
    assert opened["Cache-Control"] == "no-store, private"
    look = AccessRecord.objects.filter(record=referral.record).latest("pk")
    assert (look.user, look.kind, look.page) == (mo, AccessKind.DOCUMENT, "document")


def test_files_lie_outside_what_is_served_and_are_read_by_the_service_alone(referral, amara, settings):
    document = added(referral, amara)

    path = Path(default_storage.path(document.stored_name))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    for served in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        assert not path.resolve().is_relative_to(Path(served).resolve())


def test_what_is_refused_leaves_no_row_and_no_file_and_keeps_the_words(client_of, amara, referral):
    browser, url = client_of(amara), f"{tab_of(referral)}add/"
    for file, sentence in (
        (None, "Choose the file"),
        (a_file(b""), "The file is empty"),
        (a_file(b"MZ", "report.pdf"), "not what the ending of its name says"),
        (a_file(office(**{"word/vbaProject.bin": "x"}), "report.docx"), "has macros"),
    ):
        sent = {name: value for name, value in answers(file=file).items() if value is not None}
        answer = browser.post(url, sent)

        assert answer.status_code == 422
        assert_no_dead_error_links(answer)
        assert sentence in page(answer).text
        assert "choose it again" in page(answer).text
        assert filled(answer)["title"] == ["Report of the autumn term"]
    assert not CaseDocument.objects.exists()
    assert "add_document" not in verbs(referral)


def test_too_large_is_said_beside_the_field(client_of, amara, referral, settings):
    settings.UPLOAD_MAX_MB = 1

    answer = client_of(amara).post(f"{tab_of(referral)}add/", answers(file=a_file(PDF + b" " * 1_500_000)))

    assert answer.status_code == 422
    assert "larger than 1 MB" in page(answer).text
    assert filled(answer)["came_from"] == ["The school's safeguarding lead"]


def test_after_a_locked_session_the_words_come_back_and_the_file_is_asked_for(client_of, amara, referral, time_machine):
    browser, url = client_of(amara), f"{tab_of(referral)}add/"
    browser.get(url)
    time_machine.move_to(clock.now() + timedelta(minutes=31), tick=False)

    locked = browser.post(url, answers())

    assert locked.url.startswith("/account/reauthenticate/")
    assert Draft.objects.get(user=amara).data["title"] == ["Report of the autumn term"]
    time_machine.shift(timedelta(seconds=5))
    assert browser.post(locked.url, {"password": cast.PASSWORD}).url == url
    again = browser.get(url)
    assert "choose it again" in page(again).text
    assert filled(again)["title"] == ["Report of the autumn term"]
    assert not CaseDocument.objects.exists()


def test_a_refused_verb_takes_its_file_away(referral, amara, monkeypatch):
    kept = set(Path(default_storage.location).rglob("*.pdf"))
    monkeypatch.setattr(journal, "write", lambda *args, **kwargs: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        added(referral, amara)

    assert set(Path(default_storage.location).rglob("*.pdf")) == kept


# --- The scanner ------------------------------------------------------------------------------------------------------


def test_a_clean_file_says_that_it_was_scanned(client_of, amara, referral, settings):
    with a_scanner() as (settings.CLAMD_URL, heard):
        added(referral, amara)

    assert heard == [PDF]
    assert "Scanned: nothing found" in page(client_of(amara).get(tab_of(referral))).text


def test_what_the_scanner_finds_is_refused_and_noted_without_a_name(client_of, amara, referral, settings, caplog):
    with a_scanner(b"stream: Eicar-Test-Signature FOUND\0") as (settings.CLAMD_URL, _):
        answer = client_of(amara).post(f"{tab_of(referral)}add/", answers())

    assert answer.status_code == 422
    assert case_documents.INFECTED in page(answer).text
    entry = Entry.objects.filter(record=referral.record).latest("number")
    assert (entry.verb, list(entry.facts)) == ("refuse_document", ["sha256"])
    logged = [each.getMessage() for each in caplog.records if each.name == "referrals.services.case_documents"]
    assert logged == ["The virus scanner found something in an upload, which was refused."]
    assert not CaseDocument.objects.exists()


def test_a_scanner_that_does_not_answer_takes_nothing(amara, referral, settings, caplog):
    caplog.set_level(logging.ERROR)
    settings.CLAMD_URL = "unix:/nowhere/clamd.sock"

    with pytest.raises(NotReady) as refusal:
        added(referral, amara)

    assert refusal.value.sentences == (case_documents.NOT_SCANNED_NOW,)
    assert not CaseDocument.objects.exists()


# --- Who --------------------------------------------------------------------------------------------------------------


def test_who_may_not_open_the_child_reaches_nothing(client_of, amara, carl, bea, coo, dee, referral):
    document = added(referral, amara)

    for user in (carl, bea, coo, dee):
        for end in ("", "add/", f"{document.reference}/", f"{document.reference}/take-out/"):
            assert client_of(user).get(f"{tab_of(referral)}{end}").status_code == 404, (user, end)
    with pytest.raises(Denied):
        added(referral, carl)


def test_an_auditor_reads_and_adds_nothing(client_of, amara, aud, referral):
    document = added(referral, amara)

    tab = client_of(aud).get(tab_of(referral))
    assert "Add a document" not in page(tab).text
    assert "added by mistake" not in page(tab).text
    assert client_of(aud).get(f"{tab_of(referral)}{document.reference}/").content == PDF
    assert client_of(aud).get(f"{tab_of(referral)}add/").status_code == 403
    assert AccessRecord.objects.filter(user=aud, kind=AccessKind.DOCUMENT).count() == 1
    with pytest.raises(Denied):
        added(referral, aud)


def test_a_document_opens_through_its_own_child_alone(client_of, amara, willow, referral):
    document = added(referral, amara)
    other = cast.referral(amara, held_by=willow, state="statutory", worker=amara)

    assert client_of(amara).get(f"{tab_of(other)}{document.reference}/").status_code == 404
    assert client_of(amara).get(f"{tab_of(other)}{document.reference}/take-out/").status_code == 404
    with pytest.raises(Denied):
        case_documents.take_out(other.reference, actor=amara, document=document, reason="Not here.")


def test_what_was_attached_is_read_through_the_other_unless_it_is_restricted(client_of, amara, mo, willow, referral):
    document = added(referral, amara)
    target = cast.referral(amara, held_by=willow, state="statutory", worker=amara, child=referral.person)
    Referral.objects.filter(pk=referral.pk).update(state="attached", attached_to=target)

    assert client_of(mo).get(f"{tab_of(target)}{document.reference}/").content == PDF
    assert "Documents are added there" in page(client_of(amara).get(tab_of(referral))).text
    assert client_of(amara).get(f"{tab_of(referral)}add/").status_code == 409
    with pytest.raises(NotReady) as refusal:
        added(Referral.objects.get(pk=referral.pk), amara)
    assert refusal.value.sentences == (case_documents.ATTACHED,)

    type(referral.record).objects.filter(pk=referral.pk).update(restricted=True)
    assert client_of(mo).get(f"{tab_of(target)}{document.reference}/").status_code == 404


# --- Taken out, and let be disclosed ----------------------------------------------------------------------------------


def test_added_by_mistake_it_is_taken_out_and_stays(client_of, amara, mo, referral):
    document = added(referral, amara, title="About somebody else")
    url = f"{tab_of(referral)}{document.reference}/"
    assert client_of(amara).post(f"{url}take-out/", {"reason": ""}).status_code == 422

    answer = client_of(mo).post(f"{url}take-out/", {"reason": "It belongs to another record."})

    assert answer.url == tab_of(referral)
    said = page(client_of(amara).get(tab_of(referral)))
    for words in ("No document yet", document.reference, "Mo", "It belongs to another record.", "Nothing is deleted"):
        assert words in said.text, words
    assert "About somebody else" not in said.text
    assert client_of(amara).get(url).status_code == 404
    assert client_of(amara).get(f"{url}take-out/").status_code == 409
    document.refresh_from_db()
    assert document_store.content(document) == PDF
    assert verbs(referral)[-1] == "take_out_document"
    with pytest.raises(NotReady):
        case_documents.take_out(referral.reference, actor=amara, document=document, reason="Again.")


def test_a_colleague_who_neither_added_it_nor_manages_takes_nothing_out(amara, mo, carl, rowan, referral):
    document = added(referral, mo)

    with pytest.raises(Denied):
        case_documents.take_out(referral.reference, actor=amara, document=document, reason="No.")


def test_a_manager_lets_it_be_disclosed(client_of, amara, mo, referral):
    document = added(referral, amara, do_not_disclose=True)
    url = f"{tab_of(referral)}{document.reference}/let-disclose/"
    assert client_of(amara).get(url).status_code == 403

    assert client_of(mo).post(url, {"reason": "The police agreed."}).url == tab_of(referral)

    assert "Do not disclose yet" not in page(client_of(amara).get(tab_of(referral))).text
    assert client_of(mo).get(url).status_code == 409
    with pytest.raises(Denied):
        case_documents.let_disclose(referral.reference, actor=amara, document=document, reason="No.")


# --- What must always be true -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [{"size": 0}, {"taken_out_reason": "Why"}, {"taken_out_at": "2026-11-01T10:00Z"}])
def test_the_database_refuses_what_cannot_be(referral, amara, change):
    document = added(referral, amara)

    with pytest.raises(IntegrityError), transaction.atomic():
        CaseDocument.objects.filter(pk=document.pk).update(**change)


def test_the_tab_asks_the_same_for_many(client_of, amara, referral):
    added(referral, amara)

    assert_same_queries(client_of(amara), tab_of(referral), lambda: [added(referral, amara) for _ in range(3)])

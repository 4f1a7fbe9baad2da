"""The pack for the police as a Word document: the same as the PDF, made from the same once."""

from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from docx import Document as Word
from docx.oxml.ns import qn
from docx.table import Table
from pypdf import PdfReader

from hsb.core import clock, document_store, word, words
from hsb.core.models import AccessRecord, Entry
from referrals import documents
from referrals.services import restricting
from tests.referrals import case_road as road
from tests.referrals import police_road
from tests.referrals.test_police_pages import step

pytestmark = pytest.mark.django_db
MARKING = "OFFICIAL-SENSITIVE"


def letters(text):
    """Without what is only layout: spaces, line ends, the points of a list."""
    return "".join(text.replace("•", "").split())


def said_in_pdf(form):
    """All that stands in the PDF between head and foot of its pages."""
    with BytesIO(document_store.content(form.document)) as stored:
        pages = [letters(page.extract_text()) for page in PdfReader(stored).pages]
    head = letters(f"{MARKING}To: {form.recipient}{words.day(clock.today())}")
    found = []
    for number, page in enumerate(pages, start=1):
        foot = letters(f"{MARKING}Page{number}of{len(pages)}")
        assert head in page and foot in page
        found.append(page.replace(head, "", 1).replace(foot, "", 1))
    return "".join(found)


def said_in_word(document):
    """All that stands in the Word document, without the head row of its tables."""
    found = []
    for part in document.iter_inner_content():
        if isinstance(part, Table):
            found += [cell.text for row in part.rows[1:] for cell in row.cells]
        else:
            found.append(part.text)
    return letters("".join(found))


@pytest.fixture
def together(front_door, amara, mo, willow):
    """(displayed, harmed): one concern, both with Amara's team."""
    displayed, harmed = road.awaiting(amara, "2", harmed=True)
    road.assess_harmed(harmed, amara)
    return displayed, harmed


def test_it_says_what_the_pdf_says_and_is_framed_as_a_word_document(together, amara, mo, monkeypatch):
    made = []
    gather = documents.police_pack
    monkeypatch.setattr(documents, "police_pack", lambda *told: made.append(told) or gather(*told))
    form = police_road.approved(together[0], amara, mo, risks_to_staff="None known.\n\nA dog.").latest_form()
    kept = form.word_document
    document = Word(BytesIO(document_store.content(kept)))

    assert len(made) == 1
    assert said_in_word(document) == said_in_pdf(form)
    assert "SafetyandsupportSky" in said_in_word(document).replace(":", "")

    assert (kept.kind, kept.recipient, kept.marking) == ("police_pack_word", form.recipient, MARKING)
    entry = Entry.objects.get(record=kept.record, verb="make_document", facts__document=kept.number)
    assert entry.facts["sha256"] == kept.sha256
    section = document.sections[0]
    assert section.header.paragraphs[0].text.startswith(f"{MARKING}\tTo: {form.recipient}")
    foot = section.footer.paragraphs[0]
    assert foot.text.startswith(f"{MARKING}\tPage")
    assert [each.get(qn("w:instr")) for each in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert document.core_properties.language == "en-GB"
    assert {each.get(qn("w:val")) for each in document.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    for table in document.tables:
        assert table.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
    styles = [each.style.name for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert styles[0] == "Heading 1" and {"Heading 2", "Heading 3", "Heading 4"} <= set(styles)


def test_what_somebody_typed_stays_text():
    typed = "A \x0b tab & <w:p/> 你好 \ufffe"
    made = word.made(word.Page("T", "R"), [("rows", [("L", typed)]), ("point", typed), ("rows", [])])

    said = said_in_word(Word(BytesIO(made)))

    assert said.count("&<w:p/>你好") == 2
    assert said.count("\ufffd") >= 2


def test_who_may_not_open_every_child_gets_neither(front_door, client_of, amara, mo, max, willow, rowan, carl):
    displayed, harmed = police_road.apart(amara, mo, ((willow, amara), (rowan, carl)))
    restricting.name_reader(harmed.reference, actor=max, reader=amara, reason="Drafts it for all.")
    restricting.name_reader(harmed.reference, actor=max, reader=mo, reason="Approves it for all.")
    police_road.approved(displayed, amara, mo)

    for pack in ("pack/1", "pack/1/word"):
        assert client_of(amara).get(step(displayed, pack)).status_code == 200
        assert client_of(carl).get(step(harmed, pack)).status_code == 404


def test_no_word_document_stands_without_its_pdf(together, amara, mo):
    form = police_road.approved(together[0], amara, mo).latest_form()
    form.document = None

    with pytest.raises(IntegrityError), transaction.atomic():
        form.save()


def test_every_child_is_looked_at(together, client_of, amara, mo):
    displayed, harmed = together
    form = police_road.approved(displayed, amara, mo).latest_form()

    answer = client_of(mo).get(step(displayed, "pack/1/word"))

    assert answer.content == document_store.content(form.word_document)
    assert answer["Content-Disposition"] == f'attachment; filename="{form.word_document.reference}.docx"'
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    for child in together:
        assert (
            AccessRecord.objects.filter(record=child.record, user=mo, page="police_pack_word", kind="document").count()
            == 1
        )
    hub = road.text(client_of(mo).get(road.url(displayed, "police-forms")))
    assert "Download the pack, version 1 (Word" in hub and "Download the pack, version 1 (PDF" in hub

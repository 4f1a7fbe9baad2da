"""A document is a PDF whose every page says how it is handled; what people wrote stays text (B4)."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

from pypdf import PdfReader

from hsb.core import documents

LETTER = Path(__file__).parent / "letter.typ"


def letter(*paragraphs):
    return {
        "title": "Letter",
        "marking": "OFFICIAL-SENSITIVE",
        "recipient": "Sample team",
        "date": "24 November 2026",
        "paragraphs": list(paragraphs),
    }


def pages(made):
    return [page.extract_text() for page in PdfReader(BytesIO(made.pdf)).pages]


def test_what_somebody_wrote_stays_text():
    written = '#panic("x") $y$ *bold* @label'

    made = documents.render(LETTER, letter(written))

    assert written in pages(made)[0]


def test_a_document_is_accessible_and_in_british_english():
    made = documents.render(LETTER, letter("Plain words."))

    root = PdfReader(BytesIO(made.pdf)).root_object
    assert made.accessible
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]


def test_a_name_in_any_script_is_never_a_reason_to_fail():
    made = documents.render(LETTER, letter("李小龙 محمد 🙂"))

    assert made.pdf.startswith(b"%PDF")


def test_a_character_no_font_has_gives_a_plain_document_that_says_so():
    made = documents.render(LETTER, letter("Seen with 李小龙 today."))

    assert not made.accessible
    assert documents.PLAIN in " ".join(pages(made)[0].split())


def test_marking_recipient_date_and_number_stand_on_every_page():
    made = documents.render(LETTER, letter(*["One of many lines."] * 120))

    first, last = pages(made)[0], pages(made)[-1]
    frame = ("OFFICIAL-SENSITIVE", "Sample team", "24 November 2026")
    assert len(pages(made)) > 1
    assert all(words in page for page in pages(made) for words in frame)
    assert f"Page 1 of {len(pages(made))}" in first
    assert f"Page {len(pages(made))} of {len(pages(made))}" in last


def test_two_documents_at_once_keep_apart():
    with ThreadPoolExecutor(2) as both:
        one, other = both.map(lambda words: documents.render(LETTER, letter(words)), ("First child.", "Second child."))

    assert "First child." in pages(one)[0]
    assert "Second child." in pages(other)[0]
    assert "First child." not in pages(other)[0]

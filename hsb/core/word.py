"""Word documents: plain blocks go in, a .docx comes out (decision 30).

A block is one of

    ("heading", level, text)    level 2 to 4; the title of the document is level 1
    ("rows", [(label, text)])   a table of two columns
    ("text", text)              each line that somebody wrote is a paragraph of its own
    ("point", text)             an item of a list
    ("page", )                  what follows begins a page
"""

import re
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import _Cell

from hsb.core import clock, words

LANGUAGE = "en-GB"
HEAD = ("Entry", "What is recorded")  # the head row of each table, said again on each page that it reaches
WIDTHS = (Mm(52), Mm(118))
# What no XML file may hold: everything else that somebody wrote stays text.
UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Page:
    """What stands on each page: the title once, marking and page numbers everywhere."""

    title: str
    recipient: str


def made(page, blocks):
    """The bytes of the document."""
    document = Document()
    _in_english(document)
    _about(document, page)
    _framed(document.sections[0], page)
    document.add_heading(_clean(page.title), level=1)
    for kind, *told in blocks:
        _BLOCKS[kind](document, *told)
    kept = BytesIO()
    document.save(kept)
    return kept.getvalue()


def _heading(document, level, text):
    document.add_heading(_clean(text), level=level)


def _rows(document, rows):
    if not rows:
        return
    # All rows at once, and each cell by its element: asked row by row, a long table takes seconds.
    table = document.add_table(rows=len(rows) + 1, cols=2, style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, WIDTHS, strict=True):
        column.width = width
    head, *body = table._tbl.tr_lst
    head.get_or_add_trPr().append(_element("w:tblHeader", val="true"))
    for row, (label, text) in zip((head, *body), (HEAD, *rows), strict=True):
        cells = [_Cell(element, table) for element in row.tc_lst]
        for element, width in zip(row.tc_lst, WIDTHS, strict=True):
            element.width = width
        cells[0].paragraphs[0].add_run(_clean(label)).bold = True
        _into(cells[1], text, bold=True if row is head else None)
    document.add_paragraph()  # two tables that touch become one


def _into(cell, text, bold):
    """Each line as a paragraph of the cell."""
    first, *more = _lines(text) or [""]
    cell.paragraphs[0].add_run(first).bold = bold
    for line in more:
        cell.add_paragraph(line)


def _text(document, text):
    for line in _lines(text):
        document.add_paragraph(line)


def _point(document, text):
    document.add_paragraph(_clean(text), style="List Bullet")


def _new_page(document):
    document.add_page_break()


_BLOCKS = {"heading": _heading, "rows": _rows, "text": _text, "point": _point, "page": _new_page}


def _lines(text):
    return [_clean(line) for line in str(text).split("\n") if line.strip()]


def _clean(text):
    return UNWRITABLE.sub("\ufffd", str(text))


# --- The frame ----------------------------------------------------------------------------------------------------


def _in_english(document):
    """The language in which Word reads it out and checks its spelling."""
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LANGUAGE)
    document.styles["Normal"].font.size = Pt(11)


def _about(document, page):
    told = document.core_properties
    told.title, told.author, told.language, told.comments = _clean(page.title), "HSB casework", LANGUAGE, ""
    told.created = told.modified = clock.now().replace(tzinfo=None)


def _framed(section, page):
    """A4; how it is handled, to whom it goes and its day above each page, and beneath it the page's number."""
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    across = section.page_width - section.left_margin - section.right_margin
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    for paragraph in (head, foot):
        # The centre and right of the template's own paper, which is wider.
        paragraph.paragraph_format.tab_stops.clear_all()
        paragraph.style = "Normal"
        paragraph.paragraph_format.tab_stops.add_tab_stop(across, WD_TAB_ALIGNMENT.RIGHT)
    head.add_run(settings.HANDLING_MARKING).bold = True
    head.add_run(f"\tTo: {_clean(page.recipient)}   {words.day(clock.today())}")
    foot.add_run(f"{settings.HANDLING_MARKING}\tPage ")
    _field(foot, "PAGE")
    foot.add_run(" of ")
    _field(foot, "NUMPAGES")


def _field(paragraph, name):
    """A number that Word works out by itself."""
    field = _element("w:fldSimple", instr=name)
    run = paragraph.add_run("1")
    field.append(run._r)
    paragraph._p.append(field)


def _element(name, **attributes):
    element = OxmlElement(name)
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element

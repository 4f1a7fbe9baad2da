"""Documents: a Typst template and plain data go in, a PDF comes out (decision 15)."""

import json
from dataclasses import dataclass

import typst
from django.conf import settings

from hsb.core import clock, words

PLAIN = "Some characters could not be printed here. Read them in the record."


@dataclass(frozen=True)
class Made:
    pdf: bytes
    accessible: bool  # PDF/UA-1; a plain PDF says on its first page what is missing


def framed(template, *, title, recipient, data, banner=""):
    """The PDF of `template`, a name in templates/documents, in the frame that stands on each page of every document.

    `banner` is what a page must say besides: that it is only a draft.
    """
    frame = {
        "title": title,
        "recipient": recipient,
        "marking": settings.HANDLING_MARKING,
        "date": words.day(clock.today()),
        "banner": banner,
    }
    return render(settings.BASE_DIR / "templates" / "documents" / template, {**data, **frame})


def render(template, data):
    """The PDF of `template` (a path) with `data`, which goes in as JSON: what somebody wrote stays text.

    PDF/UA-1 first; a character that no font has is refused there, and the document is made all the same, with a notice.
    """
    try:
        return Made(_compiled(template, data, notice="", pdf_standards=["ua-1"]), accessible=True)
    except typst.TypstError:
        return Made(_compiled(template, data, notice=PLAIN), accessible=False)


def _compiled(template, data, *, notice, **options):
    """Only the fonts that come with Typst: the same document on every machine."""
    return typst.compile(
        str(template),
        root=str(settings.BASE_DIR),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**data, "notice": notice})},
        **options,
    )

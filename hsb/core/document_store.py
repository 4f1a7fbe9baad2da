"""Keeps documents outside the web root, each as it was made (practice.md B4; docs/house.md, Documents)."""

import hashlib
import uuid
from contextlib import contextmanager
from contextvars import ContextVar

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from hsb.core import clock, documents, journal, word
from hsb.core.models import Document, Record
from hsb.core.numbers import last_number
from hsb.core.once import made_before


class Damaged(Exception):
    """The stored file is missing, or not the one that was made."""


# The names of the files written in the innermost `undone_together` block.
_written = ContextVar("written", default=None)


@contextmanager
def undone_together():
    """Around what a service does in its transaction: the files kept inside go when it is refused or fails.

    The file is written before the commit, and taken away where an exception leaves this block, which stands inside the
    transaction: what is taken away is rolled back for certain. Written after the commit it would be lost where the
    process is killed between the two. A commit whose answer never came is therefore not undone either: a file that no
    row names is less bad than a row whose document is gone.
    """
    around, mine = _written.get(), []
    token = _written.set(mine)
    try:
        yield
    except BaseException:
        for name in mine:
            default_storage.delete(name)
        raise
    else:
        if around is not None:  # the block around this one may still fail
            around.extend(mine)
    finally:
        _written.reset(token)


def write(content, ending="pdf"):
    """The name under which the file is kept: a random one. Call within `undone_together`."""
    name = default_storage.save(f"documents/{uuid.uuid4().hex}.{ending}", ContentFile(content))
    _written.get().append(name)
    return name


def keep(record, *, template, data, title, recipient, **told):
    """Makes a PDF of `record` and keeps it; returns the Document, the same form twice the same one.

    `template` is a name in templates/documents; `data` is plain. Title, recipient, marking and day are added to it.
    `told`: kind, actor, once, about. A service that does more than this in its transaction stands in
    `undone_together`.
    """

    def make():
        made = documents.framed(template, title=title, recipient=recipient, data=data)
        return made.pdf, "pdf", made.accessible

    return _keep(record, make, title=title, recipient=recipient, **told)


def keep_word(record, *, blocks, title, recipient, **told):
    """The same for a Word document; `blocks` as hsb.core.word makes them."""

    def make():
        return word.made(word.Page(title, recipient), blocks), "docx", True

    return _keep(record, make, title=title, recipient=recipient, **told)


@transaction.atomic
@undone_together()
def _keep(record, make, *, kind, title, recipient, actor, once, about=""):
    """`make()` gives the bytes, the ending of the file's name, and whether who uses a screen reader can read it."""
    Record.objects.locked().get(pk=record.pk)
    before = made_before(Document.objects.filter(record=record, kind=kind, about=about), once)
    if before is not None:
        return before
    made, ending, accessible = make()
    last = last_number(Document.objects.filter(record=record))
    document = Document.objects.create(
        record=record,
        number=last + 1,
        kind=kind,
        about=about,
        title=title,
        recipient=recipient,
        marking=settings.HANDLING_MARKING,
        stored_name=write(made, ending),
        sha256=hashlib.sha256(made).hexdigest(),
        size=len(made),
        accessible=accessible,
        made_at=clock.now(),
        made_by=actor,
        once=once,
    )
    journal.write(record, "make_document", actor=actor, document=document.number, kind=kind, sha256=document.sha256)
    return document


def content(document):
    """The bytes of a kept document. Raises Damaged where it is not there or not what was made."""
    try:
        with default_storage.open(document.stored_name) as stored:
            found = stored.read()
    except FileNotFoundError as missing:
        raise Damaged(document.reference) from missing
    if hashlib.sha256(found).hexdigest() != document.sha256:
        raise Damaged(document.reference)
    return found

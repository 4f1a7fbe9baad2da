"""Keeps documents outside the web root, each as it was made (practice.md B4; docs/house.md, Documents)."""

import hashlib
import uuid

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Max

from hsb.core import clock, documents, journal, words
from hsb.core.models import Document, Record


class Damaged(Exception):
    """The stored file is missing, or not the one that was made."""


@transaction.atomic
def keep(record, *, kind, template, title, recipient, data, actor, once, about=""):
    """Makes a document of `record` and keeps it; returns the Document, the same form twice the same one.

    `template` is a name in templates/documents; `data` is plain. Title, recipient, marking and day are added to it.
    """
    Record.objects.select_for_update().get(pk=record.pk)
    before = Document.objects.filter(once=once).first()
    if before is not None:
        return before
    frame = {
        "title": title,
        "recipient": recipient,
        "marking": settings.HANDLING_MARKING,
        "date": words.day(clock.today()),
    }
    made = documents.render(settings.BASE_DIR / "templates" / "documents" / template, {**data, **frame})
    last = Document.objects.filter(record=record).aggregate(last=Max("number"))["last"] or 0
    document = Document.objects.create(
        record=record,
        number=last + 1,
        kind=kind,
        about=about,
        title=title,
        recipient=recipient,
        marking=frame["marking"],
        stored_name=default_storage.save(f"documents/{uuid.uuid4().hex}.pdf", ContentFile(made.pdf)),
        sha256=hashlib.sha256(made.pdf).hexdigest(),
        size=len(made.pdf),
        accessible=made.accessible,
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

"""The tab "Documents": what people brought to a child's record, and what was taken out again."""

from django.urls import reverse

from hsb.core import words
from hsb.core.models import Record
from hsb.core.states import Scanned
from referrals.models import CaseDocument
from referrals.permissions import can_hold_back, can_see, can_take_out_document, can_tell_again
from referrals.states import ReferralState

COLUMNS = ("Document", "Kind", "Added", "File", "What can be done")
OUT_COLUMNS = ("Document", "Taken out", "Why")


def takes_documents(referral):
    """One that was attached to another of the same child takes nothing more: it goes to the other."""
    return referral.state != ReferralState.ATTACHED


def read_through(referral):
    """The documents that whoever opens `referral` reads."""
    return CaseDocument.objects.read_through(referral).select_related("added_by", "taken_out_by")


def documents_tab(referral, user):
    """What the tab shows of a referral that `user` may open."""
    found = list(read_through(referral).order_by("-added_at", "-pk"))
    standing = [each for each in found if each.taken_out_at is None]
    out = [each for each in found if each.taken_out_at is not None]
    may_add = can_see(referral, user) and takes_documents(referral)
    may_let, may_hold = can_tell_again(referral, user), can_hold_back(referral, user)
    rows = [_row(each, referral, user, may_let, may_hold) for each in standing]
    columns = COLUMNS
    if not any(row[-1]["links"] for row in rows):
        rows, columns = [row[:-1] for row in rows], columns[:-1]
    return {
        "caption": words.count(len(standing), "document") if standing else "No document yet",
        "columns": columns,
        "rows": rows,
        "out_columns": OUT_COLUMNS,
        "out": [_out_row(each) for each in out],
        "add_url": reverse("referrals:add_document", args=[referral.reference]) if may_add else "",
        "attached_to": _attached_to(referral),
    }


def _attached_to(referral):
    """The reference of the referral to which this one was attached; "" where it was not."""
    if referral.attached_to_id is None:
        return ""
    return Record.objects.values_list("reference", flat=True).get(pk=referral.attached_to_id)


def url_of(name, referral, document):
    return reverse(f"referrals:{name}", args=[referral.reference, document.reference])


def _row(document, referral, user, may_let, may_hold):
    dated = f", dated {words.day(document.dated_on)}" if document.dated_on else ""
    silent = [{"text": "Do not disclose yet", "meaning": "soon"}] if document.do_not_disclose else []
    scanned = {
        "text": document.get_scanned_display(),
        "meaning": "quiet" if document.scanned == Scanned.CLEAN else "soon",
    }
    called = f"U{document.number}" if document.referral_id == referral.pk else document.reference
    deeds = []
    if document.do_not_disclose and may_let:
        url = url_of("let_disclose_document", referral, document)
        deeds.append({"text": f"{called} can be disclosed", "url": url})
    if not document.do_not_disclose and may_hold:
        url = url_of("hold_document_back", referral, document)
        deeds.append({"text": f"Do not disclose {called} yet", "url": url})
    if can_take_out_document(referral, user, document):
        url = url_of("take_out_document", referral, document)
        deeds.append({"text": f"{called} was added by mistake", "url": url})
    return [
        {
            "text": document.title,
            "url": url_of("document", referral, document),
            "note": f"{document.reference}{dated}. From: {document.came_from}",
            "tags": silent,
        },
        {"text": document.get_kind_display()},
        {"text": words.instant(document.added_at), "note": document.added_by.name},
        {"text": f"{document.get_file_type_display()}, {size_in_words(document.size)}", "tags": [scanned]},
        {"text": "", "links": deeds},
    ]


def _out_row(document):
    """Without its title: of a document that belongs to somebody else it may say whose."""
    return [
        {"text": document.reference, "note": document.get_kind_display()},
        {"text": words.instant(document.taken_out_at), "note": document.taken_out_by.name},
        {"text": document.taken_out_reason},
    ]


def size_in_words(size):
    """ "12 kB", "3.4 MB"."""
    if size < 1024 * 1024:
        return f"{max(1, size // 1024)} kB"
    return f"{size / (1024 * 1024):.1f} MB"

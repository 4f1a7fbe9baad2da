"""Files that somebody brings, as they come and as they should not; and a scanner that speaks clamd's protocol."""

import socketserver
import struct
import threading
import zipfile
from contextlib import contextmanager
from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from hsb.core import uploads
from referrals.services import case_documents

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\nstartxref\n9\n%%EOF\n"
TYPES = '<Types><Override ContentType="application/vnd.openxmlformats-officedocument.{}.main+xml"/>{}</Types>'
WORD, EXCEL = "wordprocessingml.document", "spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"


class Sent(SimpleUploadedFile):
    """A file that can be sent again, as a browser does."""

    def read(self, *args):
        self.seek(0)
        return super().read(*args)


def a_file(content=PDF, name="report.pdf"):
    return Sent(name, content)


def packed(parts, compression=zipfile.ZIP_DEFLATED):
    into = BytesIO()
    with zipfile.ZipFile(into, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return into.getvalue()


def office(main=WORD, more="", **parts):
    """A Word document or Excel workbook; `parts` beside what it must have, `more` in its list of types."""
    return packed({"[Content_Types].xml": TYPES.format(main, more), "word/document.xml": "<w/>", **parts})


def odt(mimetype=ODT, manifest="<m/>", **parts):
    return packed(
        {"mimetype": mimetype, "content.xml": "<o/>", "META-INF/manifest.xml": manifest, **parts},
    )


def added(referral, actor, content=PDF, name="report.pdf", **told):
    """Adds it through the service; returns the CaseDocument."""
    told = {"kind": "education", "title": "School report", "came_from": "The school"} | told
    once = told.pop("once", None) or uuid4()
    upload = uploads.read(a_file(content, name))
    return case_documents.add(referral.reference, actor=actor, once=once, upload=upload, **told)


class _Speaking(socketserver.StreamRequestHandler):
    def handle(self):
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(length)
        self.server.heard.append(content)
        self.wfile.write(self.server.answer)


@contextmanager
def a_scanner(answer=b"stream: OK\0"):
    """(address, what it was sent): a server on this machine that speaks INSTREAM and answers so."""
    with socketserver.TCPServer(("127.0.0.1", 0), _Speaking) as server:
        server.answer, server.heard = answer, []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}", server.heard
        finally:
            server.shutdown()
            thread.join()

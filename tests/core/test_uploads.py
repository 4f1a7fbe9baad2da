"""A file is what its name says, and nothing hides in it; the scanner is asked in its own protocol."""

import socket
import zipfile
from contextlib import closing

import pytest
from django.core.files.uploadhandler import MemoryFileUploadHandler, TemporaryFileUploadHandler
from django.test import RequestFactory

from hsb.core import scanning, uploads
from hsb.core.states import FileType, Scanned
from tests.referrals.papers_of_a_child import EXCEL, ODT, PDF, TYPES, WORD, a_file, a_scanner, odt, office, packed

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x00IEND\xaeB`\x82"
JPG = b"\xff\xd8\xff\xe0" + bytes(20) + b"\xff\xd9"
RTF = b"{\\rtf1 Plain words.}"
LOCKED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")


def locked_zip():
    """The archive as an encrypting packer writes it: the first flag of each part is set."""
    content = bytearray(office())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(mark, start + 1)) >= 0:
            content[start + flags] |= 1
    return bytes(content)


def damaged_zip():
    """One part's content is not what its checksum says."""
    content = packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "plain words"}, zipfile.ZIP_STORED)
    return content.replace(b"plain words", b"other words")


@pytest.mark.parametrize(
    ("name", "content", "file_type"),
    [
        ("report.pdf", PDF, FileType.PDF),
        ("REPORT.Docx", office(), FileType.DOCX),
        ("table.xlsx", office(EXCEL), FileType.XLSX),
        ("letter.odt", odt(), FileType.ODT),
        ("letter.rtf", RTF, FileType.RTF),
        ("note.txt", "Zoë’s words.\r\n".encode(), FileType.TXT),
        ("note.txt", "Zoë’s words.".encode("cp1252"), FileType.TXT),
        ("note.txt", "Zoë’s words.".encode("utf-16"), FileType.TXT),
        ("scan.png", PNG, FileType.PNG),
        ("scan.jpeg", JPG, FileType.JPG),
    ],
)
def test_what_is_taken(name, content, file_type):
    upload = uploads.read(a_file(content, name))

    assert (upload.type, upload.content) == (file_type, content)
    assert uploads.CONTENT_TYPES[upload.type]


OTHER, LOCKED, PROGRAM, INSIDE = uploads.NOT_WHAT_IT_SAYS, uploads.LOCKED, uploads.PROGRAM, uploads.FILE_INSIDE
MACRO_TYPE = '<Default Extension="xyz" ContentType="application/vnd.ms-office.vbaProject"/>'


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("report.exe", b"MZ", uploads.NOT_TAKEN),
        ("report", PDF, uploads.NOT_TAKEN),
        ("page.html", b"<html>", uploads.NOT_TAKEN),
        ("drawing.svg", b"<svg/>", uploads.NOT_TAKEN),
        ("mail.msg", LOCKED_OFFICE, uploads.NOT_TAKEN),
        ("report.pdf", b"", uploads.NO_FILE),
        # One type under another's name
        ("report.pdf", office(), OTHER),
        ("report.pdf", PDF[:-20], OTHER),
        ("report.docx", PDF, OTHER),
        ("report.docx", office(EXCEL), OTHER),
        ("report.docx", packed({"a.txt": "x"}), OTHER),
        ("report.docx", damaged_zip(), OTHER),
        ("report.docx", packed({"[Content_Types].xml": TYPES.format(WORD, "")}, zipfile.ZIP_BZIP2), OTHER),
        ("report.docx", LOCKED_OFFICE[:600], OTHER),
        ("report.docx", b"MZ" + bytes(64) + office(), OTHER),
        ("table.xlsx", b"<html><script>" + office(EXCEL), OTHER),
        ("report.odt", PDF + odt(), OTHER),
        ("report.odt", odt("application/vnd.oasis.opendocument.spreadsheet"), OTHER),
        ("report.odt", packed({"mimetype": ODT, "content.xml": "<o/>"}), OTHER),
        ("report.rtf", b"Plain words.", OTHER),
        ("note.txt", PDF, OTHER),
        ("note.txt", b"one\x00two", OTHER),
        ("scan.png", JPG, OTHER),
        ("scan.png", PNG[:40], OTHER),
        ("scan.jpg", b"<script>", OTHER),
        # Locked
        ("report.pdf", PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 5 0 R"), LOCKED),
        ("report.pdf", PDF.replace(b"/Root 1 0 R", b"/Root 1 0 R /E#6ecrypt 5 0 R"), LOCKED),
        ("report.docx", LOCKED_OFFICE, LOCKED),
        ("report.docx", locked_zip(), LOCKED),
        ("report.odt", odt(manifest="<m:encryption-data/>"), LOCKED),
        # Programs
        ("report.docm", office(), PROGRAM),
        ("report.docx", office(**{"word/vbaProject.bin": "x"}), PROGRAM),
        ("report.docx", office(more=MACRO_TYPE, **{"word/other.xyz": "x"}), PROGRAM),
        ("report.docx", packed({"[Content_Types].xml": "application/vnd.ms-word.document.macroEnabled"}), PROGRAM),
        ("report.docx", packed({"[Content_Types].xml": TYPES.format(WORD, MACRO_TYPE).encode("utf-16")}), PROGRAM),
        ("table.xlsx", office(EXCEL, **{"xl/macrosheets/sheet1.xml": "x"}), PROGRAM),
        ("report.odt", odt(**{"Basic/Standard/Module1.xml": "x"}), PROGRAM),
        ("report.pdf", PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /JavaScript /JS (x) >>"), PROGRAM),
        ("report.pdf", PDF.replace(b"/Catalog", b"/Catalog /OpenAction << /S /J#61vaScript /JS (x) >>"), PROGRAM),
        # Files in files
        ("report.docx", office(**{"word/embeddings/oleObject1.bin": "x"}), INSIDE),
        ("report.odt", odt(**{"Object 1": "x"}), INSIDE),
        ("report.pdf", PDF.replace(b"/Catalog", b"/Catalog /EmbeddedFiles 4 0 R"), INSIDE),
        ("report.rtf", b"{\\rtf1 {\\object\\objdata 0105}}", INSIDE),
    ],
)  # fmt: skip
def test_what_is_refused(name, content, sentence):
    with pytest.raises(uploads.Refused) as refusal:
        uploads.read(a_file(content, name))

    assert refusal.value.sentence == sentence


def test_what_unpacks_to_too_much_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(uploads, "MOST_UNPACKED", 100_000)
    bomb = office(**{"word/media/a.xml": "x" * 100_001})
    assert len(bomb) < 2_000
    monkeypatch.setattr(zipfile.ZipFile, "testzip", lambda archive: pytest.fail("It was unpacked."))

    with pytest.raises(uploads.Refused) as refusal:
        uploads.read(a_file(bomb, "report.docx"))

    assert refusal.value.sentence == uploads.TOO_MUCH_INSIDE


def test_what_comes_after_the_limit_is_not_kept_in_memory_or_on_disk(settings):
    """The words beside it are; and the form says that the file is too large."""
    settings.UPLOAD_MAX_MB = 3
    for megabytes, handler in ((12, TemporaryFileUploadHandler), (4, TemporaryFileUploadHandler)):
        sent = {"file": a_file(PDF + b"x" * (megabytes * 1024 * 1024)), "title": "Report"}
        request = RequestFactory().post("/", sent)
        request.upload_handlers = [uploads.Bounded(), MemoryFileUploadHandler(request), handler(request)]

        file = request.FILES["file"]

        assert request.POST["title"] == "Report"
        assert uploads.most() < file.size < uploads.most() + 200_000
        with pytest.raises(uploads.Refused, match="larger than 3 MB"):
            uploads.read(file)
        file.close()


# --- The scanner ----------------------------------------------------------------------------------------------------


def test_the_scanner_hears_the_whole_file_and_says_that_it_is_clean(settings):
    content = bytes(range(256)) * 600  # several pieces
    with a_scanner() as (settings.CLAMD_URL, heard):
        assert scanning.scan(content) == Scanned.CLEAN

    assert heard == [content]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (b"stream: Eicar-Test-Signature FOUND\0", scanning.Found),
        (b"INSTREAM size limit exceeded. ERROR\0", scanning.NoAnswer),
        (b"stream: OK but not quite\0", scanning.NoAnswer),
        (b"", scanning.NoAnswer),
    ],
)
def test_anything_but_clean_is_not_clean(settings, answer, problem):
    with a_scanner(answer) as (settings.CLAMD_URL, _), pytest.raises(problem):
        scanning.scan(b"words")


def test_nobody_there_is_no_answer(settings, tmp_path):
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))  # and does not listen
        for settings.CLAMD_URL in (f"tcp://127.0.0.1:{taken.getsockname()[1]}", f"unix:{tmp_path}/clamd"):
            with pytest.raises(scanning.NoAnswer):
                scanning.scan(b"words")


def test_without_a_scanner_it_says_not_scanned(settings):
    settings.CLAMD_URL = ""

    assert scanning.scan(b"words") == Scanned.NOT_SCANNED

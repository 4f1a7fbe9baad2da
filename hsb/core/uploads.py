"""Files that people bring: which types are taken, and whether a file is what its name says (decision 26).

The browser's word for the type is not asked. The ending of the name says what a file should be, and opening it says
whether it is. What is locked, carries a program or has another file inside is refused: no scanner sees into it.
"""

import re
import zipfile
import zlib
from dataclasses import dataclass
from io import BytesIO

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler

from hsb.core.states import FileType

# What a browser is told that the file is.
CONTENT_TYPES = {
    FileType.PDF: "application/pdf",
    FileType.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.ODT: "application/vnd.oasis.opendocument.text",
    FileType.RTF: "application/rtf",
    FileType.TXT: "text/plain",
    FileType.PNG: "image/png",
    FileType.JPG: "image/jpeg",
}
SAME_AS = {"jpeg": FileType.JPG}
ENDINGS = (*FileType.values, *SAME_AS)
WITH_PROGRAMS = {"docm", "dotm", "xlsm", "xltm", "xlam", "xlsb"}
# Of what is packed: so many parts, unpacked so large together. Far above any letter, far below what stops a server.
MOST_PARTS = 3_000
MOST_UNPACKED = 150 * 1024 * 1024

OTHERWISE = "Print it to a new PDF, and choose that"
NO_FILE = "The file is empty. Choose another file"
NOT_TAKEN = (
    "Choose a PDF, a Word (.docx), Excel (.xlsx), OpenDocument (.odt), RTF or text document, or a scan as PNG or JPEG. "
    "Save anything else, an e-mail too, as PDF first"
)
NOT_WHAT_IT_SAYS = (
    "The file is not what the ending of its name says, or it is damaged. Open it, save it again, and choose that"
)
LOCKED = f"The file is locked with a password, or protected. {OTHERWISE}"
PROGRAM = f"The file has macros or other programs in it. {OTHERWISE}"
FILE_INSIDE = f"The file has another file inside it. {OTHERWISE}, and add the other by itself"
TOO_MUCH_INSIDE = f"The file unpacks to more than can be looked through. {OTHERWISE}"


class Refused(Exception):
    """The file is not taken; `sentence` says why, and what to do."""

    def __init__(self, sentence):
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True)
class Upload:
    """A file that was looked through: made by `read` alone."""

    type: str
    content: bytes


def most():
    """How many bytes a file may have."""
    return settings.UPLOAD_MAX_MB * 1024 * 1024


def limits_in_words():
    """What is taken, as it stands beside the field."""
    return (
        f"At most {settings.UPLOAD_MAX_MB} MB. PDF, Word (.docx), Excel (.xlsx), OpenDocument (.odt), RTF or plain "
        "text, or a scan as PNG or JPEG. Save an e-mail as PDF first. Locked files and files with macros are refused."
    )


def read(file):
    """The Upload that a sent file is. `file` is Django's. Raises Refused."""
    ending = file.name.rpartition(".")[2].lower()
    if ending in WITH_PROGRAMS:
        raise Refused(PROGRAM)
    if ending not in ENDINGS:
        raise Refused(NOT_TAKEN)
    if file.size > most():
        raise Refused(f"The file is larger than {settings.UPLOAD_MAX_MB} MB. Make it smaller, or add it in parts")
    content = file.read()
    if not content:
        raise Refused(NO_FILE)
    file_type = SAME_AS.get(ending) or FileType(ending)
    CHECKS[file_type](content)
    return Upload(file_type, content)


class Bounded(FileUploadHandler):
    """Stands before Django's own handlers: what comes after the limit is not kept, on disk or in memory.

    The file is then just larger than the limit, which is how the form that asked for it knows.
    """

    def receive_data_chunk(self, raw_data, start):
        return raw_data if start <= most() else None

    def file_complete(self, file_size):
        return None


# --- What each type is when it is opened ----------------------------------------------------------------------------


def _pdf(content):
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2048:]:
        raise Refused(NOT_WHAT_IT_SAYS)
    # A name may be written by numbers: "/J#61vaScript".
    content = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), content)
    # In the trailer, which is never itself encrypted or packed: "/Encrypt 12 0 R", or the dictionary itself.
    if re.search(rb"/Encrypt\s*(\d+\s+\d+\s+R|<<)", content):
        raise Refused(LOCKED)
    if re.search(rb"/(JavaScript|Launch|RichMedia)\b", content):
        raise Refused(PROGRAM)
    if re.search(rb"/EmbeddedFiles?\b", content):
        raise Refused(FILE_INSIDE)


def _docx(content):
    _office(content, main=b"wordprocessingml.document.main+xml")


def _xlsx(content):
    _office(content, main=b"spreadsheetml.sheet.main+xml")


def _office(content, *, main):
    """Word's and Excel's own: what every part is stands in [Content_Types].xml, whatever the parts are called."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        # A password makes another kind of file of it; so does an old Word under a new ending.
        raise Refused(LOCKED if "EncryptedPackage".encode("utf-16-le") in content else NOT_WHAT_IT_SAYS)
    names, types = _unpacked(content, "[Content_Types].xml")
    types = types.replace(b"\x00", b"").lower()  # in UTF-16, too
    if main not in types and b"macroenabled" not in types:
        raise Refused(NOT_WHAT_IT_SAYS)
    programs = ("vbaproject.bin", "vbadata.xml")
    if any(name.endswith(programs) or "/activex/" in name or "/macrosheets/" in name for name in names):
        raise Refused(PROGRAM)
    if any(word in types for word in (b"macroenabled", b"vbaproject", b"activex", b"macrosheet")):
        raise Refused(PROGRAM)
    if any("/embeddings/" in name for name in names) or b"oleobject" in types:
        raise Refused(FILE_INSIDE)


def _odt(content):
    names, says = _unpacked(content, "mimetype")
    if says.strip() != CONTENT_TYPES[FileType.ODT].encode() or "content.xml" not in names:
        raise Refused(NOT_WHAT_IT_SAYS)
    if any(name.startswith(("basic/", "scripts/")) for name in names):
        raise Refused(PROGRAM)
    if any(name.startswith("object ") for name in names):
        raise Refused(FILE_INSIDE)
    _, manifest = _unpacked(content, "META-INF/manifest.xml")
    if b"encryption-data" in manifest:
        raise Refused(LOCKED)


def _unpacked(content, wanted):
    """(names of all parts in small letters, content of the part `wanted`), of an archive that unpacks whole."""
    if not content.startswith(b"PK\x03\x04"):
        # An archive is found from its end: before it may stand a program, or another file.
        raise Refused(NOT_WHAT_IT_SAYS)
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            if any(part.flag_bits & 1 for part in parts):
                raise Refused(LOCKED)
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Refused(TOO_MUCH_INSIDE)
            # Others unpack in steps of any size; no office program writes them.
            if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
                raise Refused(NOT_WHAT_IT_SAYS)
            # Reads each part to the size it claims and no further; one that lied about it fails its checksum.
            if archive.testzip() is not None:
                raise Refused(NOT_WHAT_IT_SAYS)
            return {part.filename.lower().lstrip("/") for part in parts}, archive.read(wanted)
    except (zipfile.BadZipFile, zlib.error, KeyError, EOFError, NotImplementedError, ValueError, OSError) as broken:
        raise Refused(NOT_WHAT_IT_SAYS) from broken


def _rtf(content):
    if not content.startswith(b"{\\rtf") or not content.rstrip(b"\x00 \r\n\t").endswith(b"}"):
        raise Refused(NOT_WHAT_IT_SAYS)
    if re.search(rb"\\obj(data|ect)", content):
        raise Refused(FILE_INSIDE)


# What a file begins with that is something else under the name of plain text.
SIGNATURES = (
    b"%PDF",
    b"PK\x03\x04",
    b"MZ",
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"\xd0\xcf\x11\xe0",
    b"GIF8",
    b"\x7fELF",
)


def _txt(content):
    if content.startswith(SIGNATURES):
        raise Refused(NOT_WHAT_IT_SAYS)
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return
    raise Refused(NOT_WHAT_IT_SAYS)


def _png(content):
    if not content.startswith(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR") or b"IEND" not in content[-12:]:
        raise Refused(NOT_WHAT_IT_SAYS)


def _jpg(content):
    if not content.startswith(b"\xff\xd8\xff") or b"\xff\xd9" not in content[-1024:]:
        raise Refused(NOT_WHAT_IT_SAYS)


CHECKS = {
    FileType.PDF: _pdf,
    FileType.DOCX: _docx,
    FileType.XLSX: _xlsx,
    FileType.ODT: _odt,
    FileType.RTF: _rtf,
    FileType.TXT: _txt,
    FileType.PNG: _png,
    FileType.JPG: _jpg,
}

"""Asks the virus scanner about a file: clamd's own protocol (INSTREAM), where CLAMD_URL says where it listens."""

import socket
import struct
from contextlib import closing
from time import monotonic
from urllib.parse import urlsplit

from django.conf import settings

from hsb.core.states import Scanned

PIECE = 64 * 1024
LONGEST_ANSWER = 4096
SECONDS = 30  # for all of it: somebody waits


class Found(Exception):
    """The scanner found something in the file."""


class NoAnswer(Exception):
    """A scanner is configured, and did not say that it looked at the file."""


def scan(content):
    """Scanned.CLEAN, or NOT_SCANNED where no scanner is configured. Raises Found and NoAnswer.

    Call before anything is locked: the scanner takes its time.
    """
    if not settings.CLAMD_URL:
        return Scanned.NOT_SCANNED
    try:
        said = _asked(content)
    except OSError as trouble:
        raise NoAnswer from trouble
    if said.endswith(b" FOUND"):
        raise Found
    if said != b"stream: OK":
        raise NoAnswer
    return Scanned.CLEAN


def _asked(content):
    ends_at = monotonic() + SECONDS
    with closing(_connected()) as scanner:

        def send(data):
            scanner.settimeout(max(ends_at - monotonic(), 0.01))
            scanner.sendall(data)

        send(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start : start + PIECE]
            send(struct.pack("!L", len(piece)) + piece)
        send(struct.pack("!L", 0))
        said = b""
        while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
            scanner.settimeout(max(ends_at - monotonic(), 0.01))
            heard = scanner.recv(LONGEST_ANSWER)
            if not heard:
                break
            said += heard
    return said.strip(b"\0\n ")


def _connected():
    where = urlsplit(settings.CLAMD_URL)
    if where.scheme == "tcp":
        return socket.create_connection((where.hostname, where.port), timeout=SECONDS)
    scanner = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        scanner.settimeout(SECONDS)
        scanner.connect(where.path)
    except OSError:
        scanner.close()
        raise
    return scanner

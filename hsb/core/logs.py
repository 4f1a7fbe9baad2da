"""Logs as JSON lines that hold no personal data: no query strings, no form content, no local variables."""

import json
import logging
import re

QUERY = re.compile(r"\?[^\s\"']*")


class JsonFormatter(logging.Formatter):
    """One line: time, level, logger, message; for an error the exception's type and where it was raised.

    The exception's own text is left out: a database error quotes the row, which may hold a child's name.
    """

    def format(self, record):
        line = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname,
            "logger": record.name,
            "message": QUERY.sub("", record.getMessage()),
        }
        if record.exc_info and record.exc_info[0]:
            kind, _, trace = record.exc_info
            line["error"] = kind.__name__
            line["trace"] = [f"{f.f_code.co_filename}:{n}" for f, n in _frames(trace)][-12:]
        return json.dumps(line, ensure_ascii=False)


def _frames(trace):
    while trace:
        yield trace.tb_frame, trace.tb_lineno
        trace = trace.tb_next

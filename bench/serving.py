"""The product in a child process: pages through Django's real handler, raw SQL on a connection of its own.

Both run in the same process and against the same database, so that their times can be compared. The parent half is
`Serving`; the child half answers one line of JSON with another.
"""

import json
import os
import subprocess
import sys
import time
import traceback
from contextlib import ExitStack, suppress
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# A session is locked when nothing is asked for half an hour: long before, the reader signs in again.
SIGNED_IN_FOR = 600  # seconds
CHILD = "bench.serving"


class Answer(NamedTuple):
    """What a page cost: milliseconds, status, bytes of its body, how many SQL statements."""

    ms: float
    status: int
    bytes: int
    queries: int


class Failed(Exception):
    """The child could not do what it was asked; the text is its own traceback."""


class Serving:
    """A running child. Use `get`, `page`, `sql`, `rows`, `call`; `close` ends it."""

    def __init__(self, database, log):
        """`database` has `environment()`; what the child says on standard error is added to the file `log`."""
        with open(log, "a", encoding="utf-8") as said:
            self._child = subprocess.Popen(
                [sys.executable, "-m", CHILD],
                cwd=ROOT,
                env=database.environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        self._log = log

    def get(self, user, url):
        """A GET of `url` by `user` (an e-mail address): Answer."""
        return Answer(*self._ask(do="get", user=user, url=url)["answer"])

    def page(self, user, url):
        """The same, untimed: {"status", "body", "statements"} with the SQL of the page as it ran."""
        return self._ask(do="page", user=user, url=url)

    def sql(self, text, params=()):
        """Milliseconds of one statement with its rows fetched; psycopg2, its own connection, no transaction."""
        return self._ask(do="sql", text=text, params=params)["ms"]

    def rows(self, text, params=()):
        """The rows of one statement, as lists; dates as text."""
        return self._ask(do="rows", text=text, params=params)["rows"]

    def call(self, function, **arguments):
        """What `function` ("module:name") returns in the child, as JSON carries it."""
        return self._ask(do="call", function=function, arguments=arguments)["returned"]

    def _ask(self, **asked):
        self._child.stdin.write(json.dumps(asked, default=_as_json) + "\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            raise Failed(f"The serving process ended; its last words are in {self._log}.")
        answer = json.loads(line)
        if "failed" in answer:
            raise Failed(answer["failed"])
        return answer

    def close(self):
        with suppress(BrokenPipeError):  # it ended before us, and something was not yet written
            self._child.stdin.close()
        try:
            self._child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()


# --- The child ---------------------------------------------------------------------------------------------------

_standing = ExitStack()
_houses = []


def house():
    """The child's own house, for functions that are called in the child: `get`, `page`, `sql`, `rows`."""
    return _houses[0]


def prepare():
    """Django's WSGI application, with the product's clock at noon of the day on which the database's data ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    application = import_module("django.core.wsgi").get_wsgi_application()
    clock = import_module("hsb.core.clock")
    timezone = import_module("django.utils.timezone")
    day = date.fromisoformat(os.environ["BENCH_AS_OF"])
    _standing.enter_context(clock.moved_to(timezone.make_aware(datetime.combine(day, time_of_day(12)))))
    return application


class _House:
    """The application, who is signed in, and the connection of the raw SQL."""

    def __init__(self):
        self.application = prepare()
        self.connection = import_module("django.db").connection
        self.statements = []
        self.count = 0
        self.keeping = False
        self.connection.execute_wrappers.append(self._counted)
        self.signed_in = {}
        psycopg2 = import_module("psycopg2")
        self.raw = psycopg2.connect(os.environ["DATABASE_URL"])
        self.raw.autocommit = True

    def _counted(self, execute, sql, params, many, context):
        self.count += 1
        if self.keeping:
            cursor = context["cursor"]
            self.statements.append(
                cursor.mogrify(sql, params).decode() if params and not many else sql,
            )
        return execute(sql, params, many, context)

    def cookie(self, email):
        """The cookies of that reader's browser, who signs in where it is long since the last time."""
        cookie, at = self.signed_in.get(email, ("", float("-inf")))
        if time.monotonic() - at > SIGNED_IN_FOR:
            cookie = import_module("bench.facts").cookie(email)
            self.signed_in[email] = (cookie, time.monotonic())
        return cookie

    def asked(self, user, url):
        """(milliseconds, status, body, statements) of a GET through the whole handler."""
        path, _, query = url.partition("?")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "SCRIPT_NAME": "",
            "QUERY_STRING": query,
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_HOST": "testserver",
            "HTTP_USER_AGENT": "bench",
            "HTTP_COOKIE": self.cookie(user),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": False,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        said = []
        self.count = 0
        began = time.perf_counter_ns()
        response = self.application(environ, lambda status, headers, exc_info=None: said.append(status))
        body = b"".join(response)
        response.close()
        ms = (time.perf_counter_ns() - began) / 1e6
        return ms, int(said[0].split()[0]), body, self.count

    # --- What the parent can ask for ---
    def get(self, user, url):
        ms, status, body, count = self.asked(user, url)
        return {"answer": [ms, status, len(body), count]}

    def page(self, user, url):
        self.cookie(user)
        self.statements, self.keeping = [], True
        try:
            _, status, body, _ = self.asked(user, url)
        finally:
            self.keeping = False
        return {"status": status, "body": body.decode("utf-8", "replace"), "statements": self.statements}

    def _run(self, text, params):
        with self.raw.cursor() as cursor:
            began = time.perf_counter_ns()
            cursor.execute(text, params or None)
            rows = cursor.fetchall() if cursor.description else []
            return (time.perf_counter_ns() - began) / 1e6, rows

    def sql(self, text, params):
        return {"ms": self._run(text, params)[0]}

    def rows(self, text, params):
        return {"rows": self._run(text, params)[1]}

    def call(self, function, arguments):
        module, _, name = function.partition(":")
        return {"returned": getattr(import_module(module), name)(**arguments)}


def _as_json(value):
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, memoryview):
        return bytes(value).hex()
    return str(value)


def serve():
    """Answers until standard input ends. What anything prints goes to standard error: standard output is the line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    _houses.append(_House())
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            answer = getattr(house(), asked.pop("do"))(**asked)
        except Exception:
            # Whatever went wrong is the parent's to tell.
            answer = {"failed": traceback.format_exc()}
        answers.write(json.dumps(answer, default=_as_json) + "\n")
        answers.flush()


if __name__ == "__main__":
    # The module by its own name: what is called in the child asks it for the house.
    import_module(CHILD).serve()

"""Running the same thing in several threads at once, each with a database connection of its own."""

import threading
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

SECONDS_TO_MEET = 30


def at_once(*calls):
    """Starts all `calls` at the same moment; returns for each what it returned, or the exception it raised."""
    start = threading.Barrier(len(calls))

    def run(call):
        try:
            start.wait(SECONDS_TO_MEET)
            return call()
        except Exception as problem:  # noqa: BLE001  (what went wrong is what the test looks at)
            return problem
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))

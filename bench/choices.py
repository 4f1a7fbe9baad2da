"""`python -m bench.choices`: what the deployment chooses, each choice measured through gunicorn: requests a second.

Not a row: nothing is judged. What docs/deploy.md says of workers, connections and PostgreSQL comes from here.
"""

import random
import sys
from statistics import median

from bench import pages
from bench.postgres import server
from bench.run import SEED, Bench, folder
from bench.web import per_second, web

# What is chosen, and the others: workers of gunicorn, and variables of its environment.
CHOSEN = "2 workers, connections kept, statements planned once, no JIT"
CHOICES = {
    CHOSEN: (2, {}),
    "1 worker": (1, {}),
    "3 workers": (3, {}),
    "4 workers": (4, {}),
    "a connection for each request (CONN_MAX_AGE=0)": (2, {"CONN_MAX_AGE": "0"}),
    "each statement planned anew (PREPARED_STATEMENTS=0)": (2, {"PREPARED_STATEMENTS": "0"}),
    "PostgreSQL compiles what looks dear (jit=on)": (2, {"PGOPTIONS": "-c jit=on"}),
}
PAGES = {"worker's list": ("worker", pages.LIST), "manager's home": ("manager", pages.HOME)}
TURNS, SECONDS = 2, 4


def measure(bench):
    """{choice: {page: [requests a second]}}; the choices in another order in each turn."""
    database, rng = bench.large, random.Random(SEED)
    serving = database.serve()
    cookies = {who: serving.call("bench.facts:cookie", email=database.readers[who]) for who, _ in PAGES.values()}
    found = {choice: {page: [] for page in PAGES} for choice in CHOICES}
    for _ in range(TURNS):
        for choice in rng.sample(list(CHOICES), len(CHOICES)):
            workers, variables = CHOICES[choice]
            with web(database, workers, **variables) as port:
                for page, (who, url) in PAGES.items():
                    per_second(port, url, cookies[who], 1)
                    found[choice][page].append(per_second(port, url, cookies[who], SECONDS))
    return found


def main(words):
    size = words[0] if words else "full"
    with server(folder()) as address:
        bench = Bench(address, size)
        try:
            found = measure(bench)
        finally:
            bench.close()
    for choice, of_pages in found.items():
        said = ", ".join(
            f"{page} {median(speeds):.1f} ({min(speeds):.1f} to {max(speeds):.1f})" for page, speeds in of_pages.items()
        )
        print(f"{choice}: {said}")


if __name__ == "__main__":
    main(sys.argv[1:])

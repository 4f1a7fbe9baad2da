"""What a row measures with, without a database: a bench whose child answers what the test says."""

import random
from types import SimpleNamespace

from bench.serving import Answer


class Child:
    """A serving process: `answers` {what is called, by the name of the function: a function of its arguments}."""

    def __init__(self, answers=(), pages=None, sql=None, rows=None):
        self.answers, self.pages, self.called = dict(answers), pages, []
        self._sql, self._rows = sql, rows

    def call(self, function, **arguments):
        name = function.partition(":")[2]
        self.called.append(name)
        return self.answers[name](**arguments)

    def sql(self, text, params=()):
        return self._sql(text)

    def rows(self, text, params=()):
        return self._rows(text)

    def get(self, user, url):
        return self.pages(url)

    def page(self, user, url):
        return self.pages.listed


def answer(ms=1.0, size=1000, status=200):
    return Answer(ms, status, size, 3)


class Bench:
    """A small run on which everything is `child`'s to answer; `small` may have another one."""

    size, rounds = "small", 9

    def __init__(self, child, small=None):
        readers = {"manager": "manager@example.org"}
        self.large = SimpleNamespace(readers=readers, serve=lambda: child)
        self.small = SimpleNamespace(readers=readers, serve=lambda: small or child)
        self.rng = random.Random(1)
        self.built = []

    def own(self, *what):
        self.built.append(what)
        return self.large


def verdicts(figures):
    return [figure.verdict for figure in figures]

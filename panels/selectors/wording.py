"""Words that must not leave the police's copy, or stand in minutes: found where four of an entry follow one another, or
all of one that has fewer (B12)."""

import unicodedata

from strategy_meetings.states import ThemeKind

RUN = 4  # words in a row
# An entry of little words alone ("yes", "see it") tells nothing: some word of it is at least this long, in letters.
TELLING = 4


def runs_in(text, entries, *, told=()):
    """[(entry, words)] of the first run that `text` shares with what each of the entries says.

    A run is RUN words or more; of what says fewer words, all of them. What one of the entries `told` says too is no
    secret of theirs.
    """
    said = _words(text)
    known = {}
    for length in range(1, RUN + 1):
        for at, run in enumerate(_runs(said, length)):
            known.setdefault(run, at)
    shared = [(entry, words, at) for entry in entries for words in _says(entry) if (at := _shared(words, known))]
    if not shared:
        return []
    lengths = {_length(words) for _, words, _ in shared}
    free = {run for entry in told for words in _told_by(entry) for length in lengths for run in _runs(words, length)}
    found = {}
    for entry, words, starts in shared:
        length = _length(words)
        start = next((start for start in starts if words[start : start + length] not in free), None)
        if start is not None and entry not in found:
            at = known[words[start : start + length]]
            found[entry] = " ".join(_longest(words, start, said, at, length))
    return list(found.items())


def _says(entry):
    """The words of an entry's text and of what it calls whom or what it is about: they tell as much. What is not for
    minutes alone stands there under that."""
    texts = (entry.text, _about(entry)) if entry.police_only else (entry.text,)
    return [words for words in map(_words, texts) if any(len(word) >= TELLING for word in words)]


def _told_by(entry):
    """The words that an entry tells where all of it stands: its text, and what its item is called."""
    return [words for words in map(_words, (entry.text, _about(entry))) if words]


def _about(entry):
    """How somebody who cannot be named is described; what a place or a group is called. What repeats across cases, a
    theme, is called in words of every day, and a person's name is no word of an entry."""
    if entry.place_id:
        return entry.place.name
    if entry.theme_id and entry.theme.kind == ThemeKind.GROUP:
        return entry.theme.name
    return entry.described


def _length(words):
    return min(RUN, len(words))


def _shared(words, known):
    """Where in these words a run begins that is among the known ones."""
    return [start for start, run in enumerate(_runs(words, _length(words))) if run in known]


def _runs(words, length):
    return [words[at : at + length] for at in range(len(words) - length + 1)]


def _longest(words, start, said, at, length):
    while start + length < len(words) and at + length < len(said) and words[start + length] == said[at + length]:
        length += 1
    return words[start : start + length]


def _words(text):
    """The words of a text as they are compared: small letters and digits, whatever stands between them and however its
    letters are composed."""
    letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = (c for c in letters if c not in "'’" and unicodedata.category(c) != "Cf")
    return tuple("".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in kept).split())

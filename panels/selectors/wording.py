"""Words that must not leave the police's copy, or stand in minutes: found where four of an entry follow one another, or
all of one that has fewer (B12)."""

from hsb.core.runs import RUN, TELLING, length_of, longest, runs, words_of
from strategy_meetings.states import ThemeKind


def runs_in(text, entries, *, told=()):
    """[(entry, words)] of the first run that `text` shares with what each of the entries says.

    A run is RUN words or more; of what says fewer words, all of them. What one of the entries `told` says too is no
    secret of theirs.
    """
    said = words_of(text)
    known = {}
    for length in range(1, RUN + 1):
        for at, run in enumerate(runs(said, length)):
            known.setdefault(run, at)
    shared = [(entry, words, at) for entry in entries for words in _says(entry) if (at := _shared(words, known))]
    if not shared:
        return []
    lengths = {length_of(words) for _, words, _ in shared}
    free = {run for entry in told for words in _told_by(entry) for length in lengths for run in runs(words, length)}
    found = {}
    for entry, words, starts in shared:
        length = length_of(words)
        start = next((start for start in starts if words[start : start + length] not in free), None)
        if start is not None and entry not in found:
            at = known[words[start : start + length]]
            found[entry] = " ".join(longest(words, start, said, at, length))
    return list(found.items())


def _says(entry):
    """The words of an entry's text and of what it calls whom or what it is about: they tell as much. What is not for
    minutes alone stands there under that."""
    texts = (entry.text, _about(entry)) if entry.police_only else (entry.text,)
    return [words for words in map(words_of, texts) if any(len(word) >= TELLING for word in words)]


def _told_by(entry):
    """The words that an entry tells where all of it stands: its text, and what its item is called."""
    return [words for words in map(words_of, (entry.text, _about(entry))) if words]


def _about(entry):
    """How somebody who cannot be named is described; what a place or a group is called. What repeats across cases, a
    theme, is called in words of every day, and a person's name is no word of an entry."""
    if entry.place_id:
        return entry.place.name
    if entry.theme_id and entry.theme.kind == ThemeKind.GROUP:
        return entry.theme.name
    return entry.described


def _shared(words, known):
    """Where in these words a run begins that is among the known ones."""
    return [start for start, run in enumerate(runs(words, length_of(words))) if run in known]

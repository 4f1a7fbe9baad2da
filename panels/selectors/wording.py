"""Words that must not leave the police's copy, or stand in minutes: found where four follow one another (B12)."""

RUN = 4  # words in a row


def runs_in(text, entries, *, told=()):
    """[(entry, words)] of the first run of RUN words or more that `text` shares with what each of the entries says.

    What one of the entries `told` says too is no secret of theirs.
    """
    said = _words(text)
    free = {run for entry in told for says in _says(entry) for run in _runs(says)}
    known = {}
    for at, run in enumerate(_runs(said)):
        if run not in free:
            known.setdefault(run, at)
    found = []
    for entry in entries if known else ():
        for words in _says(entry):
            start = next((at for at, run in enumerate(_runs(words)) if run in known), None)
            if start is not None:
                found.append((entry, " ".join(_longest(words, start, said, known[tuple(words[start : start + RUN])]))))
                break
    return found


def _says(entry):
    """The words of an entry's text and of how it describes whom it is about: they tell as much. What is not for minutes
    alone stands there under its description."""
    texts = (entry.text, entry.described) if entry.police_only else (entry.text,)
    return [_words(text) for text in texts]


def _runs(words):
    return [tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1)]


def _longest(words, start, said, at):
    length = RUN
    while start + length < len(words) and at + length < len(said) and words[start + length] == said[at + length]:
        length += 1
    return words[start : start + length]


def _words(text):
    """The words of a text as they are compared: small letters and digits, whatever stands between them."""
    return "".join(c if c.isalnum() else " " for c in text.casefold() if c not in "'’").split()

"""Words that must not leave the police's copy, or stand in minutes: found where four follow one another (B12)."""

RUN = 4  # words in a row


def runs_in(text, entries):
    """[(entry, words)] of the first run of RUN words or more that `text` shares with each of the entries' own text."""
    said = _words(text)
    known = {}
    for at in range(len(said) - RUN + 1):
        known.setdefault(tuple(said[at : at + RUN]), at)
    found = []
    for entry in entries:
        words = _words(entry.text)
        start = next((at for at in range(len(words) - RUN + 1) if tuple(words[at : at + RUN]) in known), None)
        if start is not None:
            found.append((entry, " ".join(_longest(words, start, said, known[tuple(words[start : start + RUN])]))))
    return found


def _longest(words, start, said, at):
    length = RUN
    while start + length < len(words) and at + length < len(said) and words[start + length] == said[at + length]:
        length += 1
    return words[start : start + length]


def _words(text):
    """The words of a text as they are compared: small letters and digits, whatever stands between them."""
    return "".join(c if c.isalnum() else " " for c in text.casefold() if c not in "'’").split()

"""Words that one text repeats of another: found where several follow one another, however they are written."""

import unicodedata

RUN = 4  # words in a row
# A text of little words alone ("yes", "see it") tells nothing: some word of it is at least this long, in letters.
TELLING = 4
FEWEST = 2  # words: one alone ("School") is a word of every day


def shared(text, secret):
    """The first words that `text` repeats of `secret`: RUN words or more, of a shorter one all of it; "" for none."""
    said, kept = words_of(text), words_of(secret)
    length = length_of(kept)
    if len(kept) < FEWEST or not any(len(word) >= TELLING for word in kept):
        return ""
    known = {run: at for at, run in reversed(list(enumerate(runs(said, length))))}
    for start, run in enumerate(runs(kept, length)):
        if run in known:
            return " ".join(longest(kept, start, said, known[run], length))
    return ""


def length_of(words):
    return min(RUN, len(words))


def runs(words, length):
    return [words[at : at + length] for at in range(len(words) - length + 1)]


def longest(words, start, said, at, length):
    """The run of `words` at `start` that stands in `said` at `at`, as far as the two go on together."""
    while start + length < len(words) and at + length < len(said) and words[start + length] == said[at + length]:
        length += 1
    return words[start : start + length]


def words_of(text):
    """The words of a text as they are compared: small letters and digits, whatever stands between them and however its
    letters are composed."""
    letters = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    kept = (c for c in letters if c not in "'’" and unicodedata.category(c) != "Cf")
    return tuple("".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in kept).split())

"""The list of words that a text is asked about, and of names that are let be."""

from django.urls import reverse

from hsb.core import words
from hsb.core.models import PreferredWord
from hsb.core.states import WordKind

ENDED = "ended"
STATES = [("", "Words"), (WordKind.NAME, "Names"), (ENDED, "Taken off the list")]
CAPTIONS = {
    "": "Words that are asked about, and what is preferred",
    WordKind.NAME: "Names in which no word is asked about",
    ENDED: "What was taken off the list",
}


def word_list(*, state=""):
    """The words, the names, or what has ended. A borough has some dozens: one page holds them."""
    state = state if state in CAPTIONS else ""
    found = PreferredWord.objects.select_related("added_by", "ended_by").order_by("folded", "number")
    found = found.filter(ended_at__isnull=state != ENDED)
    if state != ENDED:
        found = found.filter(kind=state or WordKind.WORD)
    url = reverse("people:words")
    return {
        "caption": CAPTIONS[state],
        "head": ["Word or name", "Words preferred", "Added", "Ended"],
        "rows": [_row(row) for row in found],
        "empty": "Nothing has been taken off the list." if state == ENDED else "The list is empty.",
        "filters": [
            {"text": text, "url": f"{url}?state={code}" if code else url, "current": code == state}
            for code, text in STATES
        ],
    }


def _row(row):
    end = {"text": "Take it off", "url": reverse("people:end_word", args=[row.number]), "hidden": f": {row.word}"}
    return [
        row.word,
        row.instead or "None: it is a name",
        _by(row.added_at, row.added_by.name if row.added_by else "from the beginning"),
        _by(row.ended_at, row.ended_by.name) if row.ended_at else end,
    ]


def _by(at, who):
    return f"{words.day(at)}, {who}"

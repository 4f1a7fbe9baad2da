"""The pathway's texts, as the administrator reads and changes them: the document's words beside what is shown."""

from django.urls import reverse

from hsb.core import words
from referrals import pathway
from referrals.models import PathwayText

CAPTIONS = {
    pathway.INDICATOR: "Indicators",
    pathway.TIER: "Threshold tiers",
    pathway.RESPONSE: "Service response to a category",
    pathway.ROUTE: "Service response to a tier, for a child without a category",
}
SHOWN_CHANGES = 100
BEGINNING = "The words it began with"


def texts_of(version):
    """Every text of a version, by part, and what was changed, the newest first. Raises KeyError for no such version."""
    of = pathway.of(version)
    rows = list(PathwayText.objects.filter(version=version).select_related("by"))
    last = {row.key: row for row in rows}
    every = pathway.texts(of)
    return {
        "version": of.version,
        "from_on": of.from_on,
        "head": ["About", "The document's own words", "What pages show", "Change"],
        "parts": [
            {
                "caption": CAPTIONS[part],
                "rows": [_row(version, t, last.get(t.key)) for t in every if t.key.startswith(f"{part}-")],
            }
            for part in pathway.PARTS
        ],
        "change_head": ["When and who", "About", "From", "To"],
        "changes": _changes(every, rows),
        "more": len(rows) > SHOWN_CHANGES,
        "versions": [
            {"text": each.version, "url": url_of(each.version), "current": each.version == version}
            for each in reversed(pathway.VERSIONS)
        ],
    }


def text_of(version, key):
    """One text of a version as it stands: {"text" (pathway.Text), "stands", "number" (0: never changed), "changed"}.

    Raises KeyError for no such version or text.
    """
    text = next((each for each in pathway.texts(pathway.of(version)) if each.key == key), None)
    if text is None:
        raise KeyError(key)
    last = PathwayText.objects.filter(version=version, key=key).order_by("number").last()
    changed = bool(last and last.text)
    return {
        "text": text,
        "stands": last.text if changed else str(text.text),
        "number": last.number if last else 0,
        "changed": changed,
    }


def url_of(version):
    """The page of a version's texts: of the one that new referrals start on, unless it says another."""
    url = reverse("referrals:pathway_texts")
    return url if version == pathway.current().version else f"{url}?version={version}"


def _row(version, text, last):
    shown = {"text": last.text if last and last.text else text.text}
    if last:
        said = "Changed" if last.text else "The first words again since"
        shown["note"] = f"{said} {words.instant(last.at)}, {last.by.name}"
    elif not text.is_the_documents:
        shown["note"] = "From the beginning: it names what was done, not a child"
    link = {
        "text": "Change",
        "url": reverse("referrals:change_pathway_text", args=[version, text.key]),
        "hidden": f": {text.about}, {text.key}",
    }
    return [text.about, text.source, shown, link]


def _changes(every, rows):
    """The newest first; what stood before each is the change before it, or what the version began with."""
    beginning, before, told = {t.key: t for t in every}, {}, []
    for row in rows:
        text = beginning[row.key]
        now = row.text or str(text.text)
        told.append(
            [
                {"text": words.instant(row.at), "note": row.by.name},
                text.about,
                before.get(row.key, str(text.text)),
                {"text": now, "note": "" if row.text else BEGINNING},
            ]
        )
        before[row.key] = now
    return told[::-1][:SHOWN_CHANGES]

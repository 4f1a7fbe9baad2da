"""The settings of the borough, as the administrator reads them: value, unit, what each governs, who changed it last."""

from django.urls import reverse

from hsb.core import clock, settings_in_force, timescales, words
from hsb.core.models import Setting, SettingChange

HEAD = ("Setting", "Value", "Last changed")
HISTORY_HEAD = ("From", "Value", "Before", "Changed by", "Why")
STATUTORY_HEAD = ("What", "Within")
HISTORY_SHOWN = 50


def groups():
    """[{"caption", "rows"}]: every setting, in the order of the code. Two queries, however many there are."""
    rows = {}
    for row in Setting.objects.select_related("set_by").order_by("from_on"):
        rows.setdefault(row.key, []).append(row)
    found = {}
    for key, known in settings_in_force.SETTINGS.items():
        found.setdefault(known.group, []).append(_row(key, known, rows.get(key, [])))
    return [{"caption": caption, "rows": of_group} for caption, of_group in found.items()]


def _row(key, known, rows):
    today = clock.today()
    begun = [row for row in rows if row.from_on <= today]
    later = [row for row in rows if row.from_on > today]
    said = settings_in_force.in_words(key, begun[-1].value if begun else known.default)
    coming = "; ".join(f"from {words.day(row.from_on)}: {settings_in_force.in_words(key, row.value)}" for row in later)
    return [
        {"text": str(known.title), "url": reverse("overview:setting", args=[key]), "note": str(known.governs)},
        {"text": said, "note": coming},
        {"text": _by(begun[-1]) if begun else "Never: as it was delivered"},
    ]


def _by(row):
    who = row.set_by.name if row.set_by else "Whoever runs the service"
    return f"{words.day(row.set_at)}, {who}"


def statutory():
    """Rows of the timescales that are nobody's to set here."""
    return [[str(each.title), each.in_words] for each in timescales.ALL.values() if each.status == timescales.STATUTORY]


def history(key):
    """Rows of the changes of one setting, the latest first."""
    found = SettingChange.objects.filter(key=key).select_related("by").order_by("-number")[:HISTORY_SHOWN]
    return [
        [
            words.day(each.from_on),
            settings_in_force.in_words(key, each.value),
            settings_in_force.in_words(key, each.was),
            f"{each.by.name if each.by else 'Whoever runs the service'}, {words.instant(each.at)}",
            each.reason,
        ]
        for each in found
    ]

"""Themes and groups that were written before accents and apostrophes were folded away are found under today's fold."""

import unicodedata

from django.db import migrations

LONGEST = 200
AT_A_TIME = 1000


def folded(name):
    """As hsb.core.models.places.folded was when this was written."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (c for c in letters if c not in "'’" and not unicodedata.combining(c))
    plain = " ".join("".join(c if c.isalnum() else " " for c in kept).split())
    return plain or name.strip().casefold()


def fold_anew(apps, schema_editor):
    """Where two share a fold now, the later one stays as it is: what points at either goes on doing so."""
    themes = apps.get_model("strategy_meetings", "Theme").objects
    keys = list(themes.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), AT_A_TIME):
        for theme in themes.filter(pk__in=keys[start : start + AT_A_TIME]).order_by("pk"):
            fold = folded(theme.name)[:LONGEST]
            if fold == theme.folded or themes.filter(kind=theme.kind, folded=fold).exists():
                continue
            theme.folded = fold
            theme.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("strategy_meetings", "0009_intel_forms")]

    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop)]

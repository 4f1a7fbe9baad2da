"""Places that were written before accents and apostrophes were folded away are found under today's fold."""

import unicodedata

from django.db import migrations

LONGEST = 200


def folded(name):
    """As hsb.core.models.places.folded was when this was written."""
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    kept = (c for c in letters if c not in "'’" and not unicodedata.combining(c))
    plain = " ".join("".join(c if c.isalnum() else " " for c in kept).split())
    return plain or name.strip().casefold()


def fold_anew(apps, schema_editor):
    """Where two places share a fold now, both stay as they are: what points at either goes on doing so."""
    places = apps.get_model("core", "Place").objects
    for place in places.only("kind", "name", "postcode", "folded").iterator():
        fold = folded(place.name)[:LONGEST]
        if fold == place.folded or places.filter(kind=place.kind, folded=fold, postcode=place.postcode).exists():
            continue
        place.folded = fold
        place.save(update_fields=["folded"])


class Migration(migrations.Migration):
    dependencies = [("core", "0006_agenda_messages")]

    operations = [migrations.RunPython(fold_anew, migrations.RunPython.noop)]

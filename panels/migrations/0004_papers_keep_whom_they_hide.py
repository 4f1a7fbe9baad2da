"""A paper keeps the keys of the persons whose names it does not tell; until now it kept the numbers of items."""

from django.db import migrations


def forget_numbers(apps, schema_editor):
    """A number of an item would pass for the key of a person. A paper that is known to hide nobody stays closed to whom
    a restricted name is not for; made again, it is a new one."""
    apps.get_model("panels", "PanelPaper").objects.exclude(hidden=[]).update(hidden=[])


class Migration(migrations.Migration):
    dependencies = [("panels", "0003_minutes_are_amended")]

    operations = [migrations.RunPython(forget_numbers, migrations.RunPython.noop)]

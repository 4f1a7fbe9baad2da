"""The digest before an entry stands on the entry before it, and is in the entry's own: a copy of it was the sixth of a
journal.

The column goes in place on both databases: the table keeps its triggers, which is why it cannot be filled again. There
is no way back: an earlier version would call every entry altered.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0018_no_entries_by_writer")]

    operations = [
        migrations.RemoveField(model_name="entry", name="previous"),
        migrations.RunPython(migrations.RunPython.noop),
    ]

"""The digest before an entry stands on the entry before it, and is in the entry's own: a copy of it was the third of a
journal's text.

The column goes in place on both databases: the table keeps its triggers.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("core", "0018_no_entries_by_writer")]

    operations = [migrations.RemoveField(model_name="entry", name="previous")]

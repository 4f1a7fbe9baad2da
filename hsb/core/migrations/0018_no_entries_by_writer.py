"""Entries are asked for by their record: an index by who wrote them was written for each and read for none.

By hand, as 0017: the table keeps its triggers on SQLite.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

NAME, MADE_OF = "core_entry_actor_id_076b609e", 'core_entry" ("actor_id")'


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0017_no_index_twice"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{NAME}"', f'CREATE INDEX "{NAME}" ON "{MADE_OF}')
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="actor",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]

"""An index that another one begins with is written for every row and read for none.

By hand: to alter a foreign key Django makes the whole table anew on SQLite, without the triggers that refuse changes.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# {its name: what it was made of}
TWICE = {
    "core_entry_record_id_f45012db": 'core_entry" ("record_id")',
    "core_accessrecord_record_id_4b94952d": 'core_accessrecord" ("record_id")',
    "core_accessrecord_user_id_744f5250": 'core_accessrecord" ("user_id")',
}


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0016_restricted_records_by_key"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(f'DROP INDEX IF EXISTS "{name}"', f'CREATE INDEX "{name}" ON "{made_of}')
                for name, made_of in TWICE.items()
            ],
            state_operations=[
                migrations.AlterField(
                    model_name="entry",
                    name="record",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="core.record",
                    ),
                ),
                migrations.AlterField(
                    model_name="accessrecord",
                    name="record",
                    field=models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="looks",
                        to="core.record",
                    ),
                ),
                migrations.AlterField(
                    model_name="accessrecord",
                    name="user",
                    field=models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
    ]

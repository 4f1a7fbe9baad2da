"""Items that only the police know of are numbered for themselves; of two moves the later counts."""

from django.db import migrations, models
from django.db.models import Q
from django.utils import timezone


def give_moves_an_instant(apps, schema_editor):
    """When an item was moved was not kept until now: those that were are taken as moved at once."""
    items = apps.get_model("panels", "AgendaItem").objects
    items.filter(moved_to__isnull=False, moved_at__isnull=True).update(moved_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("panels", "0004_papers_keep_whom_they_hide")]

    operations = [
        migrations.AddField("agendaitem", "label_before", models.CharField(blank=True, max_length=12)),
        migrations.AddField("agendaitem", "moved_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("agendaitem", "police_only", models.BooleanField(default=False)),
        migrations.RunPython(give_moves_an_instant, migrations.RunPython.noop),
        migrations.RemoveConstraint("agendaitem", "agenda_item_moved_has_a_reason"),
        migrations.AddConstraint(
            "agendaitem",
            models.CheckConstraint(
                condition=Q(moved_to__isnull=True) | (~Q(moved_reason="") & Q(moved_at__isnull=False)),
                name="agenda_item_moved_has_a_reason",
            ),
        ),
    ]

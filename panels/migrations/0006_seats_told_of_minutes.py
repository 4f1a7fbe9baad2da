"""Seats keep when they were told of the minutes, and why not of a paper; an action when its agency was told of it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("panels", "0005_numbers_of_police_items")]

    operations = [
        migrations.AddField("panelseat", "untold_reason", models.TextField(blank=True, default=""), preserve_default=False),
        migrations.AddField("panelseat", "minutes_version", models.PositiveSmallIntegerField(blank=True, null=True)),
        migrations.AddField("panelseat", "minutes_on", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "panelseat", "minutes_untold_reason", models.TextField(blank=True, default=""), preserve_default=False
        ),
        migrations.AddField("itemaction", "told_on", models.DateField(blank=True, null=True)),
        migrations.AddField(
            "itemaction", "told_how", models.CharField(blank=True, default="", max_length=200), preserve_default=False
        ),
        migrations.AddField("itemaction", "untold_reason", models.TextField(blank=True, default=""), preserve_default=False),
    ]

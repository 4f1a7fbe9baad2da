"""A message can tell of a panel's minutes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0007_places_folded_anew")]

    operations = [
        migrations.AlterField(
            model_name="message",
            name="what",
            field=models.CharField(
                choices=[
                    ("digest", "What is due"),
                    ("at_once", "To be done today"),
                    ("agenda", "The panel's agenda"),
                    ("minutes", "The panel's minutes"),
                ],
                max_length=20,
            ),
        ),
    ]

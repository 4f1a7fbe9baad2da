"""A message can tell that a record was opened in an emergency, and that a caseload is to be given to others."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0009_preferred_words")]

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
                    ("break_glass", "A record was opened in an emergency"),
                    ("leaver", "A caseload is to be given to others"),
                ],
                max_length=20,
            ),
        ),
    ]

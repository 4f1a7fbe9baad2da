"""An addendum can be for the police only."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("panels", "0006_seats_told_of_minutes")]

    operations = [migrations.AddField("agendaversion", "police_only", models.BooleanField(default=False))]

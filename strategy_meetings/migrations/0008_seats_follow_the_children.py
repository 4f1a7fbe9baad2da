from django.db import migrations, models


def mark(apps, schema_editor):
    """Of the seats so far: the forms name no user of their own, and each edit moves the version on."""
    seats = apps.get_model('strategy_meetings', 'Seat').objects
    seats.filter(user__isnull=False, version=1, state='expected').update(filled_in=True)


class Migration(migrations.Migration):

    dependencies = [
        ('strategy_meetings', '0007_when_no_further_action_was_decided'),
    ]

    operations = [
        migrations.AddField(
            model_name='seat',
            name='filled_in',
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark, migrations.RunPython.noop),
    ]

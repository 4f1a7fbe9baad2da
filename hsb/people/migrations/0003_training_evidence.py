from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('people', '0002_team_mailbox'),
    ]

    operations = [
        migrations.AddField(
            model_name='historicaltraining',
            name='evidence',
            field=models.CharField(blank=True, max_length=200),
        ),
        migrations.AddField(
            model_name='training',
            name='evidence',
            field=models.CharField(blank=True, max_length=200),
        ),
    ]

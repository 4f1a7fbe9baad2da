"""The words that a text field asks about once, with the list that the service begins with."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from hsb.core import wording


def begin(apps, schema_editor):
    wording.begin(apps.get_model("core", "PreferredWord"), timezone.now())


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0008_panel_minutes_messages'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PreferredWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True)),
                ('kind', models.CharField(choices=[('word', 'A word to ask about'), ('name', 'A name to let be')], max_length=10)),
                ('word', models.CharField(max_length=120)),
                ('folded', models.CharField(max_length=120)),
                ('instead', models.CharField(blank=True, max_length=200)),
                ('added_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('folded',), name='preferred_word_in_force_once'), models.CheckConstraint(condition=models.Q(models.Q(('folded', ''), _negated=True), models.Q(('kind', 'name'), models.Q(('instead', ''), _negated=True), _connector='OR')), name='preferred_word_says_what_instead'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='preferred_word_ended_by_somebody')],
            },
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

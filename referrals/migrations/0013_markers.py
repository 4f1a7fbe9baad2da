"""Markers: warning notes on a child or an adult, and their reviews."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0012_identity'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Marker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('kind', models.CharField(choices=[('lone_worker', 'Risk to lone workers'), ('in_pairs', 'Home visit in pairs'), ('no_contact', 'Do not contact this address'), ('court_order', 'Court order restricts contact'), ('interpreter', 'Needs an interpreter'), ('keep_apart', "Keep apart from a named child's class")], max_length=20)),
                ('reason', models.TextField()),
                ('person_told_on', models.DateField(blank=True, null=True)),
                ('person_not_told_because', models.TextField(blank=True)),
                ('parent_told_on', models.DateField(blank=True, null=True)),
                ('parent_not_told_because', models.TextField(blank=True)),
                ('review_on', models.DateField()),
                ('added_at', models.DateTimeField()),
                ('once', models.UUIDField(unique=True)),
                ('version', models.PositiveIntegerField(default=0)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('ended_reason', models.TextField(blank=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agreed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='markers', to='referrals.person')),
            ],
            options={
                'ordering': ['person_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='MarkerReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('due_on', models.DateField()),
                ('review_on', models.DateField()),
                ('reason', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('marker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='referrals.marker')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='MarkerTelling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(choices=[('person', 'The person themselves'), ('parent', 'A parent or carer')], max_length=10)),
                ('told_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('marker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tellings', to='referrals.marker')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed_by', models.F('added_by')), _negated=True), models.Q(('confirmed_by__isnull', True), models.Q(('confirmed_by', models.F('added_by')), _negated=True), _connector='OR')), name='marker_agreed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('confirmed_at__isnull', True), ('confirmed_by__isnull', True)), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='marker_confirmed_by_whom'),
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.UniqueConstraint(fields=('person', 'number'), name='marker_number_once'),
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='marker_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person_not_told_because', ''), ('person_told_on__isnull', False)), models.Q(('person_told_on__isnull', True), models.Q(('person_not_told_because', ''), _negated=True)), _connector='OR'), name='marker_person_told_or_why_not'),
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.CheckConstraint(condition=models.Q(('parent_told_on__isnull', True), ('parent_not_told_because', ''), _connector='OR'), name='marker_parent_told_or_why_not'),
        ),
        migrations.AddConstraint(
            model_name='marker',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True), ('ended_reason', '')), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False), models.Q(('ended_reason', ''), _negated=True)), _connector='OR'), name='marker_ended_by_whom_and_why'),
        ),
        migrations.AddConstraint(
            model_name='markerreview',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='marker_review_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='markertelling',
            constraint=models.UniqueConstraint(fields=('marker', 'who'), name='marker_telling_once'),
        ),
    ]

"""The tables as they stood when migrations began anew: no borough had started, and the steps until then were many."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

from hsb.core import wording
from hsb.core.tables_at_once import TablesAtOnce


def begin(apps, schema_editor):
    """The words that a text field asks about once."""
    wording.begin(apps.get_model("core", "PreferredWord"), timezone.now())


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("core", "0001_records_journal_access"),
        ("core", "0002_actions_and_meetings"),
        ("core", "0003_documents"),
        ("core", "0004_messages"),
        ("core", "0005_intel_forms"),
        ("core", "0006_agenda_messages"),
        ("core", "0007_places_folded_anew"),
        ("core", "0008_panel_minutes_messages"),
        ("core", "0009_preferred_words"),
        ("core", "0010_emergency_messages"),
        ("core", "0011_training_messages"),
    ]

    dependencies = [
        ('people', '0001_beginning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TablesAtOnce([
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('process', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(choices=[('digest', 'What is due'), ('at_once', 'To be done today'), ('agenda', "The panel's agenda"), ('minutes', "The panel's minutes"), ('break_glass', 'A record was opened in an emergency'), ('leaver', 'A caseload is to be given to others'), ('training', 'A recorded training ends soon')], max_length=20)),
                ('on', models.DateField()),
                ('about', models.CharField(blank=True, max_length=40)),
                ('made_at', models.DateTimeField()),
                ('lease_until', models.DateTimeField(blank=True, null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('sent_at', models.DateTimeField(blank=True, null=True)),
                ('read_at', models.DateTimeField(blank=True, null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='messages', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('home', "A child's home"), ('school', 'School or nursery'), ('placement', "Foster home or children's home"), ('park', 'Park or open space'), ('street', 'Street or estate'), ('transport', 'Bus, train or station'), ('shop', 'Shop, café or shopping centre'), ('club', 'Club, sport or place of worship'), ('online', 'Online or on a phone'), ('other', 'Somewhere else'), ('unknown', 'Not known')], max_length=20)),
                ('name', models.CharField(max_length=200)),
                ('postcode', models.CharField(blank=True, max_length=8)),
                ('folded', models.CharField(max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'folded', 'postcode'), name='place_once')],
            },
        ),
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
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('kind', models.CharField(choices=[('referral', 'Referral'), ('concern', 'Concern'), ('person', 'Person'), ('police_referral', 'Police referral'), ('meeting', 'Strategy meeting'), ('intel_form', 'Intel form'), ('mapping', 'Mapping meeting'), ('panel', 'Panel')], max_length=20)),
                ('restricted', models.BooleanField(default=False)),
                ('opened_at', models.DateTimeField()),
                ('entry_count', models.PositiveIntegerField(default=0)),
                ('head', models.CharField(blank=True, max_length=64)),
                ('holding_team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.team')),
            ],
        ),
        migrations.CreateModel(
            name='ExternalId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=40)),
                ('value', models.CharField(max_length=40)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='external_ids', to='core.record')),
            ],
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('verb', models.CharField(max_length=60)),
                ('from_state', models.CharField(blank=True, max_length=30)),
                ('to_state', models.CharField(blank=True, max_length=30)),
                ('reason', models.TextField(blank=True)),
                ('happened_on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('pathway_version', models.CharField(blank=True, max_length=20)),
                ('facts', models.JSONField(default=dict)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='core.record')),
            ],
            options={
                'ordering': ['record_id', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(max_length=40)),
                ('about', models.CharField(blank=True, max_length=40)),
                ('title', models.CharField(max_length=200)),
                ('recipient', models.CharField(max_length=200)),
                ('marking', models.CharField(max_length=100)),
                ('stored_name', models.CharField(max_length=200, unique=True)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.PositiveIntegerField()),
                ('accessible', models.BooleanField()),
                ('made_at', models.DateTimeField()),
                ('once', models.UUIDField(unique=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='core.record')),
            ],
            options={
                'ordering': ['record', 'number'],
            },
        ),
        migrations.CreateModel(
            name='Action',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('about', models.CharField(blank=True, max_length=40)),
                ('number', models.PositiveSmallIntegerField()),
                ('what', models.TextField()),
                ('diversion', models.BooleanField(default=False)),
                ('agency', models.CharField(max_length=200)),
                ('owner_name', models.CharField(blank=True, max_length=200)),
                ('due_on', models.DateField()),
                ('agreed_at', models.DateTimeField()),
                ('done_on', models.DateField(blank=True, null=True)),
                ('outcome', models.TextField(blank=True)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_reason', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('once', models.UUIDField(unique=True)),
                ('agreed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='core.record')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agreed_actions', to='core.record')),
            ],
            options={
                'ordering': ['source', 'number'],
            },
        ),
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('page', 'Opened a page'), ('document', 'Opened a document'), ('export', 'Exported'), ('search', 'Searched'), ('refused', 'Was refused'), ('break_glass', 'Opened in an emergency')], max_length=20)),
                ('page', models.CharField(max_length=80)),
                ('because', models.CharField(blank=True, max_length=20)),
                ('terms', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='looks', to='core.record')),
            ],
        ),
        migrations.CreateModel(
            name='AccessGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(blank=True, choices=[('practitioner', 'Practitioner'), ('manager', 'Manager'), ('chair', 'Specialist chair'), ('minute_taker', 'Minute taker'), ('coordinator', 'Panel coordinator'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=20)),
                ('because', models.CharField(choices=[('author', 'you logged the concern'), ('holding_team', 'your team holds the referral'), ('authors_manager', 'you manage the team of the person who logged the concern'), ('allocated', 'you are the allocated worker'), ('allocated_team', 'you manage the team that has the referral'), ('asked', 'your team was asked for a decision'), ('named', 'a manager named you'), ('convened', 'you chair, or take the minutes of, a strategy meeting about the child'), ('writes_intel', 'you write the intel form'), ('panel', 'it was submitted to the panel'), ('maps', 'you hold the mapping meeting'), ('sits', 'you prepare, or sit on, the panel'), ('last_holder', 'you or your team had the referral when it was closed'), ('break_glass', 'you opened it in an emergency, with a reason')], max_length=20)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='people.team')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='grants', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grants', to='core.record')),
            ],
        ),
        migrations.CreateModel(
            name='AccessBar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField()),
                ('set_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(null=True)),
                ('lifted_reason', models.TextField(blank=True)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bars', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bars', to='core.record')),
            ],
        ),
        migrations.CreateModel(
            name='ReferenceCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('prefix', models.CharField(max_length=4)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('prefix', 'year'), name='reference_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchTerms',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('terms', models.JSONField()),
                ('at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Setting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=60)),
                ('value', models.JSONField()),
                ('from_on', models.DateField()),
                ('set_at', models.DateTimeField()),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('about', models.CharField(blank=True, max_length=40)),
                ('role', models.CharField(blank=True, choices=[('practitioner', 'Practitioner'), ('manager', 'Manager'), ('chair', 'Specialist chair'), ('minute_taker', 'Minute taker'), ('coordinator', 'Panel coordinator'), ('auditor', 'Auditor'), ('administrator', 'Administrator')], max_length=20)),
                ('started_on', models.DateField()),
                ('due_on', models.DateField()),
                ('opened_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('cancelled_at', models.DateTimeField(null=True)),
                ('cancelled_reason', models.TextField(blank=True)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('owner', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to=settings.AUTH_USER_MODEL)),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='core.record')),
                ('team', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='people.team')),
            ],
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('due_soon', 'Due soon'), ('overdue', 'Late'), ('overdue_manager', 'Late in your team'), ('at_once', 'To be done today')], max_length=20)),
                ('on', models.DateField()),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='core.message')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='core.task')),
            ],
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('form', models.CharField(max_length=60)),
                ('key', models.CharField(blank=True, max_length=200)),
                ('reference', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('data', models.JSONField(default=dict)),
                ('saved_at', models.DateTimeField()),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'form', 'key'), name='draft_once')],
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['made_at'], name='message_to_send'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['user', '-made_at'], name='message_of_user'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('what', 'user', 'on', 'about'), name='message_once'),
        ),
        migrations.AddConstraint(
            model_name='preferredword',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('folded',), name='preferred_word_in_force_once'),
        ),
        migrations.AddConstraint(
            model_name='preferredword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('folded', ''), _negated=True), models.Q(('kind', 'name'), models.Q(('instead', ''), _negated=True), _connector='OR')), name='preferred_word_says_what_instead'),
        ),
        migrations.AddConstraint(
            model_name='preferredword',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('ended_by__isnull', True)), models.Q(('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='preferred_word_ended_by_somebody'),
        ),
        migrations.AddIndex(
            model_name='record',
            index=models.Index(fields=['kind', 'holding_team'], name='record_kind_team'),
        ),
        migrations.AddIndex(
            model_name='externalid',
            index=models.Index(fields=['value'], name='external_id_value'),
        ),
        migrations.AddConstraint(
            model_name='externalid',
            constraint=models.UniqueConstraint(fields=('system', 'value'), name='external_id_once_per_system'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.UniqueConstraint(fields=('record', 'number'), name='entry_number_once'),
        ),
        migrations.AddConstraint(
            model_name='document',
            constraint=models.UniqueConstraint(fields=('record', 'number'), name='document_number_once'),
        ),
        migrations.AddIndex(
            model_name='action',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('done_on__isnull', True)), fields=['due_on'], name='action_open_due'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.UniqueConstraint(fields=('source', 'number'), name='action_number_once'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('owner__isnull', False), models.Q(('owner_name', ''), _negated=True), _connector='OR'), name='action_belongs_to_somebody'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('cancelled_at__isnull', True), models.Q(('cancelled_reason', ''), _negated=True), _connector='OR'), name='action_cancelled_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='action',
            constraint=models.CheckConstraint(condition=models.Q(('done_on__isnull', True), ('cancelled_at__isnull', True), _connector='OR'), name='action_done_or_cancelled'),
        ),
        migrations.AddIndex(
            model_name='accessrecord',
            index=models.Index(fields=['record', '-at'], name='look_record_at'),
        ),
        migrations.AddIndex(
            model_name='accessrecord',
            index=models.Index(fields=['user', '-at'], name='look_user_at'),
        ),
        migrations.AddIndex(
            model_name='accessgrant',
            index=models.Index(fields=['record', 'user'], name='grant_record_user'),
        ),
        migrations.AddIndex(
            model_name='accessgrant',
            index=models.Index(condition=models.Q(('user__isnull', False)), fields=['user', 'record'], name='grant_user_record'),
        ),
        migrations.AddIndex(
            model_name='accessgrant',
            index=models.Index(fields=['team', 'role', 'record'], name='grant_team_role_record'),
        ),
        migrations.AddConstraint(
            model_name='accessgrant',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role', ''), ('team__isnull', True), ('user__isnull', False)), models.Q(('team__isnull', False), ('user__isnull', True), models.Q(('role', ''), _negated=True)), _connector='OR'), name='grant_to_a_user_or_to_a_role_in_a_team'),
        ),
        migrations.AddConstraint(
            model_name='accessgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True), ('user__isnull', False)), fields=('record', 'user', 'because'), name='grant_open_once_per_user'),
        ),
        migrations.AddConstraint(
            model_name='accessgrant',
            constraint=models.UniqueConstraint(condition=models.Q(('ends_at__isnull', True), ('user__isnull', True)), fields=('record', 'team', 'role', 'because'), name='grant_open_once_per_team_role'),
        ),
        migrations.AddConstraint(
            model_name='accessbar',
            constraint=models.UniqueConstraint(condition=models.Q(('lifted_at__isnull', True)), fields=('user', 'record'), name='bar_open_once_per_person'),
        ),
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.UniqueConstraint(fields=('key', 'from_on'), name='setting_once_a_day'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('done_at__isnull', True)), fields=['owner', 'due_on'], name='task_open_owner_due'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True), ('done_at__isnull', True)), fields=['team', 'role', 'due_on'], name='task_open_team_due'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True), ('done_at__isnull', True)), fields=('record', 'kind', 'about'), name='task_open_once'),
        ),
        migrations.AddConstraint(
            model_name='task',
            constraint=models.CheckConstraint(condition=models.Q(('owner__isnull', False), models.Q(('team__isnull', False), models.Q(('role', ''), _negated=True)), _connector='OR'), name='task_belongs_to_somebody'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('task', 'kind', 'user', 'on'), name='reminder_once'),
        ),
        ]),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]

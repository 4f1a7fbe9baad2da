"""The tables as they stood when migrations began anew: no borough had started, and the steps until then were many."""

import django.db.models.deletion
import django_fsm
import hsb.core.door
from django.conf import settings
from django.db import migrations, models
from hsb.core.tables_at_once import TablesAtOnce


class Migration(migrations.Migration):

    initial = True

    replaces = [
        ("panels", "0001_mapping_meetings"),
        ("panels", "0002_panel"),
        ("panels", "0003_minutes_are_amended"),
        ("panels", "0004_papers_keep_whom_they_hide"),
        ("panels", "0005_numbers_of_police_items"),
        ("panels", "0006_seats_told_of_minutes"),
        ("panels", "0007_addenda_for_the_police"),
    ]

    dependencies = [
        ('core', '0001_beginning'),
        ('referrals', '0001_beginning'),
        ('strategy_meetings', '0001_beginning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TablesAtOnce([
        migrations.CreateModel(
            name='PanelPaper',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='panel_paper', serialize=False, to='core.document')),
                ('kind', models.CharField(choices=[('agenda_police', 'Agenda for the police'), ('agenda_agencies', 'Agenda for the other agencies'), ('minutes_police', 'Minutes for the police'), ('minutes_agencies', 'Minutes for the other agencies')], max_length=20)),
                ('agenda_version', models.PositiveSmallIntegerField()),
                ('hidden', models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name='AgendaItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('section', models.CharField(choices=[('V', 'Children who were harmed'), ('O', 'Persons of concern'), ('L', 'Locations'), ('T', 'Themes and groups')], max_length=1)),
                ('subject', models.CharField(max_length=80)),
                ('described', models.CharField(blank=True, max_length=200)),
                ('police_only', models.BooleanField(default=False)),
                ('position', models.PositiveIntegerField(default=0)),
                ('forms', models.PositiveIntegerField(default=0)),
                ('carried_times', models.PositiveSmallIntegerField(default=0)),
                ('moved_to', models.PositiveIntegerField(blank=True, null=True)),
                ('moved_reason', models.TextField(blank=True)),
                ('moved_at', models.DateTimeField(blank=True, null=True)),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
                ('label', models.CharField(blank=True, max_length=12)),
                ('label_before', models.CharField(blank=True, max_length=12)),
                ('discussion', models.TextField(blank=True)),
                ('outcome', models.CharField(blank=True, choices=[('decided', 'Decided'), ('carried', 'Carried over to the next panel')], max_length=10)),
                ('version', models.PositiveIntegerField(default=1)),
                ('moved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.person')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.place')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='strategy_meetings.theme')),
            ],
        ),
        migrations.CreateModel(
            name='ItemAction',
            fields=[
                ('action', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='panel_action', serialize=False, to='core.action')),
                ('words', models.TextField()),
                ('told_on', models.DateField(blank=True, null=True)),
                ('told_how', models.CharField(blank=True, max_length=200)),
                ('untold_reason', models.TextField(blank=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='actions', to='panels.agendaitem')),
            ],
        ),
        migrations.CreateModel(
            name='MappingMeeting',
            fields=[
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='core.record')),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', django_fsm.FSMField(choices=[('planned', 'Planned'), ('postponed', 'Postponed'), ('held', 'Held, being mapped'), ('closed', 'Closed, the map is frozen'), ('cancelled', 'Cancelled')], default='planned', max_length=20, protected=True)),
                ('state_since', models.DateTimeField()),
                ('purpose', models.TextField()),
                ('question', models.TextField()),
                ('planned_on', models.DateField()),
                ('held_on', models.DateField(blank=True, null=True)),
                ('attended', models.TextField(blank=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('once', models.UUIDField(unique=True)),
                ('called_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('chair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('concern', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mapping', to='referrals.concern')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mapping', to='strategy_meetings.theme')),
                ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            bases=(hsb.core.door.Doored, models.Model),
        ),
        migrations.CreateModel(
            name='MapNode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('added_at', models.DateTimeField()),
                ('taken_out_at', models.DateTimeField(blank=True, null=True)),
                ('taken_out_because', models.TextField(blank=True)),
                ('once', models.UUIDField(unique=True)),
                ('kind', models.CharField(choices=[('person', 'Person'), ('place', 'Place'), ('group', 'Group')], max_length=10)),
                ('note', models.CharField(blank=True, max_length=500)),
                ('no_action_because', models.TextField(blank=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='map_nodes', to='strategy_meetings.theme')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='map_nodes', to='referrals.person')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='map_nodes', to='core.place')),
                ('taken_out_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='nodes', to='panels.mappingmeeting')),
            ],
            options={
                'ordering': ['meeting', 'number'],
            },
        ),
        migrations.CreateModel(
            name='MapLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('added_at', models.DateTimeField()),
                ('taken_out_at', models.DateTimeField(blank=True, null=True)),
                ('taken_out_because', models.TextField(blank=True)),
                ('once', models.UUIDField(unique=True)),
                ('kind', models.CharField(choices=[('knows', 'knows'), ('family', 'is family of'), ('lives_with', 'lives with'), ('travels_with', 'travels with'), ('online', 'has online contact with'), ('goes_to', 'goes to'), ('member_of', 'is a member of')], max_length=20)),
                ('said_by', models.CharField(max_length=200)),
                ('said_on', models.DateField()),
                ('reliability', models.CharField(choices=[('confirmed', 'Confirmed by another source'), ('likely', 'Probably true'), ('unknown', 'Cannot be judged'), ('doubtful', 'Doubtful')], max_length=10)),
                ('basis', models.CharField(choices=[('fact', 'Fact'), ('reported', 'Reported'), ('inferred', 'Inferred')], max_length=10)),
                ('until', models.DateField(blank=True, null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taken_out_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('one', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_from', to='panels.mapnode')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links_to', to='panels.mapnode')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='panels.mappingmeeting')),
            ],
            options={
                'ordering': ['meeting', 'number'],
            },
        ),
        migrations.CreateModel(
            name='MapSnapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('digest', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='snapshot', to='panels.mappingmeeting')),
            ],
        ),
        migrations.CreateModel(
            name='Panel',
            fields=[
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='core.record')),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', django_fsm.FSMField(choices=[('planned', 'Planned'), ('collecting', 'Collecting forms'), ('published', 'Agenda published'), ('held', 'Held, actions not issued'), ('actions_issued', 'Actions issued'), ('closed', 'Closed'), ('postponed', 'Postponed'), ('cancelled', 'Cancelled')], default='planned', max_length=20, protected=True)),
                ('state_since', models.DateTimeField()),
                ('state_before', models.CharField(blank=True, choices=[('planned', 'Planned'), ('collecting', 'Collecting forms'), ('published', 'Agenda published'), ('held', 'Held, actions not issued'), ('actions_issued', 'Actions issued'), ('closed', 'Closed'), ('postponed', 'Postponed'), ('cancelled', 'Cancelled')], max_length=20)),
                ('planned_on', models.DateField()),
                ('cut_off_at', models.DateTimeField()),
                ('place', models.CharField(blank=True, max_length=200)),
                ('authority_chair', models.CharField(blank=True, max_length=200)),
                ('police_chair', models.CharField(blank=True, max_length=200)),
                ('compiled_at', models.DateTimeField(blank=True, null=True)),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('once', models.UUIDField(unique=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', 'cut_off_at'], name='panel_state_cut_off')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'held', 'actions_issued', 'closed']), _negated=True), ('published_at__isnull', False), _connector='OR'), name='panel_published_has_its_instant'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['held', 'actions_issued', 'closed']), _negated=True), ('held_on__isnull', False), _connector='OR'), name='panel_held_has_its_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'postponed'), _negated=True), models.Q(('state_before', ''), _negated=True), _connector='OR'), name='panel_postponed_knows_where_it_was')],
            },
            bases=(hsb.core.door.Doored, models.Model),
        ),
        migrations.CreateModel(
            name='AgendaVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('content', models.JSONField()),
                ('addendum', models.BooleanField(default=False)),
                ('police_only', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agenda_versions', to='panels.panel')),
            ],
            options={
                'ordering': ['panel', 'number'],
            },
        ),
        migrations.CreateModel(
            name='AgendaSource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('addendum', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='agenda_sources', to='strategy_meetings.intelentry')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='panels.agendaitem')),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sources', to='panels.panel')),
            ],
        ),
        migrations.AddField(
            model_name='agendaitem',
            name='panel',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='panels.panel'),
        ),
        migrations.CreateModel(
            name='PanelSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('role', models.CharField(choices=[('local_authority', 'Local authority'), ('police', 'Police'), ('health', 'Health'), ('education', 'Education'), ('youth_justice', 'Youth justice'), ('other', 'Further agency')], max_length=20)),
                ('agency', models.CharField(blank=True, max_length=200)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('expected', 'Expected'), ('filled', 'Attended'), ('apologies', 'Apologies'), ('empty', 'Nobody came')], default='expected', max_length=10)),
                ('told_version', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('told_on', models.DateField(blank=True, null=True)),
                ('untold_reason', models.TextField(blank=True)),
                ('minutes_version', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('minutes_on', models.DateField(blank=True, null=True)),
                ('minutes_untold_reason', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('once', models.UUIDField(blank=True, null=True, unique=True)),
                ('panel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='panels.panel')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='SiftDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('proposal', models.CharField(choices=[('accept', 'Accepted for the panel'), ('defer', 'Deferred'), ('decline', 'Not for the panel'), ('return_with_advice', 'Returned with advice')], max_length=20)),
                ('proposal_reason', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('without_meeting_reason', models.TextField(blank=True)),
                ('deferred_until', models.DateField(blank=True, null=True)),
                ('decision', models.CharField(blank=True, choices=[('accept', 'Accepted for the panel'), ('defer', 'Deferred'), ('decline', 'Not for the panel'), ('return_with_advice', 'Returned with advice')], max_length=20)),
                ('reason', models.TextField(blank=True)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(blank=True, null=True)),
                ('authority_name', models.CharField(blank=True, max_length=200)),
                ('authority_agency', models.CharField(blank=True, max_length=200)),
                ('police_name', models.CharField(blank=True, max_length=200)),
                ('police_agency', models.CharField(blank=True, max_length=200)),
                ('version', models.PositiveIntegerField(default=1)),
                ('once', models.UUIDField(unique=True)),
                ('authority_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sift_decisions', to='strategy_meetings.intelform')),
                ('police_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['form', 'number'],
            },
        ),
        migrations.CreateModel(
            name='ItemAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField()),
                ('reason', models.TextField()),
                ('agreed_name', models.CharField(blank=True, max_length=200)),
                ('agreed_agency', models.CharField(blank=True, max_length=200)),
                ('agreed_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('once', models.UUIDField(unique=True)),
                ('agreed_user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='panels.agendaitem')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['item', 'number'],
                'constraints': [models.UniqueConstraint(fields=('item', 'number'), name='item_amendment_number_once'), models.CheckConstraint(condition=models.Q(models.Q(('agreed_name', ''), _negated=True), models.Q(('agreed_user__isnull', False), models.Q(('agreed_user', models.F('written_by')), _negated=True)), _connector='OR'), name='item_amendment_by_a_second_person'), models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('text', ''), _negated=True)), name='item_amendment_has_its_reason')],
            },
        ),
        migrations.AddIndex(
            model_name='mappingmeeting',
            index=models.Index(fields=['state', 'planned_on'], name='mapping_state_planned'),
        ),
        migrations.AddConstraint(
            model_name='mappingmeeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('concern__isnull', False), ('group__isnull', True)), models.Q(('concern__isnull', True), ('group__isnull', False)), _connector='OR'), name='mapping_has_one_focus'),
        ),
        migrations.AddConstraint(
            model_name='mappingmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('held_on__isnull', False), models.Q(('state__in', ['held', 'closed']), _negated=True), _connector='OR'), name='mapping_held_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='mappingmeeting',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', False), models.Q(('state', 'closed'), _negated=True), _connector='OR'), name='mapping_closed_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='mapnode',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='map_node_number_once'),
        ),
        migrations.AddConstraint(
            model_name='mapnode',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('group__isnull', True), ('kind', 'person'), ('person__isnull', False), ('place__isnull', True)), models.Q(('group__isnull', True), ('kind', 'place'), ('person__isnull', True), ('place__isnull', False)), models.Q(('group__isnull', False), ('kind', 'group'), ('person__isnull', True), ('place__isnull', True)), _connector='OR'), name='map_node_has_its_subject'),
        ),
        migrations.AddConstraint(
            model_name='mapnode',
            constraint=models.CheckConstraint(condition=models.Q(('taken_out_at__isnull', True), models.Q(('taken_out_because', ''), _negated=True), _connector='OR'), name='map_node_out_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='mapnode',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False), ('taken_out_at__isnull', True)), fields=('meeting', 'person'), name='map_person_once'),
        ),
        migrations.AddConstraint(
            model_name='mapnode',
            constraint=models.UniqueConstraint(condition=models.Q(('place__isnull', False), ('taken_out_at__isnull', True)), fields=('meeting', 'place'), name='map_place_once'),
        ),
        migrations.AddConstraint(
            model_name='mapnode',
            constraint=models.UniqueConstraint(condition=models.Q(('group__isnull', False), ('taken_out_at__isnull', True)), fields=('meeting', 'group'), name='map_group_once'),
        ),
        migrations.AddConstraint(
            model_name='maplink',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='map_link_number_once'),
        ),
        migrations.AddConstraint(
            model_name='maplink',
            constraint=models.CheckConstraint(condition=models.Q(('one', models.F('other')), _negated=True), name='map_link_joins_two'),
        ),
        migrations.AddConstraint(
            model_name='maplink',
            constraint=models.CheckConstraint(condition=models.Q(('taken_out_at__isnull', True), models.Q(('taken_out_because', ''), _negated=True), _connector='OR'), name='map_link_out_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='agendaversion',
            constraint=models.UniqueConstraint(fields=('panel', 'number'), name='agenda_version_once'),
        ),
        migrations.AddConstraint(
            model_name='agendasource',
            constraint=models.UniqueConstraint(fields=('panel', 'entry'), name='agenda_source_once'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(fields=('panel', 'section', 'subject'), name='agenda_item_once'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(fields=('panel', 'number'), name='agenda_item_number_once'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.UniqueConstraint(condition=models.Q(('label', ''), _negated=True), fields=('panel', 'label'), name='agenda_item_label_once'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('moved_to__isnull', True), models.Q(models.Q(('moved_reason', ''), _negated=True), ('moved_at__isnull', False)), _connector='OR'), name='agenda_item_moved_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='agendaitem',
            constraint=models.CheckConstraint(condition=models.Q(('label', ''), ('dropped_at__isnull', True), _connector='OR'), name='agenda_item_frozen_stands'),
        ),
        migrations.AddConstraint(
            model_name='panelseat',
            constraint=models.UniqueConstraint(fields=('panel', 'number'), name='panel_seat_number_once'),
        ),
        migrations.AddConstraint(
            model_name='siftdecision',
            constraint=models.UniqueConstraint(fields=('form', 'number'), name='sift_number_once'),
        ),
        migrations.AddConstraint(
            model_name='siftdecision',
            constraint=models.UniqueConstraint(condition=models.Q(('decision', '')), fields=('form',), name='sift_open_once'),
        ),
        migrations.AddConstraint(
            model_name='siftdecision',
            constraint=models.CheckConstraint(condition=models.Q(('decision', ''), models.Q(models.Q(('reason', ''), _negated=True), ('decided_on__isnull', False), ('recorded_by__isnull', False)), _connector='OR'), name='sift_decision_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='siftdecision',
            constraint=models.CheckConstraint(condition=models.Q(('decision__in', ['', 'return_with_advice']), models.Q(models.Q(('authority_user__isnull', False), models.Q(('authority_name', ''), _negated=True), _connector='OR'), models.Q(('police_user__isnull', False), models.Q(('police_name', ''), _negated=True), _connector='OR')), _connector='OR'), name='sift_decision_has_its_deciders'),
        ),
        migrations.AddConstraint(
            model_name='siftdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'defer'), _negated=True), ('deferred_until__isnull', False), _connector='OR'), name='sift_deferred_has_its_day'),
        ),
        ]),
    ]

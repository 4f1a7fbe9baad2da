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
        ("strategy_meetings", "0001_meetings_seats_children"),
        ("strategy_meetings", "0002_intel_done"),
        ("strategy_meetings", "0003_what_became_of_documents"),
        ("strategy_meetings", "0004_seats_are_versioned"),
        ("strategy_meetings", "0005_amendments_and_telephone"),
        ("strategy_meetings", "0006_what_became_of_no_further_action"),
        ("strategy_meetings", "0007_when_no_further_action_was_decided"),
        ("strategy_meetings", "0008_seats_follow_the_children"),
        ("strategy_meetings", "0009_intel_forms"),
        ("strategy_meetings", "0010_themes_folded_anew"),
    ]

    dependencies = [
        ('core', '0001_beginning'),
        ('referrals', '0001_beginning'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TablesAtOnce([
        migrations.CreateModel(
            name='IntelForm',
            fields=[
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='core.record')),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', django_fsm.FSMField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('returned', 'Returned with advice'), ('accepted', 'Accepted for the panel'), ('deferred', 'Deferred'), ('not_for_panel', 'Not for the panel'), ('withdrawn', 'Withdrawn'), ('heard', 'Heard by the panel')], default='draft', max_length=20, protected=True)),
                ('state_since', models.DateTimeField()),
                ('criteria', models.JSONField(default=list)),
                ('why', models.TextField(blank=True)),
                ('tried', models.TextField(blank=True)),
                ('asked', models.TextField(blank=True)),
                ('submitted_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True)),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('once', models.UUIDField(unique=True)),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='intel_forms', to='core.record')),
                ('submitted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            bases=(hsb.core.door.Doored, models.Model),
        ),
        migrations.CreateModel(
            name='IntelChild',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(blank=True, choices=[('N', 'Developmentally expected: not HSB'), ('0', 'Category 0: Inappropriate'), ('1', 'Category 1: Problematic'), ('2', 'Category 2: Abusive'), ('3', 'Category 3: Violent')], max_length=1)),
                ('tier', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('met_on', models.DateField(blank=True, null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.person')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='intel', to='referrals.referral')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='children', to='strategy_meetings.intelform')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='PaperFate',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='fate', serialize=False, to='core.document')),
                ('how', models.CharField(blank=True, choices=[('by_hand', 'By hand'), ('post', 'By recorded post'), ('call', 'Read out in a call'), ('secure', 'By secure e-mail')], max_length=20)),
                ('consent', models.CharField(blank=True, max_length=200)),
                ('reason', models.TextField(blank=True)),
                ('on', models.DateField()),
                ('recorded_at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='StrategyMeeting',
            fields=[
                ('record', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='core.record')),
                ('version', models.PositiveIntegerField(default=1)),
                ('kind', models.CharField(choices=[('first', 'Strategy meeting'), ('review', 'Review strategy meeting'), ('telephone', 'Strategy discussion by telephone')], default='first', max_length=10)),
                ('state', django_fsm.FSMField(choices=[('planned', 'Planned'), ('invited', 'Invitations sent'), ('postponed', 'Postponed'), ('held', 'Held, decisions not issued'), ('adjourned', 'Adjourned'), ('decisions_issued', 'Decisions issued, minutes to write'), ('minutes_drafted', 'Minutes wait for the chair'), ('returned', 'Minutes returned'), ('approved', 'Minutes approved'), ('circulated', 'Minutes circulated'), ('closed', 'Closed'), ('cancelled', 'Cancelled')], default='planned', max_length=20, protected=True)),
                ('state_since', models.DateTimeField()),
                ('planned_on', models.DateField()),
                ('starts_at', models.DateTimeField(blank=True, null=True)),
                ('place', models.CharField(blank=True, max_length=200)),
                ('quorum_reason', models.TextField(blank=True)),
                ('held_on', models.DateField(blank=True, null=True)),
                ('shared_minutes', models.TextField(blank=True)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('circulated_at', models.DateTimeField(blank=True, null=True)),
                ('once', models.UUIDField(unique=True)),
                ('chair', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('concern', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='strategy_meetings', to='referrals.concern')),
                ('minute_taker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('minutes_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('previous', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviews', to='strategy_meetings.strategymeeting')),
            ],
            bases=(hsb.core.door.Doored, models.Model),
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('role', models.CharField(choices=[('social_work', 'Social work team'), ('social_work_manager', 'Social work manager'), ('police', 'Allocated police'), ('health', 'Health'), ('education', 'Education'), ('other', 'Further agency')], max_length=20)),
                ('agency', models.CharField(blank=True, max_length=200)),
                ('name', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('expected', 'Expected'), ('filled', 'Attended'), ('apologies', 'Apologies'), ('empty', 'Nobody came')], default='expected', max_length=10)),
                ('filled_in', models.BooleanField(default=False)),
                ('report_received', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('once', models.UUIDField(blank=True, null=True, unique=True)),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='strategy_meetings.strategymeeting')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='MinutesAmendment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('child_number', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('text', models.TextField()),
                ('proposed_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('agreed', models.BooleanField(blank=True, null=True)),
                ('refused_because', models.TextField(blank=True)),
                ('once', models.UUIDField(unique=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='strategy_meetings.strategymeeting')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='ChildConsidered',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('side', models.CharField(choices=[('displayed', 'Child who displayed'), ('harmed', 'Child who was harmed'), ('both', 'Displayed and was harmed'), ('not_yet_known', 'Role not yet known')], max_length=20)),
                ('taking_part', models.BooleanField(default=True)),
                ('left_out_reason', models.TextField(blank=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('child_invited', models.CharField(blank=True, choices=[('yes', 'Invited'), ('no', 'Not invited')], max_length=3)),
                ('child_invited_reason', models.TextField(blank=True)),
                ('family_invited', models.CharField(blank=True, choices=[('yes', 'Invited'), ('no', 'Not invited')], max_length=3)),
                ('family_invited_reason', models.TextField(blank=True)),
                ('child_views', models.TextField(blank=True)),
                ('family_views', models.TextField(blank=True)),
                ('review', models.BooleanField(default=False)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('section_47', models.BooleanField(default=False)),
                ('immediate_action', models.BooleanField(default=False)),
                ('immediate_what', models.TextField(blank=True)),
                ('nfa', models.BooleanField(default=False)),
                ('outcome_reason', models.TextField(blank=True)),
                ('category', models.CharField(blank=True, choices=[('N', 'Developmentally expected: not HSB'), ('0', 'Category 0: Inappropriate'), ('1', 'Category 1: Problematic'), ('2', 'Category 2: Abusive'), ('3', 'Category 3: Violent')], max_length=1)),
                ('category_reason', models.TextField(blank=True)),
                ('intel', models.CharField(blank=True, choices=[('needed', 'To be completed'), ('not_appropriate', 'Not appropriate')], max_length=20)),
                ('intel_by_name', models.CharField(blank=True, max_length=200)),
                ('intel_due_on', models.DateField(blank=True, null=True)),
                ('intel_reason', models.TextField(blank=True)),
                ('intel_done_on', models.DateField(blank=True, null=True)),
                ('closed_minutes', models.TextField(blank=True)),
                ('nfa_state', models.CharField(blank=True, choices=[('waiting', 'Waits for a manager'), ('confirmed', 'Confirmed by a manager'), ('refused', 'Refused by a manager')], max_length=10)),
                ('nfa_at', models.DateTimeField(blank=True, null=True)),
                ('nfa_reason', models.TextField(blank=True)),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.meetingdecision')),
                ('intel_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('nfa_again', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.meetingdecision')),
                ('nfa_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.person')),
                ('referral', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='considered', to='referrals.referral')),
                ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='children', to='strategy_meetings.strategymeeting')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('theme', 'Theme'), ('group', 'Group')], max_length=10)),
                ('name', models.CharField(max_length=200)),
                ('folded', models.CharField(max_length=200)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'folded'), name='theme_once')],
            },
        ),
        migrations.CreateModel(
            name='IntelEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('V', 'Child who was harmed'), ('O', 'Person of concern'), ('L', 'Location'), ('T', 'Theme or group')], max_length=1)),
                ('described', models.CharField(blank=True, max_length=200)),
                ('text', models.TextField()),
                ('said_by', models.CharField(max_length=200)),
                ('said_on', models.DateField(blank=True, null=True)),
                ('reliability', models.CharField(choices=[('confirmed', 'Confirmed by another source'), ('likely', 'Probably true'), ('unknown', 'Cannot be judged'), ('doubtful', 'Doubtful')], max_length=10)),
                ('police_only', models.BooleanField(default=False)),
                ('not_for_minutes', models.BooleanField(default=False)),
                ('not_for_family', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('dropped_at', models.DateTimeField(blank=True, null=True)),
                ('once', models.UUIDField(unique=True)),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='referrals.person')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='intel', to='core.place')),
                ('form', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='strategy_meetings.intelform')),
                ('theme', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='intel', to='strategy_meetings.theme')),
            ],
            options={
                'ordering': ['form', 'number'],
            },
        ),
        migrations.AddIndex(
            model_name='intelform',
            index=models.Index(fields=['state', 'submitted_at'], name='intel_state_submitted'),
        ),
        migrations.AddConstraint(
            model_name='intelform',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn']), ('submitted_at__isnull', False), _connector='OR'), name='intel_submitted_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='intelchild',
            constraint=models.UniqueConstraint(fields=('form', 'person'), name='intel_child_once'),
        ),
        migrations.AddConstraint(
            model_name='paperfate',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(('how', ''), _negated=True), ('reason', '')), models.Q(('how', ''), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='paper_went_out_or_says_why'),
        ),
        migrations.AddIndex(
            model_name='strategymeeting',
            index=models.Index(fields=['state', 'starts_at'], name='meeting_state_starts'),
        ),
        migrations.AddConstraint(
            model_name='strategymeeting',
            constraint=models.CheckConstraint(condition=models.Q(('held_on__isnull', False), ('state__in', ['planned', 'invited', 'postponed', 'cancelled']), _connector='OR'), name='meeting_held_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='strategymeeting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['circulated', 'closed']), _negated=True), ('circulated_at__isnull', False), _connector='OR'), name='meeting_circulated_has_its_instant'),
        ),
        migrations.AddConstraint(
            model_name='seat',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='seat_number_once'),
        ),
        migrations.AddConstraint(
            model_name='minutesamendment',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='amendment_number_once'),
        ),
        migrations.AddConstraint(
            model_name='minutesamendment',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('proposed_by')), _negated=True), _connector='OR'), name='amendment_by_a_second_person'),
        ),
        migrations.AddConstraint(
            model_name='minutesamendment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreed__isnull', True), ('decided_by__isnull', True)), models.Q(('agreed', True), ('decided_by__isnull', False)), models.Q(('agreed', False), ('decided_by__isnull', False), models.Q(('refused_because', ''), _negated=True)), _connector='OR'), name='amendment_refused_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='childconsidered',
            constraint=models.UniqueConstraint(fields=('meeting', 'number'), name='child_considered_number_once'),
        ),
        migrations.AddConstraint(
            model_name='childconsidered',
            constraint=models.UniqueConstraint(fields=('meeting', 'person'), name='child_considered_once'),
        ),
        migrations.AddConstraint(
            model_name='childconsidered',
            constraint=models.CheckConstraint(condition=models.Q(('taking_part', True), models.Q(('left_out_reason', ''), _negated=True), _connector='OR'), name='child_left_out_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='childconsidered',
            constraint=models.CheckConstraint(condition=models.Q(('nfa', False), models.Q(('immediate_action', False), ('review', False), ('section_47', False)), _connector='OR'), name='child_nfa_stands_alone'),
        ),
        migrations.AddConstraint(
            model_name='childconsidered',
            constraint=models.CheckConstraint(condition=models.Q(('side__in', ('displayed', 'both')), ('category', ''), _connector='OR'), name='child_category_only_where_displayed'),
        ),
        migrations.AddConstraint(
            model_name='intelentry',
            constraint=models.UniqueConstraint(fields=('form', 'number'), name='intel_entry_number_once'),
        ),
        migrations.AddConstraint(
            model_name='intelentry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('described', ''), ('kind', 'V'), ('person__isnull', False), ('place__isnull', True), ('theme__isnull', True)), models.Q(('described', ''), ('kind', 'O'), ('person__isnull', False), ('place__isnull', True), ('theme__isnull', True)), models.Q(('kind', 'O'), ('person__isnull', True), ('place__isnull', True), ('theme__isnull', True), models.Q(('described', ''), _negated=True)), models.Q(('described', ''), ('kind', 'L'), ('person__isnull', True), ('place__isnull', False), ('theme__isnull', True)), models.Q(('described', ''), ('kind', 'T'), ('person__isnull', True), ('place__isnull', True), ('theme__isnull', False)), _connector='OR'), name='intel_entry_has_its_subject'),
        ),
        ]),
    ]

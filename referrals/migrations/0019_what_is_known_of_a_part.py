"""The status of a part says what it rests on, and a concern where in the children's lives it belongs."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0018_significant_events'),
    ]

    operations = [
        migrations.AddField(
            model_name='concern',
            name='contexts',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='involvement',
            name='status_basis',
            field=models.CharField(blank=True, choices=[('meeting', 'Outcome of a strategy meeting'), ('police', 'Outcome of the police'), ('section_47', 'Section 47 enquiry'), ('assessment', 'Assessment'), ('own_account', 'What they said themselves'), ('correction', 'The record was wrong')], max_length=20),
        ),
        migrations.AddField(
            model_name='involvement',
            name='status_since',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='involvement',
            constraint=models.CheckConstraint(condition=models.Q(('status__in', ('alleged', 'unfounded')), models.Q(models.Q(('status_basis', ''), _negated=True), ('status_since__isnull', False)), _connector='OR'), name='involvement_status_rests_on_something'),
        ),
    ]

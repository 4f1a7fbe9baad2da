from django.db import migrations


def carry_over(apps, schema_editor):
    """When a manager decided stood on the manager's task alone; what a refusal led to, on no row: the latest asked."""
    Child = apps.get_model('strategy_meetings', 'ChildConsidered')
    Task = apps.get_model('core', 'Task')
    Decision = apps.get_model('referrals', 'MeetingDecision')
    for child in Child.objects.filter(nfa_state__in=['confirmed', 'refused']).select_related('meeting__record'):
        about = f'{child.meeting.record.reference}-{child.number}'
        done = Task.objects.filter(record=child.referral_id, kind='confirm_nfa', about=about, done_at__isnull=False)
        child.nfa_at = done.order_by('pk').values_list('done_at', flat=True).last()
        if child.nfa_state == 'refused':
            child.nfa_again = Decision.objects.filter(referral=child.referral_id).order_by('pk').last()
        child.save(update_fields=['nfa_at', 'nfa_again'])


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_messages'),
        ('strategy_meetings', '0006_what_became_of_no_further_action'),
    ]

    operations = [migrations.RunPython(carry_over, migrations.RunPython.noop)]

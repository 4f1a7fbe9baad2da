"""What the clock starts for floor 3."""

from celery import shared_task

from hsb.core.refusals import AtTheSameMoment, NotReady
from panels.services import agenda


@shared_task(ignore_result=True)
def compile_due_agendas():
    """Compiles the agenda of each panel whose cut-off has passed; run twice, or killed, it comes to the same."""
    for reference in agenda.due():
        try:
            agenda.compile_where_due(reference)
        except AtTheSameMoment:
            raise  # the next minute asks again
        except NotReady:
            # It moved on between the question and the lock: nothing is to be compiled any more.
            continue

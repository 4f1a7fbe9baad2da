"""manage.py compile_agenda PAN-2026-00001: compiles an agenda by hand; without a reference those that are due."""

from django.core.management import BaseCommand, CommandError

from hsb.core.refusals import NotReady
from panels.models import Panel
from panels.services import agenda


class Command(BaseCommand):
    help = "Compiles the agenda of a panel. The last line names the agenda, its version and its hash."

    def add_arguments(self, parser):
        parser.add_argument("reference", nargs="?", default="", help="PAN-2026-00001; without it all that are due")

    def handle(self, *args, reference, **options):
        references = [reference] if reference else agenda.due()
        if not references:
            self.stdout.write("No agenda is due.")
        for each in references:
            try:
                made = agenda.compile_agenda(each)
            except Panel.DoesNotExist as missing:
                raise CommandError(f"There is no panel {each}.") from missing
            except NotReady as refusal:
                raise CommandError(str(refusal)) from refusal
            self.stdout.write(f"{made.reference} version {made.version} sha256 {made.sha256}")

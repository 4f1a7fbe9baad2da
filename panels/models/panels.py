"""Panel: one day on which the MACE panel sits; PanelSeat: who is asked to it (A16, A17)."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django_fsm import RETURN_VALUE, FSMField, transition

from hsb.core.access import ReadableQuerySet, readable
from hsb.core.asked_once import asked_once
from hsb.core.door import Doored
from hsb.core.models import Action, Document, Recorded
from panels import guards, permissions
from panels.states import OUTCOMES_STAND, ItemOutcome, PanelPaperKind, PanelSeatRole, PanelSeatState, PanelState
from strategy_meetings.models import IntelEntry, IntelForm
from strategy_meetings.states import IntelState

S = PanelState


class PanelQuerySet(ReadableQuerySet):
    def visible_to(self, user):
        """By a grant on the panel. It has no person of its own: bars are asked item by item (selectors.reading)."""
        return self.filter(readable(user, person="pk"))


class Panel(Doored, Recorded):
    state = FSMField(max_length=20, choices=S.choices, default=S.PLANNED, protected=True)
    state_since = models.DateTimeField()
    # Where it goes on when a postponed panel has a new day.
    state_before = models.CharField(max_length=20, choices=S.choices, blank=True)
    planned_on = models.DateField()
    cut_off_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True)
    # The local authority and the police chair it together.
    authority_chair = models.CharField(max_length=200, blank=True)
    police_chair = models.CharField(max_length=200, blank=True)
    compiled_at = models.DateTimeField(null=True, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    held_on = models.DateField(null=True, blank=True)
    # The form that made this row: a double click plans one panel.
    once = models.UUIDField(unique=True)

    objects = PanelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=[S.PUBLISHED, S.HELD, S.ACTIONS_ISSUED, S.CLOSED])
                | Q(published_at__isnull=False),
                name="panel_published_has_its_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[S.HELD, S.ACTIONS_ISSUED, S.CLOSED]) | Q(held_on__isnull=False),
                name="panel_held_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state=S.POSTPONED) | ~Q(state_before=""), name="panel_postponed_knows_where_it_was"
            ),
        ]
        indexes = [models.Index(fields=["state", "cut_off_at"], name="panel_state_cut_off")]

    def moved(self, at):
        self.state_since = at

    def standing_items(self):
        """What is on its agenda, in its order."""
        return self.items.filter(dropped_at__isnull=True).order_by("section", "police_only", "position", "number")

    def forms_to_hear(self):
        """Accepted forms on its agenda of which every entry was decided by a panel that has issued its actions: until
        then an outcome can still change."""
        sources = self.sources.model.objects.filter(dropped_at__isnull=True)
        issued = sources.filter(panel__state__in=OUTCOMES_STAND, item__outcome=ItemOutcome.DECIDED)
        decided = Exists(issued.filter(entry=OuterRef("pk")))
        waiting = Exists(IntelEntry.objects.filter(~decided, form=OuterRef("pk"), dropped_at__isnull=True))
        on_it = Exists(sources.filter(entry__form=OuterRef("pk"), panel=self))
        return IntelForm.objects.filter(on_it, ~waiting, state=IntelState.ACCEPTED)

    def versions_for(self, *, police):
        """The versions of the agenda that the police, or the other agencies, hear of, in their order."""
        return self.agenda_versions.all() if police else self.agenda_versions.filter(police_only=False)

    @asked_once
    def seated(self):
        """Its seats with who sits there, in their order."""
        return list(self.asking_of_seats())

    def asking_of_seats(self):
        return self.seats.select_related("user")

    @asked_once
    def versions(self):
        """(whether it is for the police only, when it was published) of each version, in their order."""
        return list(self.asking_of_versions())

    def asking_of_versions(self):
        return self.agenda_versions.values_list("police_only", "published_at")

    def agenda_version(self, *, police):
        """The number of the last one of these that is published, or None. Each copy is numbered for itself: a number
        missing in the other agencies' would tell them that something is kept from them."""
        published = [at for police_only, at in self.versions() if police or not police_only]
        return max((number for number, at in enumerate(published, start=1) if at), default=None)

    @asked_once
    def open_tasks(self):
        """What is asked for, but for actions, in the order in which it is due."""
        return list(self.asking_of_open_tasks())

    def asking_of_open_tasks(self):
        return self.record.tasks.open().exclude(kind="action").order_by("due_on", "pk")

    @asked_once
    def amended(self):
        """(whether for the police only, how many amendments to the minutes) of both kinds of items, where there are
        any."""
        return list(self.asking_of_amended())

    def asking_of_amended(self):
        amended = self.items.filter(amendments__isnull=False)
        return amended.values_list("police_only").annotate(number=models.Count("amendments"))

    def minutes_version(self, *, police):
        """The number of the minutes that stand, or None: each amendment makes them anew; one of what only the police
        know makes theirs alone."""
        if self.state not in OUTCOMES_STAND:
            return None
        return 1 + sum(number for police_only, number in self.amended() if police or not police_only)

    def seats_to_tell(self):
        """Seats that are not told of the agenda that stands, without a reason for it."""
        stands = self._of_each(self.agenda_version)
        return [seat for seat in self.seated() if not (seat.is_told(stands) or seat.untold_reason)]

    def seats_to_tell_of_minutes(self):
        """Seats that are not told of the minutes that stand, without a reason for it."""
        stands = self._of_each(self.minutes_version)
        return [seat for seat in self.seated() if not (seat.is_told_of_minutes(stands) or seat.minutes_untold_reason)]

    def agenda_versions_of_each(self):
        """{whether it is the police's: the number of the agenda that stands}."""
        return self._of_each(self.agenda_version)

    def minutes_versions_of_each(self):
        """The same of the minutes."""
        return self._of_each(self.minutes_version)

    @staticmethod
    def _of_each(version):
        return {police: version(police=police) for police in (True, False)}

    def actions_to_tell(self):
        """Open actions of those who have no account, of which their agency is not told, without a reason for it."""
        without_account = Action.objects.open().filter(source=self.pk, owner__isnull=True)
        return without_account.filter(panel_action__told_on__isnull=True, panel_action__untold_reason="")

    @asked_once
    def has_actions_to_tell(self):
        return self.actions_to_tell().exists()

    @asked_once
    def has_forms_to_hear(self):
        return self.forms_to_hear().exists()

    # --- The table of docs/house.md, row by row -----------------------------------------------------------------------
    @transition("state", S.PLANNED, S.COLLECTING, permission=permissions.can_coordinate)
    def collect(self):
        """What is accepted from now on goes on its agenda."""

    @transition(
        "state",
        S.COLLECTING,
        S.PUBLISHED,
        conditions=[guards.agenda_is_compiled],
        permission=permissions.can_coordinate,
    )
    def publish(self):
        """The agenda is frozen and numbered; what is late makes an addendum."""

    @transition(
        "state",
        S.PUBLISHED,
        S.HELD,
        conditions=[guards.every_panel_seat_is_answered],
        permission=permissions.can_coordinate,
    )
    def hold(self):
        """Who came is written down, and the panel begins."""

    @transition(
        "state",
        S.HELD,
        S.ACTIONS_ISSUED,
        conditions=[guards.every_item_has_its_outcome],
        permission=permissions.can_coordinate,
    )
    def issue_actions(self):
        """Every item is decided or carried over, and each child's record gets what was agreed (A17)."""

    @transition(
        "state",
        S.ACTIONS_ISSUED,
        S.CLOSED,
        conditions=[
            guards.minutes_went_round,
            guards.agencies_know_their_actions,
            guards.every_form_has_its_feedback,
        ],
        permission=permissions.can_coordinate,
    )
    def close(self):
        """Nothing is left to do for the panel itself."""

    @transition(
        "state",
        [S.PLANNED, S.COLLECTING, S.PUBLISHED],
        S.POSTPONED,
        permission=permissions.can_coordinate,
        custom={"reason": "Say why the panel is postponed."},
    )
    def postpone(self):
        """It sits on another day; its agenda stays."""

    @transition(
        "state",
        S.POSTPONED,
        RETURN_VALUE(S.PLANNED, S.COLLECTING, S.PUBLISHED),
        permission=permissions.can_coordinate,
    )
    def resume(self):
        """It has a new day, and goes on where it was."""
        return self.state_before

    @transition(
        "state",
        [S.PLANNED, S.COLLECTING, S.PUBLISHED, S.POSTPONED],
        S.CANCELLED,
        permission=permissions.can_coordinate,
        custom={"reason": "Say why the panel is cancelled. Its items return to the next agenda."},
    )
    def cancel(self):
        """It does not sit; what was on its agenda is on the next."""


class PanelSeat(models.Model):
    """Somebody who is asked to the panel: a user of ours, or a name."""

    panel = models.ForeignKey(Panel, on_delete=models.PROTECT, related_name="seats")
    number = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=20, choices=PanelSeatRole.choices)
    agency = models.CharField(max_length=200, blank=True)
    user = models.ForeignKey("people.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=PanelSeatState.choices, default=PanelSeatState.EXPECTED)
    # The last version of the agenda of which they were told, and when; or why they are not told of the present one.
    told_version = models.PositiveSmallIntegerField(null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)
    untold_reason = models.TextField(blank=True)
    # The same of the minutes.
    minutes_version = models.PositiveSmallIntegerField(null=True, blank=True)
    minutes_on = models.DateField(null=True, blank=True)
    minutes_untold_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    # The form that added it: a double click asks somebody once.
    once = models.UUIDField(null=True, blank=True, unique=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["panel", "number"], name="panel_seat_number_once")]

    def __str__(self):
        return f"{self.get_role_display()} of {self.panel_id}"

    @property
    def is_of_police(self):
        """Whether what is for the police only is for whoever sits there."""
        return self.role == PanelSeatRole.POLICE

    def is_told(self, stands):
        """Whether they were told of the agenda that stands; `stands` as Panel.agenda_versions_of_each gives it."""
        return self.told_on is not None and self.told_version == stands[self.is_of_police] is not None

    def is_told_of_minutes(self, stands):
        """Whether they were told of the minutes that stand; `stands` as Panel.minutes_versions_of_each gives it."""
        return self.minutes_on is not None and self.minutes_version == stands[self.is_of_police] is not None

    @property
    def has_account(self):
        """Whether a message of ours reaches them."""
        return self.user_id is not None and self.user.is_active

    @property
    def who(self):
        """Who sits there, in words; "" where nobody is named yet."""
        return self.user.name if self.user_id else self.name


class PanelPaper(models.Model):
    """What a document of the panel was made from, and who stands in it without a name."""

    document = models.OneToOneField(Document, on_delete=models.PROTECT, primary_key=True, related_name="panel_paper")
    kind = models.CharField(max_length=20, choices=PanelPaperKind.choices)
    agenda_version = models.PositiveSmallIntegerField()
    # Keys of the persons whose names it does not tell: who was restricted when it was made, in a title or in a text.
    hidden = models.JSONField(default=list)

    def __str__(self):
        return f"{self.kind} in {self.document_id}"

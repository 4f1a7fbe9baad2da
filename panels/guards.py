"""What must be true before something of floor 3 moves: one predicate and one plain sentence each."""

from hsb.core.door import guard
from panels.states import PanelSeatState

# --- Mapping ----------------------------------------------------------------------------------------------------------


@guard("Put at least one person, place or group on the map first.")
def something_is_on_the_map(meeting):
    return meeting.has_nodes()


@guard("Give every person on the map an action, or say why there is none.")
def every_person_is_answered(meeting):
    return not meeting.number_unanswered()


# --- Panel ------------------------------------------------------------------------------------------------------------


@guard("Compile the agenda first.")
def agenda_is_compiled(panel):
    return panel.agenda_versions.exists()


@guard("Say for every seat whether somebody came, sent apologies, or nobody did.", asked=True)
def every_panel_seat_is_answered(panel):
    return not panel.seats.filter(state=PanelSeatState.EXPECTED).exists()


@guard("Say for every item what was decided, or that it is carried over.")
def every_item_has_its_outcome(panel):
    return not panel.standing_items().filter(outcome="").exists()


@guard("Send the minutes round first, or say why somebody is not told of them.")
def minutes_went_round(panel):
    return not panel.seats_to_tell_of_minutes()


@guard("Tell each agency without an account of its actions first, or say why it is not told.")
def agencies_know_their_actions(panel):
    return not panel.has_actions_to_tell()


@guard("Tell the author of each form whose items are decided what came of it first.")
def every_form_has_its_feedback(panel):
    return not panel.has_forms_to_hear()

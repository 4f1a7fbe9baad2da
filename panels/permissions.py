"""Who may, on floor 3: `can_<verb>(noun, user)`. Pure predicates, deny by default."""

from hsb.people.states import CASE_ROLES, Role

# --- Mapping ----------------------------------------------------------------------------------------------------------

CALLERS = (Role.MANAGER, Role.CHAIR)
MAPPERS = (*CASE_ROLES, Role.CHAIR)


def can_call_mapping(user):
    """A manager or a specialist chair."""
    return user.has_role(*CALLERS)


def can_lead_mapping(meeting, user):
    """Who chairs the mapping meeting, or called it; where both have left, any specialist chair."""
    if not (meeting.chair.is_active or meeting.called_by.is_active):
        return user.has_role(Role.CHAIR)
    return user.pk in (meeting.chair_id, meeting.called_by_id) and user.has_role(*CALLERS)


def can_map(meeting, user):
    """Who chairs or called it, or keeps its map up to date."""
    return can_lead_mapping(meeting, user) or (meeting.keeper_id == user.pk and user.has_role(*MAPPERS))


def can_do_mapping_action(meeting, user, action):
    """Whoever agreed to do it, or who keeps the map."""
    return action.owner_id == user.pk or can_map(meeting, user)


# --- Panel ------------------------------------------------------------------------------------------------------------

PANEL_READERS = (Role.COORDINATOR, Role.AUDITOR)


def can_plan_panel(user):
    """A panel coordinator."""
    return user.has_role(Role.COORDINATOR)


def can_coordinate(panel, user):
    """A panel coordinator: plans, compiles, publishes, records."""
    return can_plan_panel(user)

"""Who may, on the ground floor: pure predicates, deny by default.

An administrator looks after people and teams and reads no case content (practice.md B7), so that role stands alone:
nobody holds it beside another one, and nobody gives a role to themselves.
"""

from hsb.people.states import CASE_ROLES, Role


def can_administer(user):
    """Accounts, roles, training, teams and agencies."""
    return user.has_role(Role.ADMINISTRATOR)


def can_give_role(person, user):
    """An administrator, to somebody else: nobody approves their own work."""
    return can_administer(user) and person.pk != user.pk and person.is_active


def can_reset_password(person, user):
    """An administrator, for somebody else: one's own password is changed by typing the old one."""
    return can_administer(user) and person.pk != user.pk and person.is_active


def can_close(person, user):
    return can_administer(user) and person.pk != user.pk and person.is_active


def can_reopen(person, user):
    return can_administer(user) and not person.is_active


def can_arrange_cover(person, user):
    """For somebody with cases: an administrator, a manager of one of their teams, or they themselves."""
    return person.is_active and person.has_role(*CASE_ROLES) and _answers_for(person, user)


def can_end_cover(person, user):
    """Whoever answers for the person, also when the person holds no cases any more."""
    return _answers_for(person, user)


def _answers_for(person, user):
    if can_administer(user):
        return True
    if person.pk == user.pk:
        return user.has_role(*CASE_ROLES)
    return bool(user.teams_as(Role.MANAGER) & person.teams_as(*CASE_ROLES))


def can_stand_in(by, person, user):
    """Whether `user` may name `by` to cover for `person`: one who works with cases, and in the same team.

    Cover opens what is allocated to `person`, so only an administrator reaches beyond the team.
    """
    if by.pk == person.pk or not by.is_active or not by.has_role(*CASE_ROLES):
        return False
    return can_administer(user) or bool(by.teams_as(*CASE_ROLES) & person.teams_as(*CASE_ROLES))

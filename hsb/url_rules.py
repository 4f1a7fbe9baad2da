"""The permission of every URL, in one table: a name that is missing here opens for nobody.

A rule says who gets as far as the view. Whether a particular record opens is asked there, through
`visible_to(user)`, and whether a particular verb is allowed, at the door.
"""

from collections.abc import Callable
from dataclasses import dataclass

from hsb.people.states import CASE_ROLES, Role


@dataclass(frozen=True)
class Rule:
    words: str
    admits: Callable
    open_to_all: bool = False  # also for somebody who has not signed in
    hides: bool = True  # 404 rather than 403 for those it does not admit


def _holders_of(*roles):
    return lambda user: user.has_role(*roles)


ANYBODY = Rule("anybody, signed in or not", lambda user: True, open_to_all=True)
SIGNED_IN = Rule("anybody signed in", lambda user: True)
CASE_READERS = Rule(
    "roles that read case content, each record by its grants",
    _holders_of(*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.AUDITOR),
)
CASE_WORKERS = Rule("practitioners and managers", _holders_of(*CASE_ROLES))
MANAGERS = Rule("managers", _holders_of(Role.MANAGER))
ADMINISTRATORS = Rule("administrators", _holders_of(Role.ADMINISTRATOR))
COVER_ARRANGERS = Rule(
    "practitioners, managers and administrators, each for whom they answer",
    _holders_of(*CASE_ROLES, Role.ADMINISTRATOR),
)

RULES = {
    "core:healthz": ANYBODY,
    "core:readyz": ANYBODY,
    "core:still_here": SIGNED_IN,
    "core:keep_draft": SIGNED_IN,
    # The roof
    "overview:home": SIGNED_IN,
    "overview:my_work": CASE_WORKERS,
    "overview:team_work": MANAGERS,
    "referrals:list": CASE_READERS,
    # Sign-in and account (django-allauth)
    "account_login": ANYBODY,
    "account_logout": ANYBODY,
    "account_inactive": ANYBODY,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_authenticate": ANYBODY,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "usersessions_list": SIGNED_IN,
    # People, teams and roles
    "people:account": SIGNED_IN,
    "people:choose_password": ANYBODY,
    "people:team_cover": MANAGERS,
    "people:arrange_cover": COVER_ARRANGERS,
    "people:end_cover": COVER_ARRANGERS,
    "people:users": ADMINISTRATORS,
    "people:add_user": ADMINISTRATORS,
    "people:user": ADMINISTRATORS,
    "people:edit_user": ADMINISTRATORS,
    "people:changes": ADMINISTRATORS,
    "people:close_account": ADMINISTRATORS,
    "people:reopen_account": ADMINISTRATORS,
    "people:reset_password": ADMINISTRATORS,
    "people:one_time_password": ADMINISTRATORS,
    "people:remove_second_factor": ADMINISTRATORS,
    "people:add_membership": ADMINISTRATORS,
    "people:end_membership": ADMINISTRATORS,
    "people:record_training": ADMINISTRATORS,
    "people:teams": ADMINISTRATORS,
    "people:add_team": ADMINISTRATORS,
    "people:edit_team": ADMINISTRATORS,
    "people:close_team": ADMINISTRATORS,
    "people:reopen_team": ADMINISTRATORS,
    "people:agencies": ADMINISTRATORS,
    "people:add_agency": ADMINISTRATORS,
    # The case: tabs, and a page for every verb
    "referrals:case": CASE_READERS,
}

"""What the pages of the ground floor show: plain dicts, rows already in words. No case content anywhere here."""

from hsb.people.selectors.account import account_page
from hsb.people.selectors.agencies import agency_list
from hsb.people.selectors.changes import changes_of, version_of
from hsb.people.selectors.cover import colleagues, team_cover
from hsb.people.selectors.persons import (
    one_time_password_given_at,
    person_page,
    second_factor_is_on,
    user_list,
)
from hsb.people.selectors.teams import open_teams, team_list
from hsb.people.selectors.words import word_list

__all__ = [
    "account_page",
    "agency_list",
    "changes_of",
    "colleagues",
    "one_time_password_given_at",
    "open_teams",
    "person_page",
    "second_factor_is_on",
    "team_cover",
    "team_list",
    "user_list",
    "version_of",
    "word_list",
]

"""The permission of every URL, in one table: a name that is missing here opens for nobody.

A rule says who gets as far as the view. Whether a particular record opens is asked there, through
`visible_to(user)`, and whether a particular verb is allowed, at the door.
"""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

from hsb.people.states import CASE_ROLES, Role


@dataclass(frozen=True)
class Rule:
    words: str
    admits: Callable
    _: KW_ONLY  # a rule that two people wrote at once can never be read as open
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
TASK_HOLDERS = Rule(
    "practitioners, managers, chairs, minute takers and panel coordinators",
    _holders_of(*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.COORDINATOR),
)
INTEL_READERS = Rule(
    "roles that read case content, and panel coordinators; each form by its grants",
    _holders_of(*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.COORDINATOR, Role.AUDITOR),
)
INTEL_WRITERS = Rule(
    "practitioners, managers, chairs and minute takers, each for the forms they write",
    _holders_of(*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER),
)
INTEL_SEARCHERS = Rule(
    "of those who write intel forms, who may search (B8)",
    _holders_of(*CASE_ROLES, Role.CHAIR),
)
MANAGERS = Rule("managers", _holders_of(Role.MANAGER))
ADMINISTRATORS = Rule("administrators", _holders_of(Role.ADMINISTRATOR))
SEARCHERS = Rule(
    "practitioners, managers, chairs and auditors; what each finds by its own rule (B8)",
    _holders_of(*CASE_ROLES, Role.CHAIR, Role.AUDITOR),
)
MAP_CALLERS = Rule("chairs and managers", _holders_of(Role.MANAGER, Role.CHAIR))
MAPPERS = Rule(
    "practitioners, managers and chairs, each for the mapping meetings that are theirs",
    _holders_of(*CASE_ROLES, Role.CHAIR),
)
CHAIRS = Rule("chairs", _holders_of(Role.CHAIR))
MEETING_WRITERS = Rule(
    "chairs and minute takers, each for the meetings that are theirs", _holders_of(Role.CHAIR, Role.MINUTE_TAKER)
)
COORDINATORS = Rule("panel coordinators", _holders_of(Role.COORDINATOR))
PANEL_READERS = Rule("panel coordinators and auditors", _holders_of(Role.COORDINATOR, Role.AUDITOR))
PANEL_SEATS = Rule(
    "panel coordinators, auditors, and whoever sits on the panel, by its grants",
    _holders_of(*CASE_ROLES, Role.CHAIR, Role.MINUTE_TAKER, Role.COORDINATOR, Role.AUDITOR),
)
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
    "overview:my_work": TASK_HOLDERS,
    "overview:messages": TASK_HOLDERS,
    "overview:team_work": MANAGERS,
    "overview:search": SEARCHERS,
    "overview:search_results": SEARCHERS,
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
    "referrals:chronology": CASE_READERS,
    "referrals:who_looked": CASE_READERS,
    "referrals:decide": CASE_WORKERS,
    "referrals:decide_reassessment": CASE_WORKERS,
    "referrals:name_worker": CASE_WORKERS,
    "referrals:start_work": CASE_WORKERS,
    "referrals:refuse_allocation": CASE_WORKERS,
    "referrals:step_up": CASE_WORKERS,
    "referrals:step_up_urgently": CASE_WORKERS,
    "referrals:step_down": CASE_WORKERS,
    "referrals:answer_offer": CASE_WORKERS,
    "referrals:withdraw_offer": CASE_WORKERS,
    "referrals:propose_closing": CASE_WORKERS,
    "referrals:close": CASE_WORKERS,
    "referrals:return_to_service": CASE_WORKERS,
    "referrals:reopen": CASE_WORKERS,
    "referrals:protection": CASE_READERS,
    "referrals:follow_up_protection": CASE_READERS,
    "referrals:police_call": CASE_READERS,
    "referrals:lift_advice": CASE_READERS,
    "referrals:police_referral": CASE_WORKERS,
    "referrals:police_forms": CASE_READERS,
    "referrals:ask_police_form": CASE_WORKERS,
    "referrals:police_draft": CASE_WORKERS,
    "referrals:police_approve": CASE_WORKERS,
    "referrals:police_sent": CASE_WORKERS,
    "referrals:police_answer": CASE_WORKERS,
    "referrals:police_excuse": CASE_WORKERS,
    "referrals:police_preview": CASE_WORKERS,
    "referrals:police_pack": CASE_READERS,
    "referrals:request_meeting": CASE_WORKERS,
    "referrals:meeting_facts": CASE_WORKERS,
    "referrals:telling": CASE_WORKERS,
    "referrals:decide_meeting": CASE_WORKERS,
    "referrals:report_section_47": CASE_WORKERS,
    "referrals:conclude_section_47": CASE_WORKERS,
    "referrals:conference": CASE_WORKERS,
    "referrals:action": CASE_READERS,
    "referrals:immediate_action": CASE_WORKERS,
    "referrals:restrict": CASE_WORKERS,
    "referrals:lift_restriction": CASE_WORKERS,
    "referrals:name_reader": CASE_WORKERS,
    "referrals:bar": CASE_WORKERS,
    "referrals:lift_bar": CASE_WORKERS,
    # The assessment
    "referrals:begin_assessment": CASE_WORKERS,
    "referrals:begin_reassessment": CASE_WORKERS,
    "referrals:note_behaviour": CASE_WORKERS,
    "referrals:assessment": CASE_READERS,
    "referrals:assessment_version": CASE_READERS,
    "referrals:assessment_page": CASE_WORKERS,
    "referrals:add_behaviour": CASE_WORKERS,
    "referrals:change_behaviour": CASE_WORKERS,
    # Logging a concern, the concern, and the people in it
    "referrals:log_concern": CASE_WORKERS,
    "referrals:concern_people": CASE_WORKERS,
    "referrals:concern_add_person": CASE_WORKERS,
    "referrals:concern_new_person": CASE_WORKERS,
    "referrals:concern_person": CASE_WORKERS,
    "referrals:concern_remove_person": CASE_WORKERS,
    "referrals:concern_what": CASE_WORKERS,
    "referrals:concern_check": CASE_WORKERS,
    "referrals:concern_throw_away": CASE_WORKERS,
    "referrals:concern": CASE_READERS,
    "referrals:logged": CASE_READERS,
    "referrals:people_tab": CASE_READERS,
    "referrals:person_edit": CASE_READERS,
    "referrals:join_person": MANAGERS,
    "referrals:part_person": MANAGERS,
    "referrals:not_the_same": MANAGERS,
    "referrals:never_link": MANAGERS,
    "referrals:set_roles": CASE_WORKERS,
    "referrals:tell_referrer": CASE_READERS,
    "referrals:service_step": CASE_WORKERS,
    "referrals:attach": CASE_WORKERS,
    # Strategy meetings
    "strategy_meetings:list": CASE_READERS,
    "strategy_meetings:of_referral": CASE_READERS,
    "strategy_meetings:schedule": CHAIRS,
    "strategy_meetings:new_facts": CHAIRS,
    "strategy_meetings:telephone": MANAGERS,
    "strategy_meetings:meeting": CASE_READERS,
    "strategy_meetings:child": CASE_READERS,
    "strategy_meetings:arrange": MEETING_WRITERS,
    "strategy_meetings:add_seat": MEETING_WRITERS,
    "strategy_meetings:seat": MEETING_WRITERS,
    "strategy_meetings:invite": MEETING_WRITERS,
    "strategy_meetings:postpone": MEETING_WRITERS,
    "strategy_meetings:take_over": CHAIRS,
    "strategy_meetings:change_children": CHAIRS,
    "strategy_meetings:cancel": MEETING_WRITERS,
    "strategy_meetings:hold": MEETING_WRITERS,
    "strategy_meetings:adjourn": MEETING_WRITERS,
    "strategy_meetings:issue_decisions": MEETING_WRITERS,
    "strategy_meetings:agree_child": MEETING_WRITERS,
    "strategy_meetings:add_action": MEETING_WRITERS,
    "strategy_meetings:drop_action": MEETING_WRITERS,
    "strategy_meetings:action": MEETING_WRITERS,
    "strategy_meetings:decide_nfa": MANAGERS,
    "strategy_meetings:write_minutes": MEETING_WRITERS,
    "strategy_meetings:submit_minutes": MEETING_WRITERS,
    "strategy_meetings:approve_minutes": MEETING_WRITERS,
    "strategy_meetings:return_minutes": MEETING_WRITERS,
    "strategy_meetings:amend": MEETING_WRITERS,
    "strategy_meetings:decide_amendment": MEETING_WRITERS,
    "strategy_meetings:papers": CASE_READERS,
    "strategy_meetings:make_paper": MEETING_WRITERS,
    "strategy_meetings:paper": CASE_READERS,
    "strategy_meetings:paper_fate": MEETING_WRITERS,
    "strategy_meetings:circulate": MEETING_WRITERS,
    "strategy_meetings:close": MEETING_WRITERS,
    # Intel forms
    "strategy_meetings:intel_forms": INTEL_READERS,
    "strategy_meetings:intel": INTEL_READERS,
    "strategy_meetings:begin_intel": CASE_READERS,
    "strategy_meetings:begin_intel_for_child": CASE_READERS,
    "strategy_meetings:write_intel": INTEL_WRITERS,
    "strategy_meetings:add_intel_harmed": INTEL_WRITERS,
    "strategy_meetings:add_intel_person": INTEL_WRITERS,
    "strategy_meetings:search_intel_harmed": INTEL_SEARCHERS,
    "strategy_meetings:search_intel_person": INTEL_SEARCHERS,
    "strategy_meetings:found_intel_harmed": INTEL_SEARCHERS,
    "strategy_meetings:found_intel_person": INTEL_SEARCHERS,
    "strategy_meetings:add_intel_location": INTEL_WRITERS,
    "strategy_meetings:add_intel_theme": INTEL_WRITERS,
    "strategy_meetings:change_entry": INTEL_WRITERS,
    "strategy_meetings:drop_entry": INTEL_WRITERS,
    "strategy_meetings:submit_intel": INTEL_WRITERS,
    "strategy_meetings:let_panel_read": INTEL_WRITERS,
    "strategy_meetings:withdraw_intel": INTEL_WRITERS,
    "strategy_meetings:read_intel_answer": INTEL_WRITERS,
    # Mapping meetings
    "panels:mapping_list": CASE_READERS,
    "panels:mapping": CASE_READERS,
    "panels:mapping_of_child": CASE_READERS,
    "panels:call_mapping": MAP_CALLERS,
    "panels:call_mapping_for": MAP_CALLERS,
    "panels:arrange_mapping": MAP_CALLERS,
    "panels:hold_mapping": MAP_CALLERS,
    "panels:postpone_mapping": MAP_CALLERS,
    "panels:plan_mapping_again": MAP_CALLERS,
    "panels:cancel_mapping": MAP_CALLERS,
    "panels:close_mapping": MAP_CALLERS,
    "panels:mapping_intel": MAPPERS,
    "panels:map_person": MAPPERS,
    "panels:map_pick": MAPPERS,
    "panels:map_new_person": MAPPERS,
    "panels:map_found": MAPPERS,
    "panels:map_place": MAPPERS,
    "panels:map_group": MAPPERS,
    "panels:map_link": MAPPERS,
    "panels:map_take_out": MAPPERS,
    "panels:map_take_out_link": MAPPERS,
    "panels:mapping_add_action": MAPPERS,
    "panels:mapping_no_action": MAPPERS,
    "panels:mapping_drop_action": MAPPERS,
    "panels:mapping_action": CASE_READERS,
    # The panel
    "panels:list": PANEL_READERS,
    "panels:plan": COORDINATORS,
    "panels:sift": PANEL_READERS,
    "panels:sift_who_looked": PANEL_READERS,
    "panels:who_looked": PANEL_READERS,
    "panels:propose": COORDINATORS,
    "panels:decide": COORDINATORS,
    "panels:advise": COORDINATORS,
    "panels:panel": PANEL_SEATS,
    "panels:item": PANEL_SEATS,
    "panels:paper": PANEL_SEATS,
    "panels:arrange": COORDINATORS,
    "panels:collect": COORDINATORS,
    "panels:compile": COORDINATORS,
    "panels:publish": COORDINATORS,
    "panels:circulate": COORDINATORS,
    "panels:circulate_minutes": COORDINATORS,
    "panels:add_seat": COORDINATORS,
    "panels:seat": COORDINATORS,
    "panels:postpone": COORDINATORS,
    "panels:resume": COORDINATORS,
    "panels:cancel": COORDINATORS,
    "panels:move": COORDINATORS,
    "panels:discuss": COORDINATORS,
    "panels:amend": COORDINATORS,
    "panels:add_action": COORDINATORS,
    "panels:hold": COORDINATORS,
    "panels:action": COORDINATORS,
    "panels:drop_action": COORDINATORS,
    "panels:issue_actions": COORDINATORS,
    "panels:feedback": COORDINATORS,
    "panels:close": COORDINATORS,
    "panels:make_paper": COORDINATORS,
}

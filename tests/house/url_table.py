"""Who gets what from every URL: typed by hand from docs/house.md and practice, never derived from the rules it tests.

One letter for each relation, in the order of tests.house.the_scene.RELATIONS:

    the author, the author's manager; a worker and the manager of the team that held it first;
    the allocated worker, their manager, their team-mate; a stranger, a stranger who manages;
    chair, minute taker, coordinator, auditor, administrator; nobody signed in

    o  200, the page                 n  404, there is no such page for this reader
    >  302, on to another page       f  403, seen, but not this reader's to do
    s  302, to the sign-in           c  409, too early, too late, or somebody was first
    x  422, the form with its sentences, for a form that was sent empty
    m  405, this page takes no POST (or no GET)

`get` is a GET; `post` an empty form, sent without having opened the page. A POST that answers with anything but ">"
must have written nothing.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    name: str
    case: str  # of tests.house.the_scene.Scene
    get: str
    post: str


# Who reads a child's record by default: before the decision, with a service, after the end.
UNDECIDED = "oo oo nnn nn nnnon s"
IN_SERVICE = "on nn oon nn nnnon s"

TABLE = [
    # --- The foundation ---
    Row("core:healthz", "roof", "oo oo ooo oo ooooo o", "mm mm mmm mm mmmmm m"),
    Row("core:still_here", "roof", "mm mm mmm mm mmmmm s", ">> >> >>> >> >>>>> s"),
    Row("core:keep_draft", "roof", "mm mm mmm mm mmmmm s", "nn nn nnn nn nnnnn s"),
    # --- The roof ---
    Row("overview:home", "roof", "oo oo ooo oo ooooo s", "mm mm mmm mm mmmmm s"),
    Row("overview:my_work", "roof", "oo oo ooo oo oonnn s", "mm mm mmm mm mmnnn s"),
    Row("overview:messages", "roof", "oo oo ooo oo oonnn s", ">> >> >>> >> >>nnn s"),
    Row("overview:team_work", "roof", "no no non no nnnnn s", "nm nm nmn nm nnnnn s"),
    Row("overview:search", "roof", "oo oo ooo oo onnon s", "xx xx xxx xx xnnxn s"),
    Row("overview:search_results", "roof", "on nn nnn nn nnnnn s", "mn nn nnn nn nnnnn s"),
    Row("referrals:list", "roof", "oo oo ooo oo oonon s", "mm mm mmm mm mmnmn s"),
    # --- The case: its tabs ---
    Row("referrals:case", "received", UNDECIDED, "mm mm nnn nn nnnmn s"),
    Row("referrals:case", "unnamed", "on nn non nn nnnon s", "mn nn nmn nn nnnmn s"),
    Row("referrals:case", "statutory", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    Row("referrals:case", "offered", "on nn oon no nnnon s", "mn nn mmn nm nnnmn s"),
    Row("referrals:case", "closed", "on nn oon nn nnnon s", "mn nn mmn nn nnnmn s"),
    Row("referrals:case", "restricted", "on no nnn nn nnnnn s", "mn nm nnn nn nnnnn s"),
    Row("referrals:case", "barred", "oo no nnn nn nnnon s", "mm nm nnn nn nnnmn s"),
    Row("referrals:chronology", "statutory", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    Row("referrals:who_looked", "statutory", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    Row("referrals:assessment", "statutory", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    Row("referrals:assessment_version", "statutory", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    # --- Deciding ---
    Row("referrals:decide", "received", "cc cc nnn nn nnnnn s", "cc cc nnn nn nnnnn s"),
    Row("referrals:decide", "awaiting", "fo fo nnn nn nnnnn s", "fx fx nnn nn nnnnn s"),
    Row("referrals:decide", "statutory", "cn nn ccn nn nnnnn s", "cc cc ccn nn nnnnn s"),
    Row("referrals:decide_reassessment", "reassessed", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:attach", "twin", "ff fo nnn nn nnnnn s", "ff fx nnn nn nnnnn s"),
    # --- With a service ---
    Row("referrals:name_worker", "unnamed", "fn nn non nn nnnnn s", "fc cc nxn nn nnnnn s"),
    Row("referrals:start_work", "named", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    Row("referrals:service_step", "statutory", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    Row("referrals:service_step", "proposed", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    Row("referrals:refuse_allocation", "named", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:step_up", "early_help", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    Row("referrals:step_up_urgently", "early_help", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    Row("referrals:step_down", "settled", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:answer_offer", "offered", "fn nn ffn no nnnnn s", "fc cc ffn nx nnnnn s"),
    Row("referrals:withdraw_offer", "offered", "fn nn oon nf nnnnn s", "fc cc xxn nf nnnnn s"),
    Row("referrals:propose_closing", "reassessed", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    Row("referrals:close", "proposed", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:return_to_service", "proposed", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:reopen", "closed", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    # --- What waits for nothing ---
    Row("referrals:protection", "received", "oo oo nnn nn nnnfn s", "xx xx nnn nn nnnfn s"),
    Row("referrals:protection", "closed", "on nn oon nn nnnfn s", "xc cc xxn nn nnnfn s"),
    Row("referrals:follow_up_protection", "protected", "on nn oon nn nnnfn s", "xc cc xxn nn nnnfn s"),
    Row("referrals:police_call", "received", "oo oo nnn nn nnnfn s", "xx xx nnn nn nnnfn s"),
    # Amara recorded the call, Mo manages the child's team.
    Row("referrals:lift_advice", "advised", "fn nn oon nn nnnfn s", "fc cc xxn nn nnnfn s"),
    Row("referrals:police_referral", "police", ">n nn >>n nn nnnnn s", "mn nn mmn nn nnnnn s"),
    Row("referrals:police_forms", "police", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    Row("referrals:ask_police_form", "statutory", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    Row("referrals:police_draft", "police_called", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    Row("referrals:police_draft", "police_sent", "cn nn ccn nn nnnnn s", "cc cc ccn nn nnnnn s"),
    # Amara drafted it: Mo approves.
    Row("referrals:police_approve", "police_drafted", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:police_sent", "police_approved", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    Row("referrals:police_answer", "police_sent", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    Row("referrals:police_excuse", "police", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    # Whoever may draft or approve it; once it is approved there is the pack instead.
    Row("referrals:police_preview", "police_drafted", "on nn oon nn nnnnn s", "mn nn mmn nn nnnnn s"),
    Row("referrals:police_preview", "police_approved", "nn nn nnn nn nnnnn s", "nn nn nnn nn nnnnn s"),
    Row("referrals:police_pack", "police_approved", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    Row("referrals:request_meeting", "early_help", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    Row("referrals:telling", "statutory", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    Row("referrals:meeting_facts", "planned", "on nn oon nn nnnnn s", "xc cc xxn nn nnnnn s"),
    Row("referrals:decide_meeting", "statutory", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    # --- What a meeting agreed ---
    Row("referrals:report_section_47", "issued", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    Row("referrals:conclude_section_47", "issued", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:conference", "conference", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    # Chair and minute taker read the child's record for the meeting, and do nothing on it.
    Row("referrals:action", "issued", "fn nn oon nn ffnfn s", "fc cc xxn nn ffnfn s"),
    Row("referrals:immediate_action", "issued", "fn nn oon nn nnnnn s", "fc cc xxn nn nnnnn s"),
    # --- Strategy meetings: Cho chairs, Min takes the minutes ---
    Row("strategy_meetings:list", "roof", "oo oo ooo oo oonon s", "mm mm mmm mm mmnmn s"),
    Row("strategy_meetings:of_referral", "settled", "on nn oon nn nnnon s", "mn nn mmn nn nnnmn s"),
    Row("strategy_meetings:of_referral", "issued", "on nn oon nn oonon s", "mn nn mmn nn mmnmn s"),
    Row("strategy_meetings:schedule", "convened", "nn nn nnn nn onnnn s", "nn nn nnn nn xnnnn s"),
    Row("strategy_meetings:schedule", "planned", "nn nn nnn nn cnnnn s", "nn nn nnn nn cnnnn s"),
    Row("strategy_meetings:new_facts", "new_facts", "nn nn nnn nn onnnn s", "nn nn nnn nn xnnnn s"),
    Row("strategy_meetings:telephone", "convened", "nn nn non nn nnnnn s", "nn nn nxn nn nnnnn s"),
    Row("strategy_meetings:meeting", "planned", "on nn oon nn oonon s", "mn nn mmn nn mmnmn s"),
    Row("strategy_meetings:meeting", "circulated", "on nn oon nn oonon s", "mn nn mmn nn mmnmn s"),
    Row("strategy_meetings:arrange", "planned", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:add_seat", "planned", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:seat", "planned", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:invite", "planned", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:take_over", "held", "nn nn nnn nn onnnn s", "nn nn nnn nn xnnnn s"),
    Row("strategy_meetings:change_children", "planned", "nn nn nnn nn onnnn s", "nn nn nnn nn xnnnn s"),
    Row("strategy_meetings:postpone", "planned", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:cancel", "planned", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:hold", "planned", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:adjourn", "held", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:issue_decisions", "held", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:issue_decisions", "planned", "nn nn nnn nn ccnnn s", "nn nn nnn nn ccnnn s"),
    Row("strategy_meetings:child", "held", "on nn oon nn oonon s", "mn nn mmn nn mmnmn s"),
    Row("strategy_meetings:child", "circulated", "on nn oon nn oonon s", "mn nn mmn nn mmnmn s"),
    Row("strategy_meetings:agree_child", "held", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:agree_child", "issued", "nn nn nnn nn ccnnn s", "nn nn nnn nn ccnnn s"),
    Row("strategy_meetings:add_action", "held", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:drop_action", "held", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:action", "unreferred", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:decide_nfa", "nfa", "nn nn non nn nnnnn s", "nn nn nxn nn nnnnn s"),
    Row("strategy_meetings:complete_intel", "issued", "fn nn ffn nn oonfn s", "fn nn ffn nn xxnfn s"),
    Row("strategy_meetings:write_minutes", "issued", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:submit_minutes", "written", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:approve_minutes", "drafted", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:return_minutes", "drafted", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    Row("strategy_meetings:amend", "approved", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:decide_amendment", "amended", "nn nn nnn nn fonnn s", "nn nn nnn nn fxnnn s"),
    Row("strategy_meetings:papers", "documented", "on nn oon nn oonon s", "mn nn mmn nn mmnmn s"),
    Row("strategy_meetings:make_paper", "documented", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:paper", "documented", "on nn oon nn oonon s", "mn nn mmn nn mmnmn s"),
    Row("strategy_meetings:paper_fate", "documented", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:circulate", "approved", "nn nn nnn nn ccnnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:circulate", "sent_out", "nn nn nnn nn oonnn s", "nn nn nnn nn xxnnn s"),
    Row("strategy_meetings:close", "circulated", "nn nn nnn nn ofnnn s", "nn nn nnn nn xfnnn s"),
    # --- Who may open it ---
    Row("referrals:restrict", "received", "fo fo nnn nn nnnnn s", "fx fx nnn nn nnnnn s"),
    Row("referrals:lift_restriction", "restricted", "fn no nnn nn nnnnn s", "fn nx nnn nn nnnnn s"),
    Row("referrals:name_reader", "statutory", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:bar", "statutory", "fn nn fon nn nnnnn s", "fc cc fxn nn nnnnn s"),
    Row("referrals:lift_bar", "barred", "fo no nnn nn nnnnn s", "fx nx nnn nn nnnnn s"),
    # --- The assessment ---
    Row("referrals:begin_assessment", "received", ">> >> nnn nn nnnnn s", ">f >> nnn nn nnnnn s"),
    Row("referrals:begin_reassessment", "settled", ">n nn >>n nn nnnnn s", "fn nn >>n nn nnnnn s"),
    Row("referrals:note_behaviour", "statutory", "fn nn oon nn nnnnn s", "fn nn xxn nn nnnnn s"),
    Row("referrals:assessment_page", "assessing", "of oo nnn nn nnnnn s", "xf xx nnn nn nnnnn s"),
    Row("referrals:add_behaviour", "assessing", "of oo nnn nn nnnnn s", "xf xx nnn nn nnnnn s"),
    Row("referrals:change_behaviour", "assessing", "of oo nnn nn nnnnn s", "xf xx nnn nn nnnnn s"),
    # --- Logging a concern, the concern, and the people in it ---
    Row("referrals:log_concern", "roof", "oo oo ooo oo nnnnn s", "xx xx xxx xx nnnnn s"),
    Row("referrals:concern_people", "draft", "on nn nnn nn nnnnn s", "xn nn nnn nn nnnnn s"),
    Row("referrals:concern_add_person", "draft", ">n nn nnn nn nnnnn s", ">n nn nnn nn nnnnn s"),
    Row("referrals:concern_new_person", "draft", "on nn nnn nn nnnnn s", "xn nn nnn nn nnnnn s"),
    Row("referrals:concern_person", "draft", "on nn nnn nn nnnnn s", "xn nn nnn nn nnnnn s"),
    Row("referrals:concern_remove_person", "draft", "on nn nnn nn nnnnn s", ">n nn nnn nn nnnnn s"),
    Row("referrals:concern_what", "draft", "on nn nnn nn nnnnn s", "xn nn nnn nn nnnnn s"),
    Row("referrals:concern_check", "draft", "on nn nnn nn nnnnn s", "xn nn nnn nn nnnnn s"),
    Row("referrals:concern_throw_away", "draft", "on nn nnn nn nnnnn s", ">n nn nnn nn nnnnn s"),
    Row("referrals:concern", "received", UNDECIDED, "mm mm nnn nn nnnmn s"),
    Row("referrals:concern", "statutory", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    # The author keeps what she typed.
    Row("referrals:concern", "restricted", "on no nnn nn nnnnn s", "mn nm nnn nn nnnnn s"),
    Row("referrals:logged", "received", UNDECIDED, "mm mm nnn nn nnnmn s"),
    Row("referrals:people_tab", "received", UNDECIDED, "mm mm nnn nn nnnmn s"),
    Row("referrals:people_tab", "statutory", IN_SERVICE, "mn nn mmn nn nnnmn s"),
    Row("referrals:person_edit", "received", "oo oo nnn nn nnnon s", "xx xx nnn nn nnnfn s"),
    Row("referrals:set_roles", "received", "of oo nnn nn nnnnn s", "xf xx nnn nn nnnnn s"),
    Row("referrals:tell_referrer", "statutory", "on nn oon nn nnnfn s", "xn nn xxn nn nnnfn s"),
    # --- Sign-in and account (django-allauth) ---
    Row("account_login", "roof", ">> >> >>> >> >>>>> o", ">> >> >>> >> >>>>> o"),
    Row("account_logout", "roof", "oo oo ooo oo ooooo >", ">> >> >>> >> >>>>> >"),
    Row("account_inactive", "roof", "oo oo ooo oo ooooo o", "mm mm mmm mm mmmmm m"),
    Row("account_reauthenticate", "roof", "oo oo ooo oo ooooo s", "oo oo ooo oo ooooo s"),
    Row("account_change_password", "roof", "oo oo ooo oo ooooo s", "oo oo ooo oo ooooo s"),
    Row("mfa_index", "roof", "oo oo ooo oo ooooo s", "mm mm mmm mm mmmmm s"),
    Row("mfa_activate_totp", "roof", ">> >> >>> >> >>>>> s", ">> >> >>> >> >>>>> s"),
    Row("mfa_deactivate_totp", "roof", "nn nn nnn nn nnnnn s", "nn nn nnn nn nnnnn s"),
    Row("mfa_authenticate", "roof", ">> >> >>> >> >>>>> >", ">> >> >>> >> >>>>> >"),
    Row("mfa_reauthenticate", "roof", ">> >> >>> >> >>>>> s", ">> >> >>> >> >>>>> s"),
    Row("mfa_generate_recovery_codes", "roof", ">> >> >>> >> >>>>> s", ">> >> >>> >> >>>>> s"),
    Row("mfa_view_recovery_codes", "roof", "nn nn nnn nn nnnnn s", "mm mm mmm mm mmmmm s"),
    Row("mfa_download_recovery_codes", "roof", "nn nn nnn nn nnnnn s", "nn nn nnn nn nnnnn s"),
    Row("usersessions_list", "roof", "oo oo ooo oo ooooo s", ">> >> >>> >> >>>>> s"),
    # --- People, teams and roles: the page of Bea, Amara's team-mate ---
    Row("people:account", "person", "oo oo ooo oo ooooo s", "mm mm mmm mm mmmmm s"),
    Row("people:choose_password", "person", ">> >> >>> >> >>>>> >", ">> >> >>> >> >>>>> >"),
    Row("people:team_cover", "person", "no no non no nnnnn s", "nm nm nmn nm nnnnn s"),
    Row("people:arrange_cover", "person", "nn nn noo nn nnnno s", "nn nn nxx nn nnnnx s"),
    Row("people:end_cover", "covered", "nn nn noo nn nnnno s", "nn nn n>> nn nnnn> s"),
    Row("people:users", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnm s"),
    Row("people:add_user", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:user", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnm s"),
    Row("people:edit_user", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:changes", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnm s"),
    Row("people:close_account", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnn> s"),
    Row("people:reopen_account", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnn> s"),
    Row("people:reset_password", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnn> s"),
    Row("people:one_time_password", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnm s"),
    Row("people:remove_second_factor", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnn> s"),
    Row("people:add_membership", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:end_membership", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:record_training", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:teams", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnm s"),
    Row("people:add_team", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:edit_team", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:close_team", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
    Row("people:reopen_team", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnn> s"),
    Row("people:agencies", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnm s"),
    Row("people:add_agency", "person", "nn nn nnn nn nnnno s", "nn nn nnn nn nnnnx s"),
]

# Every page of an assessment is the same URL with another key: (case, key).
PAGES_OF_AN_ASSESSMENT = [
    ("begun", "short"),
    ("assessing", "behaviours"),
    ("assessing", "category"),
    ("assessing", "brook"),
    ("assessing", "threshold"),
    ("assessing", "context"),
    ("assessing", "strengths"),
    ("assessing", "risk"),
    ("assessing", "check"),
    ("harmed", "safety"),
    ("harmed", "support"),
    ("harmed", "threshold"),
]
# A worker of the team, the author while nothing is decided: writes; the author's manager reads elsewhere.
WRITES = "of oo nnn nn nnnnn s"

# Not in the table: what answers by the state of the machine, not by who asks (tests/core/test_health.py).
ELSEWHERE = {"core:readyz"}

from django.urls import path

from strategy_meetings.views.intel import (
    AddHarmed,
    AddLocation,
    AddPerson,
    AddTheme,
    BeginForChild,
    BeginFromMeeting,
    ChangeEntry,
    DropEntry,
    FoundHarmed,
    FoundPerson,
    Intel,
    IntelForms,
    LetPanelRead,
    ReadAnswer,
    SearchHarmed,
    SearchPerson,
    SubmitIntel,
    WithdrawIntel,
    WriteIntel,
)
from strategy_meetings.views.meetings import Meeting, Meetings, OfReferral
from strategy_meetings.views.minutes import (
    Amend,
    ApproveMinutes,
    Circulate,
    Close,
    DecideAmendment,
    ReturnMinutes,
    SubmitMinutes,
    WriteMinutes,
)
from strategy_meetings.views.papers import MakePaper, OpenPaper, Papers, RecordFate
from strategy_meetings.views.planning import (
    AddSeat,
    Arrange,
    Cancel,
    Children,
    EditSeat,
    Invite,
    NewFacts,
    Postpone,
    Schedule,
    TakeOver,
)
from strategy_meetings.views.sitting import (
    AddAction,
    Adjourn,
    AgreeChild,
    Child,
    DecideNfa,
    DoAction,
    DropAction,
    Hold,
    IssueDecisions,
)
from strategy_meetings.views.telephone import Telephone

app_name = "strategy_meetings"
urlpatterns = [
    path("meetings/", Meetings.as_view(), name="list"),
    path("referrals/<str:reference>/meetings/", OfReferral.as_view(), name="of_referral"),
    path("referrals/<str:reference>/schedule-meeting/", Schedule.as_view(), name="schedule"),
    path("referrals/<str:reference>/new-facts/", NewFacts.as_view(), name="new_facts"),
    path("referrals/<str:reference>/telephone-discussion/", Telephone.as_view(), name="telephone"),
    path("meetings/<str:reference>/", Meeting.as_view(), name="meeting"),
    # Before
    path("meetings/<str:reference>/arrange/", Arrange.as_view(), name="arrange"),
    path("meetings/<str:reference>/seats/add/", AddSeat.as_view(), name="add_seat"),
    path("meetings/<str:reference>/seats/<int:number>/", EditSeat.as_view(), name="seat"),
    path("meetings/<str:reference>/invite/", Invite.as_view(), name="invite"),
    path("meetings/<str:reference>/postpone/", Postpone.as_view(), name="postpone"),
    path("meetings/<str:reference>/cancel/", Cancel.as_view(), name="cancel"),
    path("meetings/<str:reference>/take-over/", TakeOver.as_view(), name="take_over"),
    path("meetings/<str:reference>/who-takes-part/", Children.as_view(), name="change_children"),
    # At the meeting
    path("meetings/<str:reference>/hold/", Hold.as_view(), name="hold"),
    path("meetings/<str:reference>/adjourn/", Adjourn.as_view(), name="adjourn"),
    path("meetings/<str:reference>/issue-decisions/", IssueDecisions.as_view(), name="issue_decisions"),
    path("meetings/<str:reference>/actions/<int:number>/drop/", DropAction.as_view(), name="drop_action"),
    path("meetings/<str:reference>/actions/<int:number>/", DoAction.as_view(), name="action"),
    # One child's part
    path("meetings/<str:reference>/children/<int:number>/", Child.as_view(), name="child"),
    path("meetings/<str:reference>/children/<int:number>/agree/", AgreeChild.as_view(), name="agree_child"),
    path("meetings/<str:reference>/children/<int:number>/add-action/", AddAction.as_view(), name="add_action"),
    path("meetings/<str:reference>/children/<int:number>/no-further-action/", DecideNfa.as_view(), name="decide_nfa"),
    # After
    path("meetings/<str:reference>/minutes/", WriteMinutes.as_view(), name="write_minutes"),
    path("meetings/<str:reference>/minutes/submit/", SubmitMinutes.as_view(), name="submit_minutes"),
    path("meetings/<str:reference>/minutes/confirm/", ApproveMinutes.as_view(), name="approve_minutes"),
    path("meetings/<str:reference>/minutes/return/", ReturnMinutes.as_view(), name="return_minutes"),
    path("meetings/<str:reference>/minutes/amend/", Amend.as_view(), name="amend"),
    path(
        "meetings/<str:reference>/minutes/amendments/<int:number>/", DecideAmendment.as_view(), name="decide_amendment"
    ),
    path("meetings/<str:reference>/documents/", Papers.as_view(), name="papers"),
    path("meetings/<str:reference>/documents/make/", MakePaper.as_view(), name="make_paper"),
    path("meetings/<str:reference>/documents/<int:number>/", OpenPaper.as_view(), name="paper"),
    path("meetings/<str:reference>/documents/<int:number>/went-out/", RecordFate.as_view(), name="paper_fate"),
    path("meetings/<str:reference>/circulate/", Circulate.as_view(), name="circulate"),
    # The intel form
    path("meetings/<str:reference>/intel/", BeginFromMeeting.as_view(), name="begin_intel"),
    path("referrals/<str:reference>/intel/", BeginForChild.as_view(), name="begin_intel_for_child"),
    path("intel/", IntelForms.as_view(), name="intel_forms"),
    path("intel/<str:reference>/", Intel.as_view(), name="intel"),
    path("intel/<str:reference>/why/", WriteIntel.as_view(), name="write_intel"),
    path("intel/<str:reference>/add/harmed/", AddHarmed.as_view(), name="add_intel_harmed"),
    path("intel/<str:reference>/add/person/", AddPerson.as_view(), name="add_intel_person"),
    path("intel/<str:reference>/add/harmed/search/", SearchHarmed.as_view(), name="search_intel_harmed"),
    path("intel/<str:reference>/add/harmed/found/<uuid:search>/", FoundHarmed.as_view(), name="found_intel_harmed"),
    path("intel/<str:reference>/add/person/search/", SearchPerson.as_view(), name="search_intel_person"),
    path("intel/<str:reference>/add/person/found/<uuid:search>/", FoundPerson.as_view(), name="found_intel_person"),
    path("intel/<str:reference>/add/location/", AddLocation.as_view(), name="add_intel_location"),
    path("intel/<str:reference>/add/theme/", AddTheme.as_view(), name="add_intel_theme"),
    path("intel/<str:reference>/entries/<int:number>/", ChangeEntry.as_view(), name="change_entry"),
    path("intel/<str:reference>/entries/<int:number>/take-out/", DropEntry.as_view(), name="drop_entry"),
    path("intel/<str:reference>/submit/", SubmitIntel.as_view(), name="submit_intel"),
    path("intel/<str:reference>/panel-reads/", LetPanelRead.as_view(), name="let_panel_read"),
    path("intel/<str:reference>/withdraw/", WithdrawIntel.as_view(), name="withdraw_intel"),
    path("intel/<str:reference>/answer/", ReadAnswer.as_view(), name="read_intel_answer"),
    path("meetings/<str:reference>/close/", Close.as_view(), name="close"),
]

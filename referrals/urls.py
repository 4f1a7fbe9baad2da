from django.urls import path

from referrals.views.access_requests import AnswerAccess
from referrals.views.adding import AddToConcern, AddToConcernPerson
from referrals.views.agreed import ConcludeSection47, Conference, DoAction, ImmediateAction, ReportSection47
from referrals.views.aim import RecordAim, ReplaceAim
from referrals.views.allocation import (
    AssessAgain,
    EndAllocation,
    HelpAssessment,
    NameWorker,
    RefuseAllocation,
    ServiceStep,
    StartWork,
)
from referrals.views.assessment import AssessmentTab, AssessmentVersion, Begin, BeginReassessment
from referrals.views.assessment_pages import assessment_page
from referrals.views.behaviours import AddBehaviour, ChangeBehaviour, NoteBehaviour
from referrals.views.brook import RecordBrook, ReplaceBrook
from referrals.views.case import CaseOverview, WhoLooked
from referrals.views.case_documents import (
    AddDocument,
    Documents,
    HoldDocumentBack,
    LetDisclose,
    OpenDocument,
    TakeOut,
)
from referrals.views.chronology import (
    CaseChronology,
    CorrectEvent,
    PrintChronology,
    RecordEvent,
    SignificantEvents,
)
from referrals.views.closing import Close, ProposeClosing, Reopen, ReturnToService
from referrals.views.coming_of_age import DecideAt18, PlanWhatFollows
from referrals.views.concern import ConcernPage, Logged
from referrals.views.concern_facts import CorrectConcern, SetRelationship
from referrals.views.concern_people import AddPerson, ConcernPeople, ConcernPerson, NewPerson, RemovePerson
from referrals.views.consent import Consent, DecideHelp, RecordConsent, ReplaceConsent
from referrals.views.decide import Decide, DecideReassessment
from referrals.views.emergencies import ReviewBreakGlass
from referrals.views.family import AddFamily, ChangeFamily, EndFamily, SearchFamily
from referrals.views.intake import ConcernCheck, ConcernWhat, LogConcern, ThrowAway
from referrals.views.involvements import ReadBoth, SetContexts, SetStatus
from referrals.views.lists import ReferralList
from referrals.views.markers import AddMarker, ConfirmMarker, EndMarker, Markers, ReviewMarker, TellMarker
from referrals.views.meeting import DecideMeeting, NewFacts, RequestMeeting
from referrals.views.notes import CaseNotes, CorrectNote, DraftNote, NotePage, TellingOfNote, WriteNote
from referrals.views.notifications import FollowNotification, RecordNotification, TellNotification
from referrals.views.pathway_texts import ChangePathwayText, PathwayTexts
from referrals.views.person import Attach, PeopleTab, PersonEdit, PersonGroup, PersonPage, SetRoles, TellReferrer
from referrals.views.plans import (
    AddPlanLine,
    AgreePlan,
    BeginPlan,
    EndPlan,
    MakePlanPaper,
    PlanTab,
    ReviewPlan,
    ShowPlanPaper,
    SubmitPlan,
    TakeOutPlanLine,
)
from referrals.views.police import (
    AskPoliceReferral,
    LiftAdvice,
    PoliceAnswer,
    PoliceApprove,
    PoliceCall,
    PoliceDraft,
    PoliceExcuse,
    PoliceForms,
    PolicePack,
    PolicePackWord,
    PolicePreview,
    PoliceReferral,
    PoliceRefusal,
    PoliceSent,
)
from referrals.views.police_supplements import (
    PoliceSupplement,
    SupplementAnswer,
    SupplementApprove,
    SupplementSent,
)
from referrals.views.reassigning import Reassign, ReassignmentProgress
from referrals.views.restrict import Bar, LiftBar, LiftRestriction, NameReader, Restrict
from referrals.views.same_child import Join, NeverLink, NotTheSame, Part
from referrals.views.saying import CopySummary, WhatMayISay
from referrals.views.sharing import AssessmentTelling, FormTelling, RecordSharing, Sharing
from referrals.views.steps import AnswerOffer, StepDown, StepUp, StepUpUrgently, WithdrawOffer
from referrals.views.supervision import Discussed, PrintSupervision, Supervision
from referrals.views.telling import Telling
from referrals.views.transferring import AnswerTransfer, OfferTransfer
from referrals.views.urgent import FollowUpProtection, Protection

app_name = "referrals"
urlpatterns = [
    # Lists
    path("referrals/", ReferralList.as_view(), name="list"),
    # The pathway's texts, for the administrator
    path("pathway/texts/", PathwayTexts.as_view(), name="pathway_texts"),
    path("pathway/texts/<str:version>/<slug:key>/change/", ChangePathwayText.as_view(), name="change_pathway_text"),
    # A whole caseload
    path("caseloads/<str:user>/supervision/", Supervision.as_view(), name="supervision"),
    path("caseloads/<str:user>/supervision/print/", PrintSupervision.as_view(), name="print_supervision"),
    path("caseloads/<str:user>/supervision/<str:reference>/", Discussed.as_view(), name="discussed"),
    path("caseloads/<str:user>/hand-on/", Reassign.as_view(), name="reassign"),
    path("caseloads/handed-on/<uuid:order>/", ReassignmentProgress.as_view(), name="reassignment"),
    # The case: tabs, and a page for every verb
    path("referrals/<str:reference>/", CaseOverview.as_view(), name="case"),
    path("referrals/<str:reference>/chronology/", CaseChronology.as_view(), name="chronology"),
    path("referrals/<str:reference>/chronology/print/", PrintChronology.as_view(), name="print_chronology"),
    path("referrals/<str:reference>/significant-events/", SignificantEvents.as_view(), name="significant_events"),
    # The number of the journal's entry that is taken in; 0 for an event of which the journal has none.
    path(
        "referrals/<str:reference>/significant-events/record/<int:number>/", RecordEvent.as_view(), name="record_event"
    ),
    path(
        "referrals/<str:reference>/significant-events/<int:number>/correct/",
        CorrectEvent.as_view(),
        name="correct_event",
    ),
    path("referrals/<str:reference>/brook/record/", RecordBrook.as_view(), name="record_brook"),
    path("referrals/<str:reference>/brook/<int:number>/replace/", ReplaceBrook.as_view(), name="replace_brook"),
    path("referrals/<str:reference>/aim/record/", RecordAim.as_view(), name="record_aim"),
    path("referrals/<str:reference>/aim/<int:number>/replace/", ReplaceAim.as_view(), name="replace_aim"),
    path("referrals/<str:reference>/what-follows-at-18/", PlanWhatFollows.as_view(), name="what_follows"),
    path("referrals/<str:reference>/decide-at-18/", DecideAt18.as_view(), name="decide_at_18"),
    path("referrals/<str:reference>/who-looked/", WhoLooked.as_view(), name="who_looked"),
    path("referrals/<str:reference>/consent/", Consent.as_view(), name="consent"),
    path("referrals/<str:reference>/consent/record/", RecordConsent.as_view(), name="record_consent"),
    path("referrals/<str:reference>/consent/<int:number>/replace/", ReplaceConsent.as_view(), name="replace_consent"),
    path("referrals/<str:reference>/sharing/", Sharing.as_view(), name="sharing"),
    path("referrals/<str:reference>/sharing/record/", RecordSharing.as_view(), name="record_sharing"),
    path("referrals/<str:reference>/early-help/decide/", DecideHelp.as_view(), name="decide_help"),
    path("referrals/<str:reference>/what-may-i-say/", WhatMayISay.as_view(), name="say"),
    path("referrals/<str:reference>/main-system/", CopySummary.as_view(), name="copy_to_main_system"),
    path("referrals/<str:reference>/notes/", CaseNotes.as_view(), name="notes"),
    path("referrals/<str:reference>/notes/write/", WriteNote.as_view(), name="write_note"),
    path("referrals/<str:reference>/notes/write/<uuid:key>/", DraftNote.as_view(), name="draft_note"),
    path("referrals/<str:reference>/notes/<int:number>/", NotePage.as_view(), name="note"),
    path("referrals/<str:reference>/notes/<int:number>/correct/", CorrectNote.as_view(), name="correct_note"),
    path("referrals/<str:reference>/notes/<int:number>/telling/", TellingOfNote.as_view(), name="note_telling"),
    path("referrals/<str:reference>/documents/", Documents.as_view(), name="documents"),
    path("referrals/<str:reference>/documents/add/", AddDocument.as_view(), name="add_document"),
    path("referrals/<str:reference>/documents/<str:document>/", OpenDocument.as_view(), name="document"),
    path("referrals/<str:reference>/documents/<str:document>/take-out/", TakeOut.as_view(), name="take_out_document"),
    path(
        "referrals/<str:reference>/documents/<str:document>/let-disclose/",
        LetDisclose.as_view(),
        name="let_disclose_document",
    ),
    path(
        "referrals/<str:reference>/documents/<str:document>/hold-back/",
        HoldDocumentBack.as_view(),
        name="hold_document_back",
    ),
    path("referrals/<str:reference>/plan/", PlanTab.as_view(), name="plan"),
    path("referrals/<str:reference>/plan/begin/", BeginPlan.as_view(), name="begin_plan"),
    path("referrals/<str:reference>/plan/<int:number>/lines/add/", AddPlanLine.as_view(), name="add_plan_line"),
    path(
        "referrals/<str:reference>/plan/<int:number>/lines/<int:line>/take-out/",
        TakeOutPlanLine.as_view(),
        name="take_out_plan_line",
    ),
    path("referrals/<str:reference>/plan/<int:number>/submit/", SubmitPlan.as_view(), name="submit_plan"),
    path("referrals/<str:reference>/plan/<int:number>/agree/", AgreePlan.as_view(), name="agree_plan"),
    path("referrals/<str:reference>/plan/<int:number>/review/", ReviewPlan.as_view(), name="review_plan"),
    path("referrals/<str:reference>/plan/<int:number>/end/", EndPlan.as_view(), name="end_plan"),
    path("referrals/<str:reference>/plan/<int:number>/papers/make/", MakePlanPaper.as_view(), name="make_plan_paper"),
    path(
        "referrals/<str:reference>/plan/<int:number>/papers/<int:document>/",
        ShowPlanPaper.as_view(),
        name="plan_paper",
    ),
    path("referrals/<str:reference>/decide/", Decide.as_view(), name="decide"),
    path("referrals/<str:reference>/decide-reassessment/", DecideReassessment.as_view(), name="decide_reassessment"),
    path("referrals/<str:reference>/name-worker/", NameWorker.as_view(), name="name_worker"),
    path("referrals/<str:reference>/end-allocation/", EndAllocation.as_view(), name="end_allocation"),
    path("referrals/<str:reference>/start-work/", StartWork.as_view(), name="start_work"),
    path("referrals/<str:reference>/refuse-allocation/", RefuseAllocation.as_view(), name="refuse_allocation"),
    path("referrals/<str:reference>/step-up/", StepUp.as_view(), name="step_up"),
    path("referrals/<str:reference>/step-up-urgently/", StepUpUrgently.as_view(), name="step_up_urgently"),
    path("referrals/<str:reference>/step-down/", StepDown.as_view(), name="step_down"),
    path("referrals/<str:reference>/answer-offer/", AnswerOffer.as_view(), name="answer_offer"),
    path("referrals/<str:reference>/withdraw-offer/", WithdrawOffer.as_view(), name="withdraw_offer"),
    path("referrals/<str:reference>/transfer/", OfferTransfer.as_view(), name="offer_transfer"),
    path("referrals/<str:reference>/transfer-answer/", AnswerTransfer.as_view(), name="answer_transfer"),
    path("referrals/<str:reference>/propose-closing/", ProposeClosing.as_view(), name="propose_closing"),
    path("referrals/<str:reference>/close/", Close.as_view(), name="close"),
    path("referrals/<str:reference>/return-to-service/", ReturnToService.as_view(), name="return_to_service"),
    path("referrals/<str:reference>/reopen/", Reopen.as_view(), name="reopen"),
    path("referrals/<str:reference>/protection/", Protection.as_view(), name="protection"),
    path("referrals/<str:reference>/follow-up-protection/", FollowUpProtection.as_view(), name="follow_up_protection"),
    path("referrals/<str:reference>/police-call/", PoliceCall.as_view(), name="police_call"),
    path("referrals/<str:reference>/lift-advice/", LiftAdvice.as_view(), name="lift_advice"),
    path("referrals/<str:reference>/police-referral/", PoliceReferral.as_view(), name="police_referral"),
    path("referrals/<str:reference>/police-forms/", PoliceForms.as_view(), name="police_forms"),
    path("referrals/<str:reference>/police-forms/ask/", AskPoliceReferral.as_view(), name="ask_police_form"),
    path("referrals/<str:reference>/police-forms/<str:about>/draft/", PoliceDraft.as_view(), name="police_draft"),
    path("referrals/<str:reference>/police-forms/<str:about>/approve/", PoliceApprove.as_view(), name="police_approve"),
    path("referrals/<str:reference>/police-forms/<str:about>/sent/", PoliceSent.as_view(), name="police_sent"),
    path("referrals/<str:reference>/police-forms/<str:about>/answer/", PoliceAnswer.as_view(), name="police_answer"),
    path("referrals/<str:reference>/police-forms/<str:about>/not-sent/", PoliceExcuse.as_view(), name="police_excuse"),
    path(
        "referrals/<str:reference>/police-forms/<str:about>/refused/<int:number>/",
        PoliceRefusal.as_view(),
        name="police_refusal",
    ),
    path("referrals/<str:reference>/police-forms/<str:about>/preview/", PolicePreview.as_view(), name="police_preview"),
    path(
        "referrals/<str:reference>/police-forms/<str:about>/pack/<int:number>/",
        PolicePack.as_view(),
        name="police_pack",
    ),
    path(
        "referrals/<str:reference>/police-forms/<str:about>/pack/<int:number>/word/",
        PolicePackWord.as_view(),
        name="police_pack_word",
    ),
    path(
        "referrals/<str:reference>/police-forms/<str:about>/supplement/",
        PoliceSupplement.as_view(),
        name="police_supplement",
    ),
    path(
        "referrals/<str:reference>/police-forms/<str:about>/supplement/approve/",
        SupplementApprove.as_view(),
        name="supplement_approve",
    ),
    path(
        "referrals/<str:reference>/police-forms/<str:about>/supplement/sent/",
        SupplementSent.as_view(),
        name="supplement_sent",
    ),
    path(
        "referrals/<str:reference>/police-forms/<str:about>/supplement/answer/",
        SupplementAnswer.as_view(),
        name="supplement_answer",
    ),
    path("referrals/<str:reference>/police-forms/<str:about>/telling/", FormTelling.as_view(), name="form_telling"),
    path(
        "referrals/<str:reference>/police-notifications/record/",
        RecordNotification.as_view(),
        name="record_notification",
    ),
    path(
        "referrals/<str:reference>/police-notifications/<uuid:notification>/what-followed/",
        FollowNotification.as_view(),
        name="follow_notification",
    ),
    path(
        "referrals/<str:reference>/police-notifications/<uuid:notification>/can-be-disclosed/",
        TellNotification.as_view(),
        name="tell_notification",
    ),
    path("referrals/<str:reference>/request-meeting/", RequestMeeting.as_view(), name="request_meeting"),
    path("referrals/<str:reference>/what-families-are-told/", Telling.as_view(), name="telling"),
    path("referrals/<str:reference>/meeting-facts/", NewFacts.as_view(), name="meeting_facts"),
    path("referrals/<str:reference>/decide-meeting/", DecideMeeting.as_view(), name="decide_meeting"),
    path("referrals/<str:reference>/report-section-47/", ReportSection47.as_view(), name="report_section_47"),
    path("referrals/<str:reference>/conclude-section-47/", ConcludeSection47.as_view(), name="conclude_section_47"),
    path("referrals/<str:reference>/conference/", Conference.as_view(), name="conference"),
    path("referrals/<str:reference>/actions/<str:source>/<int:number>/", DoAction.as_view(), name="action"),
    path("referrals/<str:reference>/immediate-action/<str:about>/", ImmediateAction.as_view(), name="immediate_action"),
    path("referrals/<str:reference>/restrict/", Restrict.as_view(), name="restrict"),
    path("referrals/<str:reference>/lift-restriction/", LiftRestriction.as_view(), name="lift_restriction"),
    path("referrals/<str:reference>/answer-access/", AnswerAccess.as_view(), name="answer_access"),
    path("referrals/<str:reference>/review-emergency/", ReviewBreakGlass.as_view(), name="review_break_glass"),
    path("referrals/<str:reference>/name-reader/", NameReader.as_view(), name="name_reader"),
    path("referrals/<str:reference>/bar/", Bar.as_view(), name="bar"),
    path("referrals/<str:reference>/lift-bar/", LiftBar.as_view(), name="lift_bar"),
    # The assessment: its tab, its pages, its behaviours
    path("referrals/<str:reference>/begin-assessment/", Begin.as_view(), name="begin_assessment"),
    path("referrals/<str:reference>/begin-reassessment/", BeginReassessment.as_view(), name="begin_reassessment"),
    path("referrals/<str:reference>/note-behaviour/", NoteBehaviour.as_view(), name="note_behaviour"),
    path("referrals/<str:reference>/assessment/", AssessmentTab.as_view(), name="assessment"),
    path("referrals/<str:reference>/assessment/behaviours/add/", AddBehaviour.as_view(), name="add_behaviour"),
    path(
        "referrals/<str:reference>/assessment/behaviours/<str:concern>/<int:number>/",
        ChangeBehaviour.as_view(),
        name="change_behaviour",
    ),
    path("referrals/<str:reference>/assessment/<int:number>/", AssessmentVersion.as_view(), name="assessment_version"),
    path(
        "referrals/<str:reference>/assessment/<int:number>/telling/",
        AssessmentTelling.as_view(),
        name="assessment_telling",
    ),
    path("referrals/<str:reference>/assessment/<slug:page>/", assessment_page, name="assessment_page"),
    # Logging a concern, the concern, and the people in it
    path("concerns/new/", LogConcern.as_view(), name="log_concern"),
    path("concerns/new/<uuid:key>/people/", ConcernPeople.as_view(), name="concern_people"),
    path("concerns/new/<uuid:key>/people/add/", AddPerson.as_view(), name="concern_add_person"),
    path("concerns/new/<uuid:key>/people/new/", NewPerson.as_view(), name="concern_new_person"),
    path("concerns/new/<uuid:key>/people/<int:number>/", ConcernPerson.as_view(), name="concern_person"),
    path("concerns/new/<uuid:key>/people/<int:number>/remove/", RemovePerson.as_view(), name="concern_remove_person"),
    path("concerns/new/<uuid:key>/what/", ConcernWhat.as_view(), name="concern_what"),
    path("concerns/new/<uuid:key>/check/", ConcernCheck.as_view(), name="concern_check"),
    path("concerns/new/<uuid:key>/throw-away/", ThrowAway.as_view(), name="concern_throw_away"),
    path("concerns/<str:reference>/", ConcernPage.as_view(), name="concern"),
    path("concerns/<str:reference>/logged/", Logged.as_view(), name="logged"),
    path("referrals/<str:reference>/people/", PeopleTab.as_view(), name="people_tab"),
    path("referrals/<str:reference>/people/<str:person>/edit/", PersonEdit.as_view(), name="person_edit"),
    path("referrals/<str:reference>/people/<str:person>/join/", Join.as_view(), name="join_person"),
    path("referrals/<str:reference>/people/<str:person>/part/", Part.as_view(), name="part_person"),
    path("referrals/<str:reference>/people/<str:person>/not-the-same/", NotTheSame.as_view(), name="not_the_same"),
    path("referrals/<str:reference>/never-link/", NeverLink.as_view(), name="never_link"),
    path("referrals/<str:reference>/people/<str:person>/", PersonPage.as_view(), name="person"),
    path("referrals/<str:reference>/people/<str:person>/markers/", Markers.as_view(), name="markers"),
    path("referrals/<str:reference>/people/<str:person>/markers/add/", AddMarker.as_view(), name="add_marker"),
    path(
        "referrals/<str:reference>/people/<str:person>/markers/<int:number>/confirm/",
        ConfirmMarker.as_view(),
        name="confirm_marker",
    ),
    path(
        "referrals/<str:reference>/people/<str:person>/markers/<int:number>/told/",
        TellMarker.as_view(),
        name="tell_marker",
    ),
    path(
        "referrals/<str:reference>/people/<str:person>/markers/<int:number>/review/",
        ReviewMarker.as_view(),
        name="review_marker",
    ),
    path(
        "referrals/<str:reference>/people/<str:person>/markers/<int:number>/end/",
        EndMarker.as_view(),
        name="end_marker",
    ),
    # Of the names that a page of its own has not taken.
    path("referrals/<str:reference>/people/<str:person>/<slug:group>/", PersonGroup.as_view(), name="person_group"),
    path("referrals/<str:reference>/family/search/", SearchFamily.as_view(), name="family_search"),
    path("referrals/<str:reference>/family/add/<uuid:search>/", AddFamily.as_view(), name="family_add"),
    path("referrals/<str:reference>/family/<uuid:relationship>/change/", ChangeFamily.as_view(), name="family_change"),
    path("referrals/<str:reference>/family/<uuid:relationship>/end/", EndFamily.as_view(), name="family_end"),
    path("referrals/<str:reference>/concerns/<str:concern>/add/", AddToConcern.as_view(), name="add_to_concern"),
    path(
        "referrals/<str:reference>/concerns/<str:concern>/add/<uuid:search>/",
        AddToConcern.as_view(),
        name="add_to_concern_found",
    ),
    path(
        "referrals/<str:reference>/concerns/<str:concern>/add/<uuid:search>/<str:who>/",
        AddToConcernPerson.as_view(),
        name="add_to_concern_person",
    ),
    path("referrals/<str:reference>/concerns/<str:concern>/facts/", CorrectConcern.as_view(), name="correct_concern"),
    path(
        "referrals/<str:reference>/parts/<int:part>/relationship/", SetRelationship.as_view(), name="set_relationship"
    ),
    path("referrals/<str:reference>/set-roles/", SetRoles.as_view(), name="set_roles"),
    path("referrals/<str:reference>/parts/<int:part>/status/", SetStatus.as_view(), name="set_status"),
    path("referrals/<str:reference>/contexts/", SetContexts.as_view(), name="set_contexts"),
    path("referrals/<str:reference>/read-both/", ReadBoth.as_view(), name="read_both"),
    path("referrals/<str:reference>/service-step/", ServiceStep.as_view(), name="service_step"),
    path("referrals/<str:reference>/early-help-assessment/", HelpAssessment.as_view(), name="help_assessment"),
    path("referrals/<str:reference>/assess-again/", AssessAgain.as_view(), name="assess_again"),
    path("referrals/<str:reference>/tell-referrer/", TellReferrer.as_view(), name="tell_referrer"),
    path("referrals/<str:reference>/attach/", Attach.as_view(), name="attach"),
]

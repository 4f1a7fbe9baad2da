"""The tab "Who looked": every page, document and export of this record that somebody opened, the newest first."""

from datetime import UTC, datetime

from django.db.models import Q

from hsb.core import words
from hsb.core.borough_words import said
from hsb.core.models import AccessRecord
from hsb.core.states import AccessKind
from referrals.selectors.chronology import SENTENCES
from referrals.selectors.sharing import tags_of

PAGE_SIZE = 50
SHARED_SHOWN = 100
SHARED_COLUMNS = ("When", "What", "With whom", "Why", "Who shared it")
# What a page calls itself in the access record -> its plain name.
PAGES = {
    "overview": "Overview",
    "assessment": "Assessment",
    "people": "People",
    "notes": "Notes",
    "note": "A note",
    "write_note": "Writing a note",
    "correct_note": "Correcting a note",
    "note_telling": "What the family is told of a note",
    "chronology": "Chronology",
    "significant_events": "Significant events",
    "record_event": "Recording a significant event",
    "correct_event": "Correcting a significant event",
    "what_follows": "What follows at 18",
    "decide_at_18": "The decision at 18",
    "record_brook": "Recording a Brook colour",
    "replace_brook": "Recording a Brook colour anew",
    "record_aim": "Recording an AIM assessment",
    "replace_aim": "Recording an AIM assessment anew",
    "consent": "Consent",
    "record_consent": "Recording an answer about consent",
    "replace_consent": "Recording an answer about consent anew",
    "sharing": "What was shared",
    "record_sharing": "Recording what was shared, or not",
    "assessment_telling": "What the family is told of an assessment",
    "hold_document_back": "Holding a document back from the family",
    "form_telling": said("What the families are told of {form}"),
    "decide_help": "Deciding again on Early Help",
    "supervision": "The supervision sheet",
    "print_supervision": "The supervision sheet, to print",
    "print_chronology": "The chronology, to print",
    "who_looked": "Who looked",
    "concern": "The concern",
    "logged": "What happens next, after logging",
    "person": "Details of a person",
    "markers": "Markers",
    "add_marker": "Adding a marker",
    "confirm_marker": "Confirming a marker",
    "tell_marker": "Who was told of a marker later",
    "review_marker": "Review of a marker",
    "end_marker": "Ending a marker",
    "search_family": "Looking for somebody of household and family",
    "record_relationship": "Adding to household and family",
    "change_relationship": "A relationship of household and family",
    "end_relationship": "Ending a relationship of household and family",
    "join_person": "Joining two records of one child",
    "part_person": "Parting two records",
    "not_the_same": "Saying that two records are not the same person",
    "never_link": "Saying that a child is never linked",
    "set_roles": "The part this child had",
    "set_status": "The status of a part in a concern",
    "add_to_concern": "Adding somebody to a concern",
    "correct_concern": "What is known of a concern",
    "set_relationship": "What somebody in a concern is to the others",
    "set_contexts": "Where in the children's lives a concern belongs",
    "read_both": "Both concerns in which the child had different parts",
    "note_behaviour": "A behaviour that came to light later",
    "documents": "Documents",
    "add_document": "Adding a document",
    "document": "A document",
    "take_out_document": "Taking out a document that was added by mistake",
    "let_disclose_document": "Letting a document be disclosed",
    "plan": "Plan",
    "begin_plan": "Beginning a plan",
    "add_plan_line": "Adding a line to a plan",
    "take_out_plan_line": "Taking a line out of a plan",
    "submit_plan": "Passing a plan to a manager",
    "agree_plan": "Agreeing to a plan",
    "review_plan": "Review of a plan",
    "end_plan": "Ending a plan",
    "make_plan_paper": "Making a paper of a plan",
    "plan_paper": "A paper of a plan",
    "protection": "Immediate protection",
    "follow_up_protection": "Follow-up of the immediate protection",
    "police_call": "A call to the police",
    "lift_advice": "Lifting of the police's advice",
    "police_forms": said("{form} to the police"),
    "ask_police_form": said("Asking for {form}"),
    "police_draft": said("Drafting {form}"),
    "police_approve": said("Approving {form}"),
    "police_sent": said("Recording that {form} was sent"),
    "police_answer": "The answer of the police",
    "police_refusal": said("What was done after the police refused {form}"),
    "police_excuse": said("Why {form} is not sent"),
    "police_pack": "The pack for the police",
    "police_pack_word": "The pack for the police, as a Word document",
    "police_supplement": said("Supplementing {form}"),
    "supplement_approve": said("Approving a supplement to {form}"),
    "supplement_sent": said("Recording that a supplement to {form} was sent"),
    "supplement_answer": said("The answer of the police to a supplement to {form}"),
    "record_notification": said("Recording a {notification}"),
    "follow_notification": said("What followed from a {notification}"),
    "tell_notification": said("Letting a {notification} be disclosed"),
    "police_preview": "The pack for the police, before it was approved",
    "request_meeting": "Request for a strategy meeting",
    "telling": "What the families may be told",
    "meeting_facts": "New facts for a strategy meeting",
    "new_facts": "The chair's answer to new facts",
    "decide_meeting": "Decision on a strategy meeting",
    "report_section_47": "Report on a section 47 enquiry",
    "conclude_section_47": "Conclusion of a section 47 enquiry",
    "conference": "The child protection conference",
    "action": "An agreed action",
    "immediate_action": "The immediate action that was agreed",
    "schedule_meeting": "Planning a strategy meeting",
    "telephone": "A strategy discussion by telephone",
    "meetings": "The child's strategy meetings",
    "meeting": "A strategy meeting",
    "meeting_child": "A child's part of a strategy meeting",
    "meeting_nfa": "Decision on no further action",
    "begin_intel": "Beginning an intel form",
    "intel": "An intel form",
    "write_intel": "Writing an intel form",
    "add_intel_harmed": "Adding to an intel form",
    "add_intel_person": "Adding to an intel form",
    "add_intel_location": "Adding to an intel form",
    "add_intel_theme": "Adding to an intel form",
    "submit_intel": "Submitting an intel form",
    "let_panel_read": "Letting the panel read an intel form",
    "withdraw_intel": "Withdrawing an intel form",
    "read_intel_answer": "The panel's answer to an intel form",
    "arrange": "Setting the day and people of a strategy meeting",
    "add_seat": "Who is asked to a strategy meeting",
    "take_over": "Who chairs a strategy meeting, and takes its minutes",
    "change_children": "Which children take part in a strategy meeting",
    "invite": "Invitations to a strategy meeting",
    "postpone": "Postponing a strategy meeting",
    "cancel": "Cancelling a strategy meeting",
    "hold": "Who came to a strategy meeting",
    "adjourn": "Adjourning a strategy meeting",
    "issue_decisions": "Issuing the decisions of a strategy meeting",
    "write_minutes": "Writing minutes",
    "submit_minutes": "Sending minutes to the chair",
    "approve_minutes": "Confirming minutes",
    "amend": "Amending minutes",
    "return_minutes": "Returning minutes",
    "meeting_papers": "Documents of a strategy meeting",
    "make_paper": "Making a document of a strategy meeting",
    "circulate": "Circulating minutes",
    # Mapping
    "mapping": "A mapping meeting and its map",
    "mapping_of_child": "The child's mapping meetings",
    "call_mapping": "Calling a mapping meeting",
    "arrange_mapping": "The day and people of a mapping meeting",
    "hold_mapping": "Recording that a mapping meeting was held",
    "postpone_mapping": "Postponing a mapping meeting",
    "plan_mapping_again": "Setting a mapping meeting's new day",
    "cancel_mapping": "Cancelling a mapping meeting",
    "close_mapping": "Closing a mapping meeting",
    "map_person": "Adding a person to a map",
    "map_place": "Adding a place to a map",
    "map_group": "Adding a group to a map",
    "map_link": "Adding a link to a map",
    "take_off_map": "Taking something off a map",
    "mapping_agreement": "What a mapping meeting agreed",
    "mapping_intel": "The intel form of a mapping meeting",
    # Panel
    "sift": "The sift of an intel form",
    "propose_sift": "Proposing what becomes of an intel form",
    "decide_sift": "Recording what was decided on an intel form",
    "advise_intel": "Returning an intel form with advice",
    "panel": "A panel and its agenda",
    "panel_item": "An item of a panel's agenda",
    "panel_arrange": "The day, cut-off, place and chairs of a panel",
    "panel_add_seat": "Who is asked to a panel",
    "panel_collect": "Beginning to collect forms for a panel",
    "panel_compile": "Compiling a panel's agenda",
    "panel_move": "Moving an item of a panel's agenda",
    "panel_publish": "Publishing a panel's agenda",
    "panel_circulate": "Sending a panel's agenda round",
    "panel_circulate_minutes": "Sending a panel's minutes round",
    "panel_make_paper": "Making a paper of a panel",
    "panel_postpone": "Postponing a panel",
    "panel_resume": "Setting a panel's new day",
    "panel_cancel": "Cancelling a panel",
    "panel_hold": "Who came to a panel",
    "panel_discuss": "What a panel said of an item",
    "panel_add_action": "Adding an action of a panel",
    "panel_drop_action": "Taking out an action of a panel",
    "panel_issue_actions": "Issuing the actions of a panel",
    "panel_amend": "Amending the minutes of a panel",
    "panel_action": "An action of a panel",
    "panel_feedback": "Telling an author what came of an intel form",
    "panel_close": "Closing a panel",
    "decide": "The manager's decision",
    "decide_reassessment": "Decision on a reassessment",
    "attach": "Attaching to an open referral",
    "tell_referrer": "Telling the referrer",
    "name_worker": "Naming a worker",
    "end_allocation": "End of the allocation",
    "start_work": "Start of work with the child",
    "service_step": "What the team completed",
    "help_assessment": "Recording the Early Help assessment",
    "assess_again": "Beginning another assessment",
    "refuse_allocation": "Sending back to the team that decided",
    "step_up": "Request to step up",
    "step_up_urgently": "Stepping up at once",
    "step_down": "Offer to step down",
    "answer_offer": "Answer to a request of another team",
    "withdraw_offer": "Withdrawing a request",
    "propose_closing": "Proposal to close",
    "close": "Closing",
    "return_to_service": "Returning to the service",
    "reopen": "Opening a new episode",
    "restrict": "Restricting the record",
    "lift_restriction": "Lifting the restriction",
    "name_reader": "Naming a reader",
    "bar": "Barring a person",
    "lift_bar": "Lifting a bar",
    "offer_transfer": "Offer to another borough",
    "answer_transfer": "Answer of another borough",
    "break_glass": "Opening the record in an emergency",
    "review_break_glass": "Review of an opening in an emergency",
    "answer_access": "Answer to who asks for access",
    "say": "What may be said",
    "copy_to_main_system": "The neutral summary for the main system",
    "page": "A page",
}


def shared(referral):
    """What was shared from this record, or on purpose not: rows of the latest SHARED_SHOWN, the newest first (B21)."""
    return shared_in_rows(disclosed_of(referral)[:SHARED_SHOWN])


def disclosed_of(referral):
    """A queryset of all that was shared from this record, or on purpose not, the newest first."""
    return referral.record.disclosures.select_related("by").order_by("-happened_on", "-pk")


def shared_in_rows(found):
    return [
        [
            {"text": words.day(each.happened_on)},
            {"text": each.what, "tags": tags_of(each)},
            {"text": each.to_whom, "note": each.consent},
            {"text": each.why, "note": each.basis},
            {"text": each.by.name},
        ]
        for each in found
    ]


def looks(record_key, before=""):
    """One page of who looked at a record: {"rows", "next", "first"}; `before` is where the last page ended."""
    found = AccessRecord.objects.filter(record=record_key).select_related("user").order_by("-at", "-pk")
    if point := _point(before):
        at, key = point
        found = found.filter(Q(at__lt=at) | Q(at=at, pk__lt=key))
    page = list(found[: PAGE_SIZE + 1])
    shown = page[:PAGE_SIZE]
    return {
        "rows": [_row(look) for look in shown],
        "next": _key(shown[-1]) if len(page) > PAGE_SIZE else "",
        "first": not before,
    }


def page_in_words(look):
    """What was opened. A refusal names the verb that was refused."""
    return (
        PAGES.get(look.page) or SENTENCES.get(look.page, "").split(":")[0] or look.page.replace("_", " ").capitalize()
    )


def _row(look):
    page = page_in_words(look)
    reason = look.terms.get("reason", "") if isinstance(look.terms, dict) else ""
    what = {"text": page, "note": reason}
    if look.kind != AccessKind.PAGE:
        meaning = "late" if look.kind in (AccessKind.REFUSED, AccessKind.BREAK_GLASS) else "quiet"
        what["tags"] = [{"text": look.get_kind_display(), "meaning": meaning}]
    return [look.user.name, words.instant(look.at), what]


def _key(look):
    return f"{look.at.astimezone(UTC).strftime('%Y%m%d%H%M%S%f')}-{look.pk}"


def _point(before):
    at, _, key = before.partition("-")
    try:
        return datetime.strptime(at, "%Y%m%d%H%M%S%f").replace(tzinfo=UTC), int(key[:18])
    except ValueError:
        return None

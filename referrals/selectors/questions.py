"""The assessment's questions, each worded once: forms ask them, pages show the answers under the same words."""

from referrals.states import RiskGroup

QUESTIONS = {
    # Hackett category
    "indicators": "Indicators seen",
    "category": "Overall Hackett category",
    # Brook: what was found, never the tool's text (practice.md A25)
    "brook": "Brook colour",
    "brook_finding": "A colour that a trained colleague recorded",
    "brook_by": "Found by",
    "brook_on": "When the tool was used",
    "brook_age_group": "Age group of the tool",
    "brook_tool_version": "Version of the tool",
    # Threshold
    "tier": "Threshold tier",
    "rationale": "Rationale",
    "mismatch_reason": "Why the judgements differ from the pathway",
    # Context
    "context_displayed": "Context of this child",
    "context_harmed": "Context of the other child or children",
    "age_and_power": "Ages, abilities and power between them",
    # Strengths
    "protective_factors": "What protects this child and others",
    "child_views": "The child's own views",
    "family_views": "The family's views",
    # Risk, every group (B21)
    **{f"risk_{group.value}": group.label for group in RiskGroup},
    "risk_statement": "Risk statement",
    # Safety and support
    "safety_now": "How safe the child is now",
    "safety_contact": "Contact with whoever displayed the behaviour",
    "support_needed": "Support the child and family need",
    "support_health": "Health needs",
    "wishes": "The child's wishes",
}

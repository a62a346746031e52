"""Rows of the matrix for the calls about routing rules, criteria, training and reviews."""

from tests.api.matrix_rows import ABSENT_ALIKE, CRITERION, LISTED, MANAGERS_TOO_EARLY, ONLY_ADMINS, Row, of_escalation

RULE = {"name": "Payouts", "conditions": {"keywords": ["payout*"]}, "actions": [{"do": "team", "value": "payments"}]}
ACTION = {"title": "Ask the bank", "owner": "anna@meridiano.example", "due_at": "2030-01-01T00:00:00Z"}
_ALONE = (401, 403, 403, 403, 403, 403)

OF_RULES: dict[tuple[str, str], Row] = {
    ("routing-rules", "GET"): Row("routing/rules/", (*_ALONE, 200)),
    ("routing-rules", "POST"): Row("routing/rules/", (*_ALONE, 201), RULE),
    ("routing-rule", "GET"): Row("routing/rules/{rule}/", ONLY_ADMINS),
    ("routing-rule", "PATCH"): Row("routing/rules/{rule}/", ONLY_ADMINS, {"name": "Money", "version": 1}),
    ("routing-rule", "DELETE"): Row("routing/rules/{rule}/", ONLY_ADMINS),
    ("routing-rule-versions", "GET"): Row("routing/rules/{rule}/versions/", ONLY_ADMINS),
    ("routing-rule-switch", "POST"): Row("routing/rules/{rule}/switch/", ONLY_ADMINS, {"on": False}),
    ("routing-rule-move", "POST"): Row("routing/rules/{rule}/move/", ONLY_ADMINS, {"to": "up"}),
    ("routing-rule-return", "POST"): Row("routing/rules/{rule}/return/", ONLY_ADMINS, {"number": 1}),
    ("routing-analysis", "GET"): Row("routing/analysis/", (*_ALONE, 200)),
    ("routing-try", "POST"): Row("routing/try/", (*_ALONE, 200), {"subject": "A payout"}),
    ("routing-dry-runs", "POST"): Row("routing/dry-runs/", (*_ALONE, 202), {"days": 7}),
    ("routing-dry-run", "GET"): Row("routing/dry-runs/{dry_run}/", ONLY_ADMINS),
    ("criteria", "GET"): Row("escalation/criteria/", (*_ALONE, 200)),
    ("criteria", "POST"): Row("escalation/criteria/", (*_ALONE, 201), CRITERION),
    ("criterion", "GET"): Row("escalation/criteria/{criterion}/", ONLY_ADMINS),
    ("criterion", "PATCH"): Row("escalation/criteria/{criterion}/", ONLY_ADMINS, {"is_enabled": False}),
    ("reviews", "GET"): Row("reviews/", LISTED),
    ("actions", "GET"): Row("actions/", LISTED),
    ("action", "PATCH"): Row("actions/999998/", ABSENT_ALIKE, {"done": True}),
    ("review-terms", "GET"): Row("escalation/review-terms/", (*_ALONE, 200)),
    ("review-terms", "POST"): Row("escalation/review-terms/", (*_ALONE, 200), {"days": 10}),
    ("escalation-review", "GET"): Row("escalations/{escalation}/review/", ABSENT_ALIKE),
    ("escalation-review", "POST"): of_escalation("review", MANAGERS_TOO_EARLY, {"went_well": "All"}),
    ("escalation-review-actions", "POST"): of_escalation("review/actions", MANAGERS_TOO_EARLY, ACTION),
    ("escalation-call-review", "POST"): of_escalation("call-review", MANAGERS_TOO_EARLY),
    ("escalation-finish-review", "POST"): of_escalation("finish-review", MANAGERS_TOO_EARLY),
    ("escalation-waive-review", "POST"): of_escalation("waive-review", MANAGERS_TOO_EARLY, {"reason": "Known already"}),
    ("escalation-give-review", "POST"): of_escalation("give-review", MANAGERS_TOO_EARLY, {"owner": ACTION["owner"]}),
    ("escalation-recommend-lesson", "POST"): of_escalation(
        "recommend-lesson", MANAGERS_TOO_EARLY, {"about": "process"}
    ),
    ("trainings", "GET"): Row("trainings/", LISTED),
    ("trainings", "POST"): Row("trainings/", (*_ALONE, 400), {"article": "nowhere", "cause": "load"}),
    ("training", "DELETE"): Row("trainings/999998/", ABSENT_ALIKE),
    ("training-done", "POST"): Row("trainings/nowhere/done/", ABSENT_ALIKE, {"version": 1}),
}

"""Rows of the matrix for the calls about routing rules, criteria and training."""

from tests.api.matrix_rows import ABSENT_ALIKE, CRITERION, LISTED, ONLY_ADMINS, Row

RULE = {"name": "Payouts", "conditions": {"keywords": ["payout*"]}, "actions": [{"do": "team", "value": "payments"}]}
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
    ("trainings", "GET"): Row("trainings/", LISTED),
    ("trainings", "POST"): Row("trainings/", (*_ALONE, 400), {"article": "nowhere", "cause": "load"}),
    ("training", "DELETE"): Row("trainings/999998/", ABSENT_ALIKE),
    ("training-done", "POST"): Row("trainings/nowhere/done/", ABSENT_ALIKE, {"version": 1}),
}

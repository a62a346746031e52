"""The doors of reports, for `test_doors.py`; the report of the tests stands in the register there."""

from tests.desk.outcomes import ADMIN, CHANGERS, GONE, MANAGERS, STAFF, WRONG, Row

REPORTS: dict[str, Row] = {
    "desk:coming": Row(STAFF),
    "desk:live_board": Row(MANAGERS),
    "desk:obligations": Row(MANAGERS),
    "desk:pauses": Row(MANAGERS),
    "desk:report": Row(MANAGERS),
    # No number is named, so there are no cases of it.
    "desk:report_cases": Row(("login", *GONE[1:])),
    "desk:report_file": Row(MANAGERS),
    "desk:reports": Row(STAFF),
    "desk:saved_report": Row(MANAGERS, about="saved_report"),
    "desk:saved_report_change": Row(CHANGERS, CHANGERS, about="saved_report"),
    "desk:saved_report_delete": Row(WRONG, CHANGERS, about="saved_report"),
    "desk:saved_report_new": Row(MANAGERS, MANAGERS),
    "desk:saved_reports": Row(STAFF),
    "desk:score_card": Row(MANAGERS, ADMIN),
    "desk:skill_gaps": Row(MANAGERS),
}

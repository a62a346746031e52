"""Enter in a field presses the first button of its form: that one neither deletes nor resets."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
FORM = re.compile(r"<(form|c-dlg)\b.*?</\1>", re.DOTALL)
SUBMIT = re.compile(r'<button\b[^<]*?type="submit"[^<]*?>')
TAKES_AWAY = re.compile(r"formaction=\"\{% url '[\w:]*(delete|remove)|name=\"standard\"")


def first_buttons(template: str) -> list[str]:
    forms = (found[0] for found in FORM.finditer(template))
    return [button[0] for form in forms if (button := SUBMIT.search(form))]


def test_the_first_button_of_a_form_takes_nothing_away():
    buttons = {path.name: first_buttons(path.read_text()) for path in (ROOT / "templates").rglob("*.html")}

    assert [name for name, found in buttons.items() if any(TAKES_AWAY.search(one) for one in found)] == []


def test_a_form_that_would_is_found():
    bad = """<form><input name="a"><button class="x" type="submit" formaction="{% url 'desk:view_delete' view.pk %}">"""

    assert TAKES_AWAY.search(first_buttons(f"{bad}No</button></form>")[0])

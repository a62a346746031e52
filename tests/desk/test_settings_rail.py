"""The rail of the settings says on which of its pages one is."""

from desk.looks.settings.rail import settings_rail
from tests.desk.helpers import signed_in

# Pages of the desk that the settings only lead to; they have the desk's own rail.
OF_THE_DESK = {"quarantine", "blocked"}


def test_each_page_of_the_settings_is_marked_in_their_rail(adam, payments):
    browser = signed_in(adam)
    lines = [line for section in settings_rail(adam) for line in section.lines if line.item not in OF_THE_DESK]

    marked = {line.item: browser.get(line.url).context["rail"]["active"] for line in lines}

    assert marked == {name: name for name in marked}
    assert {"mailboxes", "letterheads", "criteria", "outbox"} <= marked.keys()

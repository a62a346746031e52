"""Keys as a person presses them: on a page that has loaded."""

from playwright.sync_api import Page


class Keys:
    """A page shows its text before its scripts run: what is typed in between is lost on a machine as on a person."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self._page.wait_for_load_state("load")
            self._page.keyboard.press(key)

    def type(self, text: str) -> None:
        self._page.wait_for_load_state("load")
        self._page.keyboard.type(text)

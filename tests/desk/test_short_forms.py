"""The clocks that go on in the browser say a time as the server does, in the reader's language."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import translation

from desk.templatetags.desk_time import short, short_forms


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_the_browser_gets_the_forms_that_the_server_uses(language: str) -> None:
    with translation.override(language):
        forms = short_forms()
        drawn = [short(timedelta(**one)) for one in ({"seconds": 40}, {"minutes": 12}, {"minutes": 65}, {"hours": 73})]

    assert drawn == [
        forms["seconds"].format(n=40),
        forms["minutes"].format(n=12),
        forms["hours"].format(h=1, m="05"),
        forms["days"].format(d=3, h=1),
    ]

from django.utils import translation
from django.utils.translation import gettext

from common.languages import in_each_language


def test_what_is_said_is_remembered_for_each_language_by_itself():
    asked = []

    @in_each_language
    def greeting(name: str) -> str:
        asked.append(name)
        return f"{gettext('Yes')}, {name}"

    with translation.override("es"):
        assert greeting("Anna") == greeting("Anna") == "Sí, Anna"
    with translation.override("en"):
        assert greeting("Anna") == "Yes, Anna"

    assert asked == ["Anna", "Anna"]

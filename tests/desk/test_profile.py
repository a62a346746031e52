import pytest
from django.urls import reverse

from tests.desk.helpers import get, post, words


@pytest.mark.parametrize(("given", "kept"), [("dark", "dark"), ("light", "light"), ("system", "")])
def test_a_theme_is_kept_and_leads_back(anna, given, kept):
    answer = post(anna, "desk:profile_theme", theme=given, next="/alerts/")

    anna.refresh_from_db()
    assert answer["Location"] == "/alerts/"
    assert anna.theme == kept


def test_the_page_carries_it(anna):
    post(anna, "desk:profile_theme", theme="dark")

    assert 'data-bs-theme="dark"' in words(get(anna, "desk:inbox"))


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_it_leads_nowhere_else(anna, elsewhere):
    assert post(anna, "desk:profile_theme", theme="dark", next=elsewhere)["Location"] == "/"


def test_customers_have_one_too_and_strangers_sign_in(cora, client):
    assert post(cora, "desk:profile_theme", theme="dark").status_code == 302
    assert client.post(reverse("desk:profile_theme"), {"theme": "dark"})["Location"].startswith("/accounts/login/")


def test_an_unknown_theme_is_refused(anna):
    assert post(anna, "desk:profile_theme", theme="pink").status_code == 400

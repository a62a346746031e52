"""Company sign-ins: set up, gone through, and everything that must not get through."""

import ipaddress
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from common.errors import InvalidInput
from common.models import ConfigurationChange
from common.sealing import unseal
from config.id_tokens import verify
from desk.bundle.bringing import bundle
from desk.discovery import discover
from people import factors
from people.enums import Role
from people.models import Alias, IdentityProvider, User
from tests.desk.helpers import get, post, words
from tests.desk.oidc_server import CLIENT, SECRET, running

HOUSE = {"domains": "meridiano.example", "is_for_staff": "on"}


@pytest.fixture(scope="module")
def _server():
    with running() as company:
        yield company


@pytest.fixture
def company(_server, settings):
    settings.WEBHOOK_HTTP, settings.WEBHOOK_NETWORKS = True, [ipaddress.ip_network("127.0.0.0/8")]
    cache.clear()
    _server.key, _server.alg, _server.spoil, _server.nonce = _server.private, "RS256", {}, ""
    _server.person = {"email": "cora@livraria-aurora.example", "email_verified": True, "name": "Cora"}
    _server.asked.clear()
    return _server


@pytest.fixture
def set_up(company, adam):
    """Through the page, as an administrator does it."""

    def make(**given):
        terms = {"name": "House", "issuer": company.issuer, "client_id": CLIENT, "secret": SECRET, "unknown": "refuse"}
        answer = post(adam, "desk:provider_new", **terms, is_enabled="on", **given)
        assert answer.status_code == 302, words(answer)
        return IdentityProvider.objects.get()

    return make


def led(company, browser: Client, **next_page) -> dict[str, str]:
    """Off to the provider; what it was asked, and would give back."""
    answer = browser.post(reverse("company_sign_in", args=["house"]), next_page)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
    company.nonce = asked["nonce"]
    return asked


def back(browser: Client, **query):
    return browser.get(reverse("company_callback", args=["house"]), query)


def through(company, browser: Client | None = None):
    browser = browser or Client()
    asked = led(company, browser)
    return browser, back(browser, code="c", state=asked["state"])


def is_in(browser: Client) -> bool:
    return browser.get(reverse("mfa_index")).status_code == 200


def test_a_customer_signs_in_and_is_told_that_his_account_was_joined(company, set_up, cora):
    set_up()

    browser, answer = through(company)

    assert answer["Location"] == "/" and is_in(browser)
    assert SocialAccount.objects.get().user == cora
    assert "House" in next(letter.body for letter in mail.outbox if letter.to == [cora.email])
    assert ConfigurationChange.objects.filter(
        subject__startswith="company sign-in", after={"provider": "House"}
    ).exists()
    assert cora.has_usable_password()


def test_what_is_asked_has_state_nonce_and_proof_and_the_secret_goes_by_the_back_door(company, set_up, cora):
    set_up()
    browser = Client(headers={"Host": "127.0.0.1"})

    asked = led(company, browser, next="/profile/")
    answer = back(browser, code="c", state=asked["state"])

    assert asked["redirect_uri"] == "http://127.0.0.1:8000/accounts/company/house/back/"
    assert asked["code_challenge_method"] == "S256" and len(asked["nonce"]) >= 32
    assert SECRET not in str(asked)
    [told] = company.asked
    assert told["client_secret"] == [SECRET] and told["code_verifier"]
    assert answer["Location"] == "/profile/"


def test_nothing_of_a_link_reaches_the_provider(company, set_up):
    set_up()

    answer = Client().post(
        reverse("company_sign_in", args=["house"]) + "?scope=admin&auth_params=nonce%3Dx&process=connect"
    )

    query = parse_qs(urlsplit(answer["Location"]).query)
    assert "admin" not in query["scope"][0] and query["nonce"] != ["x"]


@pytest.mark.parametrize(
    "spoil",
    [
        {"nonce": "another"},
        {"nonce": ""},
        {"iss": "https://evil.example"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another"], "azp": "another"},
        {"exp": 1_700_000_000},
        {"iat": 4_000_000_000},
        {"sub": None},
    ],
    ids=["nonce", "no nonce", "issuer", "audience", "party", "expired", "from the future", "nobody"],
)
def test_a_token_that_is_not_for_this_sign_in_opens_nothing(company, set_up, cora, spoil):
    set_up()
    company.spoil = spoil

    browser, answer = through(company)

    assert answer.status_code == 403 and "Begin once more" in words(answer)
    assert not is_in(browser) and not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    ("alg", "key"),
    [
        ("none", None),
        ("HS256", SECRET * 3),
        ("RS256", rsa.generate_private_key(public_exponent=65537, key_size=2048)),
    ],
    ids=["unsigned", "by the shared secret", "by another key"],
)
def test_a_token_that_the_provider_has_not_signed_opens_nothing(company, set_up, cora, alg, key):
    set_up()
    company.alg, company.key = alg, key

    browser, answer = through(company)

    assert answer.status_code == 403 and not is_in(browser)


def test_a_state_serves_once_in_its_own_browser_and_never_without_one(company, set_up, cora):
    set_up()
    browser = Client()
    asked = led(company, browser)
    elsewhere = back(Client(), code="c", state=asked["state"])
    back(browser, code="c", state=asked["state"])
    browser.post(reverse("account_logout"))

    again = back(browser, code="c", state=asked["state"])

    assert (elsewhere.status_code, again.status_code, back(browser, code="c").status_code) == (403, 403, 403)
    assert not is_in(browser)


@pytest.mark.parametrize(
    "person",
    [{"email_verified": False}, {"email_verified": None}, {"email_verified": "yes"}, {"email": ""}, {"email": 7}],
)
def test_an_address_that_is_not_confirmed_is_nobody(company, set_up, cora, person):
    set_up()
    company.person |= person

    browser, answer = through(company)

    assert answer.status_code == 403 and "is confirmed" in words(answer)
    assert not is_in(browser)


def test_colleagues_come_in_only_where_the_provider_is_for_them_and_within_its_domains(company, set_up, anna):
    row = set_up()
    company.person = {"email": anna.email, "email_verified": True}
    _browser, customers_only = through(company)
    IdentityProvider.objects.filter(pk=row.pk).update(is_for_staff=True, domains=["elsewhere.example"])
    _browser, other_domain = through(company)
    IdentityProvider.objects.filter(pk=row.pk).update(domains=[anna.email.rpartition("@")[2]])

    browser, welcome = through(company)

    assert "Colleagues do not sign in" in words(customers_only)
    assert "for other addresses" in words(other_domain)
    assert welcome.status_code == 302 and is_in(browser)


def test_somebody_unknown_is_refused_or_becomes_a_customer_as_it_is_set(company, set_up):
    row = set_up()
    company.person = {"email": "nina@new.example", "email_verified": True, "name": "Nina\r\nBcc: x"}
    _browser, refused = through(company)
    IdentityProvider.objects.filter(pk=row.pk).update(unknown="customer")

    browser, answer = through(company)

    nina = User.objects.get(email="nina@new.example")
    assert "Nobody here has the address" in words(refused)
    assert answer.status_code == 302 and is_in(browser)
    assert (nina.role, nina.has_usable_password()) == (Role.CUSTOMER, False)
    assert "\n" not in nina.name


def test_groups_give_a_role_and_never_more_than_agent_unless_it_is_said(company, set_up):
    row = set_up(**{**HOUSE, "domains": "new.example"}, groups_claim="groups", group_roles="support = agent")
    row.group_roles["chiefs"] = "admin"
    row.save()
    company.person = {"email": "nina@new.example", "email_verified": True, "groups": ["chiefs", "support", "x"]}

    through(company)
    agent = User.objects.get(email="nina@new.example").role
    IdentityProvider.objects.update(gives_more=True)
    through(company)

    assert (agent, User.objects.get(email="nina@new.example").role) == (Role.AGENT, Role.ADMIN)


def test_a_former_address_opens_no_account_and_gives_nobody_a_role(company, set_up, cora, at):
    row = set_up(**{**HOUSE, "domains": "old.example"}, groups_claim="groups", group_roles="support = agent")
    IdentityProvider.objects.filter(pk=row.pk).update(unknown="customer")
    Alias.objects.create(person=cora, address="cora@old.example", since=at)
    company.person |= {"email": "Cora@old.example", "groups": ["support"]}

    browser, answer = through(company)

    cora.refresh_from_db()
    assert answer.status_code == 403 and "Nobody here has the address" in words(answer)
    assert not is_in(browser) and not SocialAccount.objects.exists()
    assert cora.role == Role.CUSTOMER


def test_groups_that_would_leave_nobody_to_govern_are_refused_in_one_sentence(company, set_up, adam):
    row = set_up(**HOUSE, groups_claim="groups", group_roles="support = agent")
    row.group_roles["chiefs"], row.gives_more = "admin", True
    row.save()
    company.person |= {"email": adam.email, "groups": ["support"]}

    _browser, answer = through(company)

    assert answer.status_code == 403 and "is the last administrator" in words(answer)


def test_no_customer_becomes_a_colleague_by_a_group(company, set_up, cora):
    set_up(**{**HOUSE, "domains": "livraria-aurora.example"}, groups_claim="groups", group_roles="support = agent")
    company.person |= {"groups": ["support"]}

    through(company)

    cora.refresh_from_db()
    assert cora.role == Role.CUSTOMER


@pytest.mark.parametrize(("brings", "leads_to"), [(False, "mfa_index"), (True, "")])
def test_the_second_factor_is_asked_for_unless_the_provider_brings_it(company, set_up, cora, adam, brings, leads_to):
    set_up(**({"brings_factor": "on"} if brings else {}))
    factors.set_rules(by=adam, roles=["customer"], at_once=False)

    browser, _answer = through(company)

    page = browser.get(reverse("portal:requests"))
    assert page.get("Location", "") == (reverse(leads_to) if leads_to else "")


def test_somebody_switched_off_stays_out(company, set_up, cora):
    set_up()
    User.objects.filter(pk=cora.pk).update(is_active=False)

    browser, _answer = through(company)

    assert not is_in(browser)


def test_the_sign_in_page_shows_it_and_lets_the_form_lead_there(company, set_up):
    row = set_up()

    page = Client().get(reverse("account_login"))

    assert "Sign in with House" in words(page)
    assert f"form-action 'self' {company.issuer}" in page["Content-Security-Policy"]
    IdentityProvider.objects.filter(pk=row.pk).update(is_enabled=False)
    assert "House" not in words(Client().get(reverse("account_login")))
    assert Client().post(reverse("company_sign_in", args=["house"])).status_code == 404


def test_the_secret_is_sealed_not_shown_not_told_and_stays_when_the_field_is_empty(company, set_up, adam):
    row = set_up()

    page = get(adam, "desk:provider", row.pk)
    terms = {"name": "House 2", "issuer": company.issuer, "client_id": CLIENT, "secret": "", "unknown": "refuse"}
    post(adam, "desk:provider", row.pk, **terms)

    row.refresh_from_db()
    assert row.name == "House 2" and unseal(row.secret) == SECRET
    told = str(list(ConfigurationChange.objects.values_list("before", "after")))
    for place in (page.content.decode(), told, bundle()):
        assert SECRET not in place and row.secret not in place
    assert "House 2" in bundle()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"issuer": "ftp://x"}, "no web address"),
        ({"issuer": "http://10.0.0.1"}, "inside this network"),
        ({"issuer": "http://169.254.169.254"}, "inside this network"),
        ({"issuer": "http://2130706433:1"}, "Nothing there says"),
        ({"name": "Our\nHouse"}, "one line without control characters"),
        ({"domains": "not a domain!"}, "A domain is written"),
        ({"is_for_staff": "on"}, "say the domains"),
        ({"group_roles": "support"}, "group = role"),
        ({**HOUSE, "groups_claim": "g", "group_roles": "a = emperor"}, "No role that a group can give"),
        ({**HOUSE, "groups_claim": "g", "group_roles": "a = customer"}, "No role that a group can give"),
        ({**HOUSE, "groups_claim": "g", "group_roles": "a = admin"}, "say that it may"),
        ({"groups_claim": "g", "group_roles": "a = agent"}, "Groups give roles to colleagues"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_kept(company, adam, wrong, why):
    terms = {"name": "House", "issuer": company.issuer, "client_id": CLIENT, "unknown": "refuse"}

    answer = post(adam, "desk:provider_new", **{**terms, **wrong})

    assert answer.status_code == 422 and why in words(answer)
    assert not IdentityProvider.objects.exists()


def test_an_issuer_that_calls_itself_otherwise_is_refused(company, adam):
    terms = {"name": "House", "issuer": company.issuer + "/", "client_id": CLIENT, "unknown": "refuse"}

    answer = post(adam, "desk:provider_new", **terms)

    assert answer.status_code == 422 and company.issuer in words(answer)


def test_a_provider_that_is_down_is_said_in_one_sentence(company, set_up):
    set_up()
    IdentityProvider.objects.update(issuer="http://127.0.0.1:9")

    answer = Client().post(reverse("company_sign_in", args=["house"]))

    assert answer.status_code == 403 and "Begin once more" in words(answer)


@pytest.mark.parametrize("answers", [True, False])
def test_what_a_provider_says_of_itself_is_not_asked_at_every_sign_in(company, set_up, monkeypatch, answers):
    set_up()
    asked = []

    def told(issuer):
        asked.append(issuer)
        if not answers:
            raise InvalidInput.of("issuer", "Nothing there.")
        return discover(issuer)

    monkeypatch.setattr("config.oidc.discover", told)
    ways = [Client().post(reverse("company_sign_in", args=["house"])).status_code for _n in range(3)]

    assert asked == [company.issuer]
    assert ways == [302 if answers else 403] * 3


def test_whom_a_removed_provider_brought_stays_and_it_opens_nothing_any_more(company, set_up, cora, adam):
    row = set_up()
    through(company)

    post(adam, "desk:provider_remove", row.pk)

    assert not SocialAccount.objects.exists() and User.objects.filter(pk=cora.pk).exists()
    assert Client().post(reverse("company_sign_in", args=["house"])).status_code == 404


def test_a_token_without_a_name_for_its_key_is_read_where_there_is_one_key(company):
    company.nonce = "n"
    claims = jwt.decode(company.token(), options={"verify_signature": False})
    token = jwt.encode(claims, company.private, algorithm="RS256")

    assert verify(token, company.answers("/keys"), issuer=company.issuer, client_id=CLIENT)["sub"] == "u-1"

"""Customers as administrators keep them: one, and lists of them with what they would change."""

import csv

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from common.errors import InvalidInput
from common.models import ConfigurationChange
from people.customers.book import bring_in, look, read
from people.enums import Role
from people.models import Organisation, User
from tests.desk.helpers import get, post, signed_in, words
from tests.factories.people import make_organisation, make_user

LIST = """email;name;language;organisation;organisation_id;tier;value;contract;since
Rita@aurora.example;Rita Alves;pt-br;Livraria Aurora;aurora;enterprise;R$ 2 M;C-17;2021-03-01
nuno@aurora.example;Nuno Dias;;Livraria Aurora;aurora;enterprise;R$ 2 M;C-17;2021-03-01
;;;Solo Ltd;;business;;;
"""


def test_r71_a_list_makes_people_with_their_organisation_tier_value_and_contract(adam):
    report = bring_in(read(LIST), by=adam)

    aurora = Organisation.objects.get(slug="aurora")
    assert (aurora.tier, aurora.value, aurora.contract, aurora.since.year) == ("enterprise", "R$ 2 M", "C-17", 2021)
    rita = User.objects.get(email="rita@aurora.example")
    assert (rita.name, rita.language, rita.role, rita.organisation) == ("Rita Alves", "pt-br", Role.CUSTOMER, aurora)
    assert not rita.has_usable_password()
    assert Organisation.objects.get(name="Solo Ltd").slug == "solo-ltd"
    assert (len(report.new), len(report.changed), report.refused) == (4, 0, [])
    assert ConfigurationChange.objects.filter(subject="Customers from a list", by=adam).count() == 1


def test_r71_the_same_list_again_changes_nothing_and_another_says_what_changes(adam):
    bring_in(read(LIST), by=adam)
    before = ConfigurationChange.objects.count()

    again = bring_in(read(LIST), by=adam)
    seen = look(read(LIST.replace("R$ 2 M", "R$ 3 M").replace("Nuno Dias", "Nuno D.")))

    assert again.taken == [] and again.same == 4 and ConfigurationChange.objects.count() == before
    assert [(one.name, one.before, one.after) for one in seen.changed] == [
        ("Livraria Aurora", {"value": "R$ 2 M"}, {"value": "R$ 3 M"}),
        ("nuno@aurora.example", {"name": "Nuno Dias"}, {"name": "Nuno D."}),
    ]
    assert Organisation.objects.get(slug="aurora").value == "R$ 2 M"


def test_an_empty_cell_changes_nothing_and_somebody_may_move_to_another_organisation(adam):
    house, other = make_organisation("Aurora"), make_organisation("Boreal")
    rita = make_user("Rita Alves", Role.CUSTOMER, email="rita@x.example", organisation=house)

    seen = look(read("email,name,organisation\nrita@x.example,,boreal"))
    bring_in(read("email,name,organisation\nrita@x.example,,boreal"), by=adam)

    assert [(one.before, one.after) for one in seen.changed] == [
        ({"organisation": "Aurora"}, {"organisation": "Boreal"})
    ]
    rita.refresh_from_db()
    assert (rita.name, rita.organisation) == ("Rita Alves", other)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("anna.lindqvist@desk.example,,,,", "This is a colleague"),
        ("gone@x.example,,,,", "account is closed"),
        ("nonsense,,,,", "not an e-mail address"),
        ("a@x.example,,xx,,", "no language “xx”; there are en"),
        ("a@x.example,,,,business", "belong to an organisation"),
        ("a@x.example,,,Aurora,gold", "no tier “gold”; there are standard"),
        ("good@x.example,,,,", "stands on line 2 already"),
        (",Somebody,,,", "Neither an address nor an organisation"),
        ("b@x.example,,,Solo,enterprise", "Line 2 says something else of this organisation"),
    ],
)
def test_a_line_that_cannot_be_taken_says_why_and_the_others_are_taken(line, why, adam):
    make_user("Anna Lindqvist", email="anna.lindqvist@desk.example")
    make_user("Gone", Role.CUSTOMER, email="gone@x.example", is_active=False)
    text = f"email,name,language,organisation,tier\ngood@x.example,Good,,Solo,business\n{line}\n"

    seen, done = look(read(text)), bring_in(read(text), by=adam)

    for report in (seen, done):
        [refused] = report.refused
        assert refused.number == 3 and why in refused.why
    assert User.objects.get(email="good@x.example").organisation.tier == "business"
    assert User.objects.get(email="anna.lindqvist@desk.example").role == Role.AGENT
    assert not User.objects.filter(email__in=["a@x.example", "b@x.example"]).exists()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "names the columns"),
        ("name\nRita", "names the columns"),
        ("email,shoe\na@x.example,42", "no column “shoe”"),
        ("email\n", "between 1 and 5000"),
        ("email\n" + "a@x.example\n" * 5001, "between 1 and 5000"),
        ('email\n"' + "x" * 200_000 + '"', "cannot be read"),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_one_sentence(text, why):
    with pytest.raises(InvalidInput, match=why):
        read(text)


def test_a_cell_that_is_too_long_is_refused_whatever_an_import_of_tickets_has_set():
    before = csv.field_size_limit(10_000_000)
    try:
        with pytest.raises(InvalidInput, match="Line 2 cannot be read"):
            read('email\n"' + "x" * 200_000 + '"')
    finally:
        csv.field_size_limit(before)


def test_a_list_costs_few_questions_for_many_known_people(adam, django_assert_num_queries):
    house = make_organisation("Aurora")
    for n in range(50):
        make_user(f"P{n}", Role.CUSTOMER, email=f"p{n}@x.example", organisation=house)
    lines = read("email,organisation\n" + "".join(f"p{n}@x.example,Aurora\n" for n in range(50)))

    with django_assert_num_queries(3):
        assert look(lines).same == 51


def test_an_administrator_looks_at_a_file_and_takes_it(adam):
    browser = signed_in(adam)
    text = LIST + "nonsense;;;;;;;;\n"

    seen = browser.post("/settings/customers/", {"file": SimpleUploadedFile("c.csv", text.encode())})
    assert "4 would be new, 0 would change" in words(seen) and "Line 5" in words(seen)
    assert not Organisation.objects.exists()
    done = browser.post("/settings/customers/", {"text": seen.context["given"], "deed": "take"})

    assert "Taken: 4 new, 0 changed." in words(done) and "1 line was refused" in words(done)
    assert Organisation.objects.count() == 2
    assert browser.post("/settings/customers/", {}).status_code == 422
    assert browser.post("/settings/customers/", {"file": SimpleUploadedFile("c.csv", b"\xff")}).status_code == 422


def test_r90_an_organisation_and_a_contact_are_edited_and_it_is_audited(adam, cora):
    house = cora.organisation
    assert f"/settings/customers/{house.pk}/" in words(get(adam, "desk:customer", house.pk))

    given = {"name": "Aurora", "slug": house.slug, "tier": "enterprise", "value": "R$ 9", "contract": "", "since": ""}
    assert post(adam, "desk:organisation_edit", house.pk, **given).status_code == 302
    assert post(adam, "desk:contact_edit", cora.pk, name="Cora M.", organisation="", language="es").status_code == 302
    wrong = post(adam, "desk:organisation_edit", house.pk, **{**given, "tier": "gold", "name": ""})
    made = post(adam, "desk:organisation_new", **{**given, "name": "Boreal", "slug": "boreal"})

    house.refresh_from_db()
    cora.refresh_from_db()
    assert (house.tier, house.value, cora.name, cora.organisation, cora.language) == (
        "enterprise",
        "R$ 9",
        "Cora M.",
        None,
        "es",
    )
    assert wrong.status_code == 422 and wrong.context["form"].errors.keys() == {"name", "tier"}
    assert made.status_code == 302 and Organisation.objects.filter(slug="boreal").exists()
    assert ConfigurationChange.objects.filter(by=adam).count() == 3
    assert cora.password not in str(list(ConfigurationChange.objects.values_list("before", "after")))


def test_nobody_who_works_here_is_edited_as_a_contact(adam, anna):
    assert get(adam, "desk:contact_edit", anna.pk).status_code == 404

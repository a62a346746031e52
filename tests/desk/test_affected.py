"""The affected customers of an escalation in the browser (R17, R25, R48)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from escalation import services
from escalation.models import AffectedCustomer, Escalation
from escalation.parties.customers import customers_of
from escalation.services import affected as affected_services
from people.enums import Role
from people.models import User
from tests.desk.helpers import get, post, queries, signed_in, words
from tests.factories.people import make_organisation, make_user

PAGE = "desk:escalation_customers"


@pytest.fixture
def major(breached):
    return breached(priority="urgent")[1]


@pytest.fixture
def resolved(major, mona, time):
    services.acknowledge(user=mona, number=major.number, now=time.now)
    for verb in (services.begin_communication, services.begin_resolution, services.resolve):
        verb(user=mona, number=major.number, now=time.now, override_reason="This test begins at the end.")
    return Escalation.objects.get(pk=major.pk)


@pytest.fixture
def shops(major, time):
    """Adds so many customers without looking at them."""

    def add(count):
        people = User.objects.bulk_create(
            User(email=f"shop{n}@shops.example", name=f"Shop {n:03}", role=Role.CUSTOMER, password="!")
            for n in range(count)
        )
        AffectedCustomer.objects.bulk_create(
            AffectedCustomer(escalation=major, person=person, added_at=time.now) for person in people
        )
        Escalation.objects.filter(pk=major.pk).update(affected_count=count + 1, access_open=count + 1)

    return add


def test_r17_the_room_shows_the_count_the_first_twenty_and_the_way_to_all(major, shops, anna):
    shops(25)

    page = words(get(anna, "desk:escalation", major.number))

    assert "26 customers" in page
    assert "Shop 018" in page
    assert "Shop 019" not in page
    assert "6 more customers" in page
    assert reverse(PAGE, args=[major.number]) in page


def test_r17_the_room_and_the_list_cost_the_same_whatever_their_length(major, shops, anna):
    client = signed_in(anna)
    urls = [reverse("desk:escalation", args=[major.number]), reverse(PAGE, args=[major.number])]
    before = [queries(client, url) for url in urls]

    shops(60)

    assert [queries(client, url) for url in urls] == before


def test_r17_the_list_has_pages_and_a_search(major, shops, anna):
    shops(60)
    client = signed_in(anna)
    address = reverse(PAGE, args=[major.number])

    first = client.get(address).context["look"]
    rest = client.get(address, {"after": first.after}).context["look"]

    names = [line.person.name for line in [*first.lines, *rest.lines]]
    assert names == ["Cora Menezes", *(f"Shop {n:03}" for n in range(60))]
    assert [line.person.name for line in client.get(address, {"q": "shop 042"}).context["look"].lines] == ["Shop 042"]
    assert "Nobody here" in words(client.get(address, {"q": "%\x00"}))


def test_r17_somebody_is_found_by_name_and_added(major, anna, stan):
    page = words(get(anna, PAGE, major.number, find="strange"))
    assert "Add Stan Strange" in page

    answer = post(anna, "desk:escalation_customers_add", major.number, emails=stan.email)

    assert answer.status_code == 302
    assert "on the list" in words(get(anna, PAGE, major.number, find="strange"))
    assert customers_of(major).filter(person=stan).exists()


def test_r17_a_search_says_how_many_before_it_adds_them(major, anna, stan, open_ticket):
    open_ticket(requester=stan, subject="Settlement file rejected")

    page = words(get(anna, PAGE, major.number, search="settlement", view=""))
    assert "<b>1 customers</b> wrote 1 tickets; 1 of them are not on the list." in page

    assert post(anna, "desk:escalation_customers_search", major.number, search="settlement").status_code == 302
    assert customers_of(major).filter(person=stan).exists()


@pytest.mark.parametrize("search", ["", "status:nonsense"])
def test_r17_a_search_that_means_nothing_says_so_and_adds_nobody(major, anna, search):
    shown = get(anna, PAGE, major.number, search=search)
    answer = post(anna, "desk:escalation_customers_search", major.number, search=search)

    assert shown.context["search"].errors["search"]
    assert answer.status_code == 422
    assert answer.context["search"].errors["search"]
    assert customers_of(major).count() == 1


def test_r17_a_file_is_taken_line_by_line_and_the_rest_is_given_back(major, anna, stan):
    rows = f"name,email\nStan,{stan.email}\n=HYPERLINK(1),nowhere\n<b>x</b>,nobody@nowhere.example\n"
    file = SimpleUploadedFile("list.csv", rows.encode("utf-8-sig"))

    answer = post(anna, "desk:escalation_customers_list", major.number, file=file)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "1 customer is new on the list." in page
    assert "There is no e-mail address on this line." in page
    assert "No customer has this address." in page
    assert "&lt;b&gt;x&lt;/b&gt;, nobody@nowhere.example</textarea>" in page


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "empty"),
        (b"\n\n", "There is no customer on this list."),
        (b"PK\x03\x04\x00\x00", "save the sheet as CSV"),
        (b"x" * 5_000_001, "larger than 5 MB"),
        (b'a@b.example,"' + b"x" * 140_000, "cannot be read"),
    ],
)
def test_r17_a_file_that_is_no_list_is_refused_in_one_sentence(major, anna, content, sentence):
    file = SimpleUploadedFile("list.csv", content)

    answer = post(anna, "desk:escalation_customers_list", major.number, file=file, text="")

    assert answer.status_code == 422
    assert sentence in words(answer)
    assert customers_of(major).count() == 1


def test_r17_who_cannot_be_taken_off_is_said(major, anna, cora):
    answer = post(anna, "desk:escalation_customers_remove", major.number, emails=cora.email)

    assert answer.status_code == 409
    assert "Cora Menezes wrote the ticket and stays on the list." in words(answer)


def test_r48_the_room_asks_for_each_and_one_press_confirms_one(resolved, mona, cora, stan, time):
    affected_services.add_customers(user=mona, number=resolved.number, emails=[stan.email], now=time.now)
    page = words(get(mona, "desk:escalation", resolved.number))
    assert "Unconfirmed for 2 of 2." in page
    assert "Review them" in page
    assert "Confirm the access of Stan Strange" in page

    post(mona, "desk:escalation_verb", resolved.number, "confirm-access", emails=stan.email)

    page = words(get(mona, "desk:escalation", resolved.number))
    assert "Unconfirmed for 1 of 2." in page
    assert "Confirm the access of Stan Strange" not in page
    assert [line.person for line in get(mona, PAGE, resolved.number, only="open").context["look"].lines] == [cora]


def test_r48_a_waiver_needs_its_reason_and_keeps_it(resolved, mona, cora):
    silent = post(mona, "desk:escalation_customers_waive", resolved.number, emails=cora.email, waived=" ")
    assert silent.status_code == 422
    assert "Say why; it stays on record." in words(silent)

    post(mona, "desk:escalation_customers_waive", resolved.number, emails=cora.email, waived="The shop is closed.")

    page = words(get(mona, PAGE, resolved.number))
    assert "The shop is closed." in page
    assert "Waived by Mona Farias" in page


def test_r48_all_of_an_organisation_are_confirmed_at_once(resolved, mona, time):
    house = make_organisation("Kedr")
    emails = [make_user(name, Role.CUSTOMER, organisation=house).email for name in ("Timur", "Darya")]
    affected_services.add_customers(user=mona, number=resolved.number, emails=emails, now=time.now)
    assert "Confirm all 2" in words(get(mona, PAGE, resolved.number))

    post(mona, "desk:escalation_customers_confirm", resolved.number, organisation=house.slug)

    assert customers_of(resolved).without_access().count() == 1


def test_r25_who_is_not_the_engagement_executive_is_offered_nothing(resolved, anna, cora):
    page = words(get(anna, PAGE, resolved.number))
    answer = post(anna, "desk:escalation_customers_confirm", resolved.number, emails=cora.email)

    assert "Confirm the access" not in page
    assert answer.status_code == 403
    assert "Only the customer engagement executive may do this." in words(answer)


def test_r48_confirmed_access_is_taken_back_for_one_with_the_reason(resolved, mona, cora, stan, time):
    affected_services.add_customers(user=mona, number=resolved.number, emails=[stan.email], now=time.now)
    for email in (cora.email, stan.email):
        post(mona, "desk:escalation_customers_confirm", resolved.number, emails=email)
    assert "Take back the access of Stan Strange" in words(get(mona, PAGE, resolved.number))
    silent = post(mona, "desk:escalation_customers_take_back", resolved.number, emails=stan.email, reason=" ")
    assert silent.status_code == 422 and "Say why; it stays on record." in words(silent)

    post(mona, "desk:escalation_customers_take_back", resolved.number, emails=stan.email, reason="Two tills are down.")

    page = words(get(mona, "desk:escalation", resolved.number))
    assert "Unconfirmed for 1 of 2." in page
    assert "Mona Farias took back the access of Stan Strange: Two tills are down." in page
    again = post(mona, "desk:escalation_customers_take_back", resolved.number, emails=stan.email, reason="Twice")
    assert again.status_code == 422 and "access is not confirmed" in words(again)

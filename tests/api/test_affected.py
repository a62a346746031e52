"""The affected customers by the API (R17, R48)."""

from urllib.parse import urlencode

from escalation.initiate import affected
from escalation.models import AffectedCustomer
from tickets.models import Service


def test_r17_customers_are_added_listed_and_taken_off(breached, anna, cora, stan, calling):
    address = f"escalations/{breached().number}"
    agent = calling(anna)

    added = agent.post(f"{address}/add-customers/", {"people": [stan.email, "nobody@nowhere.example"]}).json()
    listed = agent.get(f"{address}/customers/").json()["results"]
    after = agent.post(f"{address}/remove-customer/", {"person": stan.email}).json()

    assert (added["added"], added["already"]) == (1, 0)
    assert added["not_taken"] == [
        {"line": 2, "text": "nobody@nowhere.example", "reason": "No customer has this address."}
    ]
    assert [one["person"]["email"] for one in listed] == [cora.email, stan.email]
    assert after["affected"] == {"customers": 1, "access_open": 1}


def test_r17_a_list_or_a_search_adds_them_too_and_two_ways_at_once_are_refused(
    breached, anna, stan, open_ticket, calling
):
    number, agent = breached().number, calling(anna)
    open_ticket(requester=stan, subject="Settlement file rejected")

    both = agent.post(f"escalations/{number}/add-customers/", {"csv": "x", "search": "settlement"})
    listed = agent.post(f"escalations/{number}/add-customers/", {"csv": f"email\n{stan.email}\n"})
    found = agent.post(f"escalations/{number}/add-customers/", {"search": "settlement"})

    assert (both.status_code, both.json()["errors"]) == (400, {"people": ["Give one of people, csv, search or view."]})
    assert listed.json() == {"added": 1, "already": 0, "not_taken": []}
    assert found.json() == {"added": 0, "already": 1, "not_taken": []}


def test_r48_access_is_confirmed_for_one_and_waived_for_the_other(breached, mona, cora, stan, calling):
    number, manager = breached(priority="urgent").number, calling(mona)
    why = {"override_reason": "This test begins at the end of it."}
    manager.post(f"escalations/{number}/add-customers/", {"people": [stan.email]})
    for verb in ("begin-communication", "begin-resolution", "resolve"):
        assert manager.post(f"escalations/{number}/{verb}/", why).status_code == 200

    first = manager.post(f"escalations/{number}/confirm-access/", {"people": [cora.email]}).json()
    last = manager.post(f"escalations/{number}/confirm-access/", {"people": [stan.email], "waived": "He left."}).json()

    assert (first["affected"]["access_open"], first["access_confirmed_at"]) == (1, None)
    assert (last["affected"]["access_open"], last["access_confirmed_at"] is not None) == (0, True)
    assert AffectedCustomer.objects.get(person=stan).access_waived == "He left."
    assert manager.get(f"escalations/{number}/customers/?access=open").json()["results"] == []


def test_r18_services_and_r20_a_problem_by_the_api(breached, anna, rosa, cora, calling):
    Service.objects.create(name="Payouts", slug="payouts")
    number, agent = breached().number, calling(anna)

    catalogue = agent.get("services/").json()["results"]
    chosen = agent.post(f"escalations/{number}/set-services/", {"services": ["payouts"]}).json()
    wrong = agent.post(f"escalations/{number}/set-services/", {"services": ["nonsense"]})
    opened = agent.post(f"escalations/{number}/open-problem/", {"subject": "Branch code", "owner": rosa.email})
    contact = agent.get(f"escalations/{number}/customers/").json()["results"][0]

    assert [service["slug"] for service in catalogue] == chosen["services"] == ["payouts"]
    assert wrong.status_code == 400
    assert opened.status_code == 201
    assert agent.get(f"tickets/{opened.json()['number']}/").json()["assignee"] is not None
    assert (contact["channel"], contact["language"], contact["time_zone"]) == ("web", "en", "UTC")
    assert calling(cora).get("services/").status_code == 403


def test_the_list_is_narrowed_to_the_account_of_an_organisation_or_a_customer(breached, cora, stan, anna, calling, at):
    own, others = breached().number, breached(requester=stan).number

    def listed(**asked) -> list[int]:
        answer = calling(anna).get(f"escalations/?{urlencode(asked)}")
        return [row["number"] for row in answer.json()["results"]]

    assert listed(organisation=cora.organisation.slug) == listed(customer=cora.email) == [own]
    affected.add_all(number=others, people={cora.pk: None}, by=anna, now=at, how="hand")
    assert listed(organisation=cora.organisation.slug) == listed(customer=cora.email) == [others, own]
    assert listed(customer=stan.email) == [others]
    assert listed(organisation="nobody") == listed(customer="nobody@x.example") == []

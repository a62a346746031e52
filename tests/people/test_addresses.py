import pytest

from common.errors import InvalidInput, Refused
from common.models import ConfigurationChange
from people.actions import find_or_create_customer
from people.addresses import change_address
from people.models import SignIn, User
from tests.desk.helpers import post, words


def test_another_address_signs_in_the_old_one_is_told_and_mail_from_it_stays_theirs(adam, cora, at, mailoutbox):
    SignIn.objects.create(user=cora, session_key="k", created_at=at, used_at=at)

    change_address(by=adam, person=cora, email="Cora@Elsewhere.example", now=at)

    assert User.objects.get_by_natural_key("cora@elsewhere.example") == cora
    assert find_or_create_customer(email="cora@livraria-aurora.example") == cora
    assert not SignIn.objects.exists()
    (letter,) = mailoutbox
    assert letter.to == ["cora@livraria-aurora.example"] and "cora@elsewhere.example" in letter.body
    assert ConfigurationChange.objects.get().after == {"email": "cora@elsewhere.example"}


def test_back_to_the_first_address_leaves_the_second_as_a_former_one(adam, cora, at):
    first = cora.email
    change_address(by=adam, person=cora, email="cora@elsewhere.example", now=at)
    change_address(by=adam, person=cora, email=first, now=at)

    assert list(cora.aliases.values_list("address", flat=True)) == ["cora@elsewhere.example"]


def test_an_address_that_is_none_or_is_somebodys_is_refused(adam, mona, cora, stan, at):
    with pytest.raises(InvalidInput, match="merge the two"):
        change_address(by=adam, person=cora, email=stan.email, now=at)
    with pytest.raises(Refused):
        change_address(by=mona, person=cora, email="new@x.example", now=at)
    refused = post(adam, "desk:contact_address", cora.pk, email=stan.email)
    assert refused.status_code == 422 and "merge the two" in words(refused)
    assert post(adam, "desk:contact_address", cora.pk, email="new@x.example").status_code == 302

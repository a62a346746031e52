import pytest

from people.enums import Why
from people.merging.likeness import Known, alike, alike_houses, house_of, mailbox_of, name_of


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("C.Menezes+shop@GoogleMail.com", "cmenezes@gmail.com"),
        ("cora+shop@outlook.com", "cora@outlook.com"),
        ("c.menezes@outlook.com", "c.menezes@outlook.com"),
        ("cora+shop@livraria.example", "cora+shop@livraria.example"),
        ("cora@pm.me", "cora@proton.me"),
    ],
)
def test_a_mailbox_is_one_only_as_far_as_its_provider_says_so(address, mailbox):
    assert mailbox_of(address) == mailbox


def test_a_name_is_the_same_in_another_order_case_and_accent_and_one_word_is_too_little():
    assert name_of("Menezes, Córa") == name_of("cora MENEZES")
    assert name_of("Cora") == ""
    assert house_of("Livraria Aurora, Lda.") == house_of("aurora livraria S.A.") == house_of("Livraria Aurora")
    assert house_of("SA") == "sa"


def test_each_newer_entry_is_paired_with_the_eldest_and_the_surest_likeness_counts():
    people = [
        Known(3, "Cora Menezes", "cora.menezes@gmail.com"),
        Known(1, "C. M.", "coramenezes@gmail.com"),
        Known(7, "Cora Menezes", "c.menezes@aurora.example"),
        Known(5, "Cora Menezes", "cora@aurora.example"),
        Known(8, "Cora Menezes", "cora@elsewhere.example"),
        Known(9, "Cora Menezes", "cora77@gmail.com"),
    ]

    assert alike(people) == [(1, 3, Why.MAILBOX), (5, 7, Why.NAME)]
    assert alike_houses([(4, "Aurora Ltd"), (2, "Aurora"), (6, "Boreal")]) == [(2, 4, Why.NAME)]

"""Who vouches for a sender: nobody is believed by what his own mail says of him (SECURITY, identity by e-mail)."""

import pytest

from mailroom.authentication import trust_in
from mailroom.verdicts import Trust

OURS = frozenset({"mx.meridiano.example"})
CORA = "cora@livraria-aurora.example"


def trust(value: str, sender: str = CORA, servers=OURS) -> Trust:
    return trust_in(value, sender=sender, servers=servers)


@pytest.mark.parametrize(
    "value",
    [
        "mx.meridiano.example; dmarc=pass header.from=livraria-aurora.example",
        "MX.Meridiano.Example 1; spf=pass; dmarc = pass (p=reject) header.from = Livraria-Aurora.example",
        "mx.meridiano.example (our own; dmarc=fail); dkim=fail; dmarc=pass header.from=livraria-aurora.example.",
    ],
)
def test_a_pass_of_our_own_server_for_the_senders_domain_proves_him(value):
    assert trust(value) is Trust.PASSED


@pytest.mark.parametrize(
    "value",
    [
        "",
        "mx.meridiano.example; none",
        "mx.evil.example; dmarc=pass header.from=livraria-aurora.example",
        "mx.evil.example (mx.meridiano.example); dmarc=pass header.from=livraria-aurora.example",
        "mx.meridiano.example.evil.example; dmarc=pass header.from=livraria-aurora.example",
        "mx.meridiano.example; dmarc=pass header.from=evil.example",
        "mx.meridiano.example; dmarc=pass header.from=sub.livraria-aurora.example",
        "mx.meridiano.example; dmarc=pass",
        "mx.meridiano.example; spf=pass; dkim=pass header.d=livraria-aurora.example",
        "mx.meridiano.example; dmarc=bestguesspass header.from=livraria-aurora.example",
        "mx.meridiano.example; dmarc=temperror header.from=livraria-aurora.example",
        'mx.meridiano.example; spf=fail smtp.mailfrom="; dmarc=pass header.from=livraria-aurora.example;"@x.example',
        'mx.meridiano.example; spf=fail smtp.mailfrom="\\"; dmarc=pass header.from=livraria-aurora.example;"@x.example',
        "mx.meridiano.example; spf=fail (; dmarc=pass header.from=livraria-aurora.example; ) smtp.mailfrom=x@y.example",
        "mx.meridiano.example; dmarc=pass header.from=livraria-aurora.example; dmarc=fail header.from=evil.example",
        "; dmarc=pass header.from=livraria-aurora.example",
        "(" * 5000 + ";" * 5000,
    ],
)
def test_whatever_else_stands_there_proves_nothing(value):
    assert trust(value) is Trust.NONE


def test_what_the_senders_domain_denies_is_denied():
    assert trust("mx.meridiano.example; dmarc=fail (p=reject) header.from=livraria-aurora.example") is Trust.FAILED


def test_where_no_server_is_named_nothing_is_said():
    value = "mx.meridiano.example; dmarc=pass header.from=livraria-aurora.example"

    assert trust(value, servers=frozenset()) is Trust.UNCHECKED

import ipaddress
import socket

import pytest

from common import egress

HERE = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "64:ff9b::a9fe:a9fe", "2002:7f00:1::", "2001:0:4136:e378:8000:63bf:80ff:fffe", "::7f00:1", "fd00:ec2::254",
    ],
)  # fmt: skip
def test_what_is_private_in_whatever_wrapping_is_not_visited(address):
    assert not egress.may_reach(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "64:ff9b::5db8:d70e"])
def test_what_is_public_is_visited(address):
    assert egress.may_reach(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost"])
def test_a_number_is_an_address_however_it_is_written(host):
    with pytest.raises(egress.ForbiddenAddressError):
        egress.resolve(host, 993)


def test_a_network_that_is_named_may_be_visited():
    assert egress.resolve("127.0.0.1", 993, allowed=HERE) == ["127.0.0.1"]


def test_one_private_address_among_public_ones_is_one_too_many(monkeypatch):
    answers = [(2, 1, 6, "", (address, 993)) for address in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *given, **named: answers)

    with pytest.raises(egress.ForbiddenAddressError, match=r"^10\.0\.0\.1$"):
        egress.resolve("rebinding.example", 993)


def test_a_host_that_is_nowhere_is_said_so():
    with pytest.raises(egress.UnknownHostError):
        egress.resolve("no.such.host.invalid", 993)
    with pytest.raises(egress.UnknownHostError):
        egress.resolve("x" * 70 + ".example", 993)

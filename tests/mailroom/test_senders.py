"""Whether the world can tell that our mail is ours: SPF (RFC 7208), DKIM keys (6376), DMARC (7489)."""

from datetime import timedelta

import pytest

from common.errors import InvalidInput
from common.models import ConfigurationChange
from config.addresses import MailServer
from desk.looks.settings.senders import SAYINGS, senders_look
from mailroom.models import Letterhead, SendingDomain
from mailroom.senders import checking, dmarc, spf
from mailroom.senders.judging import Sender, judge
from mailroom.senders.looking import NoAnswerError
from mailroom.senders.spf import Verdict

HERE = "192.0.2.10"


class Zone:
    """A name system of a test: `{"a.example": {"txt": […], "a": […], "mx": […]}}`; others are not there."""

    def __init__(self, names=None, *, silent=()):
        self.names, self.silent, self.asked = names or {}, silent, []

    def texts(self, name):
        return self._found(name, "txt")

    def addresses(self, name):
        return self._found(name, "a")

    def exchangers(self, name):
        return self._found(name, "mx")

    def _found(self, name, kind):
        self.asked.append(name)
        if name in self.silent:
            raise NoAnswerError("timeout")
        return self.names.get(name, {}).get(kind, [])


def of(record, **others):
    return Zone({"d.example": {"txt": [record]}, **{name.replace("_", "."): told for name, told in others.items()}})


@pytest.mark.parametrize(
    ("record", "verdict"),
    [
        ("v=spf1 ip4:192.0.2.10 -all", Verdict.PASS),
        ("v=spf1 ip4:192.0.2.0/24 -all", Verdict.PASS),
        ("v=spf1 ip4:192.0.3.0/24 -all", Verdict.FAIL),
        ("v=spf1 ip4:192.0.3.0/24 ~all", Verdict.SOFTFAIL),
        ("v=spf1 ip4:192.0.3.0/24 ?all", Verdict.NEUTRAL),
        ("v=spf1 ip4:192.0.3.0/24", Verdict.NEUTRAL),
        ("V=SPF1 IP4:192.0.2.10 -ALL", Verdict.PASS),
        ("v=spf1", Verdict.NEUTRAL),
        ("v=spf1 all", Verdict.PASS),
        ("v=spf1 -ip4:192.0.2.10 +all", Verdict.FAIL),
        ("v=spf1 a -all", Verdict.PASS),
        ("v=spf1 a:other.example/24 -all", Verdict.PASS),
        ("v=spf1 a:other.example -all", Verdict.FAIL),
        ("v=spf1 mx -all", Verdict.PASS),
        ("v=spf1 exists:other.example -all", Verdict.PASS),
        ("v=spf1 include:pass.example -all", Verdict.PASS),
        ("v=spf1 include:soft.example -all", Verdict.FAIL),
        ("v=spf1 include:nowhere.example -all", Verdict.BROKEN),
        ("v=spf1 redirect=pass.example", Verdict.PASS),
        ("v=spf1 redirect=nowhere.example", Verdict.BROKEN),
        ("v=spf1 -all redirect=pass.example", Verdict.FAIL),
        ("v=spf1 ptr -all", Verdict.FAIL),
        ("v=spf1 exp=why.example unknown=x ip4:192.0.2.10 -all", Verdict.PASS),
        ("v=spf1 ip6:2001:db8::/32 -all", Verdict.FAIL),
        ("v=spf1 exists:%{i}.x.example -all", Verdict.UNCLEAR),
        ("v=spf1 ip4:192.0.2 -all", Verdict.BROKEN),
        ("v=spf1 ip6:192.0.2.10 -all", Verdict.BROKEN),
        ("v=spf1 include -all", Verdict.BROKEN),
        ("v=spf1 a/x -all", Verdict.BROKEN),
        ("v=spf1 mx:d.example/99 -all", Verdict.BROKEN),
        ("v=spf1 pass:all", Verdict.BROKEN),
        ("v=spf10 ip4:192.0.2.10", Verdict.NONE),
        ("spf2.0/pra ip4:192.0.2.10", Verdict.NONE),
    ],
)
def test_a_record_lets_send_whom_it_names(record, verdict):
    zone = of(
        record,
        other_example={"a": ["192.0.2.77"]},
        pass_example={"txt": ["v=spf1 ip4:192.0.2.10 -all"]},
        soft_example={"txt": ["v=spf1 ~all"]},
        m_example={"a": [HERE]},
    )
    zone.names["d.example"] |= {"a": [HERE], "mx": ["m.example"]}

    assert spf.check(HERE, "d.example", zone) is verdict


def test_two_records_are_as_good_as_none():
    zone = Zone({"d.example": {"txt": ["v=spf1 +all", "v=spf1 -all", "else"]}})

    assert spf.check(HERE, "d.example", zone) is Verdict.BROKEN


def test_an_eleventh_lookup_breaks_the_record_though_it_would_have_passed():
    def chain(length):
        names = {f"i{n}.example": {"txt": [f"v=spf1 include:i{n + 1}.example"]} for n in range(length)}
        return Zone({**names, f"i{length}.example": {"txt": ["v=spf1 ip4:192.0.2.10"]}})

    assert spf.check(HERE, "i0.example", chain(10)) is Verdict.PASS
    assert spf.check(HERE, "i0.example", chain(11)) is Verdict.TOO_MANY


def test_a_record_that_includes_itself_comes_to_an_end():
    zone = of("v=spf1 include:d.example -all")

    assert spf.check(HERE, "d.example", zone) is Verdict.TOO_MANY
    assert len(zone.asked) < 15


def test_names_that_are_not_there_are_counted_too():
    zone = of("v=spf1 a:x.example a:y.example a:z.example ip4:192.0.2.10")

    assert spf.check(HERE, "d.example", zone) is Verdict.TOO_MANY


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({}, None),
        ({"_dmarc.mail.d.example": "v=DMARC1; p=reject"}, ("mail.d.example", "reject")),
        ({"_dmarc.d.example": "v=DMARC1; p=reject; sp=none"}, ("d.example", "none")),
        ({"_dmarc.d.example": "v=DMARC1;p=quarantine"}, ("d.example", "quarantine")),
        ({"_dmarc.d.example": "v=DMARC1"}, None),
        ({"_dmarc.d.example": "v=DMARC1; p=maybe"}, None),
        ({"_dmarc.d.example": "v=spf1"}, None),
        ({"_dmarc.example": "v=DMARC1; p=reject"}, None),
    ],
)
def test_the_policy_of_a_domain_is_its_own_or_the_nearest_above(names, found):
    policy = dmarc.policy_of("mail.d.example", Zone({name: {"txt": [text]} for name, text in names.items()}))

    assert (policy and (policy.domain, policy.policy)) == found


@pytest.mark.parametrize(
    ("signed_by", "strict", "aligned"),
    [
        ("mail.d.example", True, True),
        ("d.example", False, True),
        ("d.example", True, False),
        ("other.example", False, False),
        ("xd.example", False, False),
    ],
)
def test_a_signature_counts_for_the_same_house_unless_the_policy_is_strict(signed_by, strict, aligned):
    assert dmarc.is_aligned("mail.d.example", signed_by, strict=strict, organisation="d.example") is aligned


def names(sender, zone):
    return [one.name for one in judge(sender, zone)]


def test_a_domain_in_order_is_well():
    zone = of("v=spf1 a:smtp.example -all", smtp_example={"a": [HERE]})
    zone.names["s1._domainkey.d.example"] = {"txt": ["v=DKIM1; k=rsa; p=MIIB"]}
    zone.names["_dmarc.d.example"] = {"txt": ["v=DMARC1; p=reject; rua=mailto:x@d.example"]}

    assert names(Sender("d.example", "smtp.example", "s1"), zone) == ["spf_well", "dkim_well", "dmarc_well"]


@pytest.mark.parametrize(
    ("sender", "told", "expected"),
    [
        (Sender("gone.example", "smtp.example"), {}, ["no_domain"]),
        (Sender("d.example", "smtp.example"), {"silent": ["d.example"]}, ["no_answer"]),
        (Sender("d.example", "nowhere.example"), {}, ["spf_server_unknown", "dkim_unknown", "dmarc_none"]),
        (Sender("d.example", ""), {}, ["spf_no_server", "dkim_unknown", "dmarc_none"]),
        (Sender("d.example", "smtp.example", "old"), {}, ["spf_not_named", "dkim_withdrawn", "dmarc_none"]),
        (
            Sender("d.example", "smtp.example", "no"),
            {"dmarc": "reject"},
            ["spf_not_named", "dkim_none", "dmarc_refuses"],
        ),
        (
            Sender("d.example", "smtp.example", "s", "p.example"),
            {"dmarc": "none"},
            ["spf_not_named", "dkim_well", "dmarc_misaligned", "dmarc_unproved"],
        ),
        (Sender("d.example", "smtp.example", "s"), {"dmarc": "none"}, ["spf_not_named", "dkim_well", "dmarc_watches"]),
    ],
)
def test_what_is_wrong_has_a_name_and_a_sentence(sender, told, expected):
    zone = of("v=spf1 ip4:198.51.100.1 ~all", smtp_example={"a": [HERE]})
    zone.silent = told.get("silent", ())
    zone.names["old._domainkey.d.example"] = {"txt": ["v=DKIM1; p="]}
    for signer in ("d.example", "p.example"):
        zone.names[f"s._domainkey.{signer}"] = {"txt": ["p=MIIB"]}
    if "dmarc" in told:
        zone.names["_dmarc.d.example"] = {"txt": [f"v=DMARC1; p={told['dmarc']}"]}

    found = judge(sender, zone)

    assert [one.name for one in found] == expected
    for one in found:
        _tone, fact, remedy = SAYINGS[one.name]
        assert "%" not in str(fact) % one.known and "%" not in str(remedy) % one.known


@pytest.fixture
def server(settings):
    settings.MAIL_SERVER = MailServer("smtp.example", 587, "", "", True, False)
    settings.DEFAULT_FROM_EMAIL = "Help <support@d.example>"


def test_each_domain_that_is_sent_from_is_looked_up_and_said_in_plain_words(server, payments, at):
    Letterhead.objects.create(team=payments, address="pay@cards.example")
    zone = Zone({"d.example": {"mx": ["m"]}, "smtp.example": {"a": [HERE]}})

    assert checking.look_up(now=at, lookup=zone) == 2

    cards, desk = senders_look(at)
    assert (cards.addresses, cards.said[0].fact) == ("pay@cards.example", "There is no domain cards.example.")
    assert desk.addresses == "support@d.example" and desk.tone == "breach"
    assert desk.said[0].remedy == "Add a TXT record to d.example: v=spf1 a:smtp.example ~all"
    assert checking.look_up(now=at + timedelta(hours=1), lookup=zone) == 0
    assert checking.look_up(now=at + timedelta(hours=13), lookup=zone) == 2


def test_without_a_name_server_the_page_says_so_and_it_is_asked_again_soon(server, db, at):
    checking.look_up(now=at, lookup=Zone(silent=["d.example"]))

    [line] = senders_look(at)
    assert [one.fact for one in line.said] == ["The name servers did not answer."]
    assert SendingDomain.objects.get().next_at == at + timedelta(minutes=10)


def test_how_a_domain_is_signed_is_on_record_and_looked_up_anew(server, adam, at):
    [row] = checking.domains(at)
    checking.look_up(now=at, lookup=Zone())

    checking.sign(pk=row.pk, selector="S1", signing_domain="", by=adam, now=at)

    assert ConfigurationChange.objects.get().after == {"selector": "s1"}
    assert SendingDomain.objects.get().next_at == at


def test_what_is_told_of_a_domain_while_it_is_looked_up_is_looked_up_next(server, adam, at):
    [row] = checking.domains(at)
    minute = timedelta(minutes=1)

    class Slow(Zone):
        def texts(self, name):
            checking.sign(pk=row.pk, selector="new", signing_domain="", by=adam, now=at + minute)
            return super().texts(name)

    checking.look_up(now=at, lookup=Slow({"d.example": {"mx": ["m"]}}))
    row.refresh_from_db()
    assert (row.findings, row.selector, row.next_at) == ([], "new", at + minute)

    zone = Zone({"d.example": {"mx": ["m"]}})
    checking.look_up(now=at + minute, lookup=zone)

    assert "new._domainkey.d.example" in zone.asked


@pytest.mark.parametrize("name", ["a b", "-a", "a..b", "ключ", "x" * 64, "a/../b"])
def test_what_is_no_name_is_refused(server, adam, at, name):
    [row] = checking.domains(at)

    with pytest.raises(InvalidInput):
        checking.sign(pk=row.pk, selector=name, signing_domain="", by=adam, now=at)


def test_a_domain_that_cannot_be_judged_holds_up_no_other_and_rests(db, at, monkeypatch):
    names = ["a.example", "b.example"]
    SendingDomain.objects.bulk_create([SendingDomain(domain=name, next_at=at) for name in names])
    monkeypatch.setattr(checking, "addresses", lambda: {name: [f"desk@{name}"] for name in names})
    asked = []

    def judged(sender, lookup):
        asked.append(sender.domain)
        if sender.domain == "a.example":
            raise ValueError
        return []

    monkeypatch.setattr(checking, "judge", judged)

    assert (checking.look_up(now=at, lookup=Zone()), checking.look_up(now=at, lookup=Zone())) == (1, 0)
    assert sorted(asked) == names

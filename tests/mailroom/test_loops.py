import pytest

from mailroom.loops import Signs, judge, may_be_answered
from mailroom.parse import parse
from mailroom.verdicts import Nature
from tests.mailroom.mails import compose, kept


def nature_of(raw: bytes) -> Nature:
    mail = parse(raw)
    return judge(
        mail.signs,
        sender=mail.sender,
        message_id=mail.message_id,
        is_own=lambda address: address.split("@")[0].split("+")[0] == "support",
        own_domain="escala.localhost",
    ).nature


@pytest.mark.parametrize("name", ["plain", "html-only", "forwarded"])
def test_a_persons_mail_is_a_letter(name):
    assert nature_of(kept(name)) is Nature.LETTER


@pytest.mark.parametrize(
    ("name", "nature"), [("out-of-office", Nature.AWAY), ("bounce", Nature.REPORT), ("newsletter", Nature.ECHO)]
)
def test_automatic_answers_reports_and_bulk_mail_are_told_apart(name, nature):
    assert nature_of(kept(name)) is nature


@pytest.mark.parametrize(
    "signs",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "Auto-Replied; owner-email=cora@livraria-aurora.example"},
        {"Precedence": "bulk"},
        {"Precedence": "List"},
        {"Precedence": "junk"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "away"},
        {"List_Id": "<all.livraria-aurora.example>"},
        {"Return_Path": "<>"},
        {"Return_Path": ""},
        {"sender": "MAILER-DAEMON@livraria-aurora.example"},
        {"sender": "postmaster@livraria-aurora.example"},
        {"sender": "support@escala.localhost"},
        {"sender": "Support@Escala.localhost"},
        {"sender": "support+1-aaaaaaaaaaaaaaaaaaaaaaaaaa@escala.localhost"},
        {"identifier": "<12@escala.localhost>"},
        {"identifier": "<12.1-aaaaaaaaaaaaaaaaaaaaaaaaaa@escala.localhost>"},
    ],
    ids=str,
)
def test_what_a_program_sends_in_answer_is_no_letter(signs):
    raw = compose(**signs)
    if signs.get("Return_Path") == "":
        raw = b"Return-Path:\n" + raw

    assert nature_of(raw) in {Nature.ECHO, Nature.AWAY, Nature.REPORT}


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Payouts", "Abwesenheitsnotiz: Zahlung", "Resposta automática: Pagamento",
        "Respuesta automática: Pago", "Автоматический ответ: Платеж", "Odpowiedź automatyczna: Płatność",
        "Automatyczna odpowiedź: Płatność", "Automatiskt svar: Betalning", "自動回覆: 付款",
        "Trả lời tự động: Thanh toán",
    ],
)  # fmt: skip
def test_an_absence_is_known_by_its_subject_alone_in_many_languages(subject):
    assert nature_of(compose(subject=subject)) is Nature.AWAY


def test_a_mail_that_runs_in_circles_is_an_echo():
    assert nature_of(b"Received: from a by b\n" * 31 + compose()) is Nature.ECHO


def test_a_notice_of_a_program_may_open_a_ticket():
    assert nature_of(kept("monitoring")) is Nature.NOTICE


@pytest.mark.parametrize("signs", [{"Auto_Submitted": "no"}, {"Return_Path": "<cora@livraria-aurora.example>"}])
def test_the_signs_of_a_person_do_no_harm(signs):
    assert nature_of(compose(**signs)) is Nature.LETTER


def test_a_colleague_at_the_same_domain_is_no_echo():
    assert nature_of(compose(sender="paul@escala.localhost", identifier="<abc@escala.localhost>")) is Nature.LETTER


@pytest.mark.parametrize(("suppress", "may"), [("", True), ("all", False), ("dr, autoreply", False), ("dr", True)])
def test_who_asks_for_no_automatic_answer_gets_none(suppress, may):
    assert may_be_answered(Signs(suppress=suppress)) is may

"""Tickets that wait for a word of ours: for a manager's decision, or for a reply within the next hours."""

from datetime import datetime

from calendars.worktime import WorkTime
from config.demo.scene import Scene
from config.demo.scenes import files


def cafe_fee(now: datetime, business: WorkTime) -> Scene:
    """A decision is asked of the manager, wanted within the hour."""
    s = Scene("cafe-fee", "beatriz", now, business)
    s.opens(
        s.wall(145),
        "Fatura de outubro com taxa cobrada em duplicidade",
        "Bom dia. A fatura de outubro traz a taxa de adesão duas vezes. São 14 lojas, anexei a planilha.\n\nBeatriz",
        team="payments",
        tags=("invoice",),
        files=(files.FEES_CSV,),
    )
    s.assign(s.wall(120), "bruno")
    s.note(s.wall(80), "bruno", "Fourteen stores, R$ 1.246 each. Above what I may waive.")
    return s.hierarchical(
        s.wall(72),
        "bruno",
        2,
        "Waive the October fee for fourteen stores",
        tried="Compared the spreadsheet with the fee table: all fourteen were charged twice.",
        wanted_by=s.wall(-48),
        amount="17.444",
        currency="BRL",
    )


def quebrada_weekend(now: datetime, business: WorkTime) -> Scene:
    """A second decision, with time until tomorrow."""
    s = Scene("quebrada-weekend", "ines-o", now, business)
    s.opens(
        s.wall(1500),
        "Migración de 60 terminales este fin de semana",
        "Queremos cambiar las 60 terminales el fin de semana. ¿Pueden acompañarnos el sábado?",
        tags=("terminal",),
    )
    s.reply(s.wall(1400), "ilya", "Hola, Inés. Podemos; necesito el horario y un contacto en cada depósito.\n\nIlya")
    s.customer(s.wall(400), "De 6 a 14, dos depósitos. ¿Cuántas personas serán de su lado?")
    return s.hierarchical(
        s.wall(25),
        "ilya",
        3,
        "Two more people for the migration weekend",
        reason="staff",
        tried="Asked in the team: one can, three are needed.",
        wanted_by=s.wall(-1200),
    )


def nordhavn(now: datetime, business: WorkTime) -> Scene:
    s = Scene("nordhavn-51r", "sivert", now, business)
    return s.opens(
        s.worked(96),
        "Terminal 51R rejects every contactless card",
        "Restarted twice, same code. Chip works. There is a queue.\n\nSivert",
        "high",
        channel="chat",
        tags=("terminal",),
    )


def kedr_link(now: datetime, business: WorkTime) -> Scene:
    s = Scene("kedr-link", "marina", now, business)
    return s.opens(
        s.wall(8),
        "Не проходит оплата по ссылке",
        "Клиенты открывают ссылку на оплату и видят пустую страницу. Со вчерашнего вечера, около десяти обращений.",
        "high",
        tags=("payment-link",),
    )


def cafe_terminal(now: datetime, business: WorkTime) -> Scene:
    s = Scene("cafe-terminal", "caio", now, business)
    s.opens(
        s.wall(19),
        "Maquininha da Lapa não aceita aproximação",
        "Desde cedo só passa com chip. Já reiniciamos. Temos fila no balcão.\n\nCaio",
        "high",
        channel="phone",
        by="bruno",
        tags=("terminal",),
    )
    return s.assign(s.wall(18), "bruno")


def sen_tra(now: datetime, business: WorkTime) -> Scene:
    s = Scene("sen-tra-hmac", "ngoc", now, business)
    s.opens(
        s.worked(900),
        "Webhook signature fails after key rotation",
        "We rotated the key as the guide says. Since then the signature of payout.settled does not match.\n\nNgọc",
        channel="api",
        tags=("webhook",),
    )
    s.reply(s.worked(820), "kofi", "Hello Ngọc, does it happen with all types of events, or with one?\n\nKofi")
    return s.customer(s.worked(428), "HMAC mismatch on payout.settled only. 31 events are waiting.")


def bodega(now: datetime, business: WorkTime) -> Scene:
    s = Scene("bodega-rate", "tomas", now, business)
    s.opens(
        s.worked(700),
        "Settlement report shows yesterday's rate",
        "El informe de liquidación usa el tipo de cambio de ayer. La diferencia es de € 212.",
        tags=("exchange-rate",),
    )
    s.reply(s.worked(600), "nadia", "Hola, Tomás. ¿Me envía el extracto del banco de ese día?\n\nNadia")
    return s.customer(s.worked(290), "Adjunto el extracto.", files=(files.STATEMENT_CSV,))


def pod_debem(now: datetime, business: WorkTime) -> Scene:
    s = Scene("pod-debem-name", "zofia", now, business)
    return s.opens(
        s.worked(178),
        "How do I change the name on receipts?",
        "Handed over by the assistant with 6 messages. Our receipts show the old name of the shop.",
        "low",
        channel="chat",
        tags=("account",),
    )


def aurora_report(now: datetime, business: WorkTime) -> Scene:
    s = Scene("aurora-report", "davi", now, business)
    s.opens(
        s.wall(700),
        "Relatório de repasses por loja",
        "Dá para receber o relatório de repasses separado por loja, toda segunda-feira?\n\nDavi",
        "low",
        channel="web",
        tags=("payout",),
    )
    return s.reply(s.wall(500), "anna", "Oi, Davi. Dá, sim. Vou montar o modelo e mando um exemplo.\n\nAnna")


def marias(now: datetime, business: WorkTime) -> Scene:
    """Waits on the customer: its clock is paused."""
    s = Scene("marias-owner", "lucia-b", now, business)
    s.opens(
        s.worked(600),
        "Confirm new owner of the merchant account",
        "Temos uma nova sócia. Quais documentos vocês precisam?",
    )
    return s.reply(
        s.worked(450),
        "viktor",
        "Olá, Lúcia. Precisamos do contrato social atualizado e do documento dela.\n\nViktor",
        then_wait=True,
    )


def cafe_logo(now: datetime, business: WorkTime) -> Scene:
    s = Scene("cafe-logo", "lia", now, business)
    s.opens(s.wall(2000), "Merchant logo on the payment page", "O logotipo da página de pagamento é o antigo.", "low")
    return s.reply(s.wall(1800), "ilya", "Oi, Lia. Você me manda o arquivo novo em SVG ou PNG?\n\nIlya", then_wait=True)


def aurora_terminal(now: datetime, business: WorkTime) -> Scene:
    """The demo customer is asked something, too."""
    s = Scene("aurora-terminal", "cora", now, business)
    s.opens(
        s.wall(2600),
        "Maquininha da Moema sem papel térmico",
        "Qual é a bobina certa para a maquininha nova? A antiga não serve.\n\nCora",
        "low",
        channel="web",
    )
    return s.reply(
        s.wall(2400),
        "anna",
        "Oi, Cora. Qual é o modelo? Está na etiqueta embaixo, começa com MP.\n\nAnna",
        then_wait=True,
    )


PLAYED = (cafe_fee, quebrada_weekend, bodega)
WRITTEN = (
    *(nordhavn, kedr_link, cafe_terminal, sen_tra, pod_debem),
    *(aurora_report, marias, cafe_logo, aurora_terminal),
)

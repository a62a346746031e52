"""Tickets that went to another team: one came back twice, one was accepted, one waits to be."""

from datetime import datetime

from calendars.worktime import WorkTime
from config.demo.scene import Scene
from config.demo.scenes import files


def two_currencies(now: datetime, business: WorkTime) -> Scene:
    """Twice there and back: once more, and both leads are called together."""
    s = Scene("two-currencies", "ramiro", now, business)
    s.opens(
        s.wall(270),
        "La liquidación mezcla pesos y dólares",
        "En la liquidación del lunes hay dos monedas en una misma columna. ¿Cuál es la correcta?\n\nRamiro",
        team="payments",
        tags=("settlement",),
    )
    s.assign(s.wall(262), "ilya")
    s.reply(s.wall(258), "ilya", "Hola, Ramiro. Lo estoy revisando con los colegas de liquidaciones.\n\nIlya")
    s.functional(
        s.wall(250),
        "ilya",
        "settlement",
        3,
        "Which currency is the settlement of Monday in?",
        tried="The payout itself is in pesos.",
        shows=True,
    )
    s.does(
        s.wall(238),
        "nadia",
        "return_to_sender",
        reason="The file is as the bank sent it. The column is made by the payout export, which is yours.",
    )
    s.functional(
        s.wall(210),
        "ilya",
        "settlement",
        3,
        "Which currency is the settlement of Monday in?",
        tried="The export takes the column from your file; line 14 is in dollars there.",
        shows=True,
    )
    return s.does(
        s.wall(200),
        "dang",
        "return_to_sender",
        reason="Line 14 is a payment link in dollars: whoever made the link chose the currency.",
    )


def webhook_order(now: datetime, business: WorkTime) -> Scene:
    """Accepted, and in good hands."""
    s = Scene("webhook-order", "ines-o", now, business)
    s.opens(
        s.wall(150),
        "Los eventos de pago llegan en otro orden",
        "Una de cada cien veces “captured” llega antes que “authorised”. La contabilidad se detiene.\n\nInés",
        team="payments",
        tags=("webhook",),
    )
    s.assign(s.wall(146), "bruno")
    s.reply(s.wall(142), "bruno", "Hola, Inés. Se lo paso a los colegas de integraciones.\n\nBruno")
    s.functional(
        s.wall(140),
        "bruno",
        "integrations",
        3,
        "Events arrive out of order, one in a hundred",
        tried="The order in our log is right.",
        shows=True,
    )
    s.does(s.wall(133), "priya", "accept")
    return s.assign(s.wall(132), "priya")


def two_invoices(now: datetime, business: WorkTime) -> Scene:
    """Sent a moment ago: nobody has accepted it yet."""
    s = Scene("two-invoices", "davi", now, business)
    s.opens(
        s.wall(40),
        "Duas faturas com o mesmo número",
        "Recebemos duas faturas de outubro com o mesmo número e valores diferentes. Segue a planilha.\n\nDavi",
        team="payments",
        tags=("invoice",),
        files=(files.FEES_CSV,),
    )
    s.assign(s.wall(24), "anna")
    s.reply(s.wall(15), "anna", "Oi, Davi. Passei agora mesmo para o Financeiro.\n\nAnna")
    return s.functional(
        s.wall(6),
        "anna",
        "finance",
        3,
        "Which of the two invoices of October holds?",
        tried="The money arrived once.",
        shows=True,
    )


PLAYED = (two_currencies, webhook_order, two_invoices)

"""Tickets that went to another team: one came back twice, one was accepted, one waits to be."""

from datetime import datetime

from calendars.worktime import WorkTime
from config.demo.scene import Scene
from config.demo.scenes import files


def two_currencies(now: datetime, business: WorkTime) -> Scene:
    """Twice there and back: once more, and both leads are called together."""
    s = Scene("two-currencies", "lucia", now, business)
    s.opens(
        s.wall(270),
        "La liquidación mezcla pesos y dólares",
        "En la liquidación del lunes hay dos monedas en una misma columna. ¿Cuál es la correcta?\n\nLucía",
        team="payments",
        tags=("settlement",),
    )
    s.assign(s.wall(262), "ilya")
    s.reply(s.wall(258), "ilya", "Hola, Lucía. Lo estoy revisando con los colegas de liquidaciones.\n\nIlya")
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
    s = Scene("webhook-order", "mert", now, business)
    s.opens(
        s.wall(150),
        "Payment events arrive in the wrong order",
        "“captured” comes before “authorised” about once in a hundred. Our books stop at it.\n\nMert",
        team="payments",
        tags=("webhook",),
    )
    s.assign(s.wall(146), "bruno")
    s.reply(s.wall(142), "bruno", "Hello Mert, I ask the colleagues of Integrations to look at it.\n\nBruno")
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
    s = Scene("two-invoices", "leire", now, business)
    s.opens(
        s.wall(40),
        "Dos facturas con el mismo número",
        "Tenemos dos facturas de octubre con el mismo número y distinto importe. Adjunto el extracto.\n\nLeire",
        team="payments",
        tags=("invoice",),
        files=(files.STATEMENT_CSV,),
    )
    s.assign(s.wall(24), "anna")
    s.reply(s.wall(15), "anna", "Hola, Leire. Se lo paso ahora mismo a Finanzas.\n\nAnna")
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

"""Tickets of which a criterion was met: one is proposed for escalation, one was escalated at once."""

from datetime import datetime

from calendars.worktime import WorkTime
from config.demo.scene import Scene


def named_authority(now: datetime, business: WorkTime) -> Scene:
    """Waits for somebody to accept or dismiss what is proposed."""
    s = Scene("named-authority", "beatriz", now, business)
    s.opens(
        s.wall(34),
        "Taxa de adesão: vou levar ao Procon",
        "É a terceira vez que pergunto pela taxa de Pinheiros. Se não houver resposta, vou ao Procon.\n\nBeatriz",
        team="payments",
        tags=("invoice",),
    )
    return s.assign(s.wall(30), "bruno")


def foreign_statement(now: datetime, business: WorkTime) -> Scene:
    """Nobody had to notice it: the words were enough."""
    s = Scene("foreign-statement", "caio", now, business)
    return s.opens(
        s.wall(11),
        "Recebi o extrato de outra empresa",
        "O extrato de hoje traz dados de outro cliente: nomes, valores e contas. Apaguei o arquivo.\n\nCaio",
        "high",
        team="payments",
    )


PLAYED = (named_authority, foreign_statement)

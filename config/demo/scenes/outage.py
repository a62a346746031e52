"""The batch of 07:30: one escalation that harms nine customers in four languages, within its first hour (R17, R35).

Its own ticket is Aurora's, in `major`. What the others wrote about it is plain enough to be written down.
"""

from datetime import datetime

from calendars.worktime import WorkTime
from config.demo.company import Cast
from config.demo.scene import Scene
from people.models import User

# Whom it harms besides Aurora, each with the story of what he wrote himself, if he did.
HARMED = {
    "beatriz": "batch-ipe",
    "ines-o": "batch-quebrada",
    "artem": "batch-romashka",
    "sivert": "batch-nordhavn",
    "nicolas": "",
    "sonia": "",
    "mert": "",
    "timur": "",
}
# He has left his company, and its list still has him: nobody can tell him anything.
OUT_OF_TOUCH = "timur"


def lose_touch(company: Cast) -> None:
    User.objects.filter(pk=company.people[OUT_OF_TOUCH].pk).update(is_active=False)


def ipe(now: datetime, business: WorkTime) -> Scene:
    s = Scene("batch-ipe", "beatriz", now, business)
    s.opens(
        s.wall(58),
        "Repasse das 07:30 não caiu em nenhuma loja",
        "Bom dia. O repasse das 07:30 não entrou em Pinheiros, Lapa e Campinas. Quando entra?\n\nBeatriz",
        "high",
        team="payments",
        tags=("payout", "são-paulo"),
    )
    return s.reply(s.wall(41), "bruno", "Bom dia, Beatriz. O lote está sendo reenviado. Volto com o horário.\n\nBruno")


def quebrada(now: datetime, business: WorkTime) -> Scene:
    s = Scene("batch-quebrada", "ines-o", now, business)
    s.opens(
        s.wall(55),
        "La liquidación de hoy figura como rechazada",
        "Hola. La liquidación de las 07:30 figura como rechazada por el banco. ¿Hay que reenviar algo?\n\nInés",
        channel="web",
        team="settlement",
        tags=("settlement",),
    )
    return s.reply(s.wall(37), "dang", "Hola, Inés. No hay que reenviar nada; lo enviamos nosotros de nuevo.\n\nHà")


def romashka(now: datetime, business: WorkTime) -> Scene:
    s = Scene("batch-romashka", "artem", now, business)
    s.opens(
        s.wall(52),
        "Утренний реестр отклонён банком",
        "Здравствуйте. Реестр за 07:30 вернулся с кодом отказа. Деньги не потеряны?\n\nАртём",
        team="settlement",
        tags=("settlement",),
    )
    return s.reply(s.wall(36), "nadia", "Артём, деньги на месте. Отправляем реестр ещё раз и напишем время.\n\nНадежда")


def nordhavn(now: datetime, business: WorkTime) -> Scene:
    s = Scene("batch-nordhavn", "sivert", now, business)
    s.opens(
        s.wall(50),
        "This morning's payout was rejected",
        "The payout of 07:30 says “rejected, branch code”. Our branch code has not changed. Sivert",
        channel="web",
        team="payments",
        tags=("payout",),
    )
    return s.reply(s.wall(35), "anna", "Hello Sivert, nothing is wrong on your side. I write with a time.\n\nAnna")


WRITTEN = (ipe, quebrada, romashka, nordhavn)

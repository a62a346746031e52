"""Escalations that came to an end in the past weeks, in each of the ways in which one can."""

from datetime import datetime, timedelta

from calendars.worktime import WorkTime
from config.demo.cast import DOMAIN
from config.demo.scene import Scene

DAY = 1440


def declined(now: datetime, business: WorkTime) -> Scene:
    s = Scene("e-declined", "sonia", now, business)
    at = s.wall
    s.opens(
        at(20 * DAY), "Desconto na fatura deste mês", "Queremos o mesmo desconto do ano passado.", "low", team="finance"
    )
    s.reply(at(20 * DAY - 30), "paula", "Oi, Sônia. Pedi autorização e respondo ainda hoje.\n\nPaula")
    s.hierarchical(
        at(20 * DAY - 40), "paula", 4, "Discount of last year for this year, too", tried="The contract has none."
    )
    s.does(
        at(20 * DAY - 100),
        "helena",
        "decide",
        decision="decline",
        note="Last year's was for the outage. There was none this year.",
    )
    s.reply(
        at(20 * DAY - 110), "paula", "Sônia, infelizmente não foi possível: o desconto era pela falha de 2025.\n\nPaula"
    )
    return s.solve(at(20 * DAY - 111), "paula").close(at(17 * DAY))


def approved(now: datetime, business: WorkTime) -> Scene:
    s = Scene("e-approved", "maja", now, business)
    at = s.wall
    s.opens(
        at(15 * DAY),
        "Refund above the limit for a returned order",
        "A customer returned € 4,100. Please refund.",
        team="payments",
    )
    s.reply(at(15 * DAY - 20), "bruno", "Hello Maja, I ask for approval.\n\nBruno")
    s.hierarchical(at(15 * DAY - 25), "bruno", 3, "Refund of € 4,100", tried="Balance covers it; my limit is € 2,000.")
    s.does(at(15 * DAY - 55), "mona", "decide", decision="approve")
    s.takes_on(at(15 * DAY - 60), "rosa")
    s.does(at(15 * DAY - 62), "rosa", "begin_resolution")
    s.reply(at(15 * DAY - 70), "bruno", "Hello Maja, it is approved and on its way.\n\nBruno").solve(
        at(15 * DAY - 71), "bruno"
    )
    s.does(at(15 * DAY - 90), "mona", "resolve").does(at(15 * DAY - 91), "mona", "choose_cause", cause="authority")
    s.does(at(15 * DAY - 92), "mona", "close").close(at(12 * DAY))
    # Small, and worth a look all the same: its review is due.
    return s.does(at(3 * DAY), "mona", "call_for_review").does(
        at(3 * DAY - 1), "mona", "give_review", owner=_at("mona")
    )


def returned(now: datetime, business: WorkTime) -> Scene:
    s = Scene("e-returned", "nicolas", now, business)
    at = s.wall
    s.opens(
        at(13 * DAY),
        "El plugin no muestra cuotas",
        "El checkout no muestra las cuotas sin interés.",
        team="integrations",
    )
    s.reply(at(13 * DAY - 40), "priya", "Hola, Nicolás. Lo estoy revisando.\n\nPriya")
    s.functional(
        at(13 * DAY - 50), "priya", "finance", 3, "Instalments are missing", tried="The plugin only shows what it gets."
    )
    s.does(
        at(13 * DAY - 58),
        "marek",
        "return_to_sender",
        reason="The tariff has instalments; the plugin asks the old address for them.",
    )
    s.reply(at(13 * DAY - 200), "priya", "Hola, Nicolás. Era una dirección antigua. Ya se ven las cuotas.\n\nPriya")
    return s.solve(at(13 * DAY - 201), "priya").close(at(10 * DAY))


def withdrawn(now: datetime, business: WorkTime) -> Scene:
    s = Scene("e-withdrawn", "khanh", now, business)
    at = s.wall
    s.opens(at(9 * DAY), "Settlement is one day late", "The settlement of Monday has not arrived.", team="settlement")
    s.reply(at(9 * DAY - 30), "dang", "Hello Khánh, the bank was closed. I ask for an exception.\n\nHà")
    s.hierarchical(at(9 * DAY - 35), "dang", 3, "Pay out before the bank opens", tried="Asked the bank's night desk.")
    s.does(at(9 * DAY - 80), "dang", "withdraw", reason="The bank has paid in the meantime; nothing is left to decide.")
    return s.solve(at(9 * DAY - 90), "dang").close(at(6 * DAY))


def deescalated(now: datetime, business: WorkTime) -> Scene:
    s = Scene("e-deescalated", "unai", now, business)
    at = s.wall
    s.opens(
        at(11 * DAY),
        "Contracargo por un libro",
        "Recibimos un contracargo de € 48 por un libro entregado.",
        team="payments",
    )
    s.reply(at(11 * DAY - 15), "bruno", "Hola, Unai. Se lo paso a los colegas de contracargos.\n\nBruno")
    s.functional(at(11 * DAY - 20), "bruno", "risk", 3, "Chargeback on a delivered book")
    s.takes_on(at(11 * DAY - 26), "elena")
    s.does(at(11 * DAY - 60), "samuel", "deescalate", reason="One book, one customer, the usual procedure does it.")
    s.reply(at(11 * DAY - 300), "joaquin", "Hola, Unai. El banco aceptó el remito. Caso cerrado a su favor.\n\nJoaquín")
    return s.solve(at(11 * DAY - 301), "joaquin").close(at(8 * DAY))


def by_the_customer(now: datetime, business: WorkTime) -> Scene:
    """The customer asked for a manager, got one, and all ended well."""
    s = Scene("e-customer", "cora", now, business)
    at = s.wall
    s.opens(
        at(18 * DAY),
        "Estorno prometido ainda não apareceu",
        "O estorno prometido do pedido 5512 ainda não apareceu.",
        team="payments",
    )
    s.reply(at(18 * DAY - 60), "ilya", "Oi, Cora. O banco confirma até amanhã.\n\nIlya")
    s.hierarchical(
        at(17 * DAY), "cora", 3, "O prazo passou e a cliente ameaça processar a loja", reason="functionality"
    )
    s.does(at(17 * DAY - 20), "mona", "decide", decision="approve", note="I call her myself.")
    s.takes_on(at(17 * DAY - 22), "mona")
    s.does(at(17 * DAY - 24), "mona", "begin_resolution")
    s.reply(
        at(17 * DAY - 50),
        "mona",
        "Cora, falei com o banco: o estorno caiu agora. O comprovante está na sua conta.\n\nMona",
    )
    s.solve(at(17 * DAY - 60), "mona")
    s.does(at(17 * DAY - 200), "mona", "resolve").does(at(17 * DAY - 201), "mona", "choose_cause", cause="third_party")
    s.does(at(16 * DAY), "mona", "close").close(at(14 * DAY))
    # Nobody has written it: overdue.
    return s.does(at(13 * DAY), "mona", "call_for_review")


def major_closed(now: datetime, business: WorkTime) -> Scene:
    """The whole of the large procedure, from the first hour to the close."""
    s = Scene("e-major", "timur", now, business)
    began = s.wall(6 * DAY)
    after = {
        minutes: began + timedelta(minutes=minutes) for minutes in (0, 10, 20, 25, 35, 45, 50, 60, 240, 300, 310, 330)
    }
    s.opens(
        after[0], "Терминалы на всех складах без связи", "Все 22 терминала без связи с 7 утра.", "high", team="payments"
    )
    s.reply(after[10], "ilya", "Тимур, видим. Это не только у вас. Передаю дальше.\n\nИлья")
    s.functional(
        after[20],
        "ilya",
        "integrations",
        1,
        "All terminals of the region are off line",
        tried="Not the merchant's network.",
        impact="22 terminals of one merchant are off line: his warehouses take no cards.",
    )
    s.takes_on(after[25], "kofi")
    s.informs(
        after[35],
        "kofi",
        "stakeholders",
        "Terminals of one region are off line since 07:00. The provider is on it.",
        after[300],
    )
    s.informs(
        after[45], "kofi", "customers", "Тимур, провайдер чинит шлюз. Напишем через четыре часа.\n\nКофи", after[300]
    )
    s.plans(after[50], "kofi", ("Route the region over the second gateway", "priya", after[240]))
    s.does(after[60], "kofi", "begin_resolution").ticks(after[240], "priya")
    s.reply(after[300] - timedelta(minutes=30), "kofi", "Тимур, все терминалы снова на связи.\n\nКофи")
    s.solve(after[300] - timedelta(minutes=29), "kofi")
    s.does(after[300] - timedelta(minutes=20), "yuki", "resolve")
    s.does(
        after[300],
        "yuki",
        "verify",
        customers="Тимур, все терминалы на связи, мы проверили это на месте.\n\nЮки",
        stakeholders="All terminals are back; the provider's gateway was the cause.",
    )
    s.does(after[310], "yuki", "confirm_access").does(after[330], "yuki", "choose_cause", cause="third_party")
    _is_looked_into(s, began, after[330])
    s.close(began + timedelta(days=4))
    return _is_looked_back_on(s, began)


def _is_looked_back_on(s: Scene, began: datetime) -> Scene:
    """The review that its close called for, and what was decided in it."""
    at = began + timedelta(days=2)
    s.does(at, "kofi", "write_review", **_ANSWERS)
    actions = (
        ("Print the provider's night number into the guide", "priya", began + timedelta(days=5)),
        ("Rehearse the switch to the second gateway", "kofi", began + timedelta(days=15)),
    )
    for title, owner, due_at in actions:
        s.does(at, "kofi", "add_action", title=title, owner=_at(owner), due_at=due_at)
    for about in ("process", "training"):
        s.does(at, "kofi", "recommend_lesson", about=about)
    return s.does(at, "kofi", "finish_review")


_ANSWERS = {
    "went_well": "The region ran over the second gateway within four hours, and every merchant heard of it in time.",
    "went_badly": "Nobody had the provider's night number: forty minutes went into finding it.",
    "next_contact": "Call the provider before anything else is tried.",
    "avoidable": "partly",
    "lessons_for": "Integrations, Payments, night shift",
}


def _at(key: str) -> str:
    return f"{key}@{DOMAIN}"


def _is_looked_into(s: Scene, began: datetime, asked_at: datetime) -> None:
    """The analysis, and a good word at the close."""
    s.does(asked_at, "yuki", "request_analysis", why="The second time this quarter.")
    s.does(
        began + timedelta(hours=20),
        "kofi",
        "write_analysis",
        whys=["The gateway was down", "It has no twin in this region", "Nobody asked for one in the contract"],
        contributing="The provider's night desk has one person.",
        for_customers="The gateway of our provider in your region was down and had no second one.",
        actions=[{"title": "A second gateway for the region", "for_customers": True}, {"title": "Amend the contract"}],
    )
    s.does(began + timedelta(hours=21), "yuki", "submit_analysis")
    s.does(began + timedelta(days=1), "yuki", "close")
    s.does(began + timedelta(days=1), "yuki", "praise", to=_at("priya"), words="Calm, quick, and everybody knew.")


PLAYED = (declined, approved, returned, withdrawn, deescalated, by_the_customer, major_closed)

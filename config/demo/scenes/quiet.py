"""Work in progress without any hurry, and two escalations that are resolved and not closed."""

from datetime import datetime, timedelta

from calendars.worktime import WorkTime
from config.demo.scene import Scene


def faro_hold(now: datetime, business: WorkTime) -> Scene:
    s = Scene("faro-hold", "carmen", now, business)
    s.opens(
        s.worked(900),
        "El webhook de devoluciones no llega",
        "Los pagos llegan, las devoluciones no. Desde el lunes.",
        channel="api",
    )
    s.reply(s.worked(800), "priya", "Hola, Carmen. Es de un proveedor nuestro; ya lo están mirando.\n\nPriya")
    return s.hold(s.worked(798), "priya", "with the provider")


def romashka_hold(now: datetime, business: WorkTime) -> Scene:
    s = Scene("romashka-hold", "artem", now, business)
    s.opens(s.worked(600), "Сверка за неделю не сходится", "В реестре не хватает одной операции на 1 240 ₽.")
    s.reply(s.worked(420), "nadia", "Артём, операция в пакете банка, который придёт завтра.\n\nНадежда")
    return s.hold(s.worked(418), "nadia", "waiting for the bank's batch")


def len_invoice(now: datetime, business: WorkTime) -> Scene:
    s = Scene("len-invoice", "vera", now, business)
    s.opens(s.worked(500), "Нужен счёт-фактура за прошлый месяц", "Не нашла документ в кабинете.", "low", channel="web")
    return s.reply(
        s.worked(300), "marek", "Вера, документ формируется десятого числа. Пришлю ссылку, как только будет.\n\nМарек"
    )


def yildiz_plugin(now: datetime, business: WorkTime) -> Scene:
    s = Scene("yildiz-plugin", "mert", now, business)
    s.opens(
        s.worked(1000),
        "Plugin shows prices without tax",
        "Since the update prices are shown without tax in the checkout.",
    )
    s.reply(
        s.worked(900),
        "kofi",
        "Hello Mert, I can repeat it. Engineering has it, a fix comes with the next release.\n\nKofi",
    )
    return s.note(s.worked(700), "kofi", "Release planned for Thursday. Tell him as soon as it is out.")


def marias_pix(now: datetime, business: WorkTime) -> Scene:
    s = Scene("marias-pix", "edson", now, business)
    s.opens(
        s.worked(300),
        "Mudar a chave Pix da padaria",
        "Quero usar o CNPJ como chave Pix. Como faço?",
        "low",
        channel="chat",
    )
    return s.reply(s.worked(120), "bruno", "Oi, Edson. Eu abro o pedido; o banco confirma em dois dias.\n\nBruno")


def pod_debem_double(now: datetime, business: WorkTime) -> Scene:
    """Severity 2; verified, and the customer has not yet confirmed that the shop works again."""
    s = Scene("pod-debem-double", "zofia", now, business)
    began = s.worked(2100)
    s.opens(
        s.worked(2200),
        "Double capture after the gateway upgrade",
        "Since the upgrade every second order is captured twice.",
        team="payments",
    )
    s.reply(
        s.worked(2150), "bruno", "Hello Zofia, I see it, and it is not only your shop. Colleagues take over.\n\nBruno"
    )
    s.functional(
        began,
        "bruno",
        "integrations",
        2,
        "Double capture after the gateway upgrade",
        tried="Not a shop setting.",
        impact="23 shops charge every second order twice; their customers find it on their cards.",
    )
    s.takes_on(began + timedelta(minutes=6), "kofi")
    s.informs(
        began + timedelta(minutes=20),
        "kofi",
        "stakeholders",
        "Gateway upgrade captures twice for 23 shops. Rollback starts.",
        s.worked(1470),
    )
    s.informs(
        began + timedelta(minutes=25),
        "kofi",
        "customers",
        "Hello Zofia, we are taking the upgrade back now. All second captures will be returned.\n\nKofi",
        s.worked(1470),
    )
    s.plans(
        began + timedelta(minutes=30),
        "kofi",
        ("Take the upgrade back", "priya", began + timedelta(hours=2)),
        ("Return the second captures", "kofi", began + timedelta(days=1)),
    )
    s.does(began + timedelta(minutes=40), "kofi", "begin_resolution")
    s.ticks(began + timedelta(hours=3), "kofi")
    s.reply(s.worked(1500), "kofi", "Hello Zofia, all second captures are returned. Please have a look.\n\nKofi")
    s.solve(s.worked(1499), "kofi")
    s.does(s.worked(1480), "yuki", "resolve")
    return s.does(s.worked(1400), "yuki", "verify", note="Twenty shops of twenty-three have confirmed.")


def bodega_report(now: datetime, business: WorkTime) -> Scene:
    """Severity 3 by a missed first reply; resolved, and nobody has chosen the cause."""
    s = Scene("bodega-report", "leire", now, business)
    s.opens(
        s.worked(2400),
        "Wrong exchange rate on Thursday's report",
        "El informe de liquidación del jueves usa otro tipo de cambio.",
    )
    s.takes_on(s.worked(2150), "dang")
    s.reply(
        s.worked(2100), "nadia", "Hola, Leire. Disculpe la demora. El informe corregido está en su carpeta.\n\nNadia"
    )
    s.does(s.worked(2090), "dang", "begin_resolution")
    s.solve(s.worked(2080), "nadia")
    return s.does(s.worked(480), "ines", "resolve")


WRITTEN = (faro_hold, romashka_hold, len_invoice, yildiz_plugin, marias_pix)
PLAYED = (pod_debem_double, bodega_report)

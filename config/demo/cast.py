"""Who plays in the demo: Meridiano Pay's teams and people, and their customers. Data only."""

from typing import NamedTuple

DOMAIN = "meridiano.example"


class Colleague(NamedTuple):
    key: str
    name: str
    role: str
    language: str
    zone: str
    skills: dict[str, int] | None = None
    deputy: str = ""
    # How long he has been here when the story ends.
    months: int = 34


class TeamSheet(NamedTuple):
    slug: str
    name: str
    icon: str
    scope: str
    lead: str
    manager: str
    members: tuple[str, ...]


class Client(NamedTuple):
    key: str
    name: str
    email: str


class Company(NamedTuple):
    slug: str
    name: str
    tier: str
    language: str
    zone: str
    value: str
    since: str
    stores: tuple[str, ...]
    people: tuple[Client, ...]


SAO_PAULO, MADRID, LISBON = "America/Sao_Paulo", "Europe/Madrid", "Europe/Lisbon"
MONTEVIDEO, MOSCOW, HANOI = "America/Montevideo", "Europe/Moscow", "Asia/Ho_Chi_Minh"

COLLEAGUES = (
    Colleague("adam", "Adam Okafor", "admin", "en", "Europe/London"),
    Colleague("ana", "Ana Prieto", "manager", "es", MADRID, deputy="viktor"),
    Colleague("viktor", "Viktor Sandell", "manager", "en", "Europe/Stockholm"),
    Colleague("mona", "Mona Farias", "manager", "en", SAO_PAULO, deputy="viktor"),
    Colleague("ines", "Inês Caldeira", "manager", "pt-br", LISBON, deputy="mona"),
    Colleague("samuel", "Samuel Adeyemi", "manager", "en", "Africa/Lagos", deputy="viktor"),
    Colleague("yuki", "Yuki Tanabe", "manager", "en", "Asia/Tokyo", deputy="samuel"),
    Colleague("helena", "Helena Duarte", "manager", "pt-br", SAO_PAULO, deputy="ines"),
    Colleague("rosa", "Rosa Quiroga", "agent", "es", MONTEVIDEO, {"Payouts": 5, "Bank relations": 4, "Spanish": 5}),
    Colleague("anna", "Anna Lindqvist", "agent", "en", SAO_PAULO, {"Payouts": 4, "Portuguese": 4, "Terminals": 3}),
    Colleague(
        "bruno", "Bruno Tavares", "agent", "pt-br", SAO_PAULO, {"Terminals": 5, "Refunds": 4, "Portuguese": 5}, months=4
    ),
    Colleague(
        "ilya", "Ilya Voronin", "agent", "ru", MOSCOW, {"Payouts": 3, "Russian": 5, "Payment links": 4}, months=11
    ),
    Colleague("dang", "Đặng Hà", "agent", "en", HANOI, {"Reconciliation": 5, "Exchange rates": 4}),
    Colleague("nadia", "Nadia Petrova", "agent", "ru", MOSCOW, {"Reconciliation": 4, "Russian": 5}, months=16),
    Colleague("elena", "Elena Sokolova", "agent", "ru", MOSCOW, {"Chargebacks": 5, "Fraud": 5, "Russian": 5}),
    Colleague("joaquin", "Joaquín Ferrer", "agent", "es", MADRID, {"Chargebacks": 4, "Spanish": 5}),
    Colleague("kofi", "Kofi Mensah", "agent", "en", "Africa/Accra", {"Webhooks": 5, "Plugins": 4}),
    Colleague("priya", "Priya Raman", "agent", "en", "Asia/Kolkata", {"Webhooks": 4, "Sandbox": 5}, months=5),
    Colleague("marek", "Marek Novák", "agent", "en", "Europe/Prague", {"Invoices": 5, "Taxes": 4}),
    Colleague("paula", "Paula Rivas", "agent", "es", MADRID, {"Invoices": 4, "Refunds": 5, "Spanish": 5}),
)

OPERATIONS = TeamSheet(
    "operations",
    "Operations",
    "building",
    "Whatever has no other home, and every chain's upper end.",
    "viktor",
    "ana",
    (),
)
TEAMS = (
    TeamSheet(
        "payments",
        "Payments",
        "credit-card",
        "Money on its way: payouts, terminals, payment links, double charges.",
        "rosa",
        "mona",
        ("anna", "bruno", "ilya", "rosa"),
    ),
    TeamSheet(
        "settlement",
        "Settlement",
        "building-bank",
        "What was paid against what was booked: files, accounts, exchange rates.",
        "dang",
        "ines",
        ("dang", "nadia"),
    ),
    TeamSheet(
        "risk",
        "Risk and fraud",
        "shield-half",
        "Chargebacks, fraud, frozen accounts.",
        "elena",
        "samuel",
        ("elena", "joaquin"),
    ),
    TeamSheet(
        "integrations",
        "Integrations",
        "plug",
        "Webhooks, plugins, keys, the sandbox.",
        "kofi",
        "yuki",
        ("kofi", "priya"),
    ),
    TeamSheet(
        "finance", "Finance", "cash", "Invoices, taxes, refunds above a limit.", "marek", "helena", ("marek", "paula")
    ),
)

COMPANIES = (
    Company(
        "livraria-aurora",
        "Livraria Aurora",
        "enterprise",
        "pt-br",
        SAO_PAULO,
        "R$ 1,9 M a month",
        "2019-03-01",
        ("Paulista", "Moema", "Santo André"),
        (
            Client("cora", "Cora Menezes", "cora.menezes@livraria-aurora.example"),
            Client("davi", "Davi Moura", "davi.moura@livraria-aurora.example"),
        ),
    ),
    Company(
        "cafe-ipe",
        "Café Ipê",
        "enterprise",
        "pt-br",
        SAO_PAULO,
        "R$ 820 mil a month",
        "2020-08-15",
        ("Pinheiros", "Lapa", "Campinas"),
        (
            Client("beatriz", "Beatriz Nunes", "beatriz@cafe-ipe.example"),
            Client("caio", "Caio Prado", "caio@cafe-ipe.example"),
            Client("lia", "Lia Monteiro", "lia@cafe-ipe.example"),
        ),
    ),
    Company(
        "kedr-logistika",
        "Кедр Логистика",
        "enterprise",
        "ru",
        MOSCOW,
        "₽ 41 млн a month",
        "2018-11-20",
        ("Север", "Терминал 2", "Обь"),
        (
            Client("oleg", "Олег Савин", "savin@kedr-logistika.example"),
            Client("marina", "Марина Белова", "belova@kedr-logistika.example"),
            Client("timur", "Тимур Ахметов", "ahmetov@kedr-logistika.example"),
        ),
    ),
    Company(
        "quebrada-honda",
        "Transportes Quebrada Honda",
        "enterprise",
        "es",
        MONTEVIDEO,
        "US$ 310,000 a month",
        "2021-02-02",
        ("Central", "Puerto"),
        (
            Client("ramiro", "Ramiro Sosa", "ramiro@quebrada-honda.example"),
            Client("ines-o", "Inés Olivera", "ines@quebrada-honda.example"),
        ),
    ),
    Company(
        "ferragens-andrade",
        "Ferragens Andrade",
        "business",
        "pt-br",
        SAO_PAULO,
        "R$ 240 mil a month",
        "2021-06-11",
        ("Centro", "Guarulhos"),
        (
            Client("paulo", "Paulo Andrade", "paulo@ferragens-andrade.example"),
            Client("sonia", "Sônia Ribeiro", "sonia@ferragens-andrade.example"),
        ),
    ),
    Company(
        "atelier-yildiz",
        "Atelier Yıldız",
        "business",
        "en",
        "Europe/Istanbul",
        "€ 60,000 a month",
        "2022-01-17",
        ("Galata", "Kadıköy"),
        (
            Client("elif", "Elif Aydın", "elif@atelier-yildiz.example"),
            Client("mert", "Mert Şahin", "mert@atelier-yildiz.example"),
        ),
    ),
    Company(
        "nordhavn-kaffe",
        "Nordhavn Kaffe",
        "business",
        "en",
        "Europe/Copenhagen",
        "€ 85,000 a month",
        "2020-10-05",
        ("Nordhavn", "Østerbro"),
        (
            Client("sivert", "Sivert Dahl", "sivert@nordhavn-kaffe.example"),
            Client("maja", "Maja Lund", "maja@nordhavn-kaffe.example"),
        ),
    ),
    Company(
        "rio-claro",
        "Mercado Río Claro",
        "business",
        "es",
        MONTEVIDEO,
        "US$ 95,000 a month",
        "2019-09-30",
        ("Río Claro", "La Barra"),
        (
            Client("lucia", "Lucía Ferreyra", "lucia@rio-claro.example"),
            Client("nicolas", "Nicolás Vega", "nicolas@rio-claro.example"),
        ),
    ),
    Company(
        "apteka-romashka",
        "Аптека Ромашка",
        "business",
        "ru",
        "Asia/Yekaterinburg",
        "₽ 6 млн a month",
        "2023-04-12",
        ("Уралмаш", "Центр"),
        (
            Client("galina", "Галина Орлова", "orlova@apteka-romashka.example"),
            Client("artem", "Артём Зуев", "zuev@apteka-romashka.example"),
        ),
    ),
    Company(
        "quan-sen-tra",
        "Quán Sen Trà",
        "standard",
        "en",
        HANOI,
        "US$ 9,000 a month",
        "2024-05-21",
        ("Quận 3",),
        (
            Client("ngoc", "Ngọc Trần", "ngoc@sen-tra.example"),
            Client("khanh", "Khánh Lê", "khanh@sen-tra.example"),
        ),
    ),
    Company(
        "bodega-arrieta",
        "Bodega Arrieta",
        "standard",
        "es",
        MADRID,
        "€ 14,000 a month",
        "2022-09-09",
        ("Bodega", "Tienda"),
        (
            Client("tomas", "Tomás Arrieta", "tomas@bodega-arrieta.example"),
            Client("leire", "Leire Goñi", "leire@bodega-arrieta.example"),
        ),
    ),
    Company(
        "pod-debem",
        "Sklep Pod Dębem",
        "standard",
        "en",
        "Europe/Warsaw",
        "€ 7,000 a month",
        "2023-11-28",
        ("Stare Miasto",),
        (Client("zofia", "Zofia Wrona", "zofia@pod-debem.example"),),
    ),
    Company(
        "tres-marias",
        "Padaria Três Marias",
        "standard",
        "pt-br",
        "America/Recife",
        "R$ 38 mil a month",
        "2024-02-14",
        ("Boa Vista",),
        (
            Client("lucia-b", "Lúcia Batista", "lucia@tres-marias.example"),
            Client("edson", "Edson Lima", "edson@tres-marias.example"),
        ),
    ),
    Company(
        "studiya-len",
        "Студия Лён",
        "standard",
        "ru",
        MOSCOW,
        "₽ 900 тыс. a month",
        "2024-08-01",
        ("Мастерская",),
        (Client("vera", "Вера Климова", "vera@studiya-len.example"),),
    ),
    Company(
        "libreria-faro",
        "Librería Faro",
        "standard",
        "es",
        MADRID,
        "€ 11,000 a month",
        "2023-03-03",
        ("Casco Viejo",),
        (
            Client("carmen", "Carmen Ibarra", "carmen@libreria-faro.example"),
            Client("unai", "Unai Etxebarria", "unai@libreria-faro.example"),
        ),
    ),
)

# One sign-in per role: these keys, in `var/demo.json`.
ROLES = {"agent": "anna", "manager": "mona", "admin": "adam", "customer": "cora"}
DEMO_CUSTOMER = "cora"
DEMO_ORGANISATION = "livraria-aurora"
DEMO_TEAM = "payments"


def email_of(colleague: Colleague) -> str:
    return f"{colleague.key}@{DOMAIN}"

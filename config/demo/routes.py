"""How tickets find their team at Meridiano Pay: narrow words first, and a rule that an administrator would mend."""

from typing import Any

from tickets.models import RoutingRule

# A star is for the beginning of a word: Portuguese, Spanish and Russian bend the rest of it.
ROUTES: dict[str, list[str]] = {
    "risk": ["chargeback*", "contracargo*", "чарджбэк*", "fraud*", "мошенн*"],
    "integrations": ["webhook*", "вебхук*", "plugin*", "sandbox", "hmac"],
    "finance": ["invoice*", "factura*", "fatura*", "nota fiscal*", "счёт-фактур*"],
    "settlement": ["settlement*", "liquidac*", "reconcil*", "concilia*", "сверк*", "реестр*"],
    "payments": [
        *(
            "payout*",
            "payment*",
            "charged",
            "receipts",
            "terminal*",
            "repasse*",
            "pagamento*",
            "maquininha*",
            "cobrad*",
            "pix",
        ),
        *("pago*", "cobro*", "выплат*", "терминал*", "оплат*"),
    ],
}
NAMES = {
    "risk": "Fraud and chargebacks",
    "integrations": "Plugins and webhooks",
    "finance": "Invoices",
    "settlement": "Settlement files",
    "payments": "Payout questions",
}
# What the rules do besides, once the month has been told. A skill is one of `cast.COLLEAGUES`.
OWNERS: dict[str, list[dict[str, Any]]] = {
    "Lawyers and press": [
        {"do": "team", "value": "payments"},
        {"do": "assign", "value": "lead"},
        {"do": "propose", "value": "hierarchical", "severity": 2, "reason": "staff"},
    ],
    "Terminal faults": [{"do": "assign", "value": "round_robin", "skill": "Terminals", "level": 3}],
}
STUCK = "stuck|never arrived|não (chegou|caiu)|no lleg|не приш"


def install_routes() -> None:
    """“Chargeback of a payment” is a matter for Risk. Nobody is given a ticket yet: the story says who takes which."""
    by_words = [_rule(NAMES[slug], {"keywords": words}, _team(slug)) for slug, words in ROUTES.items()]
    *narrow, payouts = by_words
    stuck = {"keywords": {"any": ROUTES["payments"], "matches": STUCK}, "tier": ["enterprise"]}
    gateway = {"subject": {"matches": r"gateway[- ]?v?1\b"}}
    rules = [
        _rule(
            "Lawyers and press",
            {"keywords": {"matches": r"ombudsman|procon\b|abogad[oa]|advogad[oa]|journalist"}},
            {"do": "severity", "value": 2},
            {"do": "tag", "value": "press"},
            goes_on=True,
        ),
        *narrow,
        _rule(
            "Terminal faults",
            {"message": {"matches": r"\b51R\b|contactless|chip (reader|error)"}},
            _team("payments"),
            {"do": "tag", "value": "terminal"},
        ),
        _rule("Payout stuck, Enterprise", stuck, _team("payments"), {"do": "severity", "value": 1}),
        payouts,
        _rule(
            "Payout in Russian",
            {"keywords": ["выплат*"], "language": ["ru"]},
            _team("settlement"),
            {"do": "assign", "value": "most_skilled", "skill": "Russian"},
        ),
        _rule("Old gateway", gateway, _team("integrations"), is_enabled=False),
    ]
    for place, rule in enumerate(rules, start=1):
        rule.order = place * 10
    RoutingRule.objects.bulk_create(rules)


def find_owners() -> None:
    """From now on two rules say who takes a ticket as well; a payout is nobody's, so that a newcomer can take it."""
    rules = list(RoutingRule.objects.filter(name__in=OWNERS))
    for rule in rules:
        rule.actions = [*rule.actions, *OWNERS[rule.name]]
    RoutingRule.objects.bulk_update(rules, ["actions"])


def _rule(name: str, conditions: dict[str, Any], *actions: dict[str, Any], **more: bool) -> RoutingRule:
    return RoutingRule(name=name, conditions=conditions, actions=list(actions), **more)


def _team(slug: str) -> dict[str, Any]:
    return {"do": "team", "value": slug}

"""The prepared updates that every desk begins with, each in the four languages of its customers (R37, R97)."""

from escalation.enums import Audience, Purpose
from escalation.models import UpdateTemplate

_FIRST = {
    "en": (
        "We are working on it",
        (
            "Hello {customer.first_name},\n\nwe know of the problem, and {team.name} is working on it. You need not do "
            "anything. You hear from us again by {time}."
        ),
    ),
    "pt-br": (
        "Estamos a tratar do assunto",
        (
            "Olá, {customer.first_name},\n\nconhecemos o problema e {team.name} já trabalha nele. Não precisa fazer "
            "nada. Damos notícias até {time}."
        ),
    ),
    "es": (
        "Estamos trabajando en ello",
        (
            "Hola, {customer.first_name}:\n\nconocemos el problema y {team.name} ya trabaja en él. No tiene que hacer "
            "nada. Volvemos a escribirle antes de {time}."
        ),
    ),
    "ru": (
        "Мы занимаемся этим",
        (
            "Здравствуйте, {customer.first_name}!\n\nМы знаем о проблеме, ею занимается {team.name}. От вас ничего не "
            "требуется. Мы напишем снова до {time}."
        ),
    ),
}
_PROGRESS = {
    "en": ("How it goes", "Hello {customer.first_name},\n\nwe are still on it. The next word comes by {time}."),
    "pt-br": ("Como vai", "Olá, {customer.first_name},\n\ncontinuamos a tratar do assunto. Damos notícias até {time}."),
    "es": ("Cómo va", "Hola, {customer.first_name}:\n\nseguimos trabajando en ello. Le escribimos antes de {time}."),
    "ru": ("Как идут дела", "Здравствуйте, {customer.first_name}!\n\nМы продолжаем работу. Напишем снова до {time}."),
}
_INSIDE = {
    "en": (
        "",
        (
            "{escalation.ref}, severity {escalation.severity}: {escalation.summary}\n\nIt is at {escalation.step}, "
            "with {team.name}. Next word by {time}."
        ),
    )
}
_DEFAULTS = (
    ("First notice", Audience.CUSTOMERS, Purpose.FIRST_NOTICE, _FIRST),
    ("Progress", Audience.CUSTOMERS, Purpose.UPDATE, _PROGRESS),
    ("First notice", Audience.STAKEHOLDERS, Purpose.FIRST_NOTICE, _INSIDE),
)


def install_templates() -> None:
    """On a desk that has none; those that are there stay as they were edited."""
    if UpdateTemplate.objects.exists():
        return
    UpdateTemplate.objects.bulk_create(
        [
            UpdateTemplate(name=name, audience=audience, purpose=purpose, language=language, subject=subject, body=body)
            for name, audience, purpose, texts in _DEFAULTS
            for language, (subject, body) in texts.items()
        ]
    )

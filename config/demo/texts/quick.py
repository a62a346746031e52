"""Quick replies of the teams, in the languages of their customers, and macros. Data only."""

from typing import NamedTuple


class Prepared(NamedTuple):
    """`team` is a team's short name; none means all teams."""

    team: str
    language: str
    title: str
    body: str


QUICK_REPLIES = (
    Prepared(
        "payments",
        "pt-br",
        "Repasse atrasado, causa conhecida",
        "Olá, {customer.first_name}. O repasse atrasou por um motivo que já conhecemos e que estamos corrigindo com o "
        "banco. O dinheiro não se perdeu. Volto a escrever até {time}.",
    ),
    Prepared(
        "payments", "pt-br", "Próxima notícia às {time}", "{customer.first_name}, a próxima notícia chega até {time}."
    ),
    Prepared(
        "payments",
        "en",
        "Payout delayed, cause known",
        "Hello {customer.first_name}, the payout is late for a reason that we know and are correcting with the bank. "
        "Nothing is lost. I will write again by {time}.",
    ),
    Prepared(
        "payments", "en", "Next update at {time}", "{customer.first_name}, the next update reaches you by {time}."
    ),
    Prepared(
        "payments",
        "es",
        "Pago retrasado, causa conocida",
        "Hola, {customer.first_name}. El pago se retrasó por una causa que ya conocemos y que estamos corrigiendo con "
        "el banco. No se ha perdido nada. Le escribo de nuevo antes de las {time}.",
    ),
    Prepared(
        "payments",
        "ru",
        "Выплата задержана, причина известна",
        "Здравствуйте, {customer.first_name}! Выплата задержалась по известной нам причине, мы устраняем её вместе с "
        "банком. Деньги не потеряны. Напишу снова до {time}.",
    ),
    Prepared(
        "payments", "ru", "Следующее сообщение в {time}", "{customer.first_name}, следующее сообщение — до {time}."
    ),
    Prepared(
        "settlement",
        "en",
        "Which line of the file",
        "Hello {customer.first_name}, please tell us the line of the settlement file and the amount that you expected "
        "there. Then we can compare it with the booking.",
    ),
    Prepared(
        "settlement",
        "pt-br",
        "Qual linha do arquivo",
        "Olá, {customer.first_name}. Informe a linha do arquivo de liquidação e o valor esperado; assim comparamos com "
        "o lançamento.",
    ),
    Prepared(
        "risk",
        "en",
        "Documents for a chargeback",
        "Hello {customer.first_name}, for the chargeback in request #{ticket.number} we need the receipt, the proof of "
        "delivery and your terms of sale. With them {team.name} answers the bank.",
    ),
    Prepared(
        "risk",
        "es",
        "Documentos para un contracargo",
        "Hola, {customer.first_name}. Para el contracargo de la solicitud #{ticket.number} necesitamos el comprobante, "
        "la prueba de entrega y sus condiciones de venta.",
    ),
    Prepared(
        "integrations",
        "en",
        "Send the request's id",
        "Hello {customer.first_name}, please send the `X-Request-Id` of one failed call. It lets us follow that very "
        "call through our logs.",
    ),
    Prepared(
        "finance",
        "en",
        "Invoice copy",
        "Hello {customer.first_name}, which month's invoice do you need, and to which address shall it go?\n\n"
        "{agent.name}, {team.name}",
    ),
    Prepared(
        "",
        "en",
        "Received, being looked at",
        "Hello {customer.first_name}, “{ticket.subject}” has arrived and I am looking into it now.\n\n{agent.name}",
    ),
    Prepared(
        "",
        "pt-br",
        "Recebido, em análise",
        "Olá, {customer.first_name}. Recebemos “{ticket.subject}” e já estou verificando.\n\n{agent.name}",
    ),
    Prepared(
        "",
        "es",
        "Recibido, en revisión",
        "Hola, {customer.first_name}. Hemos recibido “{ticket.subject}” y ya lo estoy revisando.\n\n{agent.name}",
    ),
    Prepared(
        "",
        "ru",
        "Получено, проверяем",
        "Здравствуйте, {customer.first_name}! Обращение «{ticket.subject}» получено, я проверяю.\n\n{agent.name}",
    ),
)

# Name, team, and what each does in its order.
MACROS = (
    (
        "Hand to risk with a note",
        "payments",
        (
            {"do": "note", "value": "The account of {customer.name} looks unusual: please check before we pay out."},
            {"do": "tag", "value": "risk-check"},
            {"do": "team", "value": "risk"},
        ),
    ),
    (
        "Payout delayed, waiting for the bank",
        "payments",
        (
            {"do": "owner", "value": "me"},
            {"do": "tag", "value": "payout"},
            {"do": "priority", "value": "high"},
            {"do": "status", "value": "hold:supplier"},
        ),
    ),
    ("Thanked, nothing to do", "", ({"do": "tag", "value": "thanks"}, {"do": "status", "value": "solve"})),
)

"""Short words that any conversation may need, by language."""

AGAIN = {
    "en": "I am sorry, it has happened again this morning. Could you look once more?",
    "pt-br": "Desculpe, aconteceu de novo hoje cedo. Podem olhar mais uma vez?",
    "es": "Disculpe, esta mañana volvió a pasar. ¿Pueden mirarlo otra vez?",
    "ru": "Извините, сегодня утром это повторилось. Посмотрите, пожалуйста, ещё раз.",
}
AGAIN_DONE = {
    "en": "Hello {name}, you were right, one part was left over. It is done now, and I will check it "
    "tomorrow.\n\n{agent}",
    "pt-br": "Oi, {name}. Tinha ficado uma parte para trás. Agora está feito e amanhã eu confiro.\n\n{agent}",
    "es": "Hola, {name}. Tenía razón, había quedado una parte. Ya está hecho y mañana lo verifico.\n\n{agent}",
    "ru": "{name}, вы правы, одна часть осталась. Теперь готово, завтра проверю.\n\n{agent}",
}
LATE = {
    "en": "Hello {name}, I am sorry that you had to wait for a word from us. ",
    "pt-br": "{name}, desculpe a demora em responder. ",
    "es": "{name}, disculpe la demora en responder. ",
    "ru": "{name}, простите, что ответ пришёл поздно. ",
}
ON_IT = {
    "en": "Hello {name}, a colleague with the right knowledge has taken this over. You hear from us by this "
    "evening.\n\n{agent}",
    "pt-br": "Oi, {name}. Um colega da área certa assumiu o caso. Você terá notícias ainda hoje.\n\n{agent}",
    "es": "Hola, {name}. Un colega del área correcta tomó el caso. Tendrá noticias hoy mismo.\n\n{agent}",
    "ru": "{name}, этим занялся коллега из нужной команды. Сегодня вечером мы вам напишем.\n\n{agent}",
}
MONEY = {"en": "€ {:,}", "pt-br": "R$ {:,}", "es": "US$ {:,}", "ru": "{:,} ₽"}
THOUSANDS = {"en": ",", "pt-br": ".", "es": ".", "ru": " "}


def money(language: str, amount: int) -> str:
    return MONEY[language].format(amount).replace(",", THOUSANDS[language])

"""What customers of the demo say of how they were answered, by language and number of stars. Data only."""

# Most people who are content leave only the stars.
COMMENTS: dict[str, dict[int, tuple[str, ...]]] = {
    "en": {
        5: ("", "", "Quick and clear, thank you.", "Solved before my coffee was cold."),
        4: ("", "", "Good, though I had to say the store's number twice."),
        3: ("", "Solved, but nobody told me that it would take until the afternoon."),
        2: ("The answer was right. It came when the shop was closed already.",),
        1: ("We waited for hours for the first word, on a Friday.",),
    },
    "pt-br": {
        5: ("", "", "Rápido e claro, obrigada.", "Atendimento excelente, resolveu na hora."),
        4: ("", "Bom, só achei a primeira resposta um pouco seca."),
        3: ("", "Resolveu, mas tive que explicar duas vezes."),
        2: ("Resolveram, porém só depois de eu cobrar.",),
        1: ("Ficamos horas sem nenhuma resposta.",),
    },
    "es": {
        5: ("", "", "Muy claro y muy rápido. Gracias.", "Da gusto que contesten en el mismo día."),
        4: ("", "Bien, aunque tardó un poco."),
        3: ("", "Quedó resuelto; me habría gustado un aviso antes."),
        2: ("La respuesta llegó tarde para el cierre del día.",),
        1: ("Nadie contestó hasta que volví a escribir.",),
    },
    "ru": {
        5: ("", "", "Быстро и по делу, спасибо.", "Всё объяснили, вопросов не осталось."),
        4: ("", "Хорошо, но хотелось бы чуть быстрее."),
        3: ("", "Решили, но пришлось напоминать."),
        2: ("Ответ пришёл, когда магазин уже закрылся.",),
        1: ("Полдня ждали первого ответа.",),
    },
}
# How often each number of stars is given, from five down: where the promises were kept, and where one was missed.
KEPT = (56, 30, 9, 4, 1)
MISSED = (10, 20, 25, 30, 15)

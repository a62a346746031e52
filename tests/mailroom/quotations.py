"""How mail programs introduce what they quote, by language: for the tests, and for `bench/quotes.py`."""

INTRODUCTIONS = {
    "cs": [
        "Dne st 18. 11. 2026 11:02 uživatel Meridiano <support@escala.localhost> napsal:",
        "Dne 18.11.2026 v 11:02 Meridiano napsal(a):",
    ],
    "da": ["Den ons. 18. nov. 2026 kl. 11.02 skrev Meridiano <support@escala.localhost>:"],
    "de": [
        "Am 18.11.2026 um 11:02 schrieb Meridiano Pay:",
        "Am Mi., 18. Nov. 2026 um 11:02 Uhr schrieb Meridiano <support@escala.localhost>:",
    ],
    "en": [
        "On Wed, 18 Nov 2026 at 11:02, Meridiano Pay <support@escala.localhost> wrote:",
        "On Wed, 18 Nov 2026 at 11:02, Meridiano Pay\n<support@escala.localhost> wrote:",
        "-----Original Message-----\nFrom: A\nSent: Wed\nTo: C\nSubject: x",
        "________________________________\nFrom: A\nSent: Wed\nTo: C\nSubject: x",
    ],
    "es": ["El mié, 18 nov 2026 a las 11:02, Meridiano Pay (<support@escala.localhost>) escribió:"],
    "fi": ["ke 18. marrask. 2026 klo 11.02 Meridiano (support@escala.localhost) kirjoitti:"],
    "fr": [
        "Le 18 nov. 2026 à 11:02, Meridiano Pay a écrit :",
        "Le mer. 18 nov. 2026 à 11:02, Meridiano <support@escala.localhost> a écrit :",
        "De : A\nEnvoyé : mercredi\nÀ : C\nObjet : x",
    ],
    "it": ["Il giorno mer 18 nov 2026 alle ore 11:02 Meridiano <support@escala.localhost> ha scritto:"],
    "ja": [
        "2026年11月18日(水) 11:02 Meridiano <support@escala.localhost>:",
        "差出人: A\n送信日時: 2026年11月18日\n宛先: C\n件名: x",
    ],
    "ko": ["2026년 11월 18일 (수) 오전 11:02, Meridiano <support@escala.localhost>님이 작성:"],
    "nl": [
        "Op wo 18 nov 2026 om 11:02 schreef Meridiano <support@escala.localhost>:",
        "Van: A\nVerzonden: woensdag\nAan: C\nOnderwerp: x",
    ],
    "pl": [
        "śr., 18 lis 2026 o 11:02 Meridiano <support@escala.localhost> napisał(a):",
        "Dnia 18 listopada 2026 11:02 Meridiano napisał(a):",
        "W dniu 18.11.2026 o 11:02, Meridiano pisze:",
    ],
    "pt": [
        "Em qua., 18 de nov. de 2026 às 11:02, Meridiano Pay <support@escala.localhost>\nescreveu:",
        "Em 18/11/2026 11:02, Meridiano escreveu:",
        "*De:* Meridiano Pay\n*Enviada em:* quarta-feira, 18 de novembro de 2026\n*Para:* Cora\n*Assunto:* Re",
    ],
    "ru": [
        "ср, 18 нояб. 2026 г. в 11:02, Meridiano Pay <support@escala.localhost>:",
        "18.11.2026 11:02, Meridiano Pay пишет:",
        "От: A\nОтправлено: среда\nКому: C\nТема: x",
    ],
    "sv": ["Den ons 18 nov. 2026 kl 11:02 skrev Meridiano <support@escala.localhost>:"],
    "tr": ["Meridiano <support@escala.localhost>, 18 Kas 2026 Çar, 11:02 tarihinde şunu yazdı:"],
    "zh": [
        "Meridiano <support@escala.localhost> 于2026年11月18日周三 11:02写道:",
        "Meridiano <support@escala.localhost> 於 2026年11月18日 週三 上午11:02寫道：",
        "发件人： A\n发送时间： 2026年11月18日\n收件人： C\n主题： x",
    ],
}
QUOTED = "> We are looking at it.\n>\n> Anna"
OWN = "It works again, thank you.\n\nCora"
# What stays whole, and a word that must be found in what is shown of it.
WHOLE = {
    "below": (f"On 18 Nov 2026, Anna wrote:\n{QUOTED}\n\nIt works again.", "It works again."),
    "between": ("See.\n\nOn 18 Nov 2026, Anna wrote:\n> Which order?\n4711\n> Which bank?\nIpê", "4711"),
    "list": ("Steps:\n- one\n- two\n- three", "- three"),
    "signature": ("Order 4711 is still stuck.\n\nBest regards\nCora\n+351 21 000", "+351"),
}

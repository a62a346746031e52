import pytest

from mailroom.quotes import newest, parts
from tests.mailroom.quotations import INTRODUCTIONS, OWN, QUOTED, WHOLE

OLD = "> We are looking at it.\n>\n> Anna"


@pytest.mark.parametrize(
    "introduction",
    [
        "On Wed, 18 Nov 2026 at 11:02, Meridiano Pay <support@escala.localhost> wrote:",
        "On Wed, 18 Nov 2026 at 11:02, Meridiano Pay\n<support@escala.localhost> wrote:",
        "Am 18.11.2026 um 11:02 schrieb Meridiano Pay:",
        "Em qua., 18 de nov. de 2026 às 11:02, Meridiano Pay <support@escala.localhost>\nescreveu:",
        "El mié, 18 nov 2026 a las 11:02, Meridiano Pay (<support@escala.localhost>) escribió:",
        "Le 18 nov. 2026 à 11:02, Meridiano Pay a écrit :",
        "ср, 18 нояб. 2026 г. в 11:02, Meridiano Pay <support@escala.localhost>:",
        "18.11.2026 11:02, Meridiano Pay пишет:",
        "-----Original Message-----",
        "From: Meridiano Pay\nSent: Wednesday, 18 November 2026 11:02\nTo: Cora Menezes\nSubject: Re: Payouts\n",
        "*De:* Meridiano Pay\n*Enviada em:* quarta-feira, 18 de novembro de 2026\n*Para:* Cora\n*Assunto:* Re\n",
        "",
    ],
)
def test_what_stands_above_the_quotation_is_kept_alone(introduction):
    assert (
        newest(f"It works again, thank you.\n\nCora\n\n{introduction}\n{OLD}\n") == "It works again, thank you.\n\nCora"
    )


def test_an_answer_below_the_quotation_is_kept():
    text = f"On 18 Nov 2026, Anna wrote:\n{OLD}\n\nIt works again."

    assert newest(text) == text


def test_an_answer_point_by_point_is_kept_with_its_points():
    text = "See below.\n\nOn 18 Nov 2026, Anna wrote:\n> Which order?\n4711\n> Which bank?\nIpê"

    assert newest(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "On Monday it worked.\nToday it does not: why?",
        "- one\n- two\n- three",
        "Three things:\n\n1. From: is wrong\n2. nothing",
        "Warning: the card was charged twice.",
        "Best regards is all they wrote",
    ],
)
def test_words_that_only_look_like_a_quotation_stay(text):
    assert newest(text) == text


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("Nothing quoted.", [(False, "Nothing quoted.")]),
        (
            "Yes.\n\nOn 1 May 2026, Anna wrote:\n> Is it?",
            [(False, "Yes."), (True, "On 1 May 2026, Anna wrote:\n> Is it?")],
        ),
        (
            "Sim.\n\nEm 1 de maio de 2026, Anna escreveu:\n> É?",
            [(False, "Sim."), (True, "Em 1 de maio de 2026, Anna escreveu:\n> É?")],
        ),
        (
            "> One?\nYes.\n> Two?\nNo.",
            [(True, "> One?"), (False, "Yes."), (True, "> Two?"), (False, "No.")],
        ),
        ("> All of it\n> is quoted", [(False, "> All of it\n> is quoted")]),
    ],
)
def test_a_text_falls_into_quoted_and_own_runs(text, runs):
    assert parts(text) == runs


@pytest.mark.parametrize(
    ("language", "introduction"), [(language, one) for language, several in INTRODUCTIONS.items() for one in several]
)
def test_quotations_are_known_in_many_languages(language, introduction):
    assert newest(f"{OWN}\n\n{introduction}\n{QUOTED}\n") == OWN


@pytest.mark.parametrize(("text", "word"), WHOLE.values(), ids=WHOLE)
def test_what_a_person_wrote_is_never_cut(text, word):
    assert word in newest(text)

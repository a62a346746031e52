"""The collector of what is translated finds every text, and the check finds what is wrong with a translation."""

from babel.messages.catalog import Catalog

from tools import messages


def test_texts_of_code_and_of_templates_are_found_with_plural_and_context() -> None:
    code = '_("One")\nngettext_lazy("%(n)d cat", "%(n)d cats", 2)\npgettext("verb", "Open")\n'
    page = "  {% translate 'Two' %}\n {% blocktranslate with n=n %}<b>{{ n }}</b> left{% endblocktranslate %}\n"

    found = [*messages._texts(code, is_code=True), *messages._texts(page, is_code=False)]

    assert found == [
        ("One", None),
        (("%(n)d cat", "%(n)d cats"), None),
        ("Open", "verb"),
        ("Two", None),
        ("<b>%(n)s</b> left", None),
    ]


def test_what_is_translated_is_kept_and_what_nobody_says_is_dropped() -> None:
    old = Catalog(locale="es")
    old.add("Save", "Guardar")
    old.add("Gone", "Ido")

    new = messages.renewed(old, {("Save", None): {"a.py"}, ("New", None): {"b.py"}})

    assert {message.id: message.string for message in new if message.id} == {"Save": "Guardar", "New": None}


def test_each_kind_of_fault_is_named() -> None:
    catalog = Catalog(locale="ru")
    catalog.add("Save", "Сохранить")
    catalog.add("Gone", "Ушло")
    catalog.add("Empty", "")
    catalog.add("%(name)s is here", "%(nome)s здесь")
    catalog.add("<b>Bold</b>", "Жирно")
    catalog.add(("%(n)d day", "%(n)d days"), ("%(n)d день", "%(n)d дня", ""))
    said = {(message.id, None): {"a.py"} for message in catalog if message.id and message.id != "Gone"}

    found = list(messages.faults(catalog, {**said, ("Wanted", None): {"a.py"}}))

    assert sorted(found) == [
        "%(name)s, %(nome)s not as in the text: '%(name)s is here'",
        "</b>, <b> not as in the text: '<b>Bold</b>'",
        "nobody says it any more: 'Gone'",
        "not collected: 'Wanted'",
        "not translated: 'Empty'",
        "not translated: ('%(n)d day', '%(n)d days')",
    ]


def test_a_singular_may_do_without_its_number() -> None:
    catalog = Catalog(locale="es")
    catalog.add(("One day", "%(n)d days"), ("Un día", "%(n)d días"))

    assert not list(messages.faults(catalog, {(("One day", "%(n)d days"), None): {"a.py"}}))

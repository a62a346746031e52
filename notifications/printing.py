"""A letter as a PDF that goes along with it, where the extra `pdf` is installed; without it there is none."""

from functools import cache
from importlib import import_module
from importlib.util import find_spec

PRINTED = "printed"


@cache
def is_there() -> bool:
    return find_spec("weasyprint") is not None


def printed(name: str) -> dict[str, str]:
    """Among the files of a letter: itself, printed when it is sent."""
    return {"name": name, "type": "application/pdf", "stored": PRINTED}


def as_pdf(html: str) -> bytes:
    """Nothing is fetched: what a page refers to stays outside of it."""
    library = import_module("weasyprint")
    nothing = import_module("weasyprint.urls").URLFetcher(allowed_protocols=())
    pdf: bytes = library.HTML(string=html, url_fetcher=nothing).write_pdf()
    return pdf

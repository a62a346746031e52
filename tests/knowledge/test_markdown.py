import pytest

from knowledge.markdown import to_html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "[a](data:text/html,x)",
        "<img src=x onerror=alert(1)>",
        "![a](https://tracker.example/x.png)",
        "[a](https://e.example 'x\" onclick=\"alert(1)')",
        "<a href='javascript:alert(1)'>x</a>",
    ],
)
def test_nothing_that_runs_or_loads_comes_out(text):
    html = to_html(text)

    for tag in ("<script", "<img", 'href="javascript', 'href="data', ' onclick="', "<a href='"):
        assert tag not in html


def test_headings_stand_below_the_pages_own():
    assert to_html("# One\n\n## Two\n\n### Three") == "<h2>One</h2>\n<h3>Two</h3>\n<h4>Three</h4>\n"

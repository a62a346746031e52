"""What of a mail's HTML is kept and shown: words, tables and pictures, nothing that acts (SECURITY, stored XSS)."""

import pytest

from mailroom.html import NO_PICTURE, remote_images, to_keep, to_show


def shown(html: str, picture=lambda address: "") -> str:
    return to_show(to_keep(html), picture=picture)


@pytest.mark.parametrize(
    "html",
    [
        "<b>x</b><script>alert(1)</script>",
        "<b onclick=alert(1)>x</b>",
        '<a href="javascript:alert(1)">x</a>',
        '<a href="data:text/html,<script>alert(1)</script>">x</a>',
        "<b>x</b><iframe src=https://evil.example></iframe>",
        "<b>x</b><form action=https://evil.example><input name=q></form>",
        '<b>x</b><meta http-equiv="refresh" content="0;url=https://evil.example">',
        '<b>x</b><base href="https://evil.example/">',
        "<b>x</b><svg onload=alert(1)><animate onbegin=alert(1)></svg>",
        "<b>x</b><math><mi//xlink:href='javascript:alert(1)'></math>",
        "<b>x</b><object data=x></object><embed src=x>",
        '<b style="background:url(https://evil.example/a.png)">x</b>',
        '<b style="position:fixed;inset:0;z-index:9">x</b>',
        "<b>x</b><style>body{display:none}</style>",
        "<b>x</b><link rel=stylesheet href=https://evil.example/a.css>",
        '<b>x</b><table background="https://evil.example/a.png"><tr><td>x</table>',
        '<b>x</b><img src="//evil.example/a.png">',
        '<b>x</b><img srcset="https://evil.example/a.png 1x" src=x onerror=alert(1)>',
    ],
)
def test_nothing_acts_and_nothing_is_fetched(html):
    found = shown(html).casefold()

    for word in (
        "script",
        "onclick",
        "onerror",
        "onload",
        "evil",
        "<form",
        "<meta",
        "<base",
        "<svg",
        "fixed",
        "<style",
    ):
        assert word not in found


def test_what_tells_something_stays():
    html = '<p style="color: red; left: 0">Paid <b>twice</b></p><table><tr><td colspan="2">9</td></tr></table>'

    found = shown(html)

    assert "color:red" in found.replace(" ", "")
    assert "<b>twice</b>" in found
    assert 'colspan="2"' in found


def test_a_link_opens_beside_the_desk_and_tells_nobody_where_from():
    assert 'rel="noopener noreferrer nofollow"' in shown('<a href="https://x.example/">x</a>')


def test_pictures_stand_where_they_are_given_and_else_there_is_an_empty_box():
    html = to_keep(
        '<img src="cid:logo"><img src="https://x.example/pixel.gif" width="1"><img src="data:image/png;base64,AA">'
    )

    found = to_show(html, picture=lambda address: "data:image/png;base64,QQ==" if address == "cid:logo" else "")

    assert remote_images(html) == 1
    assert "data:image/png;base64,QQ==" in found
    assert found.count(NO_PICTURE) >= 1
    assert "x.example" not in found


def test_what_words_tell_as_well_is_not_kept():
    assert to_keep('<div dir="ltr">It works again.<br>Cora</div>') == ""


def test_what_nests_without_end_is_not_kept():
    assert to_keep("<div><b>" * 3000) == ""

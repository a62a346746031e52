"""A logo is what its bytes are, and holds nothing but the drawing (SECURITY, fake-type attachments)."""

import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from common.errors import InvalidInput
from common.pictures import MOST_BYTES, read


def png(width: int = 40, height: int = 20, note: str = "") -> bytes:
    out, told = io.BytesIO(), PngImagePlugin.PngInfo()
    told.add_text("Comment", note)
    Image.new("RGBA", (width, height), "purple").save(out, "PNG", pnginfo=told)
    return out.getvalue()


def jpeg(width: int = 40, height: int = 20, *, progressive: bool = False) -> bytes:
    out, place = io.BytesIO(), Image.Exif()
    place[0x010E] = "taken at home"
    picture = Image.linear_gradient("L").resize((width, height)).convert("RGB")
    picture.save(out, "JPEG", exif=place, comment=b"secret", progressive=progressive)
    return out.getvalue()


def test_a_png_keeps_its_pixels_and_loses_what_is_no_part_of_them():
    given = png(note="<script>alert(1)</script>") + b"<html>behind the end"

    kept = read(given, field="logo")

    assert (kept.content_type, kept.width, kept.height) == ("image/png", 40, 20)
    assert b"script" not in kept.content and b"html" not in kept.content
    assert Image.open(io.BytesIO(kept.content)).tobytes() == Image.open(io.BytesIO(given)).tobytes()


@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_keeps_its_pixels_and_does_not_tell_where_it_was_taken(progressive):
    given = jpeg(progressive=progressive)

    kept = read(given + b"PK\x03\x04", field="logo")

    assert (kept.content_type, kept.width, kept.height) == ("image/jpeg", 40, 20)
    assert b"home" in given and b"home" not in kept.content and b"secret" not in kept.content
    assert not kept.content.endswith(b"PK\x03\x04")
    assert Image.open(io.BytesIO(kept.content)).tobytes() == Image.open(io.BytesIO(given)).tobytes()


def _without_its_end() -> bytes:
    return png()[:-12]


def _with_a_wrong_sum() -> bytes:
    return png().replace(b"IDAT", b"IDAU")


def _huge_by_its_header() -> bytes:
    """Ten thousand million pixels in a hundred bytes."""
    head = b"IHDR" + struct.pack(">IIBBBBB", 100_000, 100_000, 8, 6, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + head + struct.pack(">I", zlib.crc32(head))
    return start + struct.pack(">I4sI", 0, b"IEND", zlib.crc32(b"IEND"))


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (b"", "no PNG"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "SVG"),
        (b"<?xml version='1.0'?><svg/>", "SVG"),
        (b"<html>", "no PNG"),
        (b"GIF89a" + bytes(40), "no PNG"),
        (b"\x89PNG\r\n\x1a\n", "damaged"),
        (_without_its_end(), "damaged"),
        (_with_a_wrong_sum(), "damaged"),
        (jpeg()[:60], "damaged"),
        (_huge_by_its_header(), "100000 by 100000 pixels"),
        (png(8, 8), "8 by 8 pixels"),
        (png() + bytes(MOST_BYTES), "larger than"),
    ],
)
def test_what_is_no_good_picture_is_refused_in_one_sentence(given, words):
    with pytest.raises(InvalidInput) as refused:
        read(given, field="logo")

    assert words in refused.value.errors["logo"][0]

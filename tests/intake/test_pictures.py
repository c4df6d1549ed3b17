"""Threat row 12: pictures are refused by name or made anew; no EXIF, no position, no trailing bytes."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageFile

from kb.errors import UnreadableFile
from kb.intake import pictures
from kb.intake.pictures import remake_picture
from tests.intake.made_files import picture


def huge_png(width: int, height: int) -> bytes:
    """A PNG that says it is that large and has no pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def with_position() -> bytes:
    exif = Image.Exif()
    exif[0x0110] = "虚构相机"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (39.0, 54.0, 26.0)
    return picture("JPEG", exif=exif, comment=b"made up")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "SVG"),
        (b'<?xml version="1.0"?><svg/>', "SVG"),
        (b"<html><script>alert(1)</script></html>", "网页"),
        (b"GIF89a/*" + b"alert(1)*/" * 9, "残缺"),
        (huge_png(50_000, 50_000), "像素太多"),
        (huge_png(8_000, 8_000), "8000×8000 像素"),
        (picture("JPEG", (400, 300))[:900], "残缺"),
        (b"", "残缺"),
        (picture("PPM"), "不是能读的图片"),
        (picture("EPS"), "不是能读的图片"),
    ],
    ids=[
        "svg",
        "svg with a head",
        "html",
        "gif and script",
        "2.5 gigapixels",
        "64 megapixels",
        "cut",
        "nothing",
        "a rare kind",
        "a program",
    ],
)
def test_what_is_no_sound_picture_is_refused_by_name(data: bytes, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)  # as the maker of PDF files leaves it
    with pytest.raises(UnreadableFile, match=reason):
        remake_picture("x.jpg", data)


def test_position_camera_and_comment_are_gone() -> None:
    data = with_position()
    with Image.open(io.BytesIO(data)) as given:
        assert dict(given.getexif().get_ifd(0x8825))
    remade = remake_picture("x.jpg", data)
    with Image.open(io.BytesIO(remade.data)) as kept:
        assert dict(kept.getexif()) == {}
        assert not {"exif", "comment", "icc_profile", "xmp"} & set(kept.info)
    assert b"made up" not in remade.data


def test_a_picture_turned_by_its_camera_is_turned_for_good() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert (lambda p: (p.width, p.height))(remake_picture("x.jpg", picture("JPEG", (40, 30), exif=exif))) == (30, 40)


def test_a_polyglot_loses_what_hung_on_it() -> None:
    hidden = b"PK\x03\x04<script>alert(1)</script>"
    remade = remake_picture("x.png", picture("PNG") + hidden)
    assert hidden not in remade.data
    assert b"script" not in remade.data


def test_a_moving_picture_keeps_its_first_frame() -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    remade = remake_picture("x.gif", buffer.getvalue())
    with Image.open(io.BytesIO(remade.data)) as kept:
        assert (kept.format, getattr(kept, "n_frames", 1), kept.convert("RGB").getpixel((1, 1))) == (
            "PNG", 1, (255, 0, 0),
        )  # fmt: skip


def test_a_large_picture_is_made_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_SIDE", 20)
    remade = remake_picture("x.png", picture("PNG", (80, 40)))
    assert (remade.width, remade.height) == (20, 10)


def test_the_bound_on_pixels_is_what_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "MAX_PIXELS", 100)
    with pytest.raises(UnreadableFile, match="太大"):
        remake_picture("x.png", picture("PNG", (11, 10)))

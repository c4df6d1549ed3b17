"""Pictures made anew from their pixels, so that nothing else of the file is kept: position, camera, trailing bytes."""

import io

from PIL import Image, ImageFile, ImageOps

from kb.domain.document import Picture
from kb.errors import UnreadableFile

MAX_PICTURES = 40
"""Of one file; forty photographs of 12 megapixels take some 6 s of the child's 10."""
MAX_PIXELS = 40_000_000
"""Width × height; 40 million are 120 MB while it is drawn."""
MAX_SIDE = 2_400
"""Pixels of the longer side that are kept: enough for a page of A4 at 200 dpi."""
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF")
QUALITY = 88
_AS_PNG = "请另存为 PNG 或 JPEG。"


def remake_picture(name: str, data: bytes, *, beside: str = "") -> Picture:
    """JPEG from JPEG, PNG from all else (the first frame of a moving one); raises UnreadableFile by name."""
    if data.lstrip()[:5].lower() in (b"<svg ", b"<?xml", b"<html", b"<!doc"):
        raise UnreadableFile("是 SVG 或网页，不是图片。", advice=_AS_PNG)
    ImageFile.LOAD_TRUNCATED_IMAGES = False  # what makes PDF files switches it on for the whole process
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS:
                raise UnreadableFile(f"有 {width}×{height} 像素，太大。", advice="请缩小后再放进文件。")
            is_photograph = opened.format == "JPEG"
            opened.draft("RGB", (MAX_SIDE, MAX_SIDE))  # a large photograph is decoded at half its size or less
            drawn = ImageOps.exif_transpose(opened)
            drawn = drawn.convert("RGB" if is_photograph else "RGBA")
    except UnreadableFile:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise UnreadableFile("像素太多。", advice="请缩小后再放进文件。") from error
    except (OSError, SyntaxError, ValueError, MemoryError) as error:
        raise UnreadableFile("不是能读的图片，或已残缺。", advice=_AS_PNG) from error
    drawn.thumbnail((MAX_SIDE, MAX_SIDE))
    clean = Image.new(drawn.mode, drawn.size)
    clean.paste(drawn)
    buffer = io.BytesIO()
    if is_photograph:
        clean.save(buffer, "JPEG", quality=QUALITY)
    else:
        clean.save(buffer, "PNG")
    mime = "image/jpeg" if is_photograph else "image/png"
    return Picture(name, mime, clean.width, clean.height, buffer.getvalue(), beside)

"""Reads QR codes out of pictures as a phone does, with a program that shares nothing with the one that draws them."""

from __future__ import annotations

import io
import re

import zxingcpp
from fpdf import FPDF
from PIL import Image
from pypdfium2 import PdfDocument

INLINE = re.compile(r"<svg[^>]*>.*?</svg>", re.DOTALL)
_SIDE = 300


def scan(picture: Image.Image) -> str:
    """What the one code in a picture says."""
    [found] = zxingcpp.read_barcodes(picture.convert("L"))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return found.text


def scan_svg(svg: str | bytes) -> str:
    """What the code of a vector picture says, once it is drawn."""
    drawn = svg.encode() if isinstance(svg, str) else svg
    paper = FPDF(unit="pt", format=(_SIDE, _SIDE))
    paper.add_page()
    paper.image(io.BytesIO(drawn), 0, 0, _SIDE, _SIDE)
    return scan(PdfDocument(bytes(paper.output()))[0].render(scale=2).to_pil())


def scan_page(html: str) -> str:
    """What the code says that is drawn into a page."""
    [code] = [svg for svg in INLINE.findall(html) if 'class="qr"' in svg]
    return scan_svg(code)

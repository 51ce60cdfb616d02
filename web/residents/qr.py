"""QR codes drawn into a page: one path in SVG, without a style, so that nothing of the page's policy is in its way."""

from __future__ import annotations

import segno
from markupsafe import Markup


def draw_qr(address: str) -> Markup:
    """The code of an address; a quarter of it may be dirty or torn."""
    code = segno.make(address, error="q", micro=False)
    return Markup(code.svg_inline(scale=4, border=2, omitsize=True, svgclass="qr", lineclass=None))  # noqa: S704

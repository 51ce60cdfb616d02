"""QR codes for doors and stairwells: a PNG each, and one page to print from a browser, two codes in a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import segno

SCALE, BORDER = 16, 4
PAGE = """<!doctype html>
<html lang="zh">
<meta charset="utf-8">
<title>邻里 Linli</title>
<style>
  body {{ font: 18px/1.5 "Noto Sans SC", "PingFang SC", sans-serif; margin: 10mm; text-align: center; }}
  main {{ display: grid; grid-template-columns: 1fr 1fr; gap: 10mm; }}
  figure {{ margin: 0; padding: 8mm 4mm; border: 1px solid #999; border-radius: 4mm; break-inside: avoid; }}
  img {{ width: 62mm; height: 62mm; image-rendering: pixelated; }}
  b {{ display: block; font-size: 26px; }}
</style>
<main>
{figures}
</main>
</html>
"""
FIGURE = """<figure><b>{place}</b>{community}<br><img src="{file}" alt="">
<br>微信扫一扫，报事、看通知、找人帮忙<br><small>Scan with WeChat: report, read notices, get help</small></figure>"""


@dataclass(frozen=True, slots=True)
class Code:
    """One code: the name of its file, where it hangs, and the address that it holds."""

    name: str
    community: str
    place: str
    url: str

    @property
    def file(self) -> str:
        """The name of its picture."""
        return f"{self.name}.png"


def write_codes(folder: Path, codes: Sequence[Code]) -> Path:
    """Write the pictures and the page; gives the page."""
    folder.mkdir(parents=True, exist_ok=True)
    for code in codes:
        segno.make(code.url, error="m", micro=False).save(str(folder / code.file), scale=SCALE, border=BORDER)
    figures = "\n".join(
        FIGURE.format(place=escape(code.place), community=escape(code.community), file=escape(code.file))
        for code in codes
    )
    page = folder / "codes.html"
    page.write_text(PAGE.format(figures=figures), encoding="utf-8")
    return page

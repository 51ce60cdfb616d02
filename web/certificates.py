"""A certificate as a PDF: one page, drawn by fpdf2 in Noto Sans SC, of which only the signs on it are embedded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pylopdf_fonts_zh_cn
from babel.dates import format_date
from fpdf import FPDF
from fpdf.enums import XPos, YPos

from community.signups.certificates import Issued
from web.words import Language, words_for

FONT = Path(pylopdf_fonts_zh_cn.__file__).parent / "NotoSansSC-Regular.otf"
_GREEN, _INK, _QUIET = (6, 115, 67), (27, 33, 38), (93, 103, 114)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What stands on the page besides the certificate: its language, and where anybody verifies it."""

    language: Language
    address: str


def draw_certificate(issued: Issued, sheet: Sheet) -> bytes:
    """The bytes of the PDF. Takes about a second, which is why callers use a thread."""
    t, certificate = words_for(sheet.language), issued.certificate
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_title(t("certificate.title"))
    pdf.set_creation_date(certificate.issued_at)
    pdf.add_font("sans", "", FONT)
    pdf.add_page()
    pdf.set_auto_page_break(auto=False)
    _frame(pdf)
    pdf.set_y(38)
    _line(pdf, 34, t("certificate.title"), _GREEN, 24)
    _line(pdf, 20, certificate.name, _INK, 22)
    zone = issued.community.zone
    said = t(
        "certificate.said",
        community=issued.community.name[sheet.language],
        since=_day(certificate.since, zone, sheet.language),
        until=_day(certificate.until, zone, sheet.language),
        shifts=certificate.shifts,
        hours=round(certificate.minutes / 60, 1),
    )
    pdf.set_x(45)
    _style(pdf, 15, _INK)
    pdf.multi_cell(207, 10, said, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.set_y(146)
    _line(pdf, 12, issued.community.name[sheet.language], _INK, 8)
    _line(pdf, 12, _day(certificate.issued_at, zone, sheet.language), _INK, 14)
    _line(pdf, 10, t("certificate.verify", number=certificate.number, address=sheet.address), _QUIET, 8)
    return bytes(pdf.output())


def _frame(pdf: FPDF) -> None:
    pdf.set_draw_color(*_GREEN)
    for inset, width in ((10, 1.2), (13, 0.3)):
        pdf.set_line_width(width)
        pdf.rect(inset, inset, 297 - 2 * inset, 210 - 2 * inset)


def _line(pdf: FPDF, size: int, text: str, colour: tuple[int, int, int], height: int) -> None:
    _style(pdf, size, colour)
    pdf.cell(0, height, text, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _style(pdf: FPDF, size: int, colour: tuple[int, int, int]) -> None:
    pdf.set_font("sans", size=size)
    pdf.set_text_color(*colour)


def _day(at: datetime, zone: str, language: Language) -> str:
    return format_date(at.astimezone(ZoneInfo(zone)).date(), "long", locale=language)

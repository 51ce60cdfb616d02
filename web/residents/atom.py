"""A feed of notices as Atom (RFC 4287), written by a real XML writer, so that no title breaks it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from channels.render import in_language
from community.notices.kinds import find_notice_kind
from community.notices.marks import plain_words
from community.notices.models import Notice
from community.places.models import Community
from web.words import Language, words_for

SPACE = "http://www.w3.org/2005/Atom"


def write_feed(address: str, community: Community, notices: Sequence[Notice], language: Language) -> bytes:
    """The feed of a community; `address` is the public one of this Linli."""
    name, t = in_language(community.name, language), words_for(language)
    archive = f"{address}/m/notices/of/{community.code}"
    feed = Element("feed", {"xmlns": SPACE, "xml:lang": "zh-CN" if language == "zh" else "en"})
    _add(feed, "id", f"urn:uuid:{community.id}")
    _add(feed, "title", t("m_notices.feed_title", community=name))
    _add(feed, "updated", _moment(max((each.valid_from for each in notices), default=community.created_at)))
    _link(feed, "self", f"{archive}/feed.atom?language={language}", "application/atom+xml")
    _link(feed, "alternate", archive, "text/html")
    _add(SubElement(feed, "author"), "name", name)
    for notice in notices:
        _add_entry(feed, address, notice, language)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _add_entry(feed: Element, address: str, notice: Notice, language: Language) -> None:
    entry, kind = SubElement(feed, "entry"), find_notice_kind(notice.category)
    _add(entry, "id", f"urn:uuid:{notice.id}")
    _add(entry, "title", in_language(notice.title, language))
    _add(entry, "published", _moment(notice.valid_from))
    _add(entry, "updated", _moment(notice.valid_from))
    _link(entry, "alternate", f"{address}/m/notices/{notice.id}", "text/html")
    if kind is not None:
        SubElement(entry, "category", {"term": kind.code, "label": in_language(kind.name, language)})
    _add(entry, "content", plain_words(in_language(notice.text, language))).set("type", "text")


def _add(parent: Element, name: str, words: str) -> Element:
    child = SubElement(parent, name)
    child.text = words
    return child


def _link(parent: Element, relation: str, address: str, kind: str) -> None:
    SubElement(parent, "link", {"rel": relation, "href": address, "type": kind})


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")

"""Correcting a landmark of a report in words, without a Rasa: what the draft holds after it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.actions.report_draft import Draft
from bot.actions.report_facts import correct_landmark, is_correction
from community.facts.finding import find_facts

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 18, 16, 0, tzinfo=ZONE)


def draft() -> Draft:
    place = {"id": "3", "zh": "3号楼", "en": "Building 3"}
    return Draft(id="1", words="3号楼大堂垃圾没人扫", place=place, beyond="大堂")


@pytest.mark.parametrize(
    ("said", "words", "beyond", "place"),
    [
        ("不是大堂，是后门", "3号楼后门垃圾没人扫", "后门", "3号楼"),
        ("说错了 是小区东门口", "小区东门口垃圾没人扫", None, "小区东门口"),
    ],
)
def test_a_landmark_is_corrected(said: str, words: str, beyond: str | None, place: str) -> None:
    report = draft()
    assert correct_landmark(report, said, find_facts(said, MOMENT, ZONE))
    assert report.place
    assert (report.words, report.beyond, report.place["zh"]) == (words, beyond, place)


@pytest.mark.parametrize("said", ["5号楼楼道也是垃圾没人扫", "还有后门", "大堂", "谢谢"])
def test_more_places_are_no_correction(said: str) -> None:
    report, facts = draft(), find_facts(said, MOMENT, ZONE)
    assert not correct_landmark(report, said, facts)
    assert report == draft()


def test_another_building_that_has_it_too_is_no_correction() -> None:
    for said, corrects in (("5号楼也是这样", False), ("不是3号楼，是5号楼", True), ("5号楼", True)):
        assert is_correction(said, find_facts(said, MOMENT, ZONE)) is corrects

"""What people say about where, and the place that it means: tables in both languages and a round trip over any tree."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.places.matching import PlaceNode, PlaceTree, match_place
from community.places.models import Level

GRIDS = (("1", ("1", "2", "3", "4")), ("2", ("5", "6", "7", "12")))


def node(level: Level, number: str, zh: str, en: str, parent: PlaceNode | None = None) -> PlaceNode:
    return PlaceNode(uuid4(), parent.id if parent else None, level, number, zh, en)


def building(number: str, grid: PlaceNode, units: int) -> list[PlaceNode]:
    place = node(Level.BUILDING, number, f"{number}号楼", f"Building {number}", grid)
    return [
        place,
        *(
            node(Level.UNIT, str(unit), f"{number}号楼{unit}单元", f"Building {number} Unit {unit}", place)
            for unit in range(1, units + 1)
        ),
    ]


def make_tree() -> PlaceTree:
    nodes: list[PlaceNode] = []
    for number, buildings in GRIDS:
        grid = node(Level.GRID, number, f"第{number}网格", f"Grid {number}")
        nodes += [grid, *(place for each in buildings for place in building(each, grid, 2))]
    nodes += building("A", grid, 0)
    nodes.append(node(Level.BUILDING, "会所", "会所", "Club House", grid))
    return PlaceTree(nodes)


TREE = make_tree()


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("3号楼2单元501", "3号楼2单元", "3号楼2单元501"),
        ("3号楼2单元的电梯坏了两天了，有老人下不了楼", "3号楼2单元", "3号楼2单元"),
        ("3号楼2单元电梯又停了，我妈坐轮椅下不来", "3号楼2单元", "3号楼2单元"),
        ("三号楼", "3号楼", "三号楼"),
        ("3栋", "3号楼", "3栋"),
        ("三幢", "3号楼", "三幢"),
        ("3幢2单元", "3号楼2单元", "3幢2单元"),
        ("第三栋", "3号楼", "第三栋"),
        ("6栋一单元", "6号楼1单元", "6栋一单元"),
        ("十二号楼", "12号楼", "十二号楼"),
        ("3-2-501", "3号楼2单元", "3-2-501"),
        ("住户是3-2-501，水管爆了", "3号楼2单元", "3-2-501"),
        ("3-501漏水", "3号楼", "3-501"),
        ("３号楼２单元", "3号楼2单元", "３号楼２单元"),
        ("3號樓2單元", "3号楼2单元", "3號樓2單元"),
        ("3#2单元", "3号楼2单元", "3#2单元"),
        ("3#楼", "3号楼", "3#楼"),
        ("3楼2单元灯不亮", "3号楼2单元", "3楼2单元"),
        ("3-2单元没水", "3号楼2单元", "3-2单元"),
        ("3栋2梯502", "3号楼2单元", "3栋2梯502"),
        ("3号楼 2 单元 五楼 501室", "3号楼2单元", "3号楼 2 单元 五楼 501室"),
        ("五栋，啊不对，六栋一单元", "6号楼1单元", "六栋一单元"),
        ("五栋二单元，不对，是一单元", "5号楼1单元", "五栋 一单元"),
        ("不是3号楼，是5号楼", "5号楼", "5号楼"),
        ("是5号楼，不是3号楼", "5号楼", "5号楼"),
        ("3栋的电梯坏了，我住5栋", "3号楼", "3栋"),
        ("我家住5栋2单元，漏水了", "5号楼2单元", "5栋2单元"),
        ("12栋后面垃圾房臭死了", "12号楼", "12栋后面垃圾房"),
        ("5号楼大堂的灯不亮", "5号楼", "5号楼大堂"),
        ("3栋前天停的电", "3号楼", "3栋"),
        ("3栋楼下停满了车", "3号楼", "3栋楼下"),
        ("A座门禁坏了", "A号楼", "A座"),
        ("a栋没水", "A号楼", "a栋"),
        ("会所的空调坏了", "会所", "会所"),
        ("二网格的巡查", "第2网格", "二网格"),
        ("第1网格3栋", "3号楼", "第1网格3栋"),
        ("Building 3 Unit 2", "3号楼2单元", "Building 3 Unit 2"),
        ("building 3, unit 2, room 501", "3号楼2单元", "building 3, unit 2, room 501"),
        ("block 3", "3号楼", "block 3"),
        ("lift in block 3 is dead again and my mum's in a wheelchair", "3号楼", "block 3"),
        ("The lift in Blk 12 is stuck", "12号楼", "Blk 12"),
        ("Unit 2, Block 3", "3号楼2单元", "Unit 2, Block 3"),
        ("second entrance of building five", "5号楼2单元", "second entrance of building five"),
        ("no. 3 building, 2nd entrance", "3号楼2单元", "no. 3 building, 2nd entrance"),
        ("Building 3 Unit 501", "3号楼", "Building 3 Unit 501"),
        ("rubbish behind building 7", "7号楼", "behind building 7"),
        ("the lobby of building 7 stinks", "7号楼", "the lobby of building 7"),
        ("Building 7 lobby", "7号楼", "Building 7 lobby"),
        ("I live in building 5 but the lift in building 6 is broken", "6号楼", "building 6"),
        ("Block A has no water", "A号楼", "Block A"),
        ("the club house is dark", "会所", "club house"),
        ("grid 2", "第2网格", "grid 2"),
    ],
)
def test_a_place_is_found(text: str, place: str, words: str) -> None:
    found = match_place(text, TREE)
    assert found.place is not None
    assert (found.place.zh, found.words) == (place, words)
    assert found.unknown is None


@pytest.mark.parametrize(
    "text",
    [
        "2天没水了", "3个人被困", "晚上10点还在吵", "电话13812345678", "020-8888-1234", "020-888-1234",
        "8888 1234", "2024-3-501", "10-2-2024", "3-5天", "价格3-500元", "三栋楼都停水",
        "有两栋楼停水", "这一栋没电", "每栋楼都这样", "一座桥坏了", "第3次报了", "3号下午",
        "5号楼层高", "有3座垃圾山", "电梯坏了", "", "  ", "!!!", "三", "3", "3-2",
        "3 people in the lift", "they block 3 cars", "they block a car", "I waited 2 days", "call 12345",
        "at 10 am", "unit price", "building is old", "the door is broken",
    ],
)  # fmt: skip
def test_numbers_that_are_no_place(text: str) -> None:
    found = match_place(text, TREE)
    assert (found.place, found.unknown, found.words) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "unknown", "near"),
    [
        ("33号楼电梯坏了", "33", ["6号楼", "7号楼", "12号楼"]),
        ("8栋1单元", "8", ["5号楼", "6号楼", "7号楼"]),
        ("三十三栋", "33", ["6号楼", "7号楼", "12号楼"]),
        ("Block 99", "99", ["6号楼", "7号楼", "12号楼"]),
        ("9-2-501", "9", ["6号楼", "7号楼", "12号楼"]),
    ],
)
def test_an_unknown_building_offers_the_near_ones(text: str, unknown: str, near: list[str]) -> None:
    found = match_place(text, TREE)
    assert (found.place, found.unknown, found.unknown_level) == (None, unknown, Level.BUILDING)
    assert [place.zh for place in found.near] == near


def test_an_unknown_unit_keeps_the_building_and_offers_its_units() -> None:
    found = match_place("3号楼7单元", TREE)
    assert found.place
    assert (found.place.zh, found.unknown, found.unknown_level) == ("3号楼", "7", Level.UNIT)
    assert [place.zh for place in found.near] == ["3号楼1单元", "3号楼2单元"]
    assert found.needs_unit is False


def test_a_missing_unit_is_asked_only_where_it_is_needed() -> None:
    assert match_place("block 3", TREE).needs_unit is False
    asked = match_place("block 3", TREE, ask_unit=True)
    assert asked.needs_unit is True
    assert [place.en for place in asked.near] == ["Building 3 Unit 1", "Building 3 Unit 2"]
    assert match_place("A座", TREE, ask_unit=True).needs_unit is False, "a building without units is enough"


@pytest.mark.parametrize(
    "text", ["2", "二", "2单元", "unit 2", "Unit two", "2号", "the second one", "3号楼2单元", "就是2吧"]
)
def test_the_answer_to_which_unit(text: str) -> None:
    told = match_place("3栋", TREE).place
    assert told
    found = match_place(text, TREE, within=told.id)
    assert found.place
    assert found.place.zh == "3号楼2单元"


def test_another_building_wins_over_the_one_told_before() -> None:
    told = match_place("3栋1单元", TREE).place
    assert told
    found = match_place("不对，是6栋2单元", TREE, within=told.id)
    assert found.place
    assert found.place.zh == "6号楼2单元"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("3", "3号楼"),
        ("三", "3号楼"),
        ("第3", "3号楼"),
        ("3-2", "3号楼2单元"),
        ("twelve", "12号楼"),
        ("12号吧", "12号楼"),
    ],
)
def test_a_bare_number_answers_which_building(text: str, place: str) -> None:
    found = match_place(text, TREE, answer=True)
    assert found.place
    assert found.place.zh == place


def test_a_bare_number_that_does_not_exist() -> None:
    assert match_place("44", TREE, answer=True).unknown == "44"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("小区东门口路灯不亮", "小区东门口"),
        ("北门外有人摆摊", "北门外"),
        ("旁边的篮球场灯坏了", "旁边的篮球场"),
        ("3楼的灯坏了", "3楼"),
        ("12月3号楼下集合", "楼下"),
        ("12:30楼道", "楼道"),
        ("the bench near the playground is broken", "near the playground"),
    ],
)
def test_words_without_a_building_are_kept(text: str, words: str) -> None:
    found = match_place(text, TREE)
    assert (found.place, found.words) == (None, words)


def test_two_buildings_of_one_number_are_not_mixed_up() -> None:
    grids = [
        node(Level.GRID, number, zh, en) for number, zh, en in (("1", "东区", "East"), ("2", "西区", "West"))
    ]
    east, west = (node(Level.BUILDING, "3", f"{grid.zh}3栋", f"{grid.en} Building 3", grid) for grid in grids)
    tree = PlaceTree([*grids, east, west])
    assert match_place("3栋停电", tree).place is None
    assert match_place("3栋停电", tree).near == (east, west)
    assert match_place("西区3栋停电", tree).place == west
    assert match_place("1网格3栋停电", tree).place == east


def test_a_long_text_takes_no_time() -> None:
    for text in (
        "3" * 5000,
        "三" * 5000,
        "栋3" * 2500,
        "no. " * 1200,
        "3-" * 2500,
        " " * 5000,
        "小区" * 2500,
    ):
        assert match_place(text, TREE).place is None or "栋" in text


DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    if number < 10:
        return DIGITS[number]
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def full_width(number: int) -> str:
    return "".join(chr(ord(sign) + 0xFEE0) for sign in str(number))


def spellings_of_building(number: int) -> list[str]:
    zh = in_chinese(number)
    return [
        f"{number}号楼", f"{zh}号楼", f"{number}栋", f"{zh}栋", f"{number}幢", f"第{zh}幢",
        f"{full_width(number)}号楼", f"{number}座", f"{number}#", f"{number}＃楼", f"{number} 號樓",
        f"Building {number}", f"building no. {number}", f"BLOCK {number}", f"blk {number}", f"bldg. {number}",
        f"Tower {number}", f"#{number} building",
    ]  # fmt: skip


def spellings_of_unit(building: int, unit: int) -> list[str]:
    zh = [f"{spelling}{unit}单元" for spelling in spellings_of_building(building)[:10]]
    return [
        *zh, f"{building}栋{in_chinese(unit)}单元", f"{building}栋 {unit}單元", f"{building}-{unit}-501",
        f"{building}-{unit}单元", f"{building}楼{unit}单元", f"{in_chinese(building)}栋{unit}门",
        f"Building {building} Unit {unit}", f"block {building}, unit {unit}",
        f"Unit {unit}, Building {building}", f"entrance {unit} of block {building}",
    ]  # fmt: skip


BUILDINGS = st.dictionaries(st.integers(1, 99), st.integers(0, 9), min_size=1, max_size=20)
AROUND = st.sampled_from(
    [("", ""), ("", "电梯坏了"), ("报一下，", "，没水两天了"), ("我在 ", " "), ("help! ", " is dark")]
)


@given(buildings=BUILDINGS, around=AROUND, data=st.data())
def test_every_place_is_found_by_each_of_its_spellings(
    buildings: dict[int, int], around: tuple[str, str], data: st.DataObject
) -> None:
    grid = node(Level.GRID, "1", "第1网格", "Grid 1")
    nodes = [
        grid,
        *(place for number, units in buildings.items() for place in building(str(number), grid, units)),
    ]
    tree = PlaceTree(nodes)
    wanted = data.draw(st.sampled_from([place for place in nodes if place is not grid]))
    number = int(parent_of(nodes, wanted).number if wanted.level is Level.UNIT else wanted.number)
    spellings = (
        spellings_of_unit(number, int(wanted.number))
        if wanted.level is Level.UNIT
        else spellings_of_building(number)
    )
    for spelling in spellings:
        assert match_place(spelling.join(around), tree).place == wanted, spelling.join(around)


def parent_of(nodes: list[PlaceNode], place: PlaceNode) -> PlaceNode:
    by_id: dict[UUID, PlaceNode] = {each.id: each for each in nodes}
    assert place.parent_id
    return by_id[place.parent_id]


@given(st.text(max_size=60))
def test_any_text_is_answered_with_words_of_its_own(text: str) -> None:
    found = match_place(text, TREE, answer=True)
    assert found.words is None or all(part in text for part in found.words.split(" "))

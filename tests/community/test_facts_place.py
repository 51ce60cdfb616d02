"""Places in the words of a report: what is named, its numbers, and whether it leads there without a building."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from community.facts.finding import find_facts
from community.facts.models import PlaceFact

ZONE = ZoneInfo("Asia/Shanghai")
MOMENT = datetime(2026, 11, 18, 16, 0, tzinfo=ZONE)


def find_places(text: str) -> tuple[PlaceFact, ...]:
    return find_facts(text, MOMENT, ZONE).places


def numbers(place: PlaceFact) -> str:
    told = (place.building, place.unit, place.floor, place.room)
    return "/".join(part or "" for part in told).rstrip("/")


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("三号楼后面垃圾房的味道太冲了", "三号楼后面垃圾房", "3"),
        ("我们家3栋2单元501厨房反水", "3栋2单元501", "3/2//501"),
        ("十二幢一单元的灯全灭了", "十二幢一单元", "12/1"),
        ("3號樓2單元門口有積水", "3號樓2單元門口", "3/2"),
        ("７号楼电梯按了没反应", "７号楼", "7"),
        ("第五栋楼顶晾的被子掉下来", "第五栋楼顶", "5"),
        ("6-2-1203 阳台渗水", "6-2-1203 阳台", "6/2//1203"),
        ("八栋三单元五楼走廊堆了两个柜子", "八栋三单元五楼走廊", "8/3/5"),
        ("11栋架空层全是共享单车", "11栋架空层", "11"),
        ("B座大堂的玻璃门裂了", "B座大堂", "b"),
        ("A区9栋没人打扫", "A区9栋", "9"),
        ("2幢对面的空地被人占了种菜", "2幢对面的空地", "2"),
        ("4号楼西侧的下水道盖子翘起来", "4号楼西侧", "4"),
        ("五号楼和六号楼轮着停水", "五号楼|六号楼", "5|6"),
        ("3、5号楼的外墙在掉皮", "3|5号楼的外墙", "3|5"),
        ("三到七号楼都没水", "三|七号楼", "3|7"),
        ("我住9栋，吵的是10栋", "10栋", "10"),
        ("我家住2号楼，小区东门口的路坑坑洼洼", "小区东门口", ""),
        ("不是8号楼，是18号楼", "18号楼", "18"),
        ("四栋，哦说错了，是十四栋二单元", "十四栋二单元", "14/2"),
        ("负一楼车库有人乱接电线", "负一楼车库", "//-1"),
        ("B2层停车场漏水", "B2层停车场", "//-2"),
        ("顶楼邻居养鸽子", "顶楼", "//顶楼"),
        ("楼上1102天天弹琴", "楼上1102", "///1102"),
        ("隔壁703一直装修", "隔壁703", "///703"),
        ("地下车库入口的道闸坏了", "地下车库入口", ""),
        ("幼儿园对面的红绿灯不亮", "幼儿园对面", ""),
        ("菜市场旁边的巷子没路灯", "菜市场旁边的巷子", ""),
        ("快递柜打不开", "快递柜", ""),
        ("健身区的单杠松了", "健身区", ""),
        ("南门口的保安总睡觉", "南门口", ""),
        ("中心花园里的亭子漏雨", "中心花园里的亭子|", ""),
        ("儿童滑梯上有钉子", "儿童滑梯上", ""),
        ("老年活动室的空调不制冷", "老年活动室", ""),
        ("消防通道停满了车", "消防通道", ""),
        ("1#302厕所漏水", "1#302", "1///302"),
        ("二单元 3楼 灯不亮", "二单元 3楼", "/2/3"),
        ("9栋二单元六零二卫生间漏", "9栋二单元六零二", "9/2//602"),
        ("居委会楼下的宣传栏玻璃碎了", "居委会楼下的宣传栏|居委会楼下", ""),
        ("河边步道的栏杆断了两根", "河边步道", ""),
        ("the bin room behind block 5 smells awful", "the bin room behind block 5", "5"),
        ("lights out on the 7th floor of Building 2", "the 7th floor of Building 2", "2//7"),
        ("Bldg 3, Unit 1, Room 502 has a leak", "Bldg 3, Unit 1, Room 502", "3/1//502"),
        ("Flat 1203, Tower B has no power", "Flat 1203, Tower B", "b///1203"),
        ("the back door of Blk 9 won't lock", "the back door of Blk 9", "9"),
        ("someone smashed the glass at the east gate", "at the east gate", ""),
        ("there's broken glass near the playground", "near the playground", ""),
        ("a car blocks the entrance of the underground car park", "the entrance of the underground car park", ""),
        ("not block 4, it's block 14", "block 14", "14"),
        ("no.14 has no light", "no.14", "14"),
        ("6号building的电梯坏了", "6号building", "6"),
        ("my flat is 2602", "2602", "///2602"),
        ("I live in building 1 but the water is on the stairs of building 2", "the stairs of building 2", "2"),
        ("buildings 3 and 5 have no water", "buildings 3|5", "3|5"),
        ("Blocks 3, 4 and 6 lost power", "Blocks 3|4|6", "3|4|6"),
        ("the lift in the twelfth building", "twelfth building", "12"),
        ("second entrance of building five is dark", "second entrance of building five", "5/2"),
        ("rubbish on the lawn next to block 7", "the lawn next to block 7", "7"),
        ("the bench outside the supermarket is broken", "outside the supermarket", ""),
        ("water comes down from B1 parking", "B1", "//-1"),
        ("the security booth at the north gate is empty", "the security booth at the north gate", ""),
        ("our clubhouse pool is green", "clubhouse pool", ""),
        ("the lamp opposite the kindergarten is out", "opposite the kindergarten", ""),
        ("room 804 drills all day", "room 804", "///804"),
        ("blk 6 #1204 is flooding", "blk 6 #1204", "6///1204"),
        ("B座𨋢又壞咗", "B座", "b"),
        ("7座十二楼走廊冇灯", "7座十二楼走廊", "7//12"),
        ("9座C室漏水", "9座C室", "9///c"),
        ("楼上七零三好吵", "楼上七零三", "///703"),
        ("房号是1520，水管爆了", "房号是1520", "///1520"),
        ("4-1-903天花板滴水", "4-1-903", "4/1//903"),
        ("22:30 6栋还在唱", "6栋", "6"),
        ("地铁C口共享单车乱停", "地铁C口", ""),
        ("指示牌后面有个坑", "指示牌后面", ""),
        ("number 9 has no gas", "number 9", "9"),
        ("the lobby of 12 is flooded", "lobby of 12", "12"),
        ("the path between 3 and 5 is dark", "between 3|5", "3|5"),
        ("house 14 has no light", "house 14", "14"),
        ("1203, building 5, no water", "1203, building 5", "5///1203"),
        ("flat 502, the third building", "flat 502, the third building", "3///502"),
        ("#05-12 in block 7", "#05-12 in block 7", "7///05-12"),
        ("unit 2 of 8 has no light", "unit 2 of 8", "8/2"),
        ("3楼 lobby 的灯坏了", "3楼 lobby|3楼", "//3"),
        ("block 8 后面有人烧垃圾", "block 8 后面|block 8", "8"),
        ("下午3点45，7号楼的水管裂了", "7号楼", "7"),
        ("1栋3单元，房号是一零二", "1栋3单元，房号是一零二", "1/3//102"),
        ("8座D的门铃坏了", "8座D", "8///d"),
        ("三号院六号楼的灯不亮", "六号楼", "6"),
        ("候车亭的玻璃被砸了", "候车亭", ""),
        ("车位35号一直漏水", "车位35号", ""),
        ("小区后门那个充电桩坏了", "小区后门", ""),
        ("俺住八号楼，九号楼的空调嗡嗡响", "九号楼", "9"),
        ("the gazebo has no light", "the gazebo", ""),
        ("the taxi stand has no roof", "the taxi stand|roof", ""),
        ("water drips above flat 902", "flat 902", "///902"),
        ("blk 4 #07-15 has no water", "blk 4 #07-15", "4///07-15"),
        ("my mum lives at 22, flat 601", "22, flat 601", "22///601"),
        ("the ground floor of 9 stinks", "the ground floor of 9", "9//ground"),
    ],
)  # fmt: skip
def test_a_place_is_found(text: str, words: str, told: str | None) -> None:
    """Where `words` has several, they are the places in their order, or wordings that are all right."""
    found = find_places(text)
    told_words = [place.words.casefold() for place in found]
    wanted = [each.casefold() for each in words.split("|") if each]
    assert told_words == wanted or (len(found) == 1 and told_words[0] in wanted), told_words
    if told:
        assert [numbers(place) for place in found] == told.split("|")


@pytest.mark.parametrize(
    "text",
    [
        "电梯坏了三天了", "垃圾桶满了没人收", "楼上天天半夜拖椅子", "孩子上小学的事想问一下", "去医院看病怎么报销",
        "居委会几点下班", "物业费多少钱", "我反映两点问题", "门禁卡丢了", "有三栋楼都停水", "3号下午开会吗",
        "电话13812345678", "路灯不亮", "广场舞太吵", "the lift is stuck again", "they block the road",
        "where can I park", "they block a car", "80 square meters", "the block I live in is noisy", "call 8765 4321",
        "it costs 500",
    ],
)  # fmt: skip
def test_no_place_is_told(text: str) -> None:
    assert find_places(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "there is water on the floor at 8 this morning", "slipped on the floor in 10 minutes",
        "clean the floor of 3 rooms", "it was on the floor at 10 pm", "2nd floor at 8 this morning it leaked",
    ],
)  # fmt: skip
def test_a_number_after_a_floor_is_no_building(text: str) -> None:
    assert [place.building for place in find_places(text) if place.building] == []


@pytest.mark.parametrize(
    ("text", "beyond", "enough"),
    [
        ("3号楼后面垃圾房臭", "后面垃圾房", False),
        ("3栋2单元501漏水", "501", False),
        ("5号楼大堂灯坏了", "大堂", False),
        ("地下车库积水", "地下车库", True),
        ("楼道里堆东西", "楼道里", False),
        ("the lobby of building 7 stinks", "the lobby", False),
        ("rubbish behind building 7", "behind building 7", False),
        ("the playground is dirty", "the playground", True),
    ],
)
def test_what_no_tree_holds_is_kept(text: str, beyond: str, enough: bool) -> None:
    [place] = find_places(text)
    assert place.beyond == beyond
    assert enough <= place.is_enough


def test_spans_point_into_the_text_as_it_was_written() -> None:
    text = "Ｈｅｌｌｏ，３號樓後面垃圾房！電話１３８１２３４５６７８"
    facts = find_facts(text, MOMENT, ZONE)
    [place], [phone] = facts.places, facts.phones
    assert text[slice(*place.span)] == place.words == "３號樓後面垃圾房"
    assert text[slice(*phone.span)] == phone.words == "１３８１２３４５６７８"

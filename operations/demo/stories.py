"""The needs of the demo as short stories: who reported what, and what was done about it. `telling.py` plays them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from community.needs.models import Urgency

Verb = Literal[
    "accept", "answer", "note", "add", "decline", "declined", "resolve", "ask", "rate", "withdraw",
    "unrouted",
]  # fmt: skip
When = timedelta | tuple[int, str]
"""How long ago, or so many days ago at a time of the community's clock."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a need. `by` is a sign-in name; without one it is the resident, Linli, or the lead."""

    when: When
    verb: Verb
    words: str = ""
    by: str = ""
    solved: bool = True
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """One need from its report on. `place` is building and unit, as numbers."""

    when: When
    resident: str
    kind: str
    words: str
    place: tuple[str, str | None] | None = None
    place_words: str | None = None
    urgency: Urgency = Urgency.NORMAL
    steps: Sequence[Step] = ()


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


BANYAN_STORIES = (
    Story(
        _minutes(6),
        "刘大海",
        "sanitation_environment",
        "5号楼楼下的垃圾桶满了两天没人收，苍蝇到处飞，孩子都绕着走。",
        ("5", None),
        "5号楼楼下",
        steps=[Step(_minutes(6), "unrouted")],
    ),
    Story(
        _minutes(35),
        "王秀英",
        "elevator",
        "3号楼2单元电梯门关不上，一直滴滴响。我腿脚不好，四楼下不来。",
        ("3", "2"),
        "3号楼2单元",
        Urgency.URGENT,
    ),
    Story(
        _minutes(95),
        "Emily Carter",
        "roads_transit_streetlights",
        "The street light by the side gate near Building 8 has been out all week. It is pitch dark after nine.",
        ("8", None),
        "by the side gate near Building 8",
    ),
    Story(
        (1, "09:10"),
        "吴桂芳",
        "repair_utilities",
        "2号楼3单元三楼到五楼的楼道灯都不亮，晚上接孙子回来要打手电。",
        ("2", "3"),
        "2号楼3单元三楼到五楼",
        steps=[Step((1, "10:05"), "accept", by="wang.property")],
    ),
    Story(
        (1, "08:50"),
        "张小北",
        "fire_public_safety",
        "4号楼1单元一楼有人拉线在楼道里给电动车充电，昨晚插座都烫手了。",
        ("4", "1"),
        "4号楼1单元一楼",
        Urgency.URGENT,
        [
            Step((1, "09:02"), "accept", by="wang.property"),
            Step(
                (1, "09:40"),
                "answer",
                "线已经拆了，车也推到车棚了。这两天我们每晚九点再巡一次楼。",
                by="wang.property",
            ),
            Step((1, "09:55"), "note", "车主是新租户，居委会下午上门讲一下规定。", by="chen.committee"),
            Step((1, "19:30"), "add", "今晚没有再看到充电的，谢谢。"),
        ],
    ),
    Story(
        (2, "15:20"),
        "郑伟",
        "sanitation_environment",
        "6号楼后面垃圾房这几天味道特别大，开窗都不行。",
        ("6", None),
        "6号楼后面垃圾房",
        steps=[
            Step((2, "15:45"), "accept", by="wang.property"),
            Step(
                (2, "16:10"),
                "answer",
                "收运车坏了一天，今晚加一趟，明早冲洗消毒。",
                by="wang.property",
            ),
            Step((1, "10:30"), "resolve", "垃圾房已清空、冲洗、消毒，收运恢复每天两趟。", by="wang.property"),
            Step((1, "18:00"), "ask"),
        ],
    ),
    Story(
        (9, "08:40"),
        "王秀英",
        "elevator",
        "3号楼2单元电梯停在二楼不动了，按什么都没反应。",
        ("3", "2"),
        "3号楼2单元",
        steps=[
            Step((9, "08:55"), "accept", by="wang.property"),
            Step(
                (9, "09:20"),
                "answer",
                "维保师傅十点前到。要下楼办事的话，志愿队可以来搭把手。",
                by="wang.property",
            ),
            Step((9, "11:30"), "resolve", "换了门机皮带，试运行半小时正常。", by="wang.property"),
            Step((8, "11:30"), "ask"),
            Step((8, "12:10"), "rate", "师傅来得快，还帮我把菜提上楼。", score=5),
        ],
    ),
    Story(
        (1, "16:05"),
        "孙阿姨",
        "parking_vehicles",
        "1号楼门口天天停着几辆面包车，轮椅和婴儿车都过不去。",
        ("1", None),
        "1号楼门口",
        steps=[Step((1, "16:40"), "declined", "停在市政路面上，不在物业管理范围。", by="wang.property")],
    ),
    Story(
        (5, "10:15"),
        "吴桂芳",
        "repair_utilities",
        "2号楼3单元501厨房天花板漏水，楼上说不关他的事。",
        ("2", "3"),
        "2号楼3单元501",
        steps=[
            Step((5, "10:40"), "accept", by="wang.property"),
            Step(
                (5, "14:20"),
                "answer",
                "查过了，是楼上水槽下水管松了，明天上午带师傅来换。",
                by="wang.property",
            ),
            Step((4, "11:00"), "resolve", "换了下水管接头，两家都看过，不滴了。", by="wang.property"),
            Step((3, "11:00"), "ask"),
            Step((3, "19:20"), "rate", "好了一天，昨晚又开始滴，盆都接满了。", solved=False, score=2),
        ],
    ),
    Story(
        (3, "20:40"),
        "郑伟",
        "noise",
        "6号楼2单元楼上装修，中午十二点半还在打电钻。",
        ("6", "2"),
        "6号楼2单元楼上",
        steps=[Step((2, "09:15"), "withdraw", "已经跟楼上说好，中午不做了。")],
    ),
    Story(
        (2, "22:10"),
        "林晓",
        "mental_health",
        "换了工作以后老是睡不着，也不太想见人，想找个人说说。",
        steps=[
            Step((1, "08:45"), "accept", by="li.social"),
            Step(
                (1, "09:00"),
                "answer",
                "谢谢你愿意说。我是社工李老师，这件事只有我能看到。今天下午四点，发消息还是打电话，你觉得哪样自在？",
                by="li.social",
            ),
        ],
    ),
    Story(
        (4, "09:30"),
        "孙阿姨",
        "elderly_care",
        "我们楼的陈伯一个人住，八十多了，最近买菜都走不动，想给他订长者饭堂的饭。",
        ("1", "1"),
        "1号楼1单元",
        steps=[
            Step((4, "10:10"), "accept", by="zhou.social"),
            Step(
                (4, "15:00"),
                "answer",
                "今天去看过陈伯了，他愿意试试。从明天起志愿队中午送到家，先送两周。",
                by="zhou.social",
            ),
            Step((4, "15:05"), "note", "志愿队赵队长已排好送餐的人，周五我再去一次。", by="zhou.social"),
        ],
    ),
    Story(
        (6, "14:30"),
        "刘大海",
        "illegal_building_occupation",
        "5号楼顶楼有人搭了个玻璃房，把天台的公共晾衣区占了一半。",
        ("5", None),
        "5号楼顶楼",
        steps=[
            Step((6, "15:10"), "decline", "要先由居委会核实是不是公共部位。", by="liang.department"),
            Step((5, "09:20"), "decline", "去看过了，是公共部位，我们没有执法权，请街道定。"),
        ],
    ),
    Story(
        (12, "19:05"),
        "Daniel Osei",
        "noise",
        "Square dancing music under Building 7 goes on until half past ten, my kids cannot sleep.",
        ("7", None),
        "under Building 7",
        steps=[
            Step((11, "08:50"), "accept", by="huang.committee"),
            Step(
                (11, "16:30"),
                "answer",
                "I talked with the dancers: from tonight the music stops at nine and the speaker faces the river.",
                by="huang.committee",
            ),
            Step((9, "10:00"), "resolve", "Two evenings checked, quiet from nine on.", by="huang.committee"),
            Step((8, "10:00"), "ask"),
            Step((8, "20:15"), "rate", "Better, though Saturdays are still a bit loud.", score=4),
        ],
    ),
    Story(
        (15, "10:20"),
        "吴桂芳",
        "culture_sports_activity",
        "活动室的乒乓球台网断了，能不能换一张？",
        steps=[
            Step((15, "11:00"), "accept", by="he.neighbours"),
            Step(
                (13, "15:30"), "resolve", "新球网装好了，另外备了一副球拍放在管理员那里。", by="he.neighbours"
            ),
            Step((12, "15:30"), "ask"),
            Step((12, "16:00"), "rate", score=5),
        ],
    ),
)

RIVERSIDE_STORIES = (
    Story(
        _minutes(50),
        "周敏",
        "pets",
        "2号楼下面有几只流浪狗，早上追着上学的孩子跑。",
        ("2", None),
        "2号楼下面",
    ),
    Story(
        (1, "09:40"),
        "Priya Nair",
        "parking_vehicles",
        "A grey van has been parked across the ramp of Building 5 since Monday, wheelchairs cannot get in.",
        ("5", None),
        "the ramp of Building 5",
        Urgency.URGENT,
        [
            Step((1, "10:00"), "accept", by="ma.property"),
            Step(
                (1, "10:25"),
                "answer",
                "We have reached the owner, the van will be gone by noon.",
                by="ma.property",
            ),
        ],
    ),
    Story(
        (1, "20:30"),
        "谢婷",
        "poverty_disability_aid",
        "爸爸中风以后家里没了收入，想问问临时救助怎么申请。",
    ),
    Story(
        (8, "09:00"),
        "胡建军",
        "repair_utilities",
        "3号楼3单元水压特别低，热水器都点不着。",
        ("3", "3"),
        "3号楼3单元",
        steps=[
            Step((8, "09:30"), "accept", by="ma.property"),
            Step((7, "16:00"), "resolve", "清洗了减压阀，三单元水压恢复到正常。", by="ma.property"),
            Step((6, "16:00"), "ask"),
            Step((6, "20:10"), "rate", "水好了，就是拖了一天半才来人。", score=3),
        ],
    ),
)

STORIES = {"banyan": BANYAN_STORIES, "river": RIVERSIDE_STORIES}

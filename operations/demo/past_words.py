"""What people said in the months before the demo begins: by kind, with how often it comes, and how it was solved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PastKind:
    """How often a kind comes (a weight), what is said, and what is written when it is solved."""

    weight: int
    said: Sequence[str]
    done: Sequence[str]


PAST_KINDS: Mapping[str, PastKind] = {
    "sanitation_environment": PastKind(
        16,
        ("楼道里堆了纸箱和旧家具，过路要侧着身。", "垃圾桶满了，收得不及时。", "楼下花坛有人倒建筑垃圾。"),
        ("清走了，也在楼道贴了提醒。", "加了一趟收运。", "已清理，找到了装修的那一户。"),
    ),
    "elevator": PastKind(
        12,
        ("电梯按了没反应。", "电梯上行时一顿一顿的，心里发慌。", "电梯里的灯坏了。"),
        ("换了门机皮带，试运行正常。", "维保来调过了，运行平稳。", "灯管换好了。"),
    ),
    "parking_vehicles": PastKind(
        12,
        ("单元门口被车堵住，轮椅出不去。", "有人占着充电车位不充电。", "电动车停在楼道口。"),
        ("联系车主挪走了，划了黄线。", "跟车主说好了。", "都推到车棚了。"),
    ),
    "repair_utilities": PastKind(
        14,
        ("楼道灯不亮，老人上下楼看不见。", "水压很低，早上洗不了澡。", "单元门关不上，门禁坏了。"),
        ("换了声控灯。", "清洗了减压阀，水压正常。", "门禁修好，闭门器也换了。"),
    ),
    "noise": PastKind(
        10,
        ("楼上晚上十一点还在拖桌椅。", "中午装修打电钻，孩子睡不了。", "广场舞的音响太大。"),
        ("上门说过了，铺了地垫。", "和施工的约好中午停。", "音响调小，九点收场。"),
    ),
    "fire_public_safety": PastKind(
        5,
        ("有人拉线给电动车充电。", "消防通道停了车。", "楼道灭火器过期了。"),
        ("线拆了，车推走了。", "车挪走了，重新画了标线。", "换了新的灭火器。"),
    ),
    "roads_transit_streetlights": PastKind(
        6,
        ("门口的路灯不亮。", "人行道的砖松了，一踩一脚水。"),
        ("路灯修好了。", "砖重新铺过了。"),
    ),
    "illegal_building_occupation": PastKind(
        3, ("一楼把绿地围成了自家院子。", "楼顶有人搭棚子。"), ("围栏拆了。", "和住户谈好，限期拆除，已拆。")
    ),
    "neighbour_dispute": PastKind(
        4,
        ("和楼上为漏水的事说不到一块去。", "邻居把鞋柜放在公共过道。"),
        ("两家坐下来谈好了。", "鞋柜搬进屋了。"),
    ),
    "elderly_care": PastKind(
        6,
        ("独居的老人想订长者饭堂的饭。", "想问问能不能有人陪老人去复诊。"),
        ("从这周起送餐到家。", "志愿者陪着去了，药也取好了。"),
    ),
    "mental_health": PastKind(
        4, ("想找社工说说话。", "最近心里乱。"), ("一直有联系，先告一段落。", "见过三次，好多了。")
    ),
    "poverty_disability_aid": PastKind(
        4,
        ("想问临时救助怎么申请。", "残疾证快到期了，出门不便。"),
        ("材料交齐，批下来了。", "上门帮办好了。"),
    ),
    "medical_insurance_health": PastKind(3, ("医保卡刷不了。",), ("查清楚了，去窗口激活就行，已办好。",)),
    "admin_policy_consult": PastKind(
        5, ("居住证续签要带什么？", "想开个居住证明。"), ("说清楚了，已经办好。", "开好了，来取就行。")
    ),
    "culture_sports_activity": PastKind(3, ("活动室的桌椅坏了两张。",), ("换了新的。",)),
    "pets": PastKind(
        5, ("有人遛狗不牵绳。", "楼下有流浪猫翻垃圾。"), ("上门提醒过了。", "联系救助的人带走绝育了。")
    ),
}
DECLINED_WORDS = ("不在我们管的范围。", "要先核实是不是公共部位。", "这一段归市政。")
ASKED_OF_OTHERS = ("请帮忙到现场看一下", "请一起上门", "请安排人搭把手")

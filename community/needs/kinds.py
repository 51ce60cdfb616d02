"""The kinds of needs as data, one entry a kind: names, words people use, clocks, who may read, who leads and assists.

`guessing.py` reads the words, `clocks.py` the minutes, routing the parties. To add a kind, add an entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from community.needs.models import Urgency, Visibility
from community.parties.models import PartyType

COMMITTEE = PartyType.COMMITTEE
SOCIAL_WORK = PartyType.SOCIAL_WORK_TEAM
ORGANISATION = PartyType.SOCIAL_ORGANISATION
VOLUNTEERS = PartyType.VOLUNTEER_TEAM
PROPERTY = PartyType.PROPERTY_COMPANY
DEPARTMENT = PartyType.DEPARTMENT

PUBLIC = Visibility.PUBLIC
PRIVATE = Visibility.PRIVATE
CONFIDENTIAL = Visibility.CONFIDENTIAL


@dataclass(frozen=True)
class Kind:
    """One kind of need. `words` name it by themselves, `hints` only lean towards it; both lists hold both languages.

    `answer_minutes` and `urgent_minutes` are working minutes until the first answer; `asks_place` and `asks_unit`
    say whether a report is complete without a building, or without a unit.
    """

    code: str
    zh: str
    en: str
    words: str
    lead: PartyType
    hints: str = ""
    assist: tuple[PartyType, ...] = ()
    inform: tuple[PartyType, ...] = ()
    urgency: Urgency = Urgency.NORMAL
    visibility: Visibility = PUBLIC
    answer_minutes: int = 420
    urgent_minutes: int = 120
    asks_place: bool = True
    asks_unit: bool = False

    @property
    def name(self) -> dict[str, str]:
        """The short name in both languages."""
        return {"zh": self.zh, "en": self.en}


_ALL = (
    Kind(
        code="sanitation_environment",
        zh="垃圾卫生",
        en="Rubbish and cleaning",
        words="垃圾, 垃圾桶, 垃圾房, 垃圾站, 垃圾分类, 垃圾清运, 厨余, 卫生, 环境卫生, 保洁, 打扫, "
        "清扫, 恶臭, 臭气, 臭味, 臭气熏天, 异味, 刺鼻, 污水, 污水横流, 排污, 污染, 空气污染, 水污染, "
        "扬尘, 灰尘, 粉尘, 油烟, 黑烟, 烟尘, 焚烧, 烧垃圾, 蚊子, 蚊虫, 苍蝇, 老鼠, 蟑螂, 白蚁, 除四害, "
        "消杀, 河道, 黑臭, 脏乱差, 乱堆乱放, 乱扔, 高空抛物垃圾, 绿化, 绿化带, 杂草, 草坪, 树枝, 树木, "
        "修剪, 公厕, 厕所臭, 粪便, 大小便, 小广告, 牛皮癣, 养猪场, 养鸡场, 养殖场, 家禽, 下水道臭, "
        "化粪池臭, rubbish, garbage, trash, litter, waste, bin, dirty, filthy, dirt, cleaning, clean, "
        "cleaner, sweep, smell, smelly, stink, stinks, stinking, stench, sewage, pollution, polluted, "
        "smoke, dust, burning rubbish, mosquito, mosquitoes, cockroach, rat, rats, mice, flies, "
        "termite, debris, grass, weeds, tree, branches, dumping, dumped, stagnant water, overflowing, "
        "unhygienic, not cleaned, dump, dumpster, dustbin, plastic waste, bottles, unclean, cleaned, "
        "disinfect",
        hints="臭, 脏, 杂物, 环境, 环保, 排放, 生态, 河, 堆放, 废, 清理, 化工厂, 污, 冒烟, foul, "
        "messy, pond, drain, lake, plastic, remove",
        lead=PROPERTY,
        assist=(VOLUNTEERS,),
        inform=(COMMITTEE,),
    ),
    Kind(
        code="noise",
        zh="噪音",
        en="Noise",
        words="噪音, 噪声, 噪音扰民, 扰民, 太吵, 很吵, 好吵, 吵死, 吵闹, 吵得, 吵到, 吵醒, 吵人, "
        "广场舞, 音响, 低音炮, 喇叭, 高音喇叭, 唱歌, 卡拉ok, ktv, 酒吧, 夜间施工, 深夜施工, 半夜施工, "
        "凌晨施工, 施工扰民, 施工噪音, 装修噪音, 电钻, 冲击钻, 敲墙, 砸墙声, 敲敲打打, 跺脚, 脚步声, "
        "弹琴, 弹钢琴, 打麻将, 麻将声, 低频, 嗡嗡, 轰鸣, 鸣笛, 按喇叭, 放鞭炮, 响个不停, 震动声, "
        "跳舞扰民, 影响睡眠, 影响休息, noise, noisy, loud, loudly, loudspeaker, music at night, "
        "drilling, hammering, square dancing, karaoke, honking, barking all night, stomping, banging, "
        "too loud, keeps us awake, party all night",
        hints="吵, 半夜, 深夜, 凌晨, 声音, 睡眠, 音乐, 装修, 施工, 跳舞, music, night, sleep, "
        "renovation, drums",
        lead=COMMITTEE,
        assist=(PROPERTY,),
    ),
    Kind(
        code="elevator",
        zh="电梯",
        en="Lift",
        words="电梯, 电梯坏, 电梯停运, 电梯故障, 电梯停, 升降机, 货梯, 客梯, 扶梯, 加装电梯, 轿厢, "
        "梯控, 困梯, 困人, lift, elevator, lifts, escalator",
        hints="停运, 下坠, 年检, 按钮, stuck between floors, doors do not close",
        lead=PROPERTY,
        assist=(COMMITTEE,),
        answer_minutes=240,
        asks_unit=True,
    ),
    Kind(
        code="parking_vehicles",
        zh="停车",
        en="Parking",
        words="停车, 停车位, 车位, 停车场, 停车费, 停车难, 乱停, 乱停车, 乱停乱放, 违停, 违章停车, "
        "占道停车, 车库, 地库, 地下车库, 道闸, 抬杠, 挪车, 堵车库, 僵尸车, 充电桩, 充电车位, 停满, "
        "停货车, 停放, 共享单车, 外来车辆, 私家车, 月卡车, 车牌识别, 大货车, parking, parked, park, "
        "car park, parking space, garage, double parked, ev charger, charging pile, charging station, "
        "shared bikes, abandoned car, my spot",
        hints="车, 车辆, 面包车, 汽车, 非机动车, 自行车, 堵住, 堵着, 进不来, 出不去, car, cars, van, "
        "truck, vehicle, vehicles, bike, scooter",
        lead=PROPERTY,
        assist=(COMMITTEE,),
    ),
    Kind(
        code="property_management",
        zh="物业服务",
        en="Property company",
        words="物业, 物业公司, 物业管理, 物业费, 物业服务, 物管, 管理费, 业委会, 业主委员会, 业主大会, "
        "维修基金, 公共收益, 保安, 门卫, 管家不理, 门禁, 门禁卡, 刷卡, 大门坏, 小区大门, 小区管理, "
        "公摊, 解聘, 小区乱象, 监控坏, 小区监控, property management, property company, "
        "management fee, property fee, property office, owners committee, owners association, "
        "security guard, guards, access card, gate, concierge, janitor, maintenance fund, hoa",
        hints="小区, 业主, 收费, 管理, 快递柜, 监控, 摄像头, estate, management, compound, guard, "
        "camera, cctv",
        lead=COMMITTEE,
        assist=(PROPERTY,),
    ),
    Kind(
        code="repair_utilities",
        zh="水电维修",
        en="Repairs, water, power, gas",
        words="漏水, 渗水, 渗漏, 滴水, 水管, 爆管, 水管爆, 管道, 下水道, 下水管, 堵塞, 返水, 反水, "
        "马桶堵, 停水, 没水, 断水, 水压, 供水, 自来水, 水质, 水费, 水表, 停电, 没电, 断电, 跳闸, 电压, "
        "供电, 电费, 电表, 漏电, 电线, 电路, 变压器, 天然气, 燃气, 煤气, 通气, 暖气, 供暖, 供热, 网络, "
        "宽带, 光纤, 信号, 电视没信号, 外墙, 墙皮, 墙面, 空鼓, 脱落, 发霉, 裂缝, 开裂, 塌陷, 屋顶, "
        "天台漏, 楼道灯, 走廊灯, 感应灯, 声控灯, 灯不亮, 灯坏, 维修, 报修, 修一下, 门锁, 单元门, "
        "单元门坏, 玻璃破, 栏杆松, 井盖松, 扶手, 对讲机, 门铃, 可视对讲, 热水, 下水, 防水, "
        "老旧小区改造, 水箱, 二次供水, 积水, leak, leaking, leaky, leakage, water leak, pipe, "
        "burst pipe, plumbing, no water, water pressure, water supply, tap water, drain blocked, "
        "blocked drain, clogged, toilet blocked, power cut, no power, power, no electricity, "
        "electricity, outage, blackout, fuse, wiring, wire, cable, gas supply, gas, heating, "
        "hot water, internet, broadband, wifi, mould, mold, crack, cracks, ceiling, roof, plaster, "
        "corridor light, hallway light, light is out, stair light, door lock, intercom, handrail, "
        "damp, drainage, water logging, waterlogging",
        hints="修, 坏, 水, 电, 漏, 灯, 墙, 门, 窗, 路面积水, 管, 老化, 破损, wall, door, window, "
        "light, flood, flooded, damaged, 坏了, broken, repair, fix, water, 修理",
        lead=PROPERTY,
        assist=(COMMITTEE,),
        asks_unit=True,
    ),
    Kind(
        code="roads_transit_streetlights",
        zh="道路路灯",
        en="Roads and street lights",
        words="路灯, 路灯不亮, 道路, 马路, 公路, 路面, 坑洼, 坑坑洼洼, 人行道, 盲道, 斑马线, 红绿灯, "
        "信号灯, 交通, 交通拥堵, 拥堵, 堵车, 堵塞交通, 公交, 公交车, 公交站, 公交卡, 班车, 地铁, 轻轨, "
        "高铁, 出租车, 的士, 网约车, 站台, 井盖, 窨井, 修路, 断头路, 大桥, 立交桥, 桥墩, 天桥, 隧道, "
        "高速, 高速公路, 快速路, 主干道, 车道, 减速带, 护栏, 隔离栏, 限速, 夜间行驶, 路口, 公交线路, "
        "通车, 泥泞, 硬化, 水泥路, 村道, 国道, 省道, 县道, 路段, 街道破, 绕行, 单行道, 过马路, 限行, "
        "车站, 客运, 亮化, 洒水车, street light, streetlight, street lamp, lamp post, pothole, "
        "potholes, pavement, sidewalk, footpath, crossing, zebra crossing, traffic, traffic light, "
        "signal, bus, bus stop, buses, metro, subway, taxi, bridge, flyover, manhole, speed bump, "
        "lane, junction, intersection, kerb, curb, street lights, highway, pathhole, main road",
        hints="路, 大道, 街, 开工, 动工, 桥, 规划, 工程, 大车, 行驶, 线路, 交警, street, walkway, "
        "divider, road, roads, speeding",
        lead=DEPARTMENT,
        assist=(COMMITTEE,),
    ),
    Kind(
        code="fire_public_safety",
        zh="消防安全",
        en="Fire and safety",
        words="消防, 消防通道, 消防栓, 消火栓, 灭火器, 火灾, 着火, 起火, 失火, 冒烟, 烧焦, 焦味, 防火, "
        "防火门, 疏散, 安全出口, 逃生通道, 易燃, 易爆, 危险品, 爆炸, 飞线充电, 飞线, 私拉电线, "
        "楼道充电, 电瓶车上楼, 电动车上楼, 电动车充电, 电瓶车充电, 电瓶车进电梯, 楼道堆, 楼道杂物, "
        "楼道堆放, 楼道里堆, 走廊堆, 堵塞通道, 高空抛物, 高空坠物, 坠落, 瓦斯, 液化气, 液化气瓶, "
        "煤气罐, 煤气味, 漏气, 煤气泄漏, 燃气泄漏, 小偷, 盗窃, 偷盗, 被偷, 入室, 治安, 打架, 斗殴, "
        "赌博, 吸毒, 可疑人员, 尾随, 持刀, 报警, 派出所, 民警, 黑社会, 安全生产, 高压线, fire, "
        "fire exit, fire escape, fire lane, extinguisher, hydrant, smoke alarm, on fire, gas leak, "
        "smell gas, smell of gas, gas smell, burning smell, explosive, flammable, dangerous goods, "
        "falling objects, thrown from, thief, theft, stolen, burglar, burglary, break in, robbery, "
        "fight, gambling, drugs, police, stranger, suspicious, charging in the corridor, "
        "charging indoors, blocked exit, escape route, live wire, live cable",
        hints="杂物, 楼道, 走廊, 通道, 安全隐患, 隐患, 危险, 安全, 电瓶车, 电动车, 充电, safety, "
        "unsafe, dangerous, danger, hazard, clutter, corridor, hallway, stairwell",
        lead=PROPERTY,
        assist=(COMMITTEE, DEPARTMENT),
        urgency=Urgency.URGENT,
        answer_minutes=120,
        urgent_minutes=60,
    ),
    Kind(
        code="illegal_building_occupation",
        zh="违建占道",
        en="Illegal building, blocked space",
        words="违建, 违章建筑, 违法建筑, 违规建房, 违章搭建, 乱搭乱建, 私搭乱建, 私搭, 搭建, 加盖, "
        "抢建, 违章, 拆违, 拆除违建, 占用公共, 占用绿地, 侵占, 霸占, 圈地, 圈占, 占道, 占道经营, 摆摊, "
        "摊贩, 小摊, 小摊小贩, 流动摊贩, 地摊, 烧烤摊, 夜市摊, 马路市场, 店外经营, 隔断房, 群租, "
        "群租房, 改建, 住改商, 民宅经商, 私自开挖, 破坏承重墙, 承重墙, 封阳台, 堆砖, 红砖, 建筑材料堆, "
        "占地, 建房, 地桩, 地锁, 毁绿种菜, 种菜, 违法用地, 城管, illegal building, illegal structure, "
        "illegal construction, illegally built, unauthorised, unauthorized, encroach, encroachment, "
        "encroached, occupied, occupying, hawker, hawkers, vendor, vendors, stall, stalls, "
        "street vendor, subletting, partitioned flat, load bearing wall, extension, shed, took over, "
        "ground lock, vegetable patch",
        hints="占用, 占, 私自, 违规, 违法, 堆了, 拆除, 拆, 搭, 公共区域, illegal, illegally, "
        "obstruction, blocking",
        lead=DEPARTMENT,
        assist=(COMMITTEE, PROPERTY),
    ),
    Kind(
        code="housing_purchase_demolition",
        zh="房产拆迁",
        en="Housing and demolition",
        words="购房, 买房, 房产, 房产证, 不动产证, 不动产, 产权证, 开发商, 楼盘, 交房, 延期交房, "
        "逾期交房, 烂尾, 烂尾楼, 虚假宣传, 预售, 房屋质量, 质量问题, 建设质量, 精装修, 精装, 验房, "
        "收房, 拆迁, 征地, 征收, 安置房, 安置, 回迁, 拆迁款, 补偿款, 拆迁补偿, 征地补偿, 过渡费, "
        "公积金, 房贷, 按揭, 首付, 房价, 二手房, 中介, 租房, 房租, 押金, 房东, 公租房, 廉租房, "
        "经济适用房, 人才房, 保障房, 购房款, 定金, 网签, 备案, 交付, 拒交钥匙, 钥匙, 货不对板, 样板房, "
        "一房多卖, 售楼, 宅基地, 棚改, 棚户区, 旧改, developer, new flat, handover of the flat, "
        "handover, title deed, property deed, deed, mortgage, housing fund, provident fund, "
        "demolition, demolished, relocation, resettlement, compensation for the house, landlord, "
        "tenant, rent, deposit, agent, estate agent, lease, public housing, housing subsidy, "
        "buy a flat, bought a flat, show flat, unfinished building",
        hints="房屋, 房子, 补偿, 铝板, 施工进度, 业主, 楼盘质量, 造假, 危房, flat, apartment, house, housing",
        lead=DEPARTMENT,
        inform=(COMMITTEE,),
        visibility=PRIVATE,
        answer_minutes=840,
        asks_place=False,
    ),
    Kind(
        code="neighbour_dispute",
        zh="邻里纠纷",
        en="Trouble between neighbours",
        words="邻居, 邻里, 邻里纠纷, 隔壁, 隔壁邻居, 楼上邻居, 楼下邻居, 对门, 对面邻居, 纠纷, 调解, "
        "吵架, 争吵, 骂人, 辱骂, 相邻权, 采光, 挡光, 遮挡, 空调水滴, 空调外机对着, 晾衣服滴水, 泼水, "
        "挡住我家, 邻居不讲理, 邻居占, 合用, 共用, 公用阳台, 矛盾, 家庭纠纷, neighbour, neighbor, "
        "neighbours, neighbors, next door, upstairs, downstairs, dispute, quarrel, argument, argue, "
        "arguing, mediate, mediation, mediator, insult, threatened me, blocks my light, shared wall",
        hints="楼上, 楼下, 隔墙, 我家墙, 滴水, 阳台, 赔, 不肯, shared, refuses",
        lead=COMMITTEE,
        assist=(SOCIAL_WORK,),
        visibility=PRIVATE,
    ),
    Kind(
        code="elderly_care",
        zh="养老照护",
        en="Care for the elderly",
        words="养老, 养老院, 敬老院, 养老金认证, 居家养老, 养老服务, 长者, 长者饭堂, 长者食堂, "
        "老年食堂, 老人食堂, 助餐, 送餐, 助浴, 独居老人, 空巢老人, 孤寡老人, 失能, 失能老人, 失智, "
        "老年痴呆, 痴呆, 认知症, 护工, 护理, 陪护, 陪诊, 照护, 照顾老人, 照料, 日间照料, 高龄津贴, "
        "高龄补贴, 老年卡, 老年证, 老年大学, 老人没人管, 老人没人照顾, 上门探访, 探访, 走失, 老人走失, "
        "适老化, 助行器, 长期护理, 长护险, 平安铃, elderly, elderly care, old people, senior, seniors, "
        "nursing home, care home, carer, caregiver, home care, dementia, alzheimer, meals for seniors, "
        "meal delivery, canteen for seniors, lives alone, living alone, look after my mother, "
        "look after my father, senior card, pension age, day care centre, old lady, old man, grandma, "
        "grandpa, grandmother, grandfather, walking frame",
        hints="老人, 老人家, 老年人, 老年, 老太太, 老大爷, 老伴, 奶奶, 爷爷, 外婆, 外公, 独居, "
        "没人照顾, 上门, mum, mother, father, dad, elder",
        lead=SOCIAL_WORK,
        assist=(VOLUNTEERS, ORGANISATION),
        inform=(COMMITTEE,),
        visibility=PRIVATE,
        asks_place=False,
    ),
    Kind(
        code="education",
        zh="上学教育",
        en="School",
        words="入学, 上学, 学校, 小学, 中学, 初中, 高中, 幼儿园, 托育, 托班, 托管, 大学, 学院, 技校, "
        "职校, 学区, 学位, 学籍, 转学, 招生, 摇号, 升学, 中考, 高考, 学费, 补课, 培训班, 辅导班, "
        "校外培训, 四点半课堂, 课后服务, 教师, 老师, 班主任, 教育, 教育局, 家长会, 校车, 校服, 校园, "
        "食堂饭菜, 作业, 学生, 学前, 孩子读书, 读书, 奖学金, 助学, 助学金, 教材, 教辅, 毕业证, 体罚, "
        "校园霸凌, 霸凌, school, kindergarten, nursery, preschool, primary school, middle school, "
        "high school, university, college, enrol, enroll, enrolment, enrollment, school place, "
        "school district, tuition, tuition fee, tutoring, homework, teacher, pupil, student, students, "
        "after school, exam, education, child care, childcare, bullied at school, bullying",
        hints="孩子, 儿子, 女儿, 小孩, 考试, 家长, 培训, kid, kids, child, children, class, son, daughter",
        lead=DEPARTMENT,
        assist=(COMMITTEE,),
        visibility=PRIVATE,
        answer_minutes=840,
        asks_place=False,
    ),
    Kind(
        code="mental_health",
        zh="心里的事",
        en="Something on my mind",
        words="抑郁, 抑郁症, 焦虑, 焦虑症, 双相, 躁郁, 精神病, 精神障碍, 精神分裂, 心理, 心理咨询, "
        "心理疏导, 心理医生, 心理问题, 情绪低落, 情绪崩溃, 崩溃, 不想见人, 不想出门, 不想说话, "
        "没人说话, 没人理解, 撑不住, 撑不下去, 熬不下去, 绝望, 好绝望, 想哭, 天天哭, 一直哭, 很孤独, "
        "孤独, 好孤单, 心里难受, 心里憋, 心里很苦, 心里苦, 想找人聊, 想跟人说说, 想找社工, 找社工聊, "
        "活着累, 活着好没意思, 泄气, 使用暴力, 觉得没意思, 没有希望, 家暴, 家庭暴力, 打老婆, 老公打我, "
        "丈夫打我, 老公打人, 打我妈, 爸爸打我, 我爸打我, 被老公打, 被丈夫打, 被家暴, 被打怕, 虐待, "
        "虐待老人, 虐待孩子, 打孩子, 骂我打我, 打骂, 毒打, 性侵, 猥亵, 性骚扰, 强奸, 控制我, "
        "不让我出门, 网暴, 戒酒, 酗酒, 戒毒, 创伤, 产后抑郁, 精神疾病, depression, depressed, anxiety, "
        "anxious, panic attack, panic attacks, mental health, mental illness, counselling, counseling, "
        "counsellor, counselor, therapist, therapy, psychologist, psychiatrist, lonely, loneliness, "
        "hopeless, worthless, cannot cope, can't cope, cant cope, breaking down, breakdown, "
        "overwhelmed, crying all, cry every, no one to talk to, nobody to talk to, "
        "don't want to see anyone, do not want to see anyone, dont want to see anyone, "
        "domestic violence, abuse, abused, abusive, abusing, beats me, hits me, treats me terribly, "
        "hurting my child, hit me, beating his wife, beats his wife, husband hits, "
        "afraid of my husband, sexual assault, raped, molested, sexually harassed, bipolar, "
        "schizophrenia, ptsd, alcoholic, addiction, self esteem, talk to a social worker",
        hints="睡不着, 失眠, 睡不好, 难过, 痛苦, 压力, 压力大, 心烦, 烦躁, 不开心, 伤心, 害怕, 没胃口, "
        "社工, 想不开, 情绪, 委屈, 自卑, can't sleep, cant sleep, cannot sleep, insomnia, sad, stress, "
        "stressed, upset, scared, afraid, worried, grief",
        lead=SOCIAL_WORK,
        visibility=CONFIDENTIAL,
        answer_minutes=240,
        urgent_minutes=60,
        asks_place=False,
    ),
    Kind(
        code="poverty_disability_aid",
        zh="困难帮扶",
        en="Help in hardship",
        words="低保, 低保户, 低收入, 特困, 五保, 五保户, 困难补助, 困难补贴, 困难家庭, 困难户, 贫困, "
        "贫困户, 扶贫, 脱贫, 救助, 社会救助, 救济, 临时救助, 大病救助, 救助金, 救助资金, 帮扶, "
        "揭不开锅, 没钱吃饭, 没钱看病, 交不起, 吃不起, 困境儿童, 孤儿, 留守儿童, 残疾, 残疾人, 残疾证, "
        "残联, 残疾补贴, 轮椅租借, 借轮椅, 无障碍, 无障碍设施, 坡道, 盲人, 聋哑, 智障, 自闭症, 重残, "
        "流浪汉, 乞讨, 捐款, 捐赠, 众筹, 危房改造, 退役军人优待, 抚恤, 优抚, 烈属, 补贴申请, "
        "low income, minimum living, living allowance, hardship, poverty, poor family, welfare, "
        "financial help, financial aid, cannot afford, can't afford, cant afford, no money for food, "
        "food bank, disability, disabled, disability card, disability allowance, blind, deaf, autism, "
        "wheelchair ramp, borrow a wheelchair, accessible, accessibility, orphan, homeless, donate, "
        "donation, subsidy for the poor",
        hints="补助, 补贴, 困难, 没钱, 穷, 申请, 轮椅, 津贴, allowance, subsidy, poor, aid, wheelchair",
        lead=SOCIAL_WORK,
        visibility=CONFIDENTIAL,
        asks_place=False,
    ),
    Kind(
        code="medical_insurance_health",
        zh="看病医保",
        en="Health and medical insurance",
        words="医保, 医保卡, 医疗保险, 医疗, 新农合, 农合, 报销, 异地就医, 住院, 门诊, 特殊门诊, 看病, "
        "挂号, 医院, 医生, 护士, 社区医院, 卫生院, 卫生服务中心, 社区卫生服务, 家庭医生, 体检, 疫苗, "
        "接种, 打疫苗, 药品, 药店, 买药, 配药, 处方, 医药费, 医疗费, 手术, 救护车, 医患, 医疗事故, "
        "误诊, 慢性病, 血压, 血糖, 糖尿病, 癌症, 生育津贴, 产检, 建档立卡医疗, 计生, 二胎, 独生子女, "
        "传染病, 核酸, 血清, 献血, 康复治疗, 牙科, medical insurance, health insurance, reimbursement, "
        "reimburse, hospital, clinic, doctor, nurse, appointment with a doctor, family doctor, "
        "vaccine, vaccination, vaccinated, flu shot, medicine, pharmacy, prescription, medical bill, "
        "surgery, ambulance, check up, checkup, health check, blood pressure, diabetes, health centre, "
        "health center",
        hints="药, 病, 生病, 治疗, 健康, 病人, 儿童医, sick, ill, illness, health, treatment, medical",
        lead=COMMITTEE,
        inform=(DEPARTMENT,),
        visibility=PRIVATE,
        asks_place=False,
    ),
    Kind(
        code="employment_social_insurance",
        zh="工作社保",
        en="Work and social insurance",
        words="社保, 社会保险, 社保卡, 养老保险, 失业, 失业金, 失业保险, 工伤, 工伤赔偿, 工资, "
        "拖欠工资, 欠薪, 讨薪, 讨要工资, 克扣, 劳动合同, 劳动仲裁, 劳动, 加班, 加班费, 辞退, 裁员, "
        "开除, 解雇, 离职, 赔偿金, 经济补偿, 农民工, 民工, 工人, 环卫工人, 职工, 员工, 就业, 找工作, "
        "招聘, 应聘, 求职, 工作岗位, 岗位, 岗位考试, 职业培训, 技能培训, 创业补贴, 创业, 退休, 退休金, "
        "退休工资, 退休职工, 养老金, 缴费, 公司缴, 参保, 断缴, 补缴, 人社局, 奖金, 绩效, 津补贴, "
        "事业单位, 公务员, 编制, 笔试成绩, 考生, 下岗, 工龄, 黑心老板, 包工头, 产假, 工作问题, 职称, "
        "老板, 单位不给, 买断, 临时工, 保险待遇, 社保转移, 劳务, 劳资, 工钱, social insurance, "
        "social security, pension, wage, wages, unpaid wages, salary, unpaid, overtime, labour, labor, "
        "labour contract, fired, dismissed, laid off, layoff, unemployed, unemployment, job, jobs, "
        "job fair, find work, looking for work, employer, employment, boss, retirement, retire, "
        "retired, work injury, injured at work, contract worker, vocational training, skills training, "
        "migrant worker, resign, resignation",
        hints="工作, 公司, 欠费, 上班, 待遇, 补发, 项目部, 拖欠, work, worker, company, colleague",
        lead=COMMITTEE,
        inform=(DEPARTMENT,),
        visibility=PRIVATE,
        answer_minutes=840,
        asks_place=False,
    ),
    Kind(
        code="consumer_fraud",
        zh="消费防骗",
        en="Shopping and scams",
        words="诈骗, 骗子, 被骗, 骗钱, 骗老人, 专骗, 传销, 非法集资, 集资, 理财骗, 刷单, 网贷, 高利贷, "
        "套路贷, 电信诈骗, 诈骗电话, 骚扰电话, 保健品, 假货, 假冒, 伪劣, 三无, 三无产品, 过期食品, "
        "食品安全, 缺斤少两, 短斤缺两, 退款, 不退款, 退钱, 不退, 退货, 退费, 退卡, 保证金, 商家, 商户, "
        "卖家, 网购, 淘宝, 天猫, 京东, 拼多多, 外卖, 快递, 快递费, 包裹, 消费者, 消费维权, 维权, 消协, "
        "12315, 强制消费, 霸王条款, 虚假广告, 预付卡, 会员卡, 健身房跑路, 跑路, 超市, 菜市场, 饭店, "
        "餐馆, 物价, 乱收费, 价格欺诈, 哄抬, 宰客, 坐地起价, 电商, 直播带货, 电信, 移动公司, 套餐, "
        "话费, 售后, 质保, scam, scammed, scammer, fraud, fraudulent, cheated, swindled, con man, "
        "pyramid scheme, ponzi, phishing, fake goods, fake, counterfeit, refund, overcharged, "
        "overcharging, consumer, seller, shop refuses, online shopping, parcel, courier, "
        "express delivery, expired food, food safety, food poisoning, supermarket, restaurant, "
        "merchant, prepaid card, gym closed, loan shark, health supplements, warranty, scam call, "
        "spam calls",
        hints="骗, 投诉, 价格, 店, 收取费用, 平台, 银行, 贷款, 门店, 购买, 买的, shop, store, price, "
        "bought, purchase, bank, money back",
        lead=DEPARTMENT,
        assist=(COMMITTEE,),
        visibility=PRIVATE,
        asks_place=False,
    ),
    Kind(
        code="admin_policy_consult",
        zh="办事咨询",
        en="Papers and policies",
        words="办证, 办理, 证明, 开证明, 居住证, 居住证明, 身份证, 户口, 户口本, 户籍, 落户, 迁户口, "
        "入户, 积分入户, 结婚证, 离婚, 结婚登记, 出生证明, 准生证, 暂住证, 护照, 签证, 通行证, 驾驶证, "
        "营业执照, 执照, 盖章, 公章, 政策, 政策咨询, 什么政策, 咨询政策, 文件, 规定, 标准, 一户一宅, "
        "流程, 手续, 材料, 需要什么材料, 怎么办理, 哪里办, 在哪办, 几点上班, 几点下班, 办公时间, "
        "上班时间, 居委会, 居委会电话, 办事大厅, 政务中心, 行政, 档案, 军转, 退役, 退伍, 退伍军人, "
        "转业, 兵役, 征兵, 选举, 投票, 换届, 信访, 政务公开, 信息公开, 党员, 党组织, 党组织关系, 党费, "
        "公证, 村委会, 村干部, 办事处, 街道办, 政府回复, 回复, 答复, 法律援助, 法律咨询, 人口普查, "
        "登记, certificate, residence permit, residency, household register, household registration, "
        "hukou, id card, passport, visa, permit, licence, license, proof of address, "
        "proof of residence, stamp, paperwork, papers, document, documents, form, apply for, "
        "application, register, registration, policy, policies, regulation, procedure, opening hours, "
        "office hours, what time do you open, when do you open, marriage certificate, "
        "birth certificate, legal aid, legal advice, veteran, vote, election, which office, "
        "how do i get, where do i apply",
        hints="咨询, 请问, 如何, 怎么办, 怎么办手续, 申办, 办, 证, 干部, 政府, how to, where can i, "
        "question, ask, office",
        lead=COMMITTEE,
        visibility=PRIVATE,
        asks_place=False,
    ),
    Kind(
        code="culture_sports_activity",
        zh="文体活动",
        en="Culture and sports",
        words="活动, 活动室, 文化活动, 社区活动, 公益活动, 志愿活动, 志愿者, 义工, 报名活动, 兴趣班, "
        "书法, 合唱团, 舞蹈队, 太极, 太极拳, 象棋, 棋牌室, 图书馆, 图书室, 阅览室, 书屋, 文化站, "
        "文化馆, 博物馆, 健身, 健身器材, 健身设施, 健身房, 体育, 体育场, 体育馆, 运动场, 篮球, 篮球场, "
        "足球场, 乒乓球, 羽毛球, 游泳池, 游泳馆, 球场, 跑道, 公园, 儿童乐园, 滑梯, 游乐设施, 沙坑, "
        "电影放映, 演出, 比赛, 亲子活动, 节日活动, 晚会, 旅游, 景区, 场地, activity, activities, "
        "event, events, volunteer, volunteering, sports, sport, gym equipment, fitness equipment, "
        "exercise equipment, playground, slide, swing, basketball, football, badminton, table tennis, "
        "ping pong, swimming, library, reading room, choir, dance class, tai chi, chess, "
        "painting class, calligraphy, museum, concert, film, park bench, community centre, "
        "community center, hobby, club, festival, workshop",
        hints="文化, 娱乐, 参加, 报名, 队, 广场, 跳舞, park, join, dance, class, sing",
        lead=ORGANISATION,
        assist=(VOLUNTEERS, COMMITTEE),
        asks_place=False,
    ),
    Kind(
        code="pets",
        zh="宠物",
        en="Pets",
        words="狗, 遛狗, 养狗, 养犬, 犬, 犬只, 流浪狗, 流浪猫, 流浪犬, 猫, 养猫, 野猫, 宠物, 狗叫, "
        "狗吠, 狗屎, 狗粪, 狗便, 狗绳, 不牵绳, 不栓绳, 不拴绳, 大型犬, 烈性犬, 恶犬, 狗咬, 被狗咬, "
        "咬人, 狗证, 犬证, 一户多犬, 养鸽子, 养鸡, 公鸡, 打鸣, 喂猫, 虫蛇, dog, dogs, puppy, cat, "
        "cats, pet, pets, stray, stray dog, stray cat, leash, unleashed, barking, barks, bark, "
        "dog poop, dog mess, poop, bitten, dog bite, rooster, pigeons, off the lead",
        hints="牵绳, 咬, 动物, animal, animals, bite, feeding",
        lead=COMMITTEE,
        assist=(PROPERTY, VOLUNTEERS),
    ),
    Kind(
        code="other",
        zh="其他",
        en="Something else",
        words="",
        lead=COMMITTEE,
        visibility=PRIVATE,
        asks_place=False,
    ),
)

KINDS: Mapping[str, Kind] = MappingProxyType({kind.code: kind for kind in _ALL})


def get_kind(code: str) -> Kind:
    """The kind of this code; raises KeyError for a code that is not in the list."""
    return KINDS[code]

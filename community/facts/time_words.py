"""The words that tell time, Chinese and English: what each stands for, and the patterns that find them.

`time_atoms.py` makes atoms of what the patterns find; `times.py` puts neighbours together.
"""

# ruff: noqa: E501, ISC004 - word lists and patterns are read across, an alternative a line

from __future__ import annotations

import re

from community.facts.numbers import NAMED

# Parts of a day: from which hour to which. After 24 it is the next day.
PARTS = {
    "凌晨": (0, 5), "后半夜": (24, 29), "前半夜": (20, 24), "大半夜": (23, 27), "半夜": (23, 27), "三更半夜": (23, 27),
    "深夜": (22, 27), "深更半夜": (23, 27), "午夜": (23, 25), "夜里": (21, 29), "夜间": (21, 29), "夜晚": (19, 24),
    "晚上": (18, 24), "晚间": (18, 24), "晚": (18, 24), "夜": (20, 28), "傍晚": (17, 19), "黄昏": (17, 19),
    "下午": (12, 18), "午后": (12, 15), "中午": (11, 13), "正午": (12, 13), "午休时?": (12, 14), "午间": (12, 14),
    "上午": (8, 12), "早上": (6, 9), "早晨": (6, 9), "清晨": (5, 7), "清早": (5, 8), "大清早": (5, 8), "一大早": (5, 8),
    "大早上": (5, 9), "一早": (5, 9), "早": (6, 9), "晨": (5, 8), "白天": (8, 18), "饭点": (11, 13), "天亮": (5, 7), "天不亮": (4, 6), "天没亮": (4, 6), "天刚亮": (5, 7), "晌午": (11, 13), "后晌": (13, 17), "下晌": (13, 17), "头晌": (8, 11), "晚黑": (18, 22), "朝早": (6, 9), "晏昼": (11, 14), "半夜三更": (23, 27), "大白天": (8, 18), "擦黑": (17, 19), "天黑": (18, 20),
    "morning": (6, 12), "afternoon": (12, 18), "evening": (18, 22), "night": (20, 28), "nights": (20, 28),
    "mornings": (6, 12), "evenings": (18, 22), "afternoons": (12, 18), "lunchtime": (12, 14), "dawn": (5, 7),
    "dusk": (17, 19), "bedtime": (21, 23), "nighttime": (20, 28), "dinner time": (17, 19), "dinnertime": (17, 19), "sunrise": (5, 7), "sunset": (17, 19), "early hours": (24, 29), "small hours": (24, 29),
}  # fmt: skip
NEAR_DAYS = {
    "大前天": -3, "前天": -2, "前日": -2, "前": -2, "前儿": -2, "昨天": -1, "昨日": -1, "昨": -1, "昨儿": -1, "今天": 0, "今日": 0,
    "今": 0, "今儿": 0, "当天": 0, "当晚": 0, "明天": 1, "明日": 1, "明": 1, "明儿": 1, "后天": 2, "大后天": 3, "琴日": -1, "琴晚": -1, "寻晚": -1, "昨儿个": -1, "今儿个": 0, "头天": -1,
    "寻日": -1, "今朝": 0, "听日": 1, "today": 0, "yesterday": -1, "tomorrow": 1, "the day before yesterday": -2,
    "day before yesterday": -2, "the day after tomorrow": 2, "day after tomorrow": 2, "tonight": 0, "last night": -1, "overnight": -1, "yday": -1, "ystd": -1, "2day": 0, "2nite": 0,
}  # fmt: skip
WEEKDAYS = {sign: index for index, sign in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5} | {
    str(index + 1): index for index in range(7)
}  # fmt: skip
EN_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
ANY_WEEKDAY, ANY_MONTH = "|".join(EN_WEEKDAYS), "|".join(MONTHS)
SHIFTS = {
    "上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2, "last": -1, "past": -1, "this": 0, "next": 1, "": 0,
}  # fmt: skip
EN_THIRDS = {
    "beginning": "初", "start": "初", "early": "初", "middle": "中", "mid": "中", "end": "底", "late": "底",
}  # fmt: skip
HOLIDAYS = {
    "国庆": (10, 1, 8), "十一长假": (10, 1, 8), "五一": (5, 1, 6), "劳动节": (5, 1, 6), "元旦": (1, 1, 2), "圣诞": (12, 25, 26),
    "双十一": (11, 11, 12), "national day": (10, 1, 8), "christmas": (12, 25, 26), "new year's day": (1, 1, 2),
    "new year's eve": (12, 31, 32), "labour day": (5, 1, 6), "may day": (5, 1, 6), "halloween": (10, 31, 32),
}  # fmt: skip
MOVING_HOLIDAYS = "早高峰|晚高峰|高峰期|下班后|放学后|饭后|台风天|下雨天|暴雨天|十一(?=期间|假期|黄金周|那几天)|入[冬夏秋春]|开春|春节|过年|除夕|大年三十|年三十|大年初[一二三四五]|元宵节?|清明节?|端午节?|中秋节?|重阳节?|暑假|寒假|chinese new year|spring festival|mid-autumn"

N = "(?:[0-9]{1,4}|[俩仨]|[一二两三四五六七八九十百]{1,4})"
_SOME = "(?:好几|几十|十几|几|半|多少|若干)"
EN_N = rf"(?:[0-9]{{1,4}}(?:\.[0-9])?|{'|'.join(NAMED[:0:-1])}|thirty|forty|fifty|an?(?:\scouple(?:\sof)?|\sfew|\ssingle|\swhole|\sgood)?|(?:the\slast\s|the\spast\s)?(?:couple(?:\sof)?|few)|several|many|some|half\san?|a\shalf)"
ZH_UNITS = (
    "分钟|刻钟|小时|钟头|钟(?!声)|个?晚上|晚|宿|夜|天(?![天花台井线窗桥气然亮黑])|日|周|星期|礼拜|月|年|季度"
)
EN_UNITS = r"(?:min(?:ute)?|hour|hr|day|night|week|month|year|weekend|fortnight|decade)s?"
_CLOCK_N = "(?:[01]?[0-9]|2[0-4]|二十[一二三四]?|十[一二三四五六七八九]?|[零一二两三四五六七八九])"
_MINUTE_N = "(?:[0-5]?[0-9]|[二三四五]?十[一二三四五六七八九]?|零[一二三四五六七八九])"
_BARE_DAY = r"(?=\s?(?:[早晚上下中凌]|那[天日]|当天|有(?:活动|啥|什么|没|冇|无|课|讲座|空)|搞|办|活动|的活动|我[来去]|去|参加|报名))"
_WEEK = "(?:周|星期|礼拜)"
_EN_DAY = r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)"
_EN_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_EN_PART = r"(?:morning|afternoon|evening|night(?:time)?)"


def _names(*words: str) -> str:
    return "|".join(sorted(words, key=lambda word: -len(word)))


_ZH_PARTS = _names(*(word for word in PARTS if not word.isascii() and word not in ("晚", "夜", "早", "晨")))

# Each alternative is an atom; the first that fits at a position wins, so the longer ones stand first.
ZH_ATOMS = re.compile(
    "|".join(
        (
            r"(?P<iso>(?<![0-9])20[0-9]{2}[-/.年]\s?[01]?[0-9][-/.月]\s?[0-3]?[0-9](?![0-9])[日号]?)",
            rf"(?P<every>(?:每|逢)(?:逢|到|隔|一?个)?(?:{N}个?)?(?:工作日|周末|{_WEEK}[一二三四五六日天末](?:到{_WEEK}?[一二三四五六日天])?"
            rf"|天|日|周|星期|礼拜|月(?:初|底|中)?|年|小时|钟头|分钟|(?=晚|夜|早|凌晨|半夜|深夜|下午|中午|上午|清晨|傍晚|[上下]午|到?[晚夜]))"
            r"|(?:每次|每回|每逢|一)下(?:大|暴)?雨|一年到头|一年四季|隔{N}天|全天候|整天整夜|天天|日日|夜夜|晚晚|周周|月月|年年|隔天|隔三差五|隔三岔五|三天两头|成天|成日|成晚|整天|整日|整宿|整晚|整夜|通宵|彻夜|一天到晚|从早到晚|"
            rf"没日没夜|日日夜夜|白天黑夜|白天晚上|早晚(?=都|各|高峰)|逢年过节|{N}[天日周月]{N}[次回趟]|(?:一到|一过|到了)(?=[晚夜早凌半深傍中下上周星礼节冬夏0-9]|[一二三四五六七八九十]+[点月])|"
            r"(?:工作日|节假日))",
            rf"(?P<ago>(?:大概|差不多|大约)?(?:{_SOME}|{N})\s?(?:多|来)?个?半?多?(?:{ZH_UNITS})多?(?:之前|以前|前(?!后|面|台|门|天)))",
            r"(?P<lunar>(?:农历|阴历)?(?:正月|腊月|冬月|[一二三四五六七八九十]{1,2}月)(?:初[一二三四五六七八九十]|十五|十六|廿[一二三四五六七八九])(?![日号一二三四五六七八九])|(?:正月|腊月|冬月|(?:农历|阴历)[一二三四五六七八九十]{1,2}月)(?:二十[一二三四五六七八九]?|三十)(?![日号一二三四五六七八九])|(?:农历|阴历)(?:每月)?(?:初[一二三四五六七八九十]|十五|[^\s，。,.]{2,4})|初一[、和]?十五)",
            r"(?P<month>(?:(?P<year>20[0-9]{2}|去|今|前|明)年?\s?)?(?<![0-9])(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月份?"
            rf"(?:\s?(?P<d>[0-3]?[0-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|初[一二三四五六七八九十])(?:[日号](?!楼|栋|线)|{_BARE_DAY}|(?=\s?(?:$|[,，。?？!！吧的])))|(?P<third>初|底|中旬?|上旬|下旬))?)",
            rf"(?P<weekday>(?:(?P<w>上上|上|这|本|下下|下)个?)?{_WEEK}(?P<wd>[一二三四五六日天末]|[1-7](?![0-9个天]))(?!年|期))",
            rf"(?P<week>(?P<ws>上上|上|这|本|下下|下)个?{_WEEK}(?!年|期))",
            r"(?P<this_month>(?P<ms>上上|上|这|本|下)个?月(?:份)?(?:\s?(?P<md>[0-3]?[0-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号](?!楼|栋))?(?P<mt>初|底|末|尾|中旬|中(?![国午心文间])|上旬|下旬)?|(?:(?<![个岁])月|(?<!月)(?=[上中下]旬))(?P<mt2>初|底|末|尾|中旬|中(?![国午心文间])|上旬|下旬))",
            r"(?P<yearly>(?:去|今|前|明)年(?:(?=[^纪龄轻])|$)(?P<season>年?[初底]|春天|夏天|秋天|冬天|开春|入[冬夏秋])?|(?<![0-9])20[0-9]{2}年)",
            rf"(?P<recent>最近(?!的(?:地铁|公交|医院|超市|银行))(?:这?几天|这?[两一]周|{N}个?(?:天|月|周|星期))?|近(?:期|来|些天|几[天日周]|{N}(?:天|日|周|个月|年)|半(?:年|个月))|这{N}个?(?:多)?(?:天|月|周|星期|礼拜|年)|这半(?:个月|年|天)|过去(?:的)?(?:一|半|两|三|几|[0-9]+)个?(?:天|周|星期|月|年)|这(?:[几两]|[好]几)(?:天|日|个?晚上?|晚|周|个月|个星期|个礼拜|年)|"
            r"这(?:阵子|段时间|段日子|一阵子?|些天|些日子)|前(?:[几两](?:天|日|周|个月|个星期|年|晚)|阵子|段时间|些天|些日子|一阵子?)|刚才|刚刚|方才|适才|头(?:两|几)天|上次|上回|不久前|好久以前|早些时候)",
            rf"(?P<holiday>(?:{_names(*(word for word in HOLIDAYS if not word.isascii()))}|{MOVING_HOLIDAYS})(?:节|假期|期间|那[几]?天|前后|后|前)?)",
            r"(?P<day>昨儿个|今儿个|琴晚|寻晚|大前天|大后天|头天|[昨今明后前当][天日儿](?!气)|[昨今明前当](?=[上下]午|[晚夜早晨](?![上饭]?年))|后天|琴日|寻日|今朝|听日)",
            rf"(?P<part>{_ZH_PARTS})(?!好(?:[，,。!！ ]|$))",
            r"(?P<short_part>(?<=[昨今明前当每天日一二三四五六末号])(?:晚|夜|早|晨)(?![饭餐点市])|(?<![傍今昨当每])[晚早](?=[0-9一二两三四五六七八九十]{1,3}点))",
            rf"(?P<clock>(?<![0-9:])[0-2]?[0-9]:[0-5][0-9](?::[0-5][0-9])?(?![0-9:])"
            rf"|(?<![0-9第这有:.一二三四五六七八九十])(?:[一二两三四五六七八](?=[二三四五六七八九]点))?(?P<h>{_CLOCK_N})(?:(?<!一)点|(?<=[十]一)点|(?<=一)点(?!都|也)|时(?![候间常不而光刻]))(?!建议|意见|问题|要求|点|儿)"
            rf"(?:钟|整)?(?P<min>半|一刻钟?|三刻钟?|{_MINUTE_N}(?:分|(?![0-9个天年月号点楼]))|多|许|过(?!来|去|后|了)|来钟|出头|几分|不到)?)",
            rf"(?P<dur>(?<![0-9一二两三四五六七八九十百第每隔这那上下去前今明])(?:{_SOME}|{N})\s?(?:多|来|整|余)?个?(?:半|多|整)?(?:{ZH_UNITS})(?![级龄纪代货轻薪租费卡票票假花报楼气月日岁台])(?:多(?!少)|半|有余)?(?:{N}个?(?:小时|天|分钟|半月|半小时|月)|半)?"
            r"|一?(?:整|大半|小半|半|上半|下半)(?:个)?(?:天|日|晚上?|夜|上午|下午|早上|宿|月|年|小时|星期|辈子)|半天|大半天|好半天|好久|很久|老半天|半晌|(?:好|很|老)长(?:一段)?时间|一段时间|有段时间|好?一阵子?|有一阵子?|个把(?:小时|钟头|月|星期|礼拜)|半拉月|小半(?:年|天)|成个?(?:月|星期|礼拜|钟头?|夜|年)|多年|好些天|好些年|成年累月|许久)",
            r"(?P<date>(?<![0-9第一二三四五六七八九十./位住-])(?<!位是)(?<!住在)(?<!家在)(?P<dd>[0-3]?[0-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号](?![到至-][0-9一二三四五六七八九十]{1,3}号?[楼栋幢])(?=[早晚上下中凌傍半]|那天|开始|起|以来|到|就|停|坏|漏|报|修|来|发|出|断|没|打|给|有|被|当|之|的(?!电梯|门禁|房子|住户|邻居|楼|单元|水管|路?灯)|$|[，,。 ]))",
            r"(?P<slash>(?<![0-9/.-])(?P<sm>1[0-2]|0?[1-9])/(?P<sd>[0-3]?[0-9])(?![0-9/]))",
            rf"(?P<point>(?<![0-9a-z.:-])(?P<pm>1[0-2]|0?[1-9])\.(?P<pd>[0-3]?[0-9])(?![0-9.]){_BARE_DAY})",
        )
    )
)

EN_ATOMS = re.compile(
    r"\b(?:"
    + "|".join(
        (
            rf"(?P<every>(?:every|each)\s(?:single\s|other\s|second\s)?(?:few\s|couple\sof\s|{EN_N}\s)?(?:(?:week)?days?|nights?|mornings?|afternoons?|"
            rf"evenings?|weekends?|weeks?|months?|years?|hours?|minutes?|{_EN_DAY})(?:\s{_EN_PART})?"
            r"|(?:24|twenty[-\s]four)\shours\sa\sday|(?:7|seven)\sdays\sa\sweek|(?:every\stime|each\stime|whenever|when)\s(?:it|there's|there\sis)\s(?:rains?|pours|storms|heavy\srain|a\sstorm)|from\s(?:morning|dawn|dusk)\s(?:to|till|until)\s(?:night|dusk|dawn|evening)|nightly|daily|weekly|24/7|(?P<again>night|day|week|month|year)\safter\s(?P=again)|day\sand\snight|night\sand\sday|day\sin(?:,?\sand)?,?\sday\sout|(?:a)?round\sthe\sclock|"
            rf"(?:once|twice|(?:{EN_N})\stimes)\s(?:an?|per|every|each)\s(?:day|night|week|month|hour)|"
            r"(?:(?:on|at|most|some|during\sthe|in\sthe)\s)?(?:mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays|weekends|weekdays|weeknights)(?:\snights?|\smornings?)?|"
            rf"(?:(?:on|at)\s)?(?:weekday|weekend|week)\s?(?:mornings|nights|evenings|afternoons)|(?:nearly|almost)\severy\s(?:day|night|morning|evening|week|weekend)|{_EN_DAY}\s(?:mornings|nights|evenings|afternoons)|most\s(?:nights|days|mornings|evenings|weeks)|at\snights|in\sthe\s(?:evenings|mornings|afternoons)|all\sthe\stime\sat\snight)",
            rf"(?P<ago>(?:about\s|around\s|over\s|nearly\s|almost\s|more\sthan\s)?{EN_N}(?:\sor\s(?:two|three|so)|\sand\sa\shalf)?\s?(?:{EN_UNITS})(?:\sor\sso)?\s(?:ago|back|earlier)\b|(?:hours|days|weeks|months|years|ages)\sago|a\swhile\s(?:ago|back)|(?:not\s)?long\sago|moments?\sago|a\smoment\sago)",
            r"(?P<iso>20[0-9]{2}[-/.][01]?[0-9][-/.][0-3]?[0-9](?![0-9]))",
            rf"(?P<month>(?:(?P<d1>[0-3]?[0-9])(?:st|nd|rd|th)?\s(?:of\s)?(?P<m1>{_EN_MONTH})|(?P<m2>{_EN_MONTH})\s(?:the\s)?(?P<d2>[0-3]?[0-9])(?:st|nd|rd|th)?(?![0-9:]|\s?[ap]\.?m))(?:,?\s(?P<y>20[0-9]{{2}}))?"
            rf"|(?:(?<=early\s)|(?<=late\s)|(?<=mid\s)|(?<=mid-)|(?<=last\s)|(?<=this\s)|(?<=since\s)|(?<=in\s)|(?<=around\s)|(?<=from\s)|(?<=until\s)|(?<=of\s)|(?<=by\s))(?P<m3>{_EN_MONTH})(?:\s(?P<y3>20[0-9]{{2}}))?)",
            r"(?P<nth_of_month>(?:on\s)?(?:the\s)?(?P<nd>[0-3]?[0-9])(?:st|nd|rd|th)\sof\s(?P<nm>this|next|last|the)\smonth|(?P<nm2>this|next|last)\smonth,?\s(?:on\s)?(?:the\s)?(?P<nd2>[0-3]?[0-9])(?:st|nd|rd|th))",
            r"(?P<month_part>(?:at\s)?(?:the\s)?(?P<mp>beginning|start|middle|end)\sof\s(?P<mpm>this|next|last|the)\smonth|(?:the\s)?(?P<mp2>early|mid|middle|late)(?:\sin)?[\s-](?P<mpm2>this|next|last)?\s?month|\bmonth[-\s]end\b)",
            rf"(?P<weekday>(?:(?P<w>last|this|past|next)\s)?(?P<wd>{_EN_DAY})\b(?!'s))",
            r"(?P<week>(?:the\s)?(?P<ws>last|this|past|next)\s(?P<what>week(?:end)?|month|year|spring|summer|autumn|fall|winter)(?!s)|(?:over\s|at\s)?the\sweekend|the\sother\s(?:day|night|week|morning|evening))",
            r"(?P<recent>first\sthing(?:\sin\sthe\smorning)?|(?:during\s(?:the\s)?)?(?:morning\s|evening\s)?(?:rush|peak|lunch)\s(?:hours?|break)|(?:after|before|during)\s(?:dark|lunch|dinner|supper|breakfast|work|school|midnight|the\s(?:storm|typhoon|rain|holidays?|flood))|(?:the\s)?(?:night|week|weekend|month)\sbefore\slast|(?:the\s|at\sthe\s)?(?:beginning|start|end|middle)\sof\s(?:the|this|last)\s(?:week|month|year|summer|winter)|just\snow|right\snow|recently|lately|nowadays|these\s(?:days|past\sdays|last\sdays)|these\s(?:last\s|past\s)?few\s(?:days|nights|weeks)|a\smoment\sago|this\sminute|earlier\s(?=today|this))",
            rf"(?P<holiday>{_names(*(word for word in HOLIDAYS if word.isascii()))}|(?:chinese|lunar)\snew\syear|new\syear|spring\sfestival|mid[-\s]autumn(?:\sfestival)?|golden\sweek|dragon\sboat(?:\sfestival)?|qingming|labor\sday|lantern\sfestival|(?:the\s)?(?:summer|winter|school|national)\sholidays?|the\sholidays?)",
            r"(?P<day>(?:the\s)?day\sbefore\syesterday|(?:the\s)?day\safter\stomorrow|yesterday|today|tomorrow|tonight|overnight|last\snight|yday|ystd|2nite|2day)",
            rf"(?P<clock>(?P<between>(?<!stuck\s)between|from)?\s?(?<![0-9:/-])(?P<b1>[0-9]{{1,2}}|{'|'.join(NAMED[12:0:-1])})(?::(?P<bm1>[0-5][0-9]))?\s?(?P<bap1>[ap]\.?m\.?)?\s?(?:-|to|and|until|till)\s?"
            rf"(?P<b2>[0-9]{{1,2}}|{'|'.join(NAMED[12:0:-1])})(?::(?P<bm2>[0-5][0-9]))?(?:\s?(?P<bap2>[ap]\.?m\.?)|(?(between)(?!\s(?:people|days|floors|blocks|buildings|units|kids|families|households|times|%)|[0-9:])|(?!))|(?=\sin\sthe|\sat\snight|$|[,.]|\severy|\seach|\sthis|\slast|\syesterday))(?![0-9/-])"
            r"|(?P<h>[01]?[0-9]|2[0-4])(?:[:.](?P<mi>[0-5][0-9]))?(?:\s?-\s?(?=[0-9]{1,2}\s?[ap]\.?m))?\s?(?P<ap>[ap]\.?m\b\.?|[ap]m(?=ish))(?:ish)?"
            r"|(?<![:.])(?P<h2>[01]?[0-9]|2[0-3]):(?P<mi2>[0-5][0-9])(?![0-9:])"
            rf"|(?P<half>half|(?:a\s)?quarter)\s(?P<to>past|to)\s(?P<h3>[0-9]{{1,2}}|{'|'.join(NAMED[12:0:-1])})|(?P<h4>[0-9]{{1,2}}|{'|'.join(NAMED[12:0:-1])})(?:-ish)?\s?o'?\s?clock"
            rf"|(?P<prep>at|after|past|around|about|before|by|until|till|from|since|gone|like)\s(?:about\s|around\s)?(?P<h5>[0-9]{{1,2}}|{'|'.join(NAMED[12:0:-1])})(?:ish)?(?=\s*(?:$|[.,;!?，。]|in\sthe|at\snight|tonight|last|yesterday|this|every|each|and\b|to\b|till|until|on\b|today|or\sso|the|there|it\b|we\b|they\b|i\b|he\b|she\b|nobody|no\b|my\b|-\s?[0-9]))(?!\s(?:and|or|to)\s(?:a\shalf|[a-z0-9]+)\s(?:people|days?|hours?|weeks?|months?|kids|floors?))"
            r"|(?P<named>midnight|noon|midday))",
            r"(?P<part>(?:(?:early|late)\s(?=this))?(?:this\s)?(?:(?:in|during|at|of|through|until|before|by|since)\s(?:the\s)?)?(?:(?:very\s)?(?:early|late|mid)(?:\sin\sthe|\sat|-|\s)\s?)?(?:the\s)?(?:middle\sof\sthe\s|small\shours|wee\shours)?"
            r"(?P<pw>morning|afternoon|evening|night|lunchtime|dawn|dusk|nighttime|bedtime|dinner\s?time|sunrise|sunset|early\shours|small\shours)\b(?!\s(?:shift|guard|market|bus|light|club|watch|everyone|all,|all\.)))",
            rf"(?P<dur>(?:(?:for|over|past|last|nearly|almost|about|around|under|than|least|whole|entire|some|the|at|more|well|close|to)\s)*(?:a\sgood\s)?(?P<n>{EN_N})(?:\s?-\s?[0-9]+|\sor\s(?:two|three|so|more|four|five)|\sand\sa\shalf|\sto\s[a-z0-9]+)?[\s-]?(?:full\s|whole\s|solid\s|straight\s|odd\s|more\s|long\s|working\s|consecutive\s|entire\s)?(?P<u>{EN_UNITS})\b"
            r"(?:\sand\sa\shalf)?(?:\sor\s(?:so|more))?(?:\s(?:now|already|straight|in\sa\srow|running|and\scounting|so\sfar|on\send|solid))*"
            r"|for\s(?:the\s(?:past|last)\s)?(?:ages|hours|days|weeks|months|years|so\slong|a\s(?:long\s)?(?:time|while)|long|some\stime|quite\ssome\stime|quite\sa\swhile)(?:\snow|\salready)?|(?:days|weeks|months|hours|years|ages)\s(?:now|already|on\send)"
            r"|(?:for|over|during)\sthe\s(?:past|last)\s(?:night|day|week|month|year|weekend|hour|season)|(?:all|the\swhole|the\sentire)\s(?:day|night|morning|afternoon|evening|week|weekend|month|year|summer|winter)(?:\slong)?(?!\swas))",
            r"(?P<date>(?:on\s)?the\s(?P<dd>[0-3]?[0-9])(?:st|nd|rd|th)(?!\s(?:(?:and|to|or)\s(?:the\s)?(?:#|[0-9]{1,2}(?:st|nd|rd|th)\sfloor)|floor|building|block|unit|entrance|time|level|flat|street|room|door|gate|stair|lift|one|person|grid|of\sthem|century|(?:of\s)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))))",
            r"(?P<slash>(?<![0-9/.-])(?P<sm>[0-3]?[0-9])/(?P<sd>[0-3]?[0-9])(?![0-9/]))",
        )
    )
    + ")"
)

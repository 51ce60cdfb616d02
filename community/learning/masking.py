"""Takes personal data out of words before anybody looks at them: numbers, names, rooms, plates, addresses of any kind.

Rather one word too many than a person too few: what is masked teaches the bot as well as what it stood for.
"""

from __future__ import annotations

import re

PHONE, NUMBER, EMAIL, LINK = "〔电话〕", "〔号码〕", "〔邮箱〕", "〔网址〕"
PLATE, ROOM, NAME = "〔车牌〕", "〔房号〕", "〔姓名〕"
SERVICE = re.compile(
    r"12110|12123|12306|12315|12320|12328|12329|12333|12338|12345|12348|12355|12356|12366|12367|12369|12377|12385|"
    r"12389|12393|95598|96110|10000|10010|10086"
)
"""Numbers of services of five digits: they are nobody's."""

_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章云苏潘葛范彭郎鲁韦昌马苗凤方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋"
    "茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪干解应宗丁"
    "宣邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲家封芮储靳段焦巴弓牧隗山谷车侯全班仰秋仲伊宫宁仇栾甘厉祖武符刘"
    "景詹束龙叶幸司韶黎薄印宿白怀蒲台从鄂索赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰桑桂牛寿通边扈燕冀尚农温"
    "别庄晏柴瞿阎慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄东殳沃利蔚越夔隆师巩聂晁勾敖融冷辛阚那简饶"
    "曾关蒯相查后荆红游竺权盖益桓公肖邝冼欧覃佘闫"
)
_GIVEN = r"[㐀-鿿]"
_TITLE = (
    "先生|女士|小姐|阿姨|大妈|大爷|大叔|叔叔|伯伯|奶奶|爷爷|婆婆|公公|师傅|老师|医生|主任|书记|经理|太太|"
    "姐|哥|叔|姨|伯|婶|嫂|总"
)
_END = r"(?=$|[，。,.!！?？、；;\s的了在是说家住和跟有要想也今昨刚号])"
_SAID = "零〇一二三四五六七八九幺两"
_DIGIT = f"[0-9{_SAID}]"
_PROVINCE = "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使领]"
_CALLED = r"我叫|名叫|名字叫做?|名字是|姓名[是:：]?"
_WHO = "本人叫?|我妈叫|我爸叫|[他她]叫|老公叫|老婆叫|儿子叫|女儿叫|联系人[是:：]?"
_LATIN_NAME = r"[A-Z][A-Za-z'-]+(?:\s+[A-Z][A-Za-z'-]+){0,2}"

_MASKS = (
    (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", EMAIL),
    (r"(?i:https?://|www\.)[^\s㐀-鿿]+", LINK),
    (r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}[0-9]{7}[0-9xX](?![0-9])", NUMBER),
    (r"(?<![0-9])[0-9](?:[ -]?[0-9]){14,}(?![0-9])", NUMBER),
    (rf"{_PROVINCE}\s?[A-Za-z]\s?[·.]?\s?[A-Za-z0-9]{{4,6}}[0-9A-Za-z挂学警港澳]", PLATE),
    (r"(?<![0-9])(?:\+?86[- ]?)?1[3-9](?:[- ]?[0-9]){9}(?![0-9])", PHONE),
    (r"(?<![0-9])\(?0[1-9][0-9]{1,2}\)?[- ]?[0-9]{3,4}[- ]?[0-9]{4}(?![0-9])", PHONE),
    (r"(?<![0-9+])\+[1-9](?:[ ()-]?[0-9]){6,14}", PHONE),
    (r"(?<![0-9])[0-9](?:[ -]?[0-9]){6,}(?![0-9])", NUMBER),
    (rf"[{_SAID}](?:[ ,，、]?[{_SAID}]){{6,}}", NUMBER),
    (r"((?i:微信号?|qq|v信|wechat)(?:号|是|:|：|\s|id|ID)*)[A-Za-z0-9_-]{4,}", rf"\1{NUMBER}"),
    (
        (
            rf"({_DIGIT}{{1,4}}\s?(?:号楼|号院|栋|幢|座|单元|楼|层|门|梯)\s?[-,，]?\s?)"
            rf"[A-Za-z]?{_DIGIT}{{2,5}}[A-Za-z]?(?:室|房|号|户)?(?![号栋幢单元0-9块元点个])"
        ),
        rf"\1{ROOM}",
    ),
    (rf"[A-Za-z]?{_DIGIT}{{1,5}}[A-Za-z]?\s?(?:室|房(?!间))", ROOM),
    (r"(?<![0-9-])[0-9]{1,3}-[0-9]{1,2}-[0-9]{3,4}(?![0-9-])", ROOM),
    (
        r"\b((?i:room|flat|apartment|apt\.?|unit)\s+(?:no\.?\s*)?)#?[A-Za-z]?[0-9]{2,5}[A-Za-z]?\b",
        rf"\1{ROOM}",
    ),
    (rf"({_CALLED}|{_WHO})\s?{_GIVEN}{{2,4}}?{_END}", rf"\1{NAME}"),
    (rf"({_CALLED})\s?[A-Za-z㐀-鿿·]{{1,12}}", rf"\1{NAME}"),
    (
        rf"((?:我是|这里是|本人|我妈|我爸|老公|老婆|业主|住户)\s?)[{_SURNAMES}]{_GIVEN}{{1,2}}{_END}",
        rf"\1{NAME}",
    ),
    (rf"(我姓|免贵姓|姓)[{_SURNAMES}](?!名)", rf"\1{NAME}"),
    (rf"(?:欧阳|司马|上官|诸葛|[{_SURNAMES}]){_GIVEN}{{0,2}}?({_TITLE})", rf"{NAME}\1"),
    (
        r"(?i:\b(my name is|my name's|name:|i am called|call me))\s+[A-Za-z'-]+(?:\s+[A-Z][A-Za-z'-]+){0,2}",
        rf"\1 {NAME}",
    ),
    (rf"(?i:\b(i am|i'm|i’m|this is|it's))\s+(?!I\b){_LATIN_NAME}", rf"\1 {NAME}"),
    (rf"(?i:\b(mrs?|ms|miss|dr)\b)\.?\s+{_LATIN_NAME}", rf"\1 {NAME}"),
)
_STEPS = tuple((re.compile(pattern), by) for pattern, by in _MASKS)
_WIDE = {ord(wide): chr(ord(wide) - 0xFEE0) for wide in "＋－．＠＿０１２３４５６７８９"} | {
    code: code - 0xFEE0 for code in (*range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_LONG = re.compile(r"(?<![0-9〔])[0-9]{5,}(?![0-9])")


def fold(words: str) -> str:
    """The words with usual letters and digits in place of full-width ones; Chinese punctuation stays."""
    return words.translate(_WIDE)


def mask(words: str) -> str:
    """The words with 〔…〕 in place of what leads to a person. Full-width signs become usual ones."""
    text = fold(words)
    for pattern, by in _STEPS:
        text = pattern.sub(by, text)
    return _LONG.sub(lambda found: found[0] if SERVICE.fullmatch(found[0]) else NUMBER, text)

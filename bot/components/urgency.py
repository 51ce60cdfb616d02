"""How soon a need must be looked at, read from its words: minutes, this day, or as its kind is looked at.

Works on normal texts. What the rules miss of danger, the intent classifier finds by likeness.
"""

from __future__ import annotations

import re

NORMAL, URGENT, CRISIS = "normal", "urgent", "crisis"

_LATIN = re.compile(r"\(?(?:\?:)?[a-z0-9]")


def is_danger_to_self(text: str) -> bool:
    """True when somebody says that they, or another person, may end their life."""
    return _DANGER_TO_SELF.search(text) is not None


def find_urgency(text: str) -> str:
    """CRISIS for danger to life, URGENT for what cannot wait for tomorrow, else NORMAL."""
    if is_danger_to_self(text) or _DANGER_TO_LIFE.search(text):
        return CRISIS
    return URGENT if _PRESSING.search(text) else NORMAL


def _any_of(words: str) -> re.Pattern[str]:
    """One pattern for a comma list of regular expressions; those in Latin letters match whole words only."""
    parts = (word.strip() for word in words.split(","))
    return re.compile("|".join(rf"\b(?:{part})\b" if _LATIN.match(part) else part for part in parts))


# Somebody may hurt themselves. Broad on purpose: a question too many is better than one too few.
_DANGER_TO_SELF = _any_of(
    "想死(?!你|她|他|我了|大家), 不想活, 不想再活, 活不下去, 不想继续活, 活够了, 自杀(?!式), 轻生, "
    "寻死, 寻短见, 跳楼(?!价|机|大甩卖), 割腕, 自残, 自伤, 自尽, 上吊, 喝农药, 吞药, 一瓶安眠药, "
    "结束(?:自己|我|这条)?的?(?:生命|性命|一生|这一切), 了结(?:自己|生命|这一切|一切), 遗书, 遗言, "
    "死了算了, 死了一了百了, 一了百了, (?<!生)不如(?:去)?死, "
    "死了(?:就|会|应该|也)(?:会)?(?:没有?人|解脱), 死掉算了, 去死算了, 想去死, "
    "活着没(?:有)?(?:什么)?(?:意思|意义), 活着(?:好|太|真)累, 离开这个世界, 离开人世, 想(?:彻底)?解脱, "
    "伤害(?:我)?自己, 想消失, 生无可恋, 不在了(?:你们)?(?:会|就)好, kill myself, killing myself, "
    "kill himself, kill herself, suicide, suicidal, end my life, end it all, ending my life, "
    "take my (?:own )?life, want to die, wanna die, wish i (?:was|were) dead, better off dead, "
    "(?:don't|dont|do not) want to (?:live|be alive|be here anymore), no reason to live, "
    "not worth living, hurt myself, hurting myself, harm myself, harming myself, self[ -]?harm, "
    "cut(?:ting)? myself, urge to cut"
)

# A life may hang on the next minutes, whatever the kind: fire, gas, somebody trapped, somebody being hurt.
_DANGER_TO_LIFE = _any_of(
    "着火了, 起火了, 失火了, 正在(?:着火|起火|冒烟), "
    "(?:煤气|燃气|天然气|液化气|瓦斯)(?:管|罐|灶|表)?(?:泄漏|泄露|漏了|漏气|在漏), 漏气了, "
    "(?:闻到|有|好大|很大|很浓)(?:的|一股)?(?:煤气|燃气|天然气|瓦斯)味, (?:被|还)困在, "
    "困在(?:电梯|轿厢|里面), 有人被困, 人被困, 关在电梯里, 卡在电梯里, 触电了, 有人触电, "
    "救命(?!药|钱|恩), (?:晕倒|昏倒|昏迷)(?:了|在), 没有呼吸, 没呼吸, 煤气中毒, 一氧化碳, 持刀, 拿刀, "
    "要砍, 要杀, 正在(?:打|被打|家暴), 吞了, gas leak, gas is leaking, leaking gas, "
    "smell(?:s|ing)? (?:of )?gas, gas smell, on fire, is burning down, house fire, trapped, "
    "stuck in(?:side)? (?:the |a )?(?:lift|elevator), (?:was|got|been|is) electrocuted, unconscious, "
    "not breathing, carbon monoxide, with a knife, going to kill, help me now"
)

# Not a matter of minutes, but of this day: somebody who depends on it, or damage that grows by the hour.
_PRESSING = _any_of(
    "下不了楼, 下不去楼, 下不来, 下不了, 上不了楼, 上不去, 出不了门, 出不去门, 轮椅, 拄拐, 孕妇, "
    "快生了, 临产, 卧床, 行动不便, 腿脚不便, 腿脚不好, 瘫痪, 透析, 吸氧, 呼吸机, 摔倒, 摔伤, 摔了, "
    "跌倒, 骨折, 流血, 受伤, 漏电, 触电, 火花, 冒火, 冒烟, 漏气, 煤气味, 燃气味, 爆管, 水管爆, 喷水, "
    "淹了, 被淹, 水漫, 倒灌, 砸到人, 砸伤, 掉下来, 要掉, 坠落, 坠物, 困人, 被困, 困住, 反锁, 走失, "
    "走丢, 找不到(?:人|老人|孩子), 没饭吃, 断粮, 发高烧, 高烧, 家暴, 家庭暴力, 虐待, 性侵, 毒打, 打我, "
    "很急, 急急, 紧急, 加急, 着急, 火急, 危险, 人命, 倒塌, wheelchair, "
    "(?:can't|cannot|cant|can not|unable to) (?:get|go|come) (?:down|out|up|upstairs|downstairs), "
    "pregnant, bedridden, dialysis, oxygen, fell, fallen, bleeding, injured, broken leg, sparks?, "
    "sparking, electric shock, short circuit, burst, flood(?:ed|ing)?, about to fall, falling down, "
    "collapsed?, collapsing, missing (?:child|person|grandma|grandpa|mother|father), "
    "locked (?:in|out), stuck, urgent(?:ly)?, emergency, asap, immediately, right away, "
    "danger(?:ous)?, domestic violence, hits me, beats me, abus(?:e|ed|ing)"
)

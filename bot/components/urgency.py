"""What cannot wait for tomorrow, read from the words of a need; danger to life is heard by the alarm before."""

from __future__ import annotations

from components.words_by_sort import Words

NORMAL, URGENT, CRISIS = "normal", "urgent", "crisis"


def is_pressing(text: str) -> bool:
    """Whether a normal text tells of somebody who depends on it today, or of damage that grows by the hour."""
    return _PRESSING.are_in(text)


# Not a matter of minutes, but of this day: somebody who depends on it, or damage that grows by the hour.
_WORDS = (
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
_PRESSING = Words(_WORDS.split(", "))

"""What kind of danger a message tells of, once it is known that it tells of one; and what people answer in it.

That there is danger is understood in Rasa (bot/components/). Here words choose the number to call and the first advice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.actions.turn import Turn
from community.hotlines.models import Danger

SURELY_SELF = 0.99


def _any_of(words: str) -> re.Pattern[str]:
    """One pattern for a list of regular expressions, a line or a bar apart; Latin words whole."""
    parts = [part.strip() for line in words.strip().splitlines() for part in line.split(" | ")]
    return re.compile(
        "|".join(rf"\b(?:{part})\b" if part[0].isascii() and part[0].isalpha() else part for part in parts),
        re.IGNORECASE,
    )


_SELF = _any_of(
    """
    不想活 | 想死 | 自杀 | 轻生 | 跳楼 | 跳下去 | 往下跳 | 割腕 | 自残 | 遗书 | 安眠药 | 农药 | 上吊
    去死 | 活着 | 活不 | 累赘
    不再醒 | 再也不醒 | 不想再醒 | 药都?买好 | 一了百了 | 了结 | 楼顶 | 天台 | 窗台 | 结束这一切 | 撑不下去 | 没有我
    kill (?:my|him|her)self | suicid\\w* | want(?:s)? to die | the roof | will jump | goodbye letter
    the pills | pills
    better off without me | end it | all to end | no point in living | don'?t want to live | never wake up
    """
)
_PATTERNS: Mapping[Danger, re.Pattern[str]] = {
    Danger.GAS: _any_of(
        """
        煤气 | 燃气 | 天然气 | 液化气 | 瓦斯 | 一氧化碳
        gas | carbon monoxide
        """
    ),
    Danger.FIRE: _any_of(
        """
        着火 | 起火 | 失火 | 火很?大 | 冒烟 | 都是烟 | 浓烟 | 爆炸 | 烧起来 | 火灾
        fire | smoke | burning | explosion | exploded
        """
    ),
    Danger.VIOLENCE: _any_of(
        """
        打我 | 打人 | 打架 | 打老婆 | 打孩子 | 打得 | 被打 | 砍 | 拿(?:着)?刀 | 持刀 | 家暴
        掐我?(?:的)?脖子 | 杀人 | 要杀 | 杀了我
        强奸 | 性侵 | 抢劫 | 闯进来 | 撬门 | 跟踪我 | 虐待 | 绑架 | 威胁
        beat(?:s|ing)? | hit(?:s|ting)? | attack(?:ed|ing|s)? | knife | stab\\w* | rape\\w*
        chok\\w+ | strangl\\w+ | break in
        breaking in | abus\\w+ | going to kill | screaming
        """
    ),
    Danger.MISSING: _any_of(
        """
        走丢 | 走失 | 不见了 | 失踪 | 没回来 | 没有回来 | 联系不上 | 找不到(?:人|孩子|老人|我|他|她) | 被拐
        missing | not come home | hasn'?t come home
        lost (?:my|our|a) (?:child|kid|son|daughter|boy|girl|mum|dad|grand\\w+) | wandered off
        """
    ),
    Danger.INJURY: _any_of(
        """
        晕倒 | 昏倒 | 昏迷 | 叫不醒 | 没有?呼吸 | 不省人事 | 摔倒 | 摔下 | 流血 | 大出血 | 抽搐
        胸口?疼 | 心脏病 | 中风 | 触电
        塌 | 砸(?:到|中|伤) | 骨折 | 噎 | 中毒 | 受伤 | 撞(?:到|了|伤) | 要生了
        unconscious | collapsed? | isn'?t breathing | not breathing | bleed\\w* | electrocuted
        heart attack | stroke | choking
        seizure | injured | badly hurt
        """
    ),
    Danger.OTHER: _any_of(
        """
        救命 | 困 | 掉(?:进|到|下)?(?:河|水|井|坑)| 落水 | 溺水 | 快来人
        help | trapped | stuck | drown\\w* | river | emergency
        """
    ),
}
_OTHER_PERSON = _any_of(
    """
    (?:我|咱|俺)(?:的)?(?:儿子|女儿|孩子|老公|老婆|爱人|丈夫|妻子|爸|妈|爹|娘|父亲|母亲|弟|妹|哥|姐|孙|朋友|同学|同事|室友|邻居|爷爷|奶奶)
    有(?:个)?(?:人|女的|男的|老人|孩子|小孩) | 楼上 | 隔壁 | 他说 | 她说 | 他要 | 她要
    my (?:son|daughter|child|husband|wife|mum|mom|dad|mother|father|friend|brother|sister|neighbou?r|roommate|grand\\w+)
    he | she | somebody | someone
    """
)
_CALM = _any_of(
    """
    没事了 | 没事儿了 | 我没事 | 好多了 | 好些了 | 好点了 | 缓过来 | 开(?:个)?玩笑 | 测试
    (?<![想要再去])试(?:一)?[试下] | 发错 | 点错 | 打错 | 误报
    闹着玩 | 不是真的 | 救出来了 | 已经安全 | 解除 | 虚惊
    i['’]?m (?:fine|ok|okay|better|alright|all right|safe)(?: (?:now|again|really))?
    i am (?:fine|ok|okay|better|safe) | feel(?:ing)? better
    just (?:a )?(?:test|testing|joke|joking|kidding)
    was (?:just )?(?:a )?(?:test|testing|joke|joking|kidding) | false alarm
    (?:sent|pressed|tapped|clicked|typed|wrote)(?: \\w+){0,2} by mistake | no danger | all good
    """
)
_OVER: Mapping[Danger, re.Pattern[str]] = {
    Danger.MISSING: _any_of(
        """
        (?:走丢|走失|失踪|不见了?)的 | the missing | my missing | our missing
        找[到着]了(?![他她它]) | 回来了 | 回家了 | 到家了
        found (?:him|her|them|it)(?! (?:phone|shoes?|bag|coat|jacket|clothes|things|note|body|dead))
        was found | been found | came back | came home | is back | is home | he['’]s back | she['’]s back
        """
    ),
    Danger.FIRE: _any_of(
        """
        火?(?:已经?)?(?:被)?(?:扑)?灭了
        fire is out(?! of) | is out now | it['’]?s out(?=\\W*$)
        """
    ),
    Danger.INJURY: _any_of("醒(?:过来)?了"),
    Danger.OTHER: _any_of("is out now"),
}
"""What ends one danger only: "he came back" is good where he was missing, and the danger itself where he beats her."""

_THANKS = re.compile(r"for (?:all )?(?:your|the) help|谢谢.{0,6}救", re.IGNORECASE)
_NOT_CALM = re.compile(
    r"没有?(?:找|回|好|醒|灭|救|缓)|不是(?:测试|开玩笑|误报|没事)|(?:没有?(?:在)?|别)开玩笑|[不没]觉得|没感觉"
    r"|又(?:回来|来了|着|烧|打|不见|走丢)|谁说|怎么(?:会|可能)|装(?:作|着)?(?:我)?没事|都说我没事|如果|要是"
    r"|[?？]\s*$|吗\W*$"
    r"|\bnot (?:a test|joking|kidding|fine|ok|okay|better|safe|out|back|all)|\b(?:isn|wasn)['’]?t\b"
    r"|(?:n['’]?t|\bnot|\bnever) (?:really |even )?(?:feel|find|found|come|came|think)"
    r"|\b(?:without|unless|nobody|no one)\b",
    re.IGNORECASE,
)
_SOMEBODY = _any_of(
    """
    有(?:人|的|呢|啊)?$ | 有人 | 在(?:旁边|身边|家|边上) | 陪(?:着|我)
    (?:老公|老婆|爱人|爸|妈|儿子|女儿|孩子|室友|朋友|同学|家人|邻居)(?:也)?(?:在|陪)
    with me | here with | my \\w+ is (?:here|home|with) | yes
    """
)
_NOBODY = _any_of(
    """
    没(?:有)?(?:人|别人)? | 就我(?:一个|自己) | 一个人 | 自己(?:在家|住|一个)? | 独居
    alone | by myself | no(?:body| one) | on my own | no
    """
)
_SAFE = _any_of(
    """
    ^安全 | 已经?(?:出来|下楼|跑|离开|躲) | 出来了 | 在外面 | 在楼下 | 躲(?:好|起来) | 到(?:外面|楼下) | 跑出来
    i'?m safe | we'?re safe | safe now | outside | got out | away from | yes
    """
)
_UNSAFE = _any_of(
    """
    不安全 | 还在(?:里面|屋里|楼上|家|打|烧) | 出不(?:去|来) | 困 | 没(?:有)?(?:出来|安全) | 害怕 | 他(?:还)?在
    not safe | still (?:inside|in|here|there) | can'?t (?:get )?out | trapped | no
    """
)


def find_danger(turn: Turn, otherwise: Danger = Danger.SELF_HARM) -> Danger:
    """The danger that the words name; where they name none, the one known before, or else the person is in danger."""
    text = turn.text
    if turn.need.kind == "mental_health" and turn.need.confidence >= SURELY_SELF:
        return Danger.SELF_HARM
    if _SELF.search(text) and not _PATTERNS[Danger.VIOLENCE].search(text):
        return Danger.SELF_HARM
    for danger, pattern in _PATTERNS.items():
        if pattern.search(text):
            return danger
    return otherwise


def is_about_another(text: str) -> bool:
    """Whether it is somebody else who may hurt themselves."""
    return _OTHER_PERSON.search(text) is not None


def is_calm(text: str, danger: Danger) -> bool:
    """Whether the person says that all is well, or nothing was the matter, and tells of no danger beside that."""
    calm = [pattern for pattern in (_CALM, _OVER.get(danger)) if pattern and pattern.search(text)]
    if not calm or _NOT_CALM.search(text):
        return False
    for pattern in (*calm, _THANKS):
        text = pattern.sub(" ", text)
    return not any(pattern.search(text) for pattern in (_SELF, *_PATTERNS.values()))


def has_company(turn: Turn) -> bool | None:
    """The answer to "is somebody with you?"; None where the words give none."""
    return _yes_or_no(turn, _SOMEBODY, _NOBODY)


def is_safe(turn: Turn) -> bool | None:
    """The answer to "are you safe?"; None where the words give none."""
    return _yes_or_no(turn, _SAFE, _UNSAFE)


def _yes_or_no(turn: Turn, yes: re.Pattern[str], no: re.Pattern[str]) -> bool | None:
    if turn.entities.get("value") in ("yes", "no"):
        return turn.entities["value"] == "yes"
    if no.search(turn.text):
        return False
    if yes.search(turn.text):
        return True
    return {"affirm": True, "deny": False}.get(turn.intent)

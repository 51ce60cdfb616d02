"""The plain form of a text in which facts are looked for; every character stays at its position."""

from __future__ import annotations

_FULL_WIDTH = {0xFF01 + offset: 0x21 + offset for offset in range(94)} | {0x3000: 0x20, 0xA0: 0x20}
_LOWER = {ord("A") + i: ord("a") + i for i in range(26)} | {0xFF21 + i: ord("a") + i for i in range(26)}
_TRADITIONAL = str.maketrans(
    "號樓棟單層網兩點時週禮開從個幾過後來連續間歲戶們電話聯區門車庫園場邊裡裏這見數剛現鐘鍾總頭廳東陽臺側對麼嗎為給撥碼聽機轉訊員孫兒媽鄰獨殘難樣隻嬰萬億陸"
    "貳參叁壹肆伍柒捌玖拾處倉鋪館龍櫃燈橋遊樂運動體鋁線廁衛診醫學師紅綠廣華備順補習慶節長遠極鬧關鍵夠氣還沒無當黃險樹叢滿淩糞窪鐵圍牆豎",
    "号楼栋单层网两点时周礼开从个几过后来连续间岁户们电话联区门车库园场边里里这见数刚现钟钟总头厅东阳台侧对么吗为给拨码听机转讯员孙儿妈邻独残难样只婴万亿六"
    "二三三一四五七八九十处仓铺馆龙柜灯桥游乐运动体铝线厕卫诊医学师红绿广华备顺补习庆节长远极闹关键够气还没无当黄险树丛满凌粪洼铁围墙竖",
)
_OTHER = str.maketrans("陆贰嘅咗係喺冇唔", "六二的了是在没不")  # formal numerals, written Cantonese
_DASHES = dict.fromkeys(map(ord, "－—–‐‑‒−~～〜"), "-")
_QUOTES = dict.fromkeys(map(ord, "’‘`´"), "'")
_PLAIN = _FULL_WIDTH | _LOWER | _TRADITIONAL | _OTHER | _QUOTES | _DASHES


def plain_text(text: str) -> str:
    """Half-width, lower-case Latin, simplified characters; every character stays at its position."""
    return text.translate(_PLAIN)

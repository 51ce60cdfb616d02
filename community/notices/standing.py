"""The standing notices that every office has, as data: what happens each month in some building, in both languages.

An office keeps more of its own in the table `notice_templates`. Filled in by community/notices/templates.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Standing:
    """One standing notice: its category, and texts with {fields} of community/notices/fields.py."""

    code: str
    category: str
    title_zh: str
    title_en: str
    text_zh: str
    text_en: str
    need_receipt: bool = False
    help_button: bool = False


_ALL = (
    Standing(
        "water",
        "utilities",
        "停水通知",
        "Water cut",
        "**{day} {begins}–{ends}**，{where}停水（{reason}）。\n- 请提前存水\n- 来水后先放一会儿黄水\n"
        "家里有老人、接水不方便的，点“需要帮助”。",
        "**{day}, {begins}–{ends}**: no water in {where} ({reason}).\n- Please store some water\n"
        "- Let the tap run for a while afterwards\nIf carrying water is hard for you, tap “I need help”.",
        need_receipt=True,
        help_button=True,
    ),
    Standing(
        "power",
        "utilities",
        "停电通知",
        "Power cut",
        "**{day} {begins}–{ends}**，{where}停电（{reason}）。\n- 这段时间请不要坐电梯\n"
        "- 家里用呼吸机、制氧机的，点“需要帮助”",
        "**{day}, {begins}–{ends}**: no power in {where} ({reason}).\n- Please do not use the lifts then\n"
        "- If you depend on a breathing machine, tap “I need help”",
        need_receipt=True,
        help_button=True,
    ),
    Standing(
        "gas",
        "utilities",
        "停气通知",
        "Gas cut",
        "**{day} {begins}–{ends}**，{where}停气（{reason}）。\n- 停气前关好灶具和阀门\n"
        "- 恢复后闻到气味不要开灯，打 {phone}",
        "**{day}, {begins}–{ends}**: no gas in {where} ({reason}).\n- Turn off stove and valve before\n"
        "- If you smell gas afterwards, leave the lights alone and call {phone}",
        need_receipt=True,
        help_button=True,
    ),
    Standing(
        "lift",
        "utilities",
        "电梯检修",
        "Lift maintenance",
        "**{day} {begins}–{ends}**，{where}的电梯检修，逐台停用。急用请打 {phone}；下楼不方便的点“需要帮助”。",
        "**{day}, {begins}–{ends}**: the lifts of {where} are serviced, one after the other. If you need one urgently "
        "call {phone}; if stairs are hard for you, tap “I need help”.",
        help_button=True,
    ),
    Standing(
        "vaccine",
        "health",
        "疫苗接种",
        "Vaccination",
        "**{day} {begins}–{ends}**，在{place}给{whom}接种{what}，免费。\n"
        "- 请带：{bring}\n- 走不动的点“需要帮助”，可以约上门",
        "**{day}, {begins}–{ends}**: {what} for {whom}, free of charge, at {place}.\n- Please bring {bring}\n"
        "- If you cannot come, tap “I need help” and we arrange a home visit",
        help_button=True,
    ),
    Standing(
        "check_up",
        "health",
        "免费体检",
        "Free check-up",
        "**{day} {begins}–{ends}**，{whom}可以到{place}免费体检。\n- 请空腹来\n- 请带：{bring}\n有问题打 {phone}。",
        "**{day}, {begins}–{ends}**: a free check-up for {whom} at {place}.\n- Please come without breakfast\n"
        "- Bring {bring}\nQuestions: {phone}.",
    ),
    Standing(
        "typhoon",
        "emergency",
        "台风来了",
        "Typhoon",
        "台风预计 **{day} {begins}** 前后影响我们这里。\n- 阳台的花盆、晾衣架今天收进屋\n"
        "- 低楼层备好沙袋，车不要停树下\n"
        "- 不出门，等通知\n要转移、要帮忙的点“需要帮助”，或打 {phone}。",
        "The typhoon reaches us around **{day}, {begins}**.\n- Take flower pots and racks off the balcony today\n"
        "- Do not park under trees\n- Stay at home until we say more\nIf you have to leave your home or need a hand, "
        "tap “I need help” or call {phone}.",
        need_receipt=True,
        help_button=True,
    ),
    Standing(
        "fraud",
        "safety",
        "当心骗子",
        "Beware of fraud",
        "最近有人接到电话，对方说{trick}。\n- 不转账，不说验证码\n- 不点短信里的链接\n"
        "拿不准先挂断，打 96110 或 {phone} 问一问。",
        "People are being called these days and told {trick}.\n- Transfer nothing, tell nobody a code\n"
        "- Open no links in text messages\nIf unsure hang up, and ask at 96110 or {phone}.",
    ),
    Standing(
        "charging",
        "safety",
        "电动车不进楼",
        "No e-bikes indoors",
        "电动车和电池请不要推进楼、不要从窗口拉线充电。{where}的充电桩可以用。楼道里的车 **{day}** 前请移走，"
        "要帮忙打 {phone}。",
        "Please keep e-bikes and batteries out of the buildings, and run no cables from windows. There are charging "
        "points at {where}. Bikes in stairwells have to go by **{day}**; call {phone} if you need a hand.",
    ),
    Standing(
        "spraying",
        "health",
        "消杀通知",
        "Pest control",
        "**{day} {begins}–{ends}**，{where}喷药消杀。\n- 请关好门窗，收好衣物\n- 老人小孩和宠物这段时间不要下楼",
        "**{day}, {begins}–{ends}**: spraying against pests at {where}.\n- Please close windows and take laundry in\n"
        "- Keep children and pets away meanwhile",
    ),
    Standing(
        "register",
        "policy",
        "办理登记",
        "Registration",
        "{whom}：{what}从{day}到{last_day}办理，在{place}。\n- 请带：{bring}\n- 来不了的可以打 {phone}",
        "{whom}: {what} from {day} to {last_day} at {place}.\n- Please bring {bring}\n"
        "- If you cannot come, call {phone}",
    ),
    Standing(
        "collecting",
        "charity",
        "爱心募集",
        "Collection for neighbours",
        "我们为{whom}募集{what}，到{last_day}为止，送到{place}就行。每一样去了哪里，会在这里告诉大家。",
        "We collect {what} for {whom} until {last_day}. Just bring it to {place}. You will read here where it went.",
    ),
)
STANDING: Mapping[str, Standing] = MappingProxyType({each.code: each for each in _ALL})

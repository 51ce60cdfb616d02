"""What may be written outside the 48 hours: a subscription notice where the person agreed to one, else a template.

Both show about 20 characters of ours and lead to the page that says the rest; only authenticated service accounts have
them. [source] developers.weixin.qq.com, 公众号: 模板消息, 订阅通知.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from channels.contract import Outgoing
from channels.errors import SendError
from channels.render import render_if_possible, split_text
from channels.render.notice_pages import find_page
from channels.render.showing import PageLink
from channels.wechat.api import WeChatApi
from channels.wechat.calling import CallFailed, Lost, Refused
from channels.wechat.consents import drop_consents, give_consent_back, use_consent
from channels.wechat.errcodes import error_of
from linli.database import Sessions
from linli.settings import Settings

LONGEST_FIELD = 20
MESSAGES = (
    "need_accepted",
    "need_last_answer",
    "need_passed_on",
    "need_progress",
    "need_reopened",
    "need_resolved",
    "need_still_waiting",
    "notice",
    "notice_changed",
    "notice_reminder",
    "offer_lapsed",
    "place_offered",
    "shift_cancelled",
    "shift_confirm",
    "shift_moved",
    "shift_soon",
    "staff_answer",
    "staff_bad_rating",
    "staff_clock",
    "staff_clock_late",
    "staff_crisis",
    "staff_crisis_over",
    "staff_crisis_taken",
    "staff_question",
    "staff_urgent_need",
    "still_waiting",
    "substitute_ask",
    "survey_ask",
    "survey_remind",
)
"""What people wait for; no thanks, no greetings and nothing that could be an advertisement."""
OF_SHIFTS = frozenset(
    {
        "offer_lapsed",
        "place_offered",
        "shift_cancelled",
        "shift_confirm",
        "shift_moved",
        "shift_soon",
        "substitute_ask",
    }
)
NEEDS, ACTIVITIES = "/m/needs", "/m/activities"


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the account: its id, and the field that takes our words."""

    id: str
    field: str


class AnyTime:
    """The templates that the settings name."""

    def __init__(self, settings: Settings, sessions: Sessions, api: WeChatApi) -> None:
        self._sessions, self._api = sessions, api
        self._template, self._notice = _read(settings.wechat_template), _read(settings.wechat_notice)

    @property
    def messages(self) -> Collection[str]:
        """The names of the messages that can go out so."""
        return MESSAGES if self._template or self._notice else ()

    async def send(self, row: Outgoing, page: PageLink) -> str | None:
        """Send it; gives the platform's id. Raises CallFailed, of which Refused(43101) says that nobody agreed."""
        url = page(row.resident_id, _find_path(row)) if row.resident_id else ""
        if self._notice and (sent := await self._send_notice(row, self._notice, url)):
            return sent
        if self._template is None:
            raise Refused(43101)
        body = self._body(row, self._template) | {"url": url}
        told = await self._api.post("/cgi-bin/message/template/send", body)
        return str(told["msgid"]) if "msgid" in told else None

    async def _send_notice(self, row: Outgoing, notice: Template, url: str) -> str | None:
        """None where the person has agreed to none, or took it back at the platform.

        The consent is used up before the platform is asked, so that two processes do not send on one; what surely was
        not sent gives it back.
        """
        async with self._sessions.begin() as session:
            if not await use_consent(session, row.address_id, notice.id):
                return None
        try:
            told = await self._api.post(
                "/cgi-bin/message/subscribe/bizsend", self._body(row, notice) | {"page": url}
            )
        except Lost:
            raise
        except CallFailed as failed:
            agreed = not _lacks_consent(failed)
            async with self._sessions.begin() as session:
                await (give_consent_back if agreed else drop_consents)(session, row.address_id, notice.id)
            if agreed:
                raise
            return None
        return str(told.get("msgid") or "notice")

    def _body(self, row: Outgoing, template: Template) -> dict[str, object]:
        words = render_if_possible(row.message, row.language, row.values, row.zone)
        value = {"value": _short(words)}
        return {"touser": row.outside_id, "template_id": template.id, "data": {template.field: value}}


def _find_path(row: Outgoing) -> str:
    """The page that says the rest: the console's, a notice's, a need's, or the list where the person looks for it."""
    if console := row.values.get("console"):
        return str(console)
    if found := find_page(row.values):
        return found[0]
    if row.need_id:
        return f"{NEEDS}/{row.need_id}"
    return ACTIVITIES if row.message in OF_SHIFTS else NEEDS


def _lacks_consent(failed: CallFailed) -> bool:
    return isinstance(failed, Refused) and error_of(failed.code) is SendError.NEEDS_CONSENT


def _read(setting: str) -> Template | None:
    template_id, _, name = setting.partition(":")
    return Template(template_id, name) if setting else None


def _short(words: str) -> str:
    """As much as the field shows, on one line."""
    line = " ".join(words.split())
    return line if len(line) <= LONGEST_FIELD else f"{split_text(line, LONGEST_FIELD - 1)[0]}…"

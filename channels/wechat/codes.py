"""QR codes of buildings: who scans one follows the account, and Linli knows the building at once.

[source] developers.weixin.qq.com, 公众号: 生成带参数的二维码: 100,000 that last for ever, a scene of up to 64
characters; service accounts only.
"""

from __future__ import annotations

from channels.wechat.api import WeChatApi
from channels.wechat.calling import Lost


async def make_code(api: WeChatApi, scene: str) -> str:
    """The address that the QR code of this scene holds; the same scene may be asked for again. Raises CallFailed."""
    body = {"action_name": "QR_LIMIT_STR_SCENE", "action_info": {"scene": {"scene_str": scene}}}
    told = await api.post("/cgi-bin/qrcode/create", body)
    url = told.get("url")
    if not isinstance(url, str) or not url:
        raise Lost("no url")
    return url

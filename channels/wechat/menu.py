"""The menu of the official account: read from a file, checked as the platform will check it, and set there.

[source] developers.weixin.qq.com, 公众号: 自定义菜单: 3 entries, 5 below each; names of 16 and 60 bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from channels.links import is_page
from channels.wechat.api import WeChatApi
from channels.wechat.keys import KEYS
from channels.wechat.pages import WeChatPages

FILE = Path(__file__).parent / "menu.yml"
LONGEST, LONGEST_BELOW = 16, 60


class WrongMenu(ValueError):
    """A file that is no menu; the text says where and what is wrong."""


class Entry(BaseModel):
    """An entry that does something: a key that is said to Linli, or a page that opens."""

    model_config = ConfigDict(extra="forbid")

    name: str
    key: str | None = None
    page: str | None = None

    @model_validator(mode="after")
    def _check(self) -> Entry:
        if (self.key is None) == (self.page is None):
            raise ValueError(f"{self.name}: needs a key or a page")
        if self.key is not None and self.key not in KEYS:
            raise ValueError(f"{self.name}: {self.key} is none of {', '.join(sorted(KEYS))}")
        if self.page is not None and not is_page(self.page):
            raise ValueError(f"{self.name}: {self.page} is no page under /m")
        _check_name(self.name, LONGEST_BELOW)
        return self

    def as_button(self, pages: WeChatPages) -> Mapping[str, Any] | None:
        """As the platform wants it; None for a page where the account may not ask who opens it."""
        if self.page is None:
            return {"type": "click", "name": self.name, "key": self.key}
        if not pages.asks_silently:
            return None
        return {"type": "view", "name": self.name, "url": pages.ask(self.page)}


class Group(BaseModel):
    """An entry that opens others."""

    model_config = ConfigDict(extra="forbid")

    name: str
    below: Annotated[list[Entry], Field(min_length=1, max_length=5)]

    @model_validator(mode="after")
    def _check(self) -> Group:
        _check_name(self.name, LONGEST)
        return self

    def as_button(self, pages: WeChatPages) -> Mapping[str, Any] | None:
        """As the platform wants it."""
        buttons = [button for entry in self.below if (button := entry.as_button(pages))]
        return {"name": self.name, "sub_button": buttons} if buttons else None


Menu = Annotated[list[Group | Entry], Field(min_length=1, max_length=3)]
_MENU: TypeAdapter[list[Group | Entry]] = TypeAdapter(Menu)


def read_menu(file: Path = FILE) -> Sequence[Group | Entry]:
    """The menu in a file. Raises WrongMenu."""
    try:
        menu = _MENU.validate_python(YAML(typ="safe").load(file.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, YAMLError) as error:
        raise WrongMenu(f"{file}: {error}") from None
    except ValidationError as error:
        raise WrongMenu("\n".join(f"{file}: {row['msg']}" for row in error.errors())) from None
    for entry in menu:
        if isinstance(entry, Entry) and len(entry.name.encode()) > LONGEST:
            raise WrongMenu(f"{file}: {entry.name} has more than {LONGEST} bytes")
    return menu


def as_buttons(menu: Sequence[Group | Entry], pages: WeChatPages) -> list[Mapping[str, Any]]:
    """The menu as the platform wants it."""
    return [button for entry in menu if (button := entry.as_button(pages))]


async def push_menu(api: WeChatApi, buttons: Sequence[Mapping[str, Any]]) -> None:
    """Set the menu; people see it within a day, at once after they follow anew. Raises CallFailed."""
    await api.post("/cgi-bin/menu/create", {"button": list(buttons)})


async def fetch_menu(api: WeChatApi) -> Sequence[Mapping[str, Any]]:
    """The menu that is set. Raises CallFailed, of which Refused(46003) says that there is none."""
    told = await api.get("/cgi-bin/menu/get")
    buttons: Sequence[Mapping[str, Any]] = (told.get("menu") or {}).get("button") or []
    return buttons


def _check_name(name: str, longest: int) -> None:
    if not name.strip() or len(name.encode()) > longest:
        raise ValueError(f"{name}: must have 1 to {longest} bytes, of which a Chinese character takes 3")

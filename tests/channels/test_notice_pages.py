"""Where the link under a notice leads: a plain address that can be forwarded, or a signed one for its person alone."""

from __future__ import annotations

from uuid import uuid4

from pydantic import SecretStr

from channels.links import PageLinks
from channels.render.notice_pages import find_page
from linli.settings import Settings

NOTICE = uuid4()


def test_an_open_notice_leads_to_the_page_that_everybody_may_open() -> None:
    assert find_page({"notice": str(NOTICE)}) == (f"/m/notices/{NOTICE}", "button_notice_page")
    assert find_page({"notice": str(NOTICE), "public": False}) == (
        f"/m/notices/mine/{NOTICE}",
        "button_notice_page",
    )
    assert find_page({"page": "/m/me/notices"}) == ("/m/me/notices", "button_wishes_page")
    assert find_page({"page": "/m/activities"}) == ("/m/activities", "button_activities_page")
    assert find_page({"page": "/m/shifts"}) == ("/m/shifts", "button_shifts_page")
    assert find_page({"page": "https://example.org"}) is None
    assert find_page({}) is None


def test_only_the_link_of_an_open_notice_is_plain() -> None:
    settings = Settings(_env_file=None, secret_key=SecretStr("of this test"))
    links, resident_id = PageLinks(settings), uuid4()
    assert links.make(resident_id, f"/m/notices/{NOTICE}") == f"{settings.address}/m/notices/{NOTICE}"
    for path in (f"/m/notices/mine/{NOTICE}", "/m/me/notices", "/m/notices", "/m/activities", "/m/shifts"):
        token = links.make(resident_id, path).partition("/m/enter?t=")[2]
        invitation = links.read(token)
        assert invitation is not None
        assert (invitation.resident_id, invitation.to) == (resident_id, path)

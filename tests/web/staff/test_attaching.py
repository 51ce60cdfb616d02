"""Photos and documents of staff: told by content, sent to the resident or kept at a note, served to nobody else."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from channels.registry import make_channels
from community.clock import now
from community.files.models import File
from community.files.orphans import HOLDERS
from community.needs.models import Need, NeedEntry
from community.residents.models import Address
from linli.database import Sessions
from linli.documents import DocumentRefused, read_document
from linli.file_store import path_of
from linli.settings import Settings
from operations.tables import metadata
from scheduler.jobs.files import files
from scheduler.tools import make_tools
from tests.cast import Cast
from tests.delivering import Delivery
from tests.web.conftest import Visit, thread
from tests.web.staff.conftest import Browser, OpenDesk, actor_of, new_request

PROPERTY, OTHER = "here.property_company", "here.volunteer_team"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
Named = tuple[str, bytes]


def _photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    return out.getvalue()


def _zip(*names: str, mimetype: str = "") -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as packed:
        if mimetype:
            packed.writestr("mimetype", mimetype)
        for name in names:
            packed.writestr(name, "x")
    return out.getvalue()


DOCX = _zip("[Content_Types].xml", "word/document.xml")
OLE = bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 600


@pytest.mark.parametrize(
    ("name", "raw", "kept"),
    [
        ("报价 单.pdf", PDF, "报价 单.pdf"),
        ("no ending", PDF, "no ending.pdf"),
        ("../../etc/passwd.exe", DOCX, "passwd.docx"),
        ("表.xlsx", _zip("[Content_Types].xml", "xl/workbook.xml"), "表.xlsx"),
        ("a.zip", _zip("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "a.odt"),
        ("旧.doc", OLE, "旧.doc"),
        ("旧.wps", OLE, "旧.wps"),
        ('a"b<c>.pdf', PDF, "a b c.pdf"),
    ],
)
def test_a_document_is_what_it_holds(name: str, raw: bytes, kept: str) -> None:
    assert read_document(raw, name).name == kept


@pytest.mark.parametrize(
    ("name", "raw", "reason"),
    [
        ("a.pdf", b"<script>alert(1)</script>", "no_document"),
        ("a.pdf", b"%PDF-1.7 cut off", "no_document"),
        ("a.docx", _zip("evil.html"), "no_document"),
        ("a.docx", b"PK\x03\x04broken", "no_document"),
        ("a.docx", _zip("[Content_Types].xml", "word/vbaProject.bin"), "has_macros"),
        ("a.doc", OLE + "_VBA_PROJECT".encode("utf-16-le"), "has_macros"),
        ("a.exe", OLE, "no_document"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_document"),
        ("a.pdf", PDF + b"x" * (10 * 1024 * 1024), "too_large"),
        ("empty.pdf", b"", "no_document"),
    ],
)
def test_what_is_something_else_is_not_taken(name: str, raw: bytes, reason: str) -> None:
    with pytest.raises(DocumentRefused) as refused:
        read_document(raw, name)
    assert refused.value.reason == reason


async def _send(
    desk: Browser, need: Need, act: str, *named: Named, words: str = "您看照片", request_id: str = ""
) -> httpx.Response:
    fields = {"csrf": desk.csrf, "words": words, "request_id": request_id or new_request()}
    sent = [("files", (name, raw, "application/octet-stream")) for name, raw in named]
    return await desk.client.post(f"/staff/needs/{need.id}/{act}", data=fields, files=sent)


async def _files(sessions: Sessions) -> dict[str, File]:
    async with sessions() as session:
        return {file.name or "photo": file for file in (await session.scalars(select(File))).all()}


async def _resident(visit: Visit, cast: Cast, sessions: Sessions, owner: bool) -> httpx.AsyncClient:
    """A browser of the resident who reported it, or of a neighbour."""
    client = await visit("/chat?c=banyan")
    await client.post("/chat/messages", json={"id": new_request(), "text": "你好"})
    await thread(client, at_least=2)
    async with sessions.begin() as session:
        met = (await session.scalars(select(Address).order_by(Address.created_at.desc()).limit(1))).one()
        if owner:
            met.resident_id = cast.owner.resident_id
    return client


async def test_what_is_sent_reaches_the_resident_and_nobody_else(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, visit: Visit
) -> None:
    owner = await _resident(visit, cast, sessions, owner=True)
    desk = await open_desk(actor_of(cast, PROPERTY))
    assert (await _send(desk, lift, "answer", ("a.png", _photo()), ("报价.pdf", PDF))).status_code == 303
    kept = await _files(sessions)
    photo, paper = kept["photo"], kept["报价.pdf"]
    await Delivery(sessions, make_channels(Settings(), sessions), hold_after=timedelta(days=1)).deliver_due(
        now()
    )
    item = (await owner.get("/chat/thread")).json()["items"][-1]
    assert item["files"] == [
        {"url": f"/files/{photo.id}"},
        {"url": f"/files/{paper.id}", "name": "报价.pdf"},
    ]
    shown, given = await owner.get(f"/files/{photo.id}"), await owner.get(f"/m/photos/{paper.id}")
    assert shown.headers["content-type"] == "image/jpeg"
    assert given.content == PDF
    assert given.headers["content-disposition"].startswith("attachment")
    assert given.headers["x-content-type-options"] == "nosniff"
    assert str(paper.id) in (await owner.get(f"/m/needs/{lift.id}")).text
    neighbour = await _resident(visit, cast, sessions, owner=False)
    for path in (f"/files/{photo.id}", f"/files/{paper.id}", f"/m/photos/{paper.id}"):
        assert (await neighbour.get(path)).status_code == 404
    colleague, stranger = [await open_desk(actor_of(cast, who)) for who in ("here.committee", OTHER)]
    await colleague.get(f"/staff/photos/{paper.id}")
    await stranger.get(f"/staff/photos/{paper.id}", 404)
    page = (await colleague.get(f"/staff/needs/{lift.id}")).text
    assert "报价.pdf" in page
    assert f"/staff/photos/{photo.id}" in page


async def test_what_is_at_a_note_stays_among_staff(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, visit: Visit
) -> None:
    owner = await _resident(visit, cast, sessions, owner=True)
    desk = await open_desk(actor_of(cast, PROPERTY))
    assert (await _send(desk, lift, "note", ("合同.docx", DOCX))).status_code == 303
    paper = (await _files(sessions))["合同.docx"]
    await desk.get(f"/staff/photos/{paper.id}")
    assert "合同.docx" in (await desk.get(f"/staff/needs/{lift.id}")).text
    for path in (f"/files/{paper.id}", f"/m/photos/{paper.id}"):
        assert (await owner.get(path)).status_code == 404
    assert "合同.docx" not in (await owner.get(f"/m/needs/{lift.id}")).text


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ([("a.exe", b"MZ")], "只能放照片"),
        ([("a.docx", _zip("[Content_Types].xml", "word/vbaProject.bin"))], "宏"),
        ([("big.pdf", PDF + b"x" * (10 * 1024 * 1024))], "超过 10 MB"),
        ([(f"{number}.pdf", PDF) for number in range(6)], "最多放5个"),
        ([("good.pdf", PDF), ("a.exe", b"MZ")], "只能放照片"),
    ],
)
async def test_a_file_that_is_not_taken_sends_nothing_and_keeps_the_words(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, named: list[Named], words: str
) -> None:
    desk = await open_desk(actor_of(cast, PROPERTY))
    answer = await _send(desk, lift, "answer", *named, words="正在写的话")
    assert answer.status_code == 422
    assert words in answer.text
    assert "正在写的话" in answer.text
    assert await _files(sessions) == {}


async def test_a_form_that_comes_twice_sends_its_files_once(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions
) -> None:
    desk, request_id = await open_desk(actor_of(cast, PROPERTY)), new_request()
    for _ in range(2):
        assert (await _send(desk, lift, "answer", ("a.pdf", PDF), request_id=request_id)).status_code == 303
    page = (await desk.get(f"/staff/needs/{lift.id}")).text
    assert page.count("a.pdf</a>") == 1
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(NeedEntry)) == 1


async def test_a_refused_act_leaves_no_bytes(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, settings: Settings
) -> None:
    looking_on = await open_desk(actor_of(cast, "here.committee"))
    assert (await _send(looking_on, lift, "answer", ("a.pdf", PDF))).status_code == 422
    assert [path for path in settings.files_dir.rglob("*") if path.is_file()] == []


async def test_what_nothing_holds_on_to_goes_after_a_day_and_not_in_a_dry_run(
    open_desk: OpenDesk, cast: Cast, lift: Need, sessions: Sessions, settings: Settings, visit: Visit
) -> None:
    desk, request_id = await open_desk(actor_of(cast, PROPERTY)), new_request()
    for _ in range(2):  # the second one is an orphan
        await _send(desk, lift, "answer", ("a.pdf", PDF), request_id=request_id)
    resident = await visit("/chat?c=banyan")
    for sent in (True, False):
        answer = await resident.post("/chat/photos", files={"photo": ("p.png", _photo())})
        if sent:
            body = {"id": new_request(), "text": "看", "files": [answer.json()["file"]]}
            await resident.post("/chat/messages", json=body)
    this_hour = int(now().timestamp() // 3600) % 256
    stray_id = UUID(
        bytes=bytes([(this_hour + 128) % 256]) + lift.id.bytes[1:]
    )  # not in the folder looked into now
    stray = path_of(settings.files_dir, stray_id)
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(b"no row names me")
    os.utime(stray, (0, 0))
    at = now() + timedelta(days=1, minutes=1)
    hour = (int(stray_id.hex[:2], 16) - int(at.timestamp() // 3600)) % 256
    at += timedelta(hours=hour)  # when the job looks into the folder of the stray one
    on_disk = sum(path.is_file() for path in settings.files_dir.rglob("*"))
    assert await files(make_tools(settings, sessions), now()) == 0
    assert await files(make_tools(settings, sessions, dry=True), at) == 3
    assert sum(path.is_file() for path in settings.files_dir.rglob("*")) == on_disk == 5
    assert await files(make_tools(settings, sessions), at) == 3
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(File)) == 2
    assert sum(path.is_file() for path in settings.files_dir.rglob("*")) == 2
    assert await files(make_tools(settings, sessions), at) == 0


def test_every_column_that_points_to_a_file_is_looked_at() -> None:
    pointing = {
        (table.name, key.parent.name)
        for table in metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table.name == "files" and key.ondelete != "CASCADE"  # which goes with the file
    }
    assert pointing == {(holder.class_.__tablename__, holder.key) for holder in HOLDERS}

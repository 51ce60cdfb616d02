"""What a caller or visitor brought: filed with the need, theirs from then on, and behind the need's own rights."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from sqlalchemy import func, select

from community.actors import ResidentActor
from community.errors import NotFound
from community.files.models import File
from community.files.usecases import get_file
from community.needs.models import CameBy, Need, NeedFile
from community.needs.usecases.filing import Caller, Filing, file_need
from community.needs.usecases.residents import Report
from linli.database import Sessions
from linli.settings import Settings
from tests.cast import Cast
from tests.web.staff.conftest import Browser, OpenDesk, actor_of

NEW, CLERK = "/staff/needs/new", "here.committee"
WORDS = "3号楼2单元的电梯又停了"
TYPED = {"came_by": "visit", "name": "赵奶奶", "words": WORDS, "kind": "elevator"}
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
Named = tuple[str, bytes]


def _photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (60, 40), "green").save(out, "PNG")
    return out.getvalue()


async def _post(desk: Browser, *named: Named, path: str = NEW, **fields: str) -> httpx.Response:
    data = {"csrf": desk.csrf, "request_id": str(uuid4())} | TYPED | fields
    sent = [("files", (name, raw, "application/octet-stream")) for name, raw in named]
    return await desk.client.post(path, data=data, files=sent)


async def _filed(sessions: Sessions) -> tuple[Need, dict[str, File]]:
    """The need that a visitor brought, with its files by name."""
    async with sessions() as session:
        need = (await session.scalars(select(Need).where(Need.came_by == CameBy.VISIT))).one()
        rows = select(File).join(NeedFile, NeedFile.file_id == File.id).where(NeedFile.need_id == need.id)
        return need, {file.name or "photo": file for file in await session.scalars(rows)}


async def _count(sessions: Sessions, settings: Settings) -> tuple[int, int, int]:
    """Needs, files, and files on the disk."""
    on_disk = sum(path.is_file() for path in settings.files_dir.rglob("*"))
    async with sessions() as session:
        needs, files = [
            await session.scalar(select(func.count()).select_from(table)) for table in (Need, File)
        ]
    return needs or 0, files or 0, on_disk


async def test_what_somebody_brought_is_with_the_need_and_theirs(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, lift: Need
) -> None:
    desk = await open_desk(actor_of(cast, CLERK))
    known = str(cast.owner.resident_id)
    answer = await _post(desk, ("a.png", _photo()), ("../报修单.pdf", PDF), resident_id=known)
    need, files = await _filed(sessions)
    photo, paper = files["photo"], files["报修单.pdf"]
    assert answer.headers["location"] == f"/staff/needs/{need.id}"
    assert {file.staff_id for file in files.values()} == {actor_of(cast, CLERK).staff_id}
    page = (await desk.get(f"/staff/needs/{need.id}")).text
    assert f'src="/staff/photos/{photo.id}"' in page
    assert "报修单.pdf</a>" in page
    lead, stranger = [
        await open_desk(actor_of(cast, who)) for who in ("here.property_company", "here.volunteer_team")
    ]
    given = await lead.get(f"/staff/photos/{paper.id}")
    assert given.headers["content-disposition"].startswith("attachment")
    await stranger.get(f"/staff/photos/{paper.id}", 404)
    async with sessions() as session:
        assert (await get_file(session, ResidentActor(cast.owner.resident_id), paper.id)).id == paper.id
        with pytest.raises(NotFound):
            await get_file(session, ResidentActor(cast.neighbour.resident_id), paper.id)


async def test_a_confidential_filing_takes_its_files_along(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, CLERK))
    assert (await _post(desk, ("伤情.pdf", PDF), visibility="confidential")).status_code == 303
    _, files = await _filed(sessions)
    await desk.get(f"/staff/photos/{files['伤情.pdf'].id}", 404)


@pytest.mark.parametrize(
    ("named", "fields", "words"),
    [
        ([("a.exe", b"MZ")], {}, "只能放照片"),
        ([("good.pdf", PDF), ("big.pdf", PDF + b"x" * (10 * 1024 * 1024))], {}, "超过 10 MB"),
        ([(f"{number}.pdf", PDF) for number in range(6)], {}, "最多放5个"),
        ([("good.pdf", PDF)], {"kind": ""}, "请选"),
    ],
)
async def test_what_is_refused_files_nothing_keeps_no_bytes_and_asks_for_the_files_again(
    open_desk: OpenDesk,
    cast: Cast,
    sessions: Sessions,
    settings: Settings,
    named: list[Named],
    fields: dict[str, str],
    words: str,
) -> None:
    desk = await open_desk(actor_of(cast, CLERK))
    answer = await _post(desk, *named, **fields)
    assert answer.status_code == 422
    for said in (words, WORDS, "请再选一次"):
        assert said in answer.text
    needs, _, on_disk = await _count(sessions, settings)
    assert (needs, on_disk) == (0, 0)


async def test_looking_first_stores_no_file(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions, settings: Settings
) -> None:
    desk = await open_desk(actor_of(cast, CLERK))
    answer = await _post(desk, ("a.pdf", PDF), path=f"{NEW}/look")
    assert answer.status_code == 200
    assert "请再选一次" in answer.text
    assert await _count(sessions, settings) == (0, 0, 0)


async def test_a_form_that_comes_twice_files_its_papers_once(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    desk, request_id = await open_desk(actor_of(cast, CLERK)), str(uuid4())
    for _ in range(2):
        assert (await _post(desk, ("a.pdf", PDF), request_id=request_id)).status_code == 303
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(NeedFile)) == 1


async def test_nobody_files_what_a_colleague_put_up(
    open_desk: OpenDesk, cast: Cast, sessions: Sessions
) -> None:
    desk = await open_desk(actor_of(cast, CLERK))
    await _post(desk, ("a.pdf", PDF))
    _, files = await _filed(sessions)
    report = Report(kind="elevator", words=WORDS, file_ids=(files["a.pdf"].id,))
    filing = Filing(CameBy.VISIT, Caller(name="别人"), report)
    for who in (CLERK, "here.committee.2"):
        async with sessions() as session:
            with pytest.raises(NotFound):
                await file_need(session, actor_of(cast, who), filing, uuid4())

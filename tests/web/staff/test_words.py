"""Every state, reason and refusal that the console may show has words; its templates hold no inline script or style."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from channels.errors import SendError
from channels.render import has_message
from community.consents.models import ConsentState
from community.needs.models import NeedState, Urgency, Visibility
from community.needs.usecases.staff import DeclineReason
from community.parties.models import Role
from community.routing.models import ProposalState
from web.pages import FOLDER
from web.staff.story import WHYS
from web.staff.wanted import GROUPS, SCOPES
from web.words import all_words

PAGES = sorted((FOLDER / "pages" / "staff").glob("*.html"))
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
NOTED = re.compile(r'\b_?note(?:_act|_own|_shift)?\(\s*session,\s*[\w.]+,\s*(?:[\w.]+,\s*)?"([a-z_]+)"')
REFUSED = re.compile(r'\b(?:Refused|NotAllowed|NotFound|WrongState|TooMany)\([^)]*?"([a-z_]+)"')
NOTES = re.compile(
    r"from community\.(?:audit|access)\.usecases import (?:\([^)]*|[^\n]*)\bnote_(?:act|own)\b"
)
NAMED = {
    *(f"staff.state_{state}" for state in NeedState),
    *(f"staff_need.step_{state}" for state in NeedState),
    *(f"staff.urgency_{level}" for level in Urgency if level is not Urgency.NORMAL),
    *(
        f"staff.visibility_{who}{more}"
        for who in Visibility
        if who is not Visibility.PUBLIC
        for more in ("", "_more")
    ),
    *(f"staff_need.decline_{reason}" for reason in DeclineReason),
    *(f"staff_need.why_{why}" for why in WHYS),
    *(f"staff_trouble.reason_{error}" for error in SendError),
    *(f"staff.scope_{scope}" for scope in SCOPES),
    *(f"staff.group_{group}" for group in GROUPS),
    *(f"staff_people.role_{role}" for role in Role),
    *(f"staff_audit.act_matrix_{state}" for state in ProposalState),
    *(f"staff_audit.act_consent_{state}" for state in ConsentState),
}


@pytest.mark.parametrize("key", sorted(NAMED))
def test_it_has_words(key: str) -> None:
    assert key in all_words()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_inline_script_or_style(page: Path) -> None:
    assert INLINE.findall(page.read_text(encoding="utf-8")) == []


def test_every_act_in_the_audit_log_has_words() -> None:
    root = Path(__file__).parents[3]
    files = [path for folder in ("community", "web", "operations") for path in (root / folder).rglob("*.py")]
    written = [text for path in files if NOTES.search(text := path.read_text(encoding="utf-8"))]
    acts = {act for text in written for act in NOTED.findall(text)}
    assert len(acts) > 30
    assert {act for act in acts if f"staff_audit.act_{act}" not in all_words()} == set()


def test_every_refusal_to_staff_has_words() -> None:
    root = Path(__file__).parents[3]
    files = [path for folder in ("community", "web/staff") for path in (root / folder).rglob("*.py")]
    names = {name for path in files for name in REFUSED.findall(path.read_text(encoding="utf-8"))}
    assert names
    assert {name for name in names if not has_message(name)} == set()

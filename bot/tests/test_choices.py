"""An answer by number means a button, where buttons were offered, and words otherwise."""

import pytest

from components.choices import chosen

OFFERED = [
    {"message": "hello", "values": {}, "buttons": []},
    {
        "message": "which",
        "values": {},
        "buttons": [{"label": "a", "payload": "/a"}, {"label": "b", "payload": "/b"}],
    },
]


@pytest.mark.parametrize(
    ("text", "means"),
    [
        ("1", "/a"),
        ("2", "/b"),
        (" 2。", "/b"),
        ("第二个", "/b"),
        ("选1", "/a"),
        ("①", "/a"),
        ("二", "/b"),
        ("number 2", "/b"),
        ("option 1", "/a"),
        ("3", "3"),
        ("12", "12"),
        ("2号楼", "2号楼"),
        ("一楼漏水", "一楼漏水"),
        ("", ""),
    ],
)
def test_number(text: str, means: str) -> None:
    assert chosen(text, OFFERED) == means


def test_without_buttons_a_number_is_a_number() -> None:
    assert chosen("2", [{"message": "score", "values": {}, "buttons": []}]) == "2"
    assert chosen("2", []) == "2"

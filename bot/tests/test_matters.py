"""Two matters in one message are parted where people part them, and nowhere else."""

import pytest

from components.matters import parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("楼道灯坏了，还有隔壁天天吵", ["楼道灯坏了", "隔壁天天吵"]),
        ("垃圾没人收 另外三号楼电梯又停了", ["垃圾没人收", "三号楼电梯又停了"]),
        ("路灯不亮。对了，楼下有人乱停车", ["路灯不亮", "楼下有人乱停车"]),
        ("楼上漏水；还有就是楼道堆满杂物", ["楼上漏水", "楼道堆满杂物"]),
        (
            "the stair light is out, also the neighbours shout every night",
            ["the stair light is out", "the neighbours shout every night"],
        ),
        ("the lift is dead; someone parked in my space", ["the lift is dead", "someone parked in my space"]),
        ("电梯坏了两天了，还有老人下不了楼", None),
        ("3号楼楼顶漏水，还有我妈摔了一跤", None),
        ("还有三楼走廊也在滴水", None),
        ("电梯坏了，还有呢", None),
        ("还有吗", None),
        ("the lift is broken and my mum cannot get down", None),
        ("the lift is broken, also my mum uses a wheelchair", None),
        ('/affirm{"draft":"1"}', None),
        ("", None),
    ],
)
def test_parts(text: str, parts: list[str] | None) -> None:
    assert parts_of(text) == (parts or [text])


def test_a_letter_is_one_matter() -> None:
    letter = "电梯坏了，还有楼道的灯也不亮。" * 20
    assert parts_of(letter) == [letter]

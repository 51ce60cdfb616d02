"""The platform's envelope and signatures, with wechatpy as a second opinion: what it seals we open, and back."""

from __future__ import annotations

import time
from base64 import b64decode, b64encode
from itertools import product

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidSignatureException
from wechatpy.replies import TextReply
from wechatpy.utils import check_signature

from channels.wechat.crypto import Envelope, WrongEnvelope, is_signed, sign
from channels.wechat.parsing import find_encrypted, read_fields
from channels.wechat.replying import seal_reply, write_reply

APP, TOKEN = "wx5823bf96d3bd56c7", "QDG6eK"
KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
ODD_KEY = f"{KEY[:-1]}D"
"""Low bits of the last character are set: legal, and it opens to the same 32 bytes."""
ours, theirs = Envelope(APP, KEY), WeChatCrypto(TOKEN, KEY, APP)


@pytest.mark.parametrize("sign_of", ["a", "电", "😀", "👨‍👩‍👧"])
def test_all_padding_lengths_open_and_seal_as_they_do_elsewhere(sign_of: str) -> None:
    for length in range(70):
        words = f"{sign_of * 3}{'x' * length}"
        xml = theirs.encrypt_message(words, "nonce", "1700000000")
        assert ours.open(find_encrypted(read_fields(xml.encode()))).decode() == words
        assert open_elsewhere(ours.seal(words.encode())) == words


@given(st.text(max_size=400).filter(lambda words: not any("\ud800" <= mark <= "\udfff" for mark in words)))
@settings(max_examples=60, deadline=None)
def test_what_is_sealed_opens_again(words: str) -> None:
    assert ours.open(ours.seal(words.encode())).decode() == words


def test_low_bits_of_the_last_character_of_the_key_make_no_difference() -> None:
    assert Envelope(APP, ODD_KEY).open(ours.seal(b"hello")) == b"hello"


def test_an_envelope_for_another_account_is_refused() -> None:
    for other in ("wx0000000000000000", f"{APP}x", APP[:-1], ""):
        with pytest.raises(WrongEnvelope, match="another account"):
            ours.open(Envelope(other, KEY).seal(b"hello"))


def test_what_was_changed_on_the_way_is_refused() -> None:
    whole = b64decode(ours.seal("3号楼电梯坏了".encode()))
    broken = [whole[:-16], whole[:16], whole[:-1], b"", b"x" * 32]
    for raw in broken:
        with pytest.raises(WrongEnvelope):
            ours.open(b64encode(raw).decode())
    for encrypted in ("", "!!!", "电梯", "AAAA"):
        with pytest.raises(WrongEnvelope):
            ours.open(encrypted)


def test_a_length_that_lies_is_refused() -> None:
    for length in (2**32 - 1, 1000):
        with pytest.raises(WrongEnvelope):
            ours.open(seal_raw(b"r" * 16 + length.to_bytes(4, "big") + b"hi" + APP.encode()))


def test_padding_that_lies_is_refused() -> None:
    for tail in (b"\x00", b"\x21", b"\x05"):
        with pytest.raises(WrongEnvelope, match="padding"):
            ours.open(seal_raw(b"r" * 31 + tail, padded=True))


@pytest.mark.parametrize("key", ["", "short", KEY + "A", "电" * 43, "!" * 43])
def test_a_key_that_is_none_is_named(key: str) -> None:
    with pytest.raises(WrongEnvelope, match="EncodingAESKey"):
        Envelope(APP, key)


def test_signatures_are_the_same_elsewhere() -> None:
    for stamp, nonce in product(("1", "1700000000"), ("", "abc", "9")):
        signature = sign(TOKEN, stamp, nonce)
        check_signature(TOKEN, signature, stamp, nonce)
        assert is_signed(signature, TOKEN, stamp, nonce)
    for wrong in ("", "é", sign("other", "1", "2"), sign(TOKEN, "1", "3"), sign(TOKEN, "1", "2").upper()):
        assert not is_signed(wrong, TOKEN, "1", "2")


def test_a_sealed_reply_is_read_elsewhere() -> None:
    words = '报好了，编号 N7K4P。]]> <b>&amp;"\n😀'
    stamp = int(time.time())
    sealed = seal_reply(
        write_reply(words, to="o6_bmjrPTlm6_2sgVt7hMZOPfL2M", account="gh_1", at=stamp),
        ours,
        TOKEN,
        stamp,
    )
    root = read_fields(sealed.encode())
    found = {name: root.findtext(name) or "" for name in ("MsgSignature", "TimeStamp", "Nonce")}
    opened = theirs.decrypt_message(sealed, found["MsgSignature"], found["TimeStamp"], found["Nonce"])
    assert read_fields(opened.encode()).findtext("Content") == words
    with pytest.raises(InvalidSignatureException):
        theirs.decrypt_message(sealed, "0" * 40, found["TimeStamp"], found["Nonce"])


def test_a_reply_of_theirs_reads_like_one_of_ours() -> None:
    words = "今天 17:30 前给您回话 😀"
    reply = TextReply(content=words, source="gh_1", target="person")
    theirs_root = read_fields(reply.render().encode())
    our_root = read_fields(write_reply(words, to="person", account="gh_1", at=1).encode())
    for name in ("ToUserName", "FromUserName", "MsgType", "Content"):
        assert our_root.findtext(name) == theirs_root.findtext(name), name


def open_elsewhere(encrypted: str) -> str:
    """What wechatpy reads in our `Encrypt`."""
    stamp, nonce = "1700000000", "n"
    signature = sign(TOKEN, stamp, nonce, encrypted)
    xml = f"<xml><Encrypt>{encrypted}</Encrypt></xml>"
    opened: str | bytes = theirs.decrypt_message(xml, signature, stamp, nonce)
    return opened if isinstance(opened, str) else opened.decode()


def seal_raw(plain: bytes, *, padded: bool = False) -> str:
    """Encrypt these bytes as they are, so that an envelope can lie."""
    if not padded:
        padding = 32 - len(plain) % 32
        plain += bytes([padding]) * padding
    key = b64decode(f"{KEY}=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return b64encode(encryptor.update(plain) + encryptor.finalize()).decode()

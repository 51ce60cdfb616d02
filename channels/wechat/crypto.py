"""The platform's signatures and its AES envelope: what a push is checked and opened with, and a reply is sealed with.

[source] developers.weixin.qq.com, 公众号: 接入指南 (signature), 消息加解密说明 (envelope).
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import os
from base64 import b64decode, b64encode

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

KEY_CHARACTERS = 43
_BLOCK = 32
_AES_BLOCK = 16
_RANDOM = 16
_LENGTH = 4


class WrongEnvelope(ValueError):
    """What cannot be opened, or is not for our account. The text says which, never the content."""


def sign(token: str, *parts: str) -> str:
    """sha1 of the sorted join of the token and the parts (timestamp, nonce, and Encrypt where there is one)."""
    return hashlib.sha1("".join(sorted((token, *parts))).encode(), usedforsecurity=False).hexdigest()


def is_signed(signature: str, token: str, *parts: str) -> bool:
    """Whether the signature is the platform's; compared in constant time."""
    return hmac.compare_digest(signature.encode(), sign(token, *parts).encode())


class Envelope:
    """Opens and seals with one EncodingAESKey: AES-256-CBC, padding to 32, 16 random bytes, length, message, appid."""

    def __init__(self, app_id: str, encoding_key: str) -> None:
        """`encoding_key` has 43 characters; low bits of the last one may be set. Raises WrongEnvelope."""
        self._app_id = app_id.encode()
        self._key = _read_key(encoding_key)

    def open(self, encrypted: str) -> bytes:
        """The message of an `Encrypt`. Raises WrongEnvelope, also for another account's."""
        plain = _unpad(self._decrypt(encrypted))[_RANDOM:]
        length = int.from_bytes(plain[:_LENGTH], "big")
        message, app_id = plain[_LENGTH : _LENGTH + length], plain[_LENGTH + length :]
        if len(message) != length:
            raise WrongEnvelope("shorter than it says")
        if not hmac.compare_digest(app_id, self._app_id):
            raise WrongEnvelope("for another account")
        return message

    def seal(self, message: bytes) -> str:
        """The `Encrypt` of a message."""
        plain = os.urandom(_RANDOM) + len(message).to_bytes(_LENGTH, "big") + message + self._app_id
        padding = _BLOCK - len(plain) % _BLOCK
        encryptor = self._cipher().encryptor()
        sealed = encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()
        return b64encode(sealed).decode()

    def _decrypt(self, encrypted: str) -> bytes:
        try:
            raw = b64decode(encrypted, validate=True)
        except (binascii.Error, ValueError):
            raise WrongEnvelope("not base64") from None
        if not raw or len(raw) % _AES_BLOCK:
            raise WrongEnvelope("no whole blocks")
        decryptor = self._cipher().decryptor()
        return decryptor.update(raw) + decryptor.finalize()

    def _cipher(self) -> Cipher[modes.CBC]:
        # The platform says so: the vector is the beginning of the key, and the 16 random bytes in front make it differ.
        return Cipher(algorithms.AES(self._key), modes.CBC(self._key[:_AES_BLOCK]))


def _read_key(encoding_key: str) -> bytes:
    try:
        key = b64decode(f"{encoding_key}=", validate=True)
    except (binascii.Error, ValueError):
        raise WrongEnvelope("the EncodingAESKey is not base64") from None
    if len(encoding_key) != KEY_CHARACTERS:
        raise WrongEnvelope(f"the EncodingAESKey has {len(encoding_key)} characters, not {KEY_CHARACTERS}")
    return key


def _unpad(plain: bytes) -> bytes:
    count = plain[-1]
    if not 1 <= count <= _BLOCK or plain[-count:] != bytes([count]) * count:
        raise WrongEnvelope("wrong padding")
    return plain[:-count]

"""A stand-in for Telegram on this machine: the Bot API with its rules, and a phone in the browser to try it.

Tests run it on loopback, `make run` with LINLI_DEMO_PLATFORMS=1. Nothing in Linli asks whether it is the real one.
"""

from operations.platforms.telegram.app import make_app
from operations.platforms.telegram.state import TOKEN, USERNAME, State

__all__ = ["TOKEN", "USERNAME", "State", "make_app"]

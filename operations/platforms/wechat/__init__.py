"""A stand-in for the WeChat Official Account platform on this machine: its API with its rules, and a phone to try it.

Tests run it on loopback, `make run` with LINLI_DEMO_PLATFORMS=1. Nothing in Linli asks whether it is the real one.
"""

from operations.platforms.wechat.account import Account, Person, Shown
from operations.platforms.wechat.pushes import Pushed, Pusher
from operations.platforms.wechat.server import make_app

__all__ = ["Account", "Person", "Pushed", "Pusher", "Shown", "make_app"]

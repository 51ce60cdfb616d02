"""Demo data: a street with two communities, its parties, staff, residents, needs and notices."""

from operations.demo.accounts import DemoAccount, DemoAccounts
from operations.demo.loading import StreetOfItsOwn, load_demo

__all__ = ["DemoAccount", "DemoAccounts", "StreetOfItsOwn", "load_demo"]

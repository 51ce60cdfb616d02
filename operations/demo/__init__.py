"""Demo data: a street with two communities, its parties, staff, residents, needs and notices."""

from operations.demo.accounts import DemoAccount, DemoAccounts
from operations.demo.loading import load_demo

__all__ = ["DemoAccount", "DemoAccounts", "load_demo"]

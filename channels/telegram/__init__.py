"""Telegram: updates come by webhook or long polling, messages go out by the Bot API."""

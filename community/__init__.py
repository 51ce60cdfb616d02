"""The domain of Linli by noun: each folder has its tables (models.py) and all of its writes (usecases.py).

Imports nothing of channels, web, scheduler or the bot.
"""

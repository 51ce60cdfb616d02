"""WeChat Official Account 公众号: pushes in, passive replies and customer-service messages out.

A push comes in by web/channel_doors/wechat.py, is opened (crypto.py), read (parsing.py, reading.py) and stored; its
answer goes out with the open request (passive.py) or by the platform's API (channel.py, api.py, tokens.py).
"""

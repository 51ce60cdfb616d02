"""Hotlines 热线: whom to call in danger, per community, with the hours that their rows hold."""

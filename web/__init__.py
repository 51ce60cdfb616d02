"""The HTTP doors: web chat, residents' pages, staff console, JSON APIs on the public port; actions on loopback."""

"""The HTTP doors of Linli: web chat, residents' pages, staff console and JSON APIs on the public port; actions on loopback."""

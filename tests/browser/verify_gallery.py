"""Pictures of the page of verification for docs/gallery: `python -m tests.browser.verify_gallery`."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from api.papers.signing import KeyFolder
from tests.api.papers.office import open_office
from tests.browser.conftest import CHROMIUM, Serving
from tests.browser.pictures import FOLDER, small
from tests.support import databases


def main() -> None:
    """A sample on a desk, and a changed file on a phone."""
    with tempfile.TemporaryDirectory() as folder, databases.in_use():
        keys = KeyFolder(Path(folder) / "keys")
        with (
            open_office(databases.test_cluster(), keys) as office,
            Serving(office.app) as address,
            sync_playwright() as playwright,
        ):
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=CHROMIUM)
            page = browser.new_page(viewport={"width": 1440, "height": 900})
            page.goto(f"{address}/verify/{office.codes['sample']}?lang=zh")
            (FOLDER / "verify.sample.png").write_bytes(small(page.screenshot(full_page=True)))
            page = browser.new_page(viewport={"width": 390, "height": 844})
            page.goto(f"{address}/verify?lang=en")
            changed = Path(folder) / "changed.pdf"
            changed.write_bytes(office.pdfs["valid.zh"] + b"\n% changed")
            page.set_input_files("#file", changed)
            page.click("form[method=post] button")
            (FOLDER / "verify.altered.390.en.png").write_bytes(small(page.screenshot(full_page=True)))
            browser.close()


if __name__ == "__main__":
    main()

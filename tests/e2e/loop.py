"""The two screens on which a need goes round, as people use them: a resident's chat and a staff member's console."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Page, expect

ANSWER_SECONDS = 60_000  # the worker asks every few seconds whether a survey is due


@dataclass(frozen=True)
class Chat:
    """The web chat of one resident."""

    page: Page
    url: str

    def open(self) -> None:
        """Come by the link of a community."""
        self.page.goto(self.url)

    def say(self, words: str) -> None:
        """Type and send."""
        self.page.locator("#text").fill(words)
        self.page.keyboard.press("Enter")

    def tap(self, label: str) -> None:
        """Tap a button under a bubble."""
        self.page.get_by_role("button", name=label, exact=True).last.click()

    def hears(self, words: str) -> None:
        """Linli or staff have said this."""
        expect(self.page.locator("#thread")).to_contain_text(words, timeout=ANSWER_SECONDS)


@dataclass(frozen=True)
class Desk:
    """The console of one staff member."""

    page: Page
    url: str

    def sign_in(self, name: str, password: str) -> None:
        """Come in and see the queue."""
        self.page.goto(f"{self.url}/staff")
        self.page.locator("input[name=name]").fill(name)
        self.page.locator("input[name=password]").fill(password)
        self.page.keyboard.press("Enter")
        expect(self.page).to_have_url(f"{self.url}/staff/needs")

    def sees(self, words: str) -> None:
        """The page shows this, without being loaded again."""
        expect(self.page.locator("body")).to_contain_text(words, timeout=ANSWER_SECONDS)

    def open_need(self, words: str) -> None:
        """Open the need with these words from the queue."""
        self.page.locator(".row", has_text=words).first.locator(".row__link").click()
        expect(self.page.locator("#need")).to_be_visible()

    def press(self, label: str) -> None:
        """Press a button of the need's page."""
        self.page.get_by_role("button", name=label, exact=True).click()

    def write(self, way: str, words: str, button: str) -> None:
        """Choose what to write (an answer, a note, the result), write it, send it."""
        self.page.locator(".way", has_text=way).click()
        self.page.locator("textarea:visible").first.fill(words)
        self.press(button)

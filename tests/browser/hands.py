"""Three ways one works a page: with the mouse, with the keyboard alone, and with scripts turned off. Each counts actions."""

from pathlib import Path

from playwright.sync_api import FileChooser, Page

MOST_STEPS = 400
"""Presses of a key after which what is looked for cannot be reached."""

FOCUS = """selector => { const at = document.activeElement;
  return [at.matches(selector), [at, at.parentElement].some(one => getComputedStyle(one).outlineStyle !== "none")]; }"""
"""Whether the focus is there, and whether a ring shows it, around it or around the box it stands in."""


class Mouse:
    """An action is a link or button pressed, a file chosen, a field filled in, a choice made."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def follow(self, selector: str) -> None:
        """Presses what leads to another page."""
        self.actions += 1
        with self.page.expect_navigation():
            self._press(selector)

    def open(self, selector: str) -> None:
        """Presses what shows more of the same page."""
        self.actions += 1
        self._press(selector)

    def write(self, selector: str, text: str) -> None:
        self.actions += 1
        self._write(selector, text)

    def choose(self, name: str, value: str) -> None:
        """One of several answers, or a box to tick."""
        self.actions += 1
        self._choose(f"[name='{name}'][value='{value}']", f"[name='{name}']")

    def pick(self, name: str, value: str) -> None:
        """From a list."""
        self.actions += 1
        self._pick(f"select[name='{name}']", value)

    def send(self, selector: str, file: Path) -> None:
        self.actions += 1
        self._send(selector, file)

    def _press(self, selector: str) -> None:
        self.page.click(selector)

    def _write(self, selector: str, text: str) -> None:
        self.page.fill(selector, text)

    def _choose(self, selector: str, _: str) -> None:
        self.page.check(selector)

    def _pick(self, selector: str, value: str) -> None:
        self.page.select_option(selector, value)

    def _send(self, selector: str, file: Path) -> None:
        self.page.set_input_files(selector, file)


class Keyboard(Mouse):
    """Tab to it, then Enter, Space, arrows or text; what has the focus must show it."""

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._choosers: list[FileChooser] = []
        # From the beginning: a chooser that opens while the browser is still being told to hand it over is lost.
        page.on("filechooser", lambda chooser: self._choosers.append(chooser))

    def _press(self, selector: str) -> None:
        self._tab_to(selector)
        self.page.keyboard.press("Enter")

    def _write(self, selector: str, text: str) -> None:
        self._tab_to(selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def _choose(self, selector: str, group: str) -> None:
        self._tab_to(group)
        self.page.keyboard.press("Space")
        self._arrow_until(f'document.querySelector("{selector}").checked')

    def _pick(self, selector: str, value: str) -> None:
        self._tab_to(selector)
        self._arrow_until(f"document.querySelector(\"{selector}\").value === '{value}'")

    def _send(self, selector: str, file: Path) -> None:
        self._tab_to(selector)
        self.page.keyboard.press("Enter")
        for _ in range(MOST_STEPS):
            if self._choosers:
                self._choosers.pop().set_files(file)
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"Enter on {selector} opened no chooser of files")

    def _tab_to(self, selector: str) -> None:
        for _ in range(MOST_STEPS):
            self.page.keyboard.press("Tab")
            is_there, has_ring = self.page.evaluate(FOCUS, selector)
            if is_there:
                assert has_ring, f"{selector} does not show that it has the focus"
                return
        raise AssertionError(f"the keyboard never got to {selector}")

    def _arrow_until(self, condition: str) -> None:
        for _ in range(MOST_STEPS):
            if self.page.evaluate(condition):
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow key made it so: {condition}")

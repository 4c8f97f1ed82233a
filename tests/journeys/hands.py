"""Two ways to use a page: with a mouse, and with the keyboard alone. Both know the grid of the plan."""

from __future__ import annotations

from collections.abc import Iterator

from playwright.sync_api import Locator, Page

MOST_TABS = 400
GRID = range(7 * 60, 18 * 60)  # minutes of the day that an empty grid shows


def minutes(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)


class Mouse:
    """Presses, drags and sweeps."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_viewport_size({"width": 1440, "height": 3200})  # what is dragged must be in sight

    def press(self, target: Locator) -> None:
        target.click()

    def fill(self, field: Locator, text: str) -> None:
        if field.input_value() != text:
            field.fill(text)

    def choose(self, field: Locator, label: str) -> None:
        field.select_option(label=label)

    def sweep(self, hall: str, starts: str, ends: str) -> None:
        """Over empty time, which proposes a session; what the grid does not show is typed by the caller."""
        first, last = minutes(starts), min(minutes(ends), GRID.stop)
        if first not in GRID:
            return
        self._scroll(first)
        column = self._column(hall).bounding_box()
        assert column
        step = column["height"] / self._shown() * 5
        x, top = column["x"] + column["width"] / 2, column["y"] + (first - GRID.start) / 5 * step
        self.page.mouse.move(x, top + step / 2)
        self.page.mouse.down()
        self.page.mouse.move(x, top + (last - first) / 5 * step - step / 2, steps=3)
        self.page.mouse.up()

    def move(self, code: str, later: int, hall: str) -> None:
        """A session so many minutes later, into that hall."""
        block = self.page.locator(f".plan-block[data-code={code}]")
        self._scroll(minutes(block.locator("time").inner_text().split("–")[0]))
        box, column = block.bounding_box(), self._column(hall).bounding_box()
        assert box
        assert column
        x, y = box["x"] + 30, box["y"] + 8
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        down = later / self._shown() * column["height"]
        self.page.mouse.move(column["x"] + 30, y + down, steps=5)
        self.page.mouse.up()

    def _column(self, hall: str) -> Locator:
        column = self.page.locator(".plan-grid__hall").filter(
            has=self.page.locator(".plan-grid__head", has_text=hall)
        )
        return column.locator(".plan-grid__body")

    def _scroll(self, minute: int) -> None:
        """So that this minute stands near the top of the grid, with the hours after it in sight."""
        share = (minute - GRID.start - 30) / self._shown()
        self.page.locator(".plan-grid").evaluate(
            "(grid, share) => { grid.scrollTop = grid.scrollHeight * share }", share
        )

    def _shown(self) -> int:
        """Minutes of the day that the grid shows now."""
        return 60 * self.page.locator(".plan-grid__hour").count()


class Keyboard:
    """Tab, arrows, Enter and letters; never the mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.set_viewport_size({"width": 1440, "height": 900})

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def fill(self, field: Locator, text: str) -> None:
        if field.input_value() == text:
            return
        self._reach(field)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def choose(self, field: Locator, label: str) -> None:
        labels = [one.strip() for one in field.locator("option").all_inner_texts()]
        here = int(field.evaluate("field => field.selectedIndex"))
        there = labels.index(label)
        if here == there:
            return
        self._reach(field)
        for _ in range(abs(there - here)):
            self.page.keyboard.press("ArrowDown" if there > here else "ArrowUp")
        assert field.evaluate("field => field.selectedIndex") == there

    def sweep(self, hall: str, starts: str, ends: str) -> None:
        """Nothing to sweep with: the form is filled."""

    def move(self, code: str, later: int, hall: str) -> None:
        """Enter takes a session up, arrows carry it, Enter puts it down."""
        heads = self.page.locator(".plan-grid__hall .plan-grid__head").all_inner_texts()
        block = self.page.locator(f".plan-block[data-code={code}]")
        column = self.page.locator(".plan-grid__hall").filter(has=block)
        aside = heads.index(hall) - heads.index(column.locator(".plan-grid__head").inner_text())
        self._reach(block)
        for key in ("Enter", *_presses(later // 5, "ArrowDown", "ArrowUp")):
            self.page.keyboard.press(key)
        for key in (*_presses(aside, "ArrowRight", "ArrowLeft"), "Enter"):
            self.page.keyboard.press(key)

    def _reach(self, target: Locator) -> None:
        """Tab until it has the focus: whatever cannot be reached so is out of reach of many."""
        for _ in range(MOST_TABS):
            if target.evaluate("it => it === document.activeElement"):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached by {MOST_TABS} presses of Tab")


def _presses(number: int, forward: str, backward: str) -> Iterator[str]:
    return iter([forward if number > 0 else backward] * abs(number))


Hands = Mouse | Keyboard

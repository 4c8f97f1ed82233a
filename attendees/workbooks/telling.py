"""Collects what must be told about the cells of one sheet."""

from __future__ import annotations

from attendees.workbooks.shapes import Problem, letter

SHOWN = 200  # characters of a value that a problem repeats


class Teller:
    """Problems of one sheet, as they are met; rows and columns are counted from 0."""

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.problems: list[Problem] = []

    def tell(
        self,
        level: str,
        row: int | None,
        column: int | None,
        field: str,
        code: str,
        message: str,
        *,
        before: str = "",
        after: str = "",
        **values: str,
    ) -> None:
        self.problems.append(
            Problem(
                sheet=self.sheet,
                row=None if row is None else row + 1,
                column=None if column is None else letter(column),
                level=level,
                field=field,
                code=code,
                message=message,
                values=values,
                before=before[:SHOWN],
                after=after[:SHOWN],
            )
        )

"""Why a letter cannot be written or sent, as a sentence for people; and that it has to wait."""


class MailError(Exception):
    """The letter cannot be written or sent as asked; `str()` is a sentence for people.

    Rooms above raise it too, when they are asked for a link or an attachment that there will never be.
    """


class NotReady(Exception):
    """An attachment is still being made: the letter waits and asks again."""

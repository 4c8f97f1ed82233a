"""The only Celery task here. What it does stands in `sending`."""

from celery import shared_task

from mailing import bell, sending


@shared_task(name=bell.SEND)
def send(letters: list[int]) -> None:
    """Send some letters."""
    sending.send(letters)

"""The only Celery tasks here. What they do stands in `making`."""

from celery import shared_task

from documents import bell, making


@shared_task(name=bell.PRODUCE)
def produce(part: int) -> None:
    """Make one piece of a paper."""
    making.make_part(part)


@shared_task(name=bell.ASSEMBLE)
def assemble(document: int) -> None:
    """Join the pieces of a paper."""
    making.join_parts(document)

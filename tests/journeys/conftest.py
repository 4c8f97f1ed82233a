"""The world in which everybody asks for everything."""

from tests.journeys.everybody import world

__all__ = ["world"]

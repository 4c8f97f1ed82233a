"""The frame of Hội Nghị and its ground floor. Whatever runs here imports this first."""

import gc

# A start, a migration or a page makes tens of thousands of objects that stay for a while. Looked through for
# cycles after every 700, as Python does, they cost a quarter of a migration and a twentieth of a page.
gc.set_threshold(10_000, 10, 10)

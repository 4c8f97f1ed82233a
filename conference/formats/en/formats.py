"""What is typed in English: the same days and hours as in Vietnamese, for that is what the fields show.

Django's own for English would read 05/6/2024 as the sixth of May.
"""

from conference.formats.vi.formats import DATE_INPUT_FORMATS as DATE_INPUT_FORMATS
from conference.formats.vi.formats import DATETIME_INPUT_FORMATS as DATETIME_INPUT_FORMATS
from conference.formats.vi.formats import FIRST_DAY_OF_WEEK as FIRST_DAY_OF_WEEK
from conference.formats.vi.formats import TIME_INPUT_FORMATS as TIME_INPUT_FORMATS

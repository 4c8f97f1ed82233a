"""One file per person, equal to the person's pages in the joined paper, with nothing of anybody else."""

from io import BytesIO

import pikepdf
import pytest
from pypdf import PdfReader

from documents.pdf import renderer
from tests.documents import reading, samples
from tests.qr_reading import qr_codes

TITLES = [f"Giấy chứng nhận {number}" for number in range(len(samples.PEOPLE))]


def test_each_file_looks_like_its_page_and_reads_alone() -> None:
    r = renderer("base.css", "certificate.css")
    html, images = samples.certificates(samples.PEOPLE)
    whole = r.render(html, images).pdf
    files = list(r.render_each(html, TITLES, images))
    assert len(files) == len(samples.PEOPLE)
    for number, (file, person) in enumerate(zip(files, samples.PEOPLE, strict=True), start=1):
        assert file.pages == len(PdfReader(BytesIO(file.pdf)).pages) == 1
        assert reading.picture(file.pdf, dpi=60).tobytes() == reading.picture(whole, number, dpi=60).tobytes()
        assert person[1].upper() in reading.text(file.pdf)


def test_no_file_holds_anything_of_another_person() -> None:
    html, images = samples.certificates(samples.PEOPLE)
    for number, file in enumerate(renderer("base.css", "certificate.css").render_each(html, TITLES, images)):
        codes = qr_codes(reading.picture(file.pdf))
        assert [code.text for code in codes] == [f"https://hoinghi.example/v/7K3M9QFP7K3M9{number:03}"]
        others = [person[1].upper() for at, person in enumerate(samples.PEOPLE) if at != number]
        with pikepdf.open(BytesIO(file.pdf)) as pdf:
            streams = [one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]

        assert sum(stream.count(b" 1 re") > 50 for stream in streams) == 1  # one QR code
        assert not any(other in reading.text(file.pdf) for other in others)


def test_a_subject_may_have_several_pages() -> None:
    body = "".join(
        f'<div id="subject-{number}" class="cert">{number} <p class="cert">Trang hai của {number}</p></div>'
        for number in range(3)
    )
    html = f'<html lang="vi"><head><title>t</title></head><body>{body}</body></html>'
    files = list(renderer("base.css", "certificate.css").render_each(html, ["a", "b", "c"]))
    assert [file.pages for file in files] == [2, 2, 2]
    assert [reading.text(file.pdf) for file in files] == [f"{n} Trang hai của {n}" for n in range(3)]


def test_titles_and_language_are_each_file_s_own() -> None:
    files = renderer("base.css", "certificate.css").render_each(*_swap(*samples.certificates(samples.PEOPLE)))
    for title, file in zip(TITLES, files, strict=True):
        reader = PdfReader(BytesIO(file.pdf))
        assert reader.metadata is not None
        assert reader.metadata.title == title
        assert reader.trailer["/Root"]["/Lang"] == "vi"


def _swap(html: str, images: dict[str, bytes]) -> tuple[str, list[str], dict[str, bytes]]:
    return html, TITLES, images


def test_a_wrong_count_of_titles_is_refused() -> None:
    html, images = samples.certificates(samples.PEOPLE)
    with pytest.raises(ValueError, match="7 subjects begin in the pages, 1 were announced"):
        renderer("base.css", "certificate.css").render_each(html, ["only one"], images)

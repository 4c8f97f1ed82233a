import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conference import vietnamese


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0912345678", "+84912345678"),
        ("0912 345 678", "+84912345678"),
        ("0912.345.678", "+84912345678"),
        ("(0912) 345-678", "+84912345678"),
        ("0912–345–678", "+84912345678"),
        ("\u00a00912\u2003345\u200b678 ", "+84912345678"),
        ("０９１２３４５６７８", "+84912345678"),
        ("+84912345678", "+84912345678"),
        ("+84 (0)912 345 678", "+84912345678"),
        ("0084 912 345 678", "+84912345678"),
        ("84912345678", "+84912345678"),
        ("912345678", "+84912345678"),
        ("912345678.0", "+84912345678"),
        ("841234567", "+84841234567"),
        ("0312345678", "+84312345678"),
        ("0512345678", "+84512345678"),
        ("0712345678", "+84712345678"),
        ("0812345678", "+84812345678"),
        ("0263 3822 345", "+842633822345"),
        ("(024) 3822 3456", "+842438223456"),
        ("2633822345", "+842633822345"),
        ("842633822345", "+842633822345"),
        ("+66 2 123 4567", "+6621234567"),
        ("001 202 555 0123", "+12025550123"),
    ],
)
def test_a_number_is_stored_as_e164(typed: str, stored: str) -> None:
    assert vietnamese.phone(typed) == stored
    assert vietnamese.phone(stored) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Chưa có số điện thoại. Nhập 10 chữ số, ví dụ 0912 345 678."),
        (" \u200b", "Chưa có số điện thoại. Nhập 10 chữ số, ví dụ 0912 345 678."),
        ("091234567", "Số này thiếu một chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678."),
        ("0912", "Số này thiếu nhiều chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678."),
        ("+84", "Số này thiếu nhiều chữ số. Nhập đủ 10 chữ số, ví dụ 0912 345 678."),
        ("09123456789", "Số này thừa chữ số. Nhập đúng 10 chữ số, ví dụ 0912 345 678."),
        ("0169 123 4567", "Số 11 chữ số này đã đổi từ năm 2018. Nhập số mới, ví dụ 0912 345 678."),
        (
            "0412345678",
            "Đầu số này không có. Nhập số bắt đầu bằng 03, 05, 07, 08, 09 hoặc 02, ví dụ 0912 345 678.",
        ),
        (
            "1234567890",
            "Đầu số này không có. Nhập số bắt đầu bằng 03, 05, 07, 08, 09 hoặc 02, ví dụ 0912 345 678.",
        ),
        ("0263 382 345", "Số cố định phải có 11 chữ số, kể cả mã vùng. Nhập lại, ví dụ 0263 3822 345."),
        ("0912 345 678 / 0987 654 321", "Ô này có hơn một số điện thoại. Nhập một số, ví dụ 0912 345 678."),
        ("0912345678; 0987654321", "Ô này có hơn một số điện thoại. Nhập một số, ví dụ 0912 345 678."),
        ("không có", "Số điện thoại chỉ gồm chữ số. Nhập 10 chữ số, ví dụ 0912 345 678."),
        ("0912 345 67O", "Số điện thoại chỉ gồm chữ số. Nhập 10 chữ số, ví dụ 0912 345 678."),
        ("++84912345678", "Số điện thoại chỉ gồm chữ số. Nhập 10 chữ số, ví dụ 0912 345 678."),
        ("-", "Số điện thoại chỉ gồm chữ số. Nhập 10 chữ số, ví dụ 0912 345 678."),
        ("+1 202", "Số nước ngoài này sai. Nhập dấu +, mã nước và số, ví dụ +66 2 123 4567."),
    ],
)
def test_what_is_no_number_is_refused_with_a_sentence(typed: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        vietnamese.phone(typed)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("0169 123 4567", "+84391234567"),
        ("0162 123 4567", "+84321234567"),
        ("01201234567", "+84701234567"),
        ("01211234567", "+84791234567"),
        ("01231234567", "+84831234567"),
        ("+84 127 123 4567", "+84811234567"),
        ("01861234567", "+84561234567"),
        ("01991234567", "+84591234567"),
        ("01611234567", None),
        ("0912345678", None),
        ("", None),
    ],
)
def test_an_old_number_has_a_new_one_to_offer(old: str, new: str | None) -> None:
    assert vietnamese.renumbered(old) == new
    assert new is None or vietnamese.phone(new) == new


@given(st.text(st.sampled_from("0123456789+84 .-()/"), max_size=16) | st.text(max_size=16))
def test_any_text_gives_a_number_or_a_sentence(typed: str) -> None:
    try:
        answer = vietnamese.phone(typed)
    except ValueError as refusal:
        answer = str(refusal)
    if re.fullmatch(r"\+[0-9]{8,15}", answer):
        assert vietnamese.phone(vietnamese.show_phone(answer)) == answer
    else:
        assert re.fullmatch(r"[^.]+\. Nhập .+, ví dụ .+\.", answer)


@pytest.mark.parametrize(
    ("stored", "shown", "masked"),
    [
        ("+84912345678", "0912 345 678", "0912 ••• 678"),
        ("+842633822345", "0263 3822 345", "0263 •••• 345"),
        ("+842438223456", "024 3822 3456", "024 •••• 3456"),
        ("+842838223456", "028 3822 3456", "028 •••• 3456"),
        ("+12025550123", "+12025550123", "+12 •••• 123"),
        ("12345", "12345", "••••"),
        ("", "", ""),
    ],
)
def test_numbers_are_shown_in_groups_and_masked_in_the_middle(stored: str, shown: str, masked: str) -> None:
    assert vietnamese.show_phone(stored) == shown
    assert vietnamese.mask_phone(stored) == masked


@pytest.mark.parametrize(
    ("stored", "masked"),
    [
        ("an.nguyen@lamdong.gov.vn", "a•••@lamdong.gov.vn"),
        ("a@lamdong.gov.vn", "•••@lamdong.gov.vn"),
        ("“a@b”@c.vn", "“•••@c.vn"),
        ("khong-co-dau", "•••"),
        ("", ""),
    ],
)
def test_an_address_is_masked_before_the_at(stored: str, masked: str) -> None:
    assert vietnamese.mask_email(stored) == masked

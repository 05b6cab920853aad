"""Annotations of a folder of photographs, in COCO's format or in VOC's, both read into one shape."""

import json
import pathlib
import xml.etree.ElementTree as ET
from dataclasses import dataclass, field


@dataclass
class Annotated:
    path: pathlib.Path
    width: int
    height: int
    boxes: list = field(default_factory=list)  # of (label, x, y, width, height in pixels, ignored)
    ignore: list = field(default_factory=list)  # x, y, width, height in pixels: neither object nor background
    exhaustive: frozenset = frozenset()  # labels of which every object has a box


def read_folder(folder):
    """
    -> [Annotated], the labels that the folder speaks of.

    COCO: annotations.json beside images/. VOC: Annotations/*.xml beside JPEGImages/. Where a picture does not say of
    which labels every object has a box, it is all labels of the folder.
    """
    folder = pathlib.Path(folder)
    if (folder / "annotations.json").exists():
        return read_coco(folder)
    if (folder / "Annotations").is_dir():
        return read_voc(folder)
    raise SystemExit(f"{folder}: expected annotations.json and images/, or Annotations/ and JPEGImages/")


def read_coco(folder):
    data = json.loads((folder / "annotations.json").read_text())
    names = {category["id"]: category["name"] for category in data["categories"]}
    pictures = {}
    for image in data["images"]:
        exhaustive = frozenset(names[n] for n in image.get("exhaustive", names))
        path = folder / "images" / image["file_name"]
        ignore = image.get("ignore") or []
        pictures[image["id"]] = Annotated(path, image["width"], image["height"], [], ignore, exhaustive)
    for a in data["annotations"]:
        ignored = bool(a.get("iscrowd") or a.get("difficult"))
        pictures[a["image_id"]].boxes.append((names[a["category_id"]], *a["bbox"], ignored))
    return list(pictures.values()), sorted(names.values())


def read_voc(folder):
    """VOC's corners are pixels counted from 1, both within the box (VOC 2007 development kit, section 3)."""
    pictures = []
    for path in sorted((folder / "Annotations").glob("*.xml")):
        root = ET.parse(path).getroot()
        size = [int(root.find(f"size/{side}").text) for side in ("width", "height")]
        picture = Annotated(folder / "JPEGImages" / root.find("filename").text, *size)
        for found in root.iter("object"):
            left, top, right, bottom = (float(found.find(f"bndbox/{n}").text) for n in ("xmin", "ymin", "xmax", "ymax"))
            ignored = found.findtext("difficult", "0") == "1"
            box = left - 1, top - 1, right - left + 1, bottom - top + 1
            picture.boxes.append((found.find("name").text, *box, ignored))
        pictures.append(picture)
    labels = sorted({name for picture in pictures for name, *_ in picture.boxes})
    for picture in pictures:
        picture.exhaustive = frozenset(labels)
    return pictures, labels

"""Folders of photographs -> arrays. A folder holds annotations (annotations.py) and, where teachers looked,
teacher.json: {"detections": {file: [[label, score, x1, y1, x2, y2 in 0..1], ...]}}."""

import collections
import json
import pathlib
from dataclasses import dataclass

import numpy as np
from PIL import ExifTags, Image, ImageOps

from annotations import read_folder
from network import MEAN

SIDE = 320
SURE, MAYBE = 0.42, 0.15  # a teacher's score above SURE makes a label, above MAYBE it is left out of the loss
DOUBTFUL = 0.3  # from this score on, what only a teacher sees among exhaustive labels is left out too
SAME, LEAST_SIDE = 0.4, 0.004
MUCH_SURER = 2.0


@dataclass
class Picture:
    name: str
    width: int  # of the part of the canvas that holds it
    height: int
    boxes: np.ndarray  # (n, 4) x1 y1 x2 y2 in 0..1 of the picture
    labels: np.ndarray  # (n,) from 1
    sure: np.ndarray  # (n,) how likely each is there: 1 by a person's word, 0 neither object nor background
    known: np.ndarray  # (labels + 1,) of which every object is there; the others are not background

    @property
    def ignored(self):
        return self.sure == 0


def iou(box, boxes):
    sides = np.minimum(box[2:], boxes[:, 2:]) - np.maximum(box[:2], boxes[:, :2])
    shared = sides.clip(0).prod(1)
    return shared / ((box[2:] - box[:2]).prod() + (boxes[:, 2:] - boxes[:, :2]).prod(1) - shared + 1e-9)


class Boxes:
    """The boxes of one picture while they are gathered; what is cut away or too small to be seen is counted."""

    def __init__(self, labels, left_out):
        self.number = {label: n for n, label in enumerate(labels, 1)}
        self.left_out = left_out
        self.boxes, self.labels, self.sure = [], [], []

    def add(self, label, box, sure):
        box = np.clip(np.array(box, np.float32), 0, 1)
        if label not in self.number:
            self.left_out[f"boxes of {label}, which is not learnt"] += 1
        elif (box[2:] - box[:2] < LEAST_SIDE).any():
            self.left_out["boxes outside of the picture or too small"] += 1
        else:
            self.boxes.append(box), self.labels.append(self.number[label]), self.sure.append(sure)

    def is_surely_another(self, box, sure):
        there, _, others = self.arrays()
        return (others[iou(np.array(box, np.float32), there) >= SAME] >= MUCH_SURER * sure).any()

    def arrays(self):
        boxes = np.array(self.boxes, np.float32).reshape(-1, 4)
        return boxes, np.array(self.labels, np.int64), np.array(self.sure, np.float32)


def upright(box, orientation):
    """x1 y1 x2 y2 in 0..1 of a picture as it is stored -> of the one that EXIF turns (EXIF 2.32, tag 274)."""
    x1, y1, x2, y2 = box
    turned = {
        5: (y1, x1, y2, x2),
        6: (1 - y2, x1, 1 - y1, x2),
        7: (1 - y2, 1 - x2, 1 - y1, 1 - x1),
        8: (y1, 1 - x2, y2, 1 - x1),
    }
    return np.array(turned.get(orientation, box))


def gather(annotated, taught, labels, left_out, seen, soft):
    """-> Picture."""
    found = Boxes(labels, left_out)
    size = annotated.width, annotated.height
    # A tool that takes no notice of EXIF draws on what is stored: where that lies on its side, the size tells.
    drawn_before = size == seen.stored != size[::-1]

    def corners(x, y, w, h):
        box = np.array((x, y, x + w, y + h)) / (size * 2)
        return upright(box, seen.orientation) if drawn_before else box

    for label, *box, ignored in annotated.boxes:
        found.add(label, corners(*box), 0 if ignored else 1)
    for box in annotated.ignore:  # trucks, mostly: neither bus nor car nor background
        for label in found.number.keys() & {"bus", "car"}:
            found.add(label, corners(*box), 0)
    known = np.array([True] + [taught is not None or label in annotated.exhaustive for label in labels])
    if taught is not None:
        add_taught(found, taught, annotated.exhaustive, soft)
    return Picture(annotated.path.name, seen.width, seen.height, *found.arrays(), known)


def add_taught(found, taught, exhaustive, soft):
    """
    What teachers saw beside the labels: where people have labelled all of a kind, they know better. With `soft` a box
    is as sure as its score (which is about how often such a box is right), unless what is there is surer to be
    something else; without it there is a box, or a doubt, or nothing.
    """
    boxes, numbers, _ = found.arrays()
    for label, score, *box in sorted(taught, key=lambda row: -row[1]):
        if label not in found.number:
            continue
        same = boxes[numbers == found.number[label]]
        if len(same) and iou(np.array(box, np.float32), same).max() >= SAME:
            continue
        if label in exhaustive:
            if score > DOUBTFUL:
                found.add(label, box, 0)
        elif score > MAYBE:
            if not soft:
                found.add(label, box, float(score > SURE))
            elif not found.is_surely_another(box, score):
                found.add(label, box, score)


@dataclass
class Seen:
    width: int  # on the canvas
    height: int
    stored: tuple  # width, height of the file's own pixels
    orientation: int  # as EXIF has it


def read_canvas(path, canvas):
    """Writes the picture, upright, top left into `canvas` (side, side, 3), reduced to fit. -> Seen."""
    side = canvas.shape[0]
    with Image.open(path) as image:
        stored, orientation = image.size, image.getexif().get(ExifTags.Base.Orientation, 1)
        image.draft("RGB", (side, side))
        image = ImageOps.exif_transpose(image).convert("RGB")
        scale = side / max(image.size)
        if scale < 1:
            size = [max(1, round(length * scale)) for length in image.size]
            image = image.resize(size, Image.BOX)
        canvas[: image.height, : image.width] = np.asarray(image)
        return Seen(*image.size, stored, orientation)


def load(folders, labels, held_out=frozenset(), only_held_out=False, teachers=True, soft=False, side=SIDE):
    """
    -> pictures, canvases (N, side, side, 3) uint8 RGB: each picture top left, the rest in the mean colour.

    Says what it left out: pictures that cannot be read, boxes outside of them, labels that are not learnt.
    """
    jobs, left_out = [], collections.Counter()
    for folder in map(pathlib.Path, folders):
        teacher = folder / "teacher.json"
        taught = json.loads(teacher.read_text())["detections"] if teachers and teacher.exists() else {}
        for annotated in read_folder(folder)[0]:
            name = annotated.path.name
            if (name in held_out) == only_held_out:
                jobs.append((annotated, taught.get(name)))
    canvases = np.empty((len(jobs), side, side, 3), np.uint8)
    canvases[:] = np.array(MEAN, np.uint8)
    pictures = []
    for annotated, taught in jobs:
        try:
            seen = read_canvas(annotated.path, canvases[len(pictures)])
            pictures.append(gather(annotated, taught, labels, left_out, seen, soft))
        except OSError:
            left_out["pictures that cannot be read"] += 1
    for what, count in left_out.items():
        print(f"left out: {count} {what}", flush=True)
    return pictures, canvases[: len(pictures)]


def labels_of(folders):
    """-> the labels that any of the folders speaks of, in the order of the alphabet."""
    return sorted({label for folder in folders for label in read_folder(folder)[1]})

"""Writes made-up annotations, detections of them, and what pycocotools says: what src/eval is held against.

    python training/coco_reference.py test/fixtures/coco

`annotations.json` and `detections.json` have all that is hard: equal scores, boxes that share exactly a threshold,
crowds, areas at the border of two sizes, more detections than COCO looks at, and our additions `difficult`, `ignore`
and `exhaustive`. `answer.json` has pycocotools' figures twice, once without the additions. pycocotools does not know
them, so they are put into its words: a difficult object is larger than any size it looks at, a region to ignore is a
crowd of each category, and a picture in which a category is not exhaustive is not asked about it.
Needs pycocotools 2.0.11.
"""

import contextlib
import json
import pathlib
import random
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

CATEGORIES = {3: "cat", 5: "dog", 8: "cow", 9: "never seen"}
SIDES = (8, 20, 32, 33, 64, 96, 97, 150)
WIDTH, HEIGHT = 320, 240
BEYOND_ALL_SIZES = 1e11


def picture(rng, number):
    image = {"id": number, "file_name": f"{number}.jpg", "width": WIDTH, "height": HEIGHT}
    if number % 4 == 0:
        image["exhaustive"] = rng.sample(list(CATEGORIES), 2)
    if number % 5 == 0:
        image["ignore"] = [[10, 10, 100, 80]]
    return image


def box(rng):
    width, height = rng.choice(SIDES), rng.choice(SIDES)
    return [rng.randint(0, WIDTH - width), rng.randint(0, HEIGHT - height), width, height]


def annotation(rng, image, number):
    bbox = box(rng)
    return {
        "id": number,
        "image_id": image,
        "category_id": rng.choice([3, 3, 5, 8]),
        "bbox": bbox,
        "area": bbox[2] * bbox[3] * rng.choice([1, 1, 0.75]),
        "iscrowd": int(rng.random() < 0.1),
        "difficult": int(rng.random() < 0.1),
    }


def near(rng, bbox):
    """A box that shares much with another; of every fourth exactly a half, or three quarters."""
    x, y, width, height = bbox
    if rng.random() < 0.25:
        return [x, y, width, height * rng.choice([0.5, 0.75])]
    shake = [rng.choice([0, 0.02, 0.05, 0.1, 0.2]) * rng.choice([-1, 1]) for _ in range(4)]
    return [
        round(x + shake[0] * width, 1),
        round(y + shake[1] * height, 1),
        round(width * (1 + shake[2]), 1),
        round(height * (1 + shake[3]), 1),
    ]


def detections(rng, annotations, images):
    found = [
        {
            "image_id": one["image_id"],
            "category_id": one["category_id"] if rng.random() < 0.9 else 5,
            "bbox": near(rng, one["bbox"]),
            "score": rng.randint(20, 99) / 100,
        }
        for one in annotations
        for _ in range(rng.choice([0, 1, 1, 2]))
    ]
    for image in images:
        # Of the first picture more than the 100 that COCO looks at.
        for _ in range(115 if image["id"] == images[0]["id"] else 2):
            score = rng.randint(1, 60) / 100
            found.append({"image_id": image["id"], "category_id": 3, "bbox": box(rng), "score": score})
    rng.shuffle(found)
    return found


def in_its_words(truth):
    """Our additions as pycocotools would say them, without the exhaustive ones."""
    annotations = [
        dict(one, area=BEYOND_ALL_SIZES) if one["difficult"] and not one["iscrowd"] else one
        for one in truth["annotations"]
    ]
    for image in truth["images"]:
        for bbox in image.get("ignore", []):
            for category in CATEGORIES:
                region = {"image_id": image["id"], "category_id": category, "bbox": bbox, "area": bbox[2] * bbox[3]}
                annotations.append(dict(region, id=len(annotations) + 1000, iscrowd=1, difficult=0))
    return dict(truth, annotations=annotations)


def judge(truth, found, pictures_of):
    """{category: {size: [AP, AP50, AP75]}}; -1 where nothing counts."""
    with contextlib.redirect_stdout(sys.stderr):
        coco = COCO()
        coco.dataset = truth
        coco.createIndex()
        results = coco.loadRes([dict(one) for one in found])
        answer = {}
        for category, name in CATEGORIES.items():
            run = COCOeval(coco, results, "bbox")
            run.params.catIds = [category]
            run.params.imgIds = pictures_of(category)
            run.evaluate()
            run.accumulate()
            answer[name] = {}
            for index, size in enumerate(["all", "small", "medium", "large"]):
                precision = run.eval["precision"][:, :, 0, index, 2]
                answer[name][size] = [mean(precision), mean(precision[0]), mean(precision[5])]
    return answer


def mean(precision):
    known = precision[precision > -1]
    return float(np.mean(known)) if len(known) else -1


def main(folder):
    rng = random.Random(20261125)
    images = [picture(rng, number) for number in range(1, 31)]
    annotations = [
        annotation(rng, image["id"], 10 * image["id"] + count)
        for image in images
        for count in range(rng.choice([0, 1, 2, 3, 5]))
    ]
    truth = {
        "categories": [{"id": number, "name": name} for number, name in CATEGORIES.items()],
        "images": images,
        "annotations": annotations,
    }
    found = detections(rng, annotations, images)
    every = [image["id"] for image in images]
    answer = {
        "plain": judge(truth, found, lambda category: every),
        "extended": judge(
            in_its_words(truth),
            found,
            lambda category: [one["id"] for one in images if category in one.get("exhaustive", CATEGORIES)],
        ),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in {"annotations": truth, "detections": found, "answer": answer}.items():
        (folder / f"{name}.json").write_text(json.dumps(value, separators=(",", ":")) + "\n")


main(pathlib.Path(sys.argv[1]))

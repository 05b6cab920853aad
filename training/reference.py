"""Writes the reference outputs that every engine is held against, with numpy alone and no code of the engines.

    python training/reference.py models/tiny-ssd test/fixtures/reference

For each NAME.rgb (300 x 300, RGB24) of the second folder: NAME.json with the raw outputs of six priors and all
detections of at least 0.1. Run it when the weights have changed, after scripts/convert-weights.ts.
Needs Python 3.11 or newer and numpy.
"""

import json
import math
import pathlib
import struct
import sys

import numpy as np

CLASSES = [
    "aeroplane",
    "bicycle",
    "bird",
    "boat",
    "bottle",
    "bus",
    "car",
    "cat",
    "chair",
    "cow",
    "diningtable",
    "dog",
    "horse",
    "motorbike",
    "person",
    "pottedplant",
    "sheep",
    "sofa",
    "train",
    "tvmonitor",
]
ROWS = [0, 5476, 7420, 7906, 8002, 8026]  # the first prior of each head
THRESHOLD, NMS_IOU = 0.1, 0.45
CENTRE_VARIANCE, SIZE_VARIANCE = 0.1, 0.2


def read_safetensors(path):
    """-> name -> float32 array. The format: length of the JSON header, the header, the bytes it points into."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + length])
    tensors = {}
    for name, about in header.items():
        if name != "__metadata__":
            start, end = (8 + length + offset for offset in about["data_offsets"])
            tensors[name] = np.frombuffer(data[start:end], "<f2").astype(np.float32).reshape(about["shape"])
    return tensors


def conv(x, weights, name, stride=1, padding=0):
    """x (channels, height, width); weights (out, in, kernel, kernel)."""
    w, b = weights[f"{name}.weight"], weights[f"{name}.bias"]
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(x, w.shape[2:], (1, 2))[:, ::stride, ::stride]
    return np.tensordot(w, windows, ((1, 2, 3), (0, 3, 4))) + b[:, None, None]


def max_pool(x, kernel, stride):
    """As Caffe does: as many windows as it takes to reach the edge, what lies beyond it does not count."""

    def missing(size):
        return (math.ceil((size - kernel) / stride)) * stride + kernel - size

    pads = ((0, 0), (0, missing(x.shape[1])), (0, missing(x.shape[2])))
    x = np.pad(x, pads, constant_values=-np.inf)
    return np.lib.stride_tricks.sliding_window_view(x, (kernel, kernel), (1, 2))[:, ::stride, ::stride].max((3, 4))


def relu(x):
    return np.maximum(x, 0)


def forward(network, weights, picture):
    """picture (300, 300, 3), 0..255 -> offsets (priors, 4), logits (priors, 21), priors (priors, 4) as cx cy w h."""
    x, maps = picture.astype(np.float32).transpose(2, 0, 1), {}
    for layer in network["layers"]:
        name = layer["name"]
        if layer["kind"] == "maxpool":
            x = max_pool(x, layer["kernel"], layer["stride"])
        elif layer["kind"] == "fire":
            s = relu(conv(x, weights, f"{name}.squeeze1x1"))
            one, three = conv(s, weights, f"{name}.expand1x1"), conv(s, weights, f"{name}.expand3x3", padding=1)
            x = relu(np.concatenate([one, three]))
        else:
            x = relu(conv(x, weights, name, layer["stride"], layer["padding"]))
        maps[name] = x
    outputs = [head_outputs(head, maps[head["layer"]], weights, network["input"]["size"]) for head in network["heads"]]
    return [np.concatenate(part) for part in zip(*outputs, strict=True)]


def head_outputs(head, x, weights, size):
    small, large = head["minSize"] / size, head["maxSize"] / size
    shapes = [(small, small), (math.sqrt(small * large),) * 2]
    for ratio in head["ratios"]:
        wide = (small * math.sqrt(ratio), small / math.sqrt(ratio))
        shapes += [wide, wide[::-1]]
    _, rows, columns = x.shape
    priors = [
        ((c + 0.5) / columns, (r + 0.5) / rows, w, h) for r in range(rows) for c in range(columns) for w, h in shapes
    ]
    offsets, logits = (
        conv(x, weights, f"{head['name']}.{kind}", padding=1).transpose(1, 2, 0).reshape(-1, values)
        for kind, values in (("loc", 4), ("conf", len(CLASSES) + 1))
    )
    return offsets, logits, np.array(priors)


def detect(offsets, logits, priors):
    """SSD, section 2.2: softmax, decoding, NMS per class, best score first."""
    scores = np.exp(logits - logits.max(1, keepdims=True))
    scores /= scores.sum(1, keepdims=True)
    centre = priors[:, :2] + CENTRE_VARIANCE * offsets[:, :2] * priors[:, 2:]
    half = priors[:, 2:] * np.exp(SIZE_VARIANCE * offsets[:, 2:]) / 2
    corners = np.clip(np.concatenate([centre - half, centre + half], 1), 0, 1)
    found = []
    for label, name in enumerate(CLASSES, 1):
        kept = []
        for i in np.argsort(-scores[:, label], kind="stable"):
            if scores[i, label] < THRESHOLD:
                break
            if all(iou(corners[i], corners[k]) <= NMS_IOU for k in kept):
                kept.append(i)
        found += [(float(scores[i, label]), name, corners[i]) for i in kept]
    return sorted(found, key=lambda one: -one[0])


def iou(a, b):
    sides = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    overlap = float(np.prod(np.maximum(sides, 0)))
    return overlap / (float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2])) - overlap)


def rounded(values):
    return np.round(np.asarray(values, np.float64), 5).tolist()


def main(model, folder):
    network = json.loads((model / "network.json").read_text())
    weights = read_safetensors(model / "tiny-ssd.safetensors")
    size = network["input"]["size"]
    for path in sorted(folder.glob("*.rgb")):
        picture = np.frombuffer(path.read_bytes(), np.uint8).reshape(size, size, 3)
        offsets, logits, priors = forward(network, weights, picture)
        detections = detect(offsets, logits, priors)
        reference = {
            "picture": path.name,
            "shape": [size, size, 3],
            "threshold": THRESHOLD,
            "nms_iou": NMS_IOU,
            "rows": ROWS,
            "loc_first": rounded(offsets[ROWS]),
            "conf_first": rounded(logits[ROWS]),
            "detections": [
                {"label": label, "score": round(score, 5), "corners": rounded(corners)}
                for score, label, corners in detections
            ],
        }
        path.with_suffix(".json").write_text(json.dumps(reference, indent=1) + "\n")
        print(f"{path.stem}: " + ", ".join(f"{label} {score:.3f}" for score, label, _ in detections))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        raise SystemExit(__doc__)
    main(*map(pathlib.Path, sys.argv[1:]))

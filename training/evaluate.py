"""AP50 by VOC's all-point rule while training; the figures that are published come from `falconet eval`."""

import math

import cv2
import numpy as np
import torch

import pictures
from loss import decode
from network import priors
from windows import normalise


def nms(boxes, scores, limit=0.45):
    order, kept = scores.argsort()[::-1], []
    while len(order):
        best, order = order[0], order[1:]
        kept.append(best)
        order = order[pictures.iou(boxes[best], boxes[order]) <= limit]
    return kept


@torch.no_grad()
def detect(net, images, prior, floor=0.02, most=200):
    """images (N, 3, S, S) RGB 0..255 -> per image a list of (label, score, box x1 y1 x2 y2)."""
    offsets, logits, _ = net(normalise(images).contiguous(memory_format=torch.channels_last))
    scores = logits.softmax(-1).cpu().numpy()
    boxes = decode(offsets, prior).clamp(0, 1).cpu().numpy()
    found = []
    for s, b in zip(scores, boxes, strict=True):
        rows = []
        for label in range(1, s.shape[1]):
            i = np.where(s[:, label] > floor)[0]
            i = i[s[i, label].argsort()[::-1][:most]]
            rows += [(label, float(s[i[j], label]), b[i[j]]) for j in nms(b[i], s[i, label])]
        found.append(rows)
    return found


def judge(found, truth, label, limit=0.5):
    """
    -> (score, hit) of each detection that counts, and how many objects there are to be found.

    What meets an ignored box neither counts nor costs; pictures where the label is not known are left out.
    """
    judged, total = [], 0
    for picture, detections in zip(truth, found, strict=True):
        if not picture.known[label]:
            continue
        mine = picture.labels == label
        boxes, ignored, used = picture.boxes[mine], picture.ignored[mine], set()
        total += int((~ignored).sum())
        for _, score, box in sorted((d for d in detections if d[0] == label), key=lambda d: -d[1]):
            overlap = pictures.iou(box, boxes) if len(boxes) else np.zeros(1)
            best = int(overlap.argmax())
            met = overlap[best] >= limit
            if met and ignored[best]:
                continue
            judged.append((score, met and best not in used))
            if met:
                used.add(best)
    return judged, total


def average_precision(judged, total):
    if not judged:
        return 0.0
    hits = np.array([hit for _, hit in sorted(judged, key=lambda j: -j[0])])
    true = np.cumsum(hits)
    recall, precision = np.concatenate([[0], true / total]), true / np.arange(1, len(hits) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float(((recall[1:] - recall[:-1]) * precision).sum())


def evaluate(net, truth, canvases, labels, px=300, batch=32):
    """-> mean AP50 (nan of none), {label: AP50}; labels that no picture shows are left out."""
    device = next(net.parameters()).device
    net.eval()
    with torch.no_grad():
        prior = priors(net.network, net(torch.zeros(1, 3, px, px, device=device))[2]).to(device)
    found = []
    for start in range(0, len(truth), batch):
        shown = zip(truth[start : start + batch], canvases[start : start + batch], strict=True)
        images = np.stack([cv2.resize(canvas[: p.height, : p.width], (px, px)) for p, canvas in shown])
        found += detect(net, torch.from_numpy(images).to(device).permute(0, 3, 1, 2).float(), prior)
    judged = {label: judge(found, truth, n) for n, label in enumerate(labels, 1)}
    by_label = {label: average_precision(*one) for label, one in judged.items() if one[1]}
    return (sum(by_label.values()) / len(by_label) if by_label else math.nan), by_label

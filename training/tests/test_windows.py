import random

import numpy as np
import torch

import windows
from pictures import Picture


def picture(boxes=((0.2, 0.2, 0.6, 0.8),)):
    boxes = np.array(boxes, np.float32).reshape(-1, 4)
    n = len(boxes)
    known = np.ones(21, bool)
    return Picture("a.jpg", 64, 48, boxes, np.full(n, 5), np.ones(n, np.float32), known)


def canvases(n):
    y, x = np.mgrid[0:64, 0:64]
    smooth = np.stack([x * 4, y * 4, (x + y) * 2], -1).clip(0, 255).astype(np.uint8)
    return np.stack([np.roll(smooth, 7 * k, 2) for k in range(n)])


def test_boxes_stay_within_what_is_shown():
    rng, pictures = random.Random(3), [picture(), picture(()), picture(((0, 0, 1, 1), (0.9, 0.9, 1, 1))), picture()]
    for k in range(200):
        sample = windows.draw(pictures, [0, 1, 2, 3] if k % 2 else [k % 4], rng)
        assert ((sample.boxes >= 0) & (sample.boxes <= 1)).all()
        assert (sample.boxes[:, 2:] >= sample.boxes[:, :2]).all()
        assert len(sample.boxes) == len(sample.labels) == len(sample.sure)


def test_four_together_know_only_what_each_of_them_knows():
    pictures = [picture() for _ in range(4)]
    pictures[2].known[7] = False
    assert not windows.draw(pictures, [0, 1, 2, 3], random.Random(1)).known[7]


def test_a_card_cuts_what_the_cpu_cuts():
    rng, pictures = random.Random(5), [picture() for _ in range(4)]
    samples = [windows.draw(pictures, [0, 1, 2, 3] if k % 2 else [k % 4], rng) for k in range(12)]
    colour = windows.colours(12, rng)
    source = canvases(4)
    source[:, 48:] = source[:, :, 64:] = np.array([123, 117, 104], np.uint8)
    cpu = windows.cut_cpu(source, pictures, samples, 60, colour)
    gpu = windows.cut_gpu(torch.from_numpy(source), samples, 60, colour)
    assert (cpu - gpu).abs().mean() < 3

"""Augmentation: random windows of pictures, alone or four together, and a random change of light. All is drawn on the
CPU; pixels are cut by OpenCV there, or by grid_sample on a GPU, where the canvases live on the card."""

from dataclasses import dataclass

import cv2
import numpy as np
import torch
import torch.nn.functional as F

from network import MEAN, SCALE

WHOLE = (0.0, 0.0, 1.0, 1.0)


@dataclass
class Patch:
    """A window of one picture and where it goes."""

    picture: int
    window: tuple  # x1 y1 x2 y2 in canvas pixels; may reach outside of the picture
    mirrored: bool
    place: tuple  # x1 y1 x2 y2 in 0..1 of what is trained on


@dataclass
class Sample:
    patches: list  # of Patch, which cover all
    boxes: np.ndarray  # (n, 4) in 0..1 of what is trained on
    labels: np.ndarray
    sure: np.ndarray
    known: np.ndarray


def draw_window(picture, rng):
    """-> x1 y1 x2 y2 in canvas pixels: zoomed out by up to 2.2, zoomed in upon an object, or the whole picture."""
    w, h = picture.width, picture.height
    way = rng.random()
    if way < 0.3:
        zoom, ratio = rng.uniform(1, 2.2), rng.uniform(0.85, 1.18) ** 0.5
        width, height = w * zoom * ratio, h * zoom / ratio
        x, y = (w - width) * rng.random(), (h - height) * rng.random()
        return x, y, x + width, y + height
    if way < 0.85:
        return draw_close(picture, rng)
    return 0, 0, w, h


def draw_close(picture, rng):
    """A part that holds the centre of an object, if there is one; some of them square, as the gateway cuts them."""
    w, h = picture.width, picture.height
    centres = (picture.boxes[:, :2] + picture.boxes[:, 2:]) / 2 * (w, h)
    square = rng.random() < 0.4
    for _ in range(12):
        side = rng.uniform(0.35, 1) ** 0.5
        if square:
            width = height = min(w, h) * min(1.0, side * 1.15)
        else:
            ratio = rng.uniform(0.6, 1.6) ** 0.5
            width, height = min(w, w * side * ratio), min(h, h * side / ratio)
        x, y = rng.uniform(0, w - width), rng.uniform(0, h - height)
        if not len(centres) or is_within(centres, (x, y, x + width, y + height)).any():
            return x, y, x + width, y + height
    return 0, 0, w, h


def is_within(points, window):
    return ((points >= window[:2]) & (points <= window[2:])).all(1)


def draw_patch(pictures, index, rng, place=WHOLE):
    """-> Patch, and the boxes (in 0..1 of all), labels and sureness of the objects whose centre it shows."""
    picture = pictures[index]
    window = np.array(draw_window(picture, rng))
    mirrored = rng.random() < 0.5
    boxes = picture.boxes * np.array([picture.width, picture.height] * 2)
    shown = is_within((boxes[:, :2] + boxes[:, 2:]) / 2, window)
    boxes = (boxes[shown] - np.tile(window[:2], 2)) / np.tile(window[2:] - window[:2], 2)
    boxes = np.clip(boxes, 0, 1)
    if mirrored:
        boxes[:, [0, 2]] = 1 - boxes[:, [2, 0]]
    x, y, right, bottom = place
    boxes = boxes * (right - x, bottom - y, right - x, bottom - y) + (x, y, x, y)
    patch = Patch(index, tuple(window), mirrored, place)
    return patch, boxes.astype(np.float32), picture.labels[shown], picture.sure[shown]


def draw(pictures, indices, rng):
    """One picture, or four as a mosaic (YOLOv4, arXiv 2004.10934, 3.3): more objects, and smaller ones. -> Sample"""
    places = [WHOLE]
    if len(indices) == 4:
        x, y = rng.uniform(0.35, 0.65), rng.uniform(0.35, 0.65)
        places = [(0, 0, x, y), (x, 0, 1, y), (0, y, x, 1), (x, y, 1, 1)]
    patches, *rows = zip(*(draw_patch(pictures, i, rng, p) for i, p in zip(indices, places, strict=True)), strict=True)
    known = np.logical_and.reduce([pictures[i].known for i in indices])
    return Sample(list(patches), *(np.concatenate(row) for row in rows), known)


def colours(n, rng):
    """
    Brightness, contrast, saturation and white balance are linear in RGB once a picture's mean is known:
    -> (n, 3, 3) and (n, 3) so that new = matrix @ old + offset * mean. Three pictures in ten stay as they are.
    """
    matrix, offset = np.tile(np.eye(3, dtype=np.float32), (n, 1, 1)), np.zeros((n, 3), np.float32)
    for k in range(n):
        if rng.random() < 0.7:
            bright, contrast = rng.uniform(0.6, 1.4), rng.uniform(0.6, 1.4)
            saturation = 0 if rng.random() < 0.06 else rng.uniform(0.4, 1.6)
            white = np.array([rng.uniform(0.9, 1.1) for _ in range(3)], np.float32)
            matrix[k] = bright * contrast * white[:, None] * (saturation * np.eye(3) + (1 - saturation) / 3)
            offset[k] = bright * (1 - contrast) * white
    return matrix, offset


def cut_cpu(canvases, pictures, samples, px, colour):
    """-> (N, 3, px, px) float32 RGB 0..255."""
    out = np.empty((len(samples), px, px, 3), np.uint8)
    for picture, sample, matrix, offset in zip(out, samples, *colour, strict=True):
        for patch in sample.patches:
            left, top, right, bottom = (round(edge * px) for edge in patch.place)
            shown = pictures[patch.picture]
            source = canvases[patch.picture, : shown.height, : shown.width]
            picture[top:bottom, left:right] = warp(source, patch, right - left, bottom - top)
        if offset.any():
            mean = sum(cv2.mean(picture)[:3]) / 3
            cv2.transform(picture, np.hstack([matrix, offset[:, None] * mean]), picture)
    return torch.from_numpy(out).permute(0, 3, 1, 2).float()


def warp(source, patch, width, height):
    x1, y1, x2, y2 = patch.window
    sx, sy = width / (x2 - x1), height / (y2 - y1)
    x_row = [sx, 0, -x1 * sx + (sx - 1) / 2]
    if patch.mirrored:
        x_row = [-sx, 0, width - 1 + x1 * sx - (sx - 1) / 2]
    affine = np.array([x_row, [0, sy, -y1 * sy + (sy - 1) / 2]], np.float32)
    return cv2.warpAffine(source, affine, (width, height), flags=cv2.INTER_LINEAR, borderValue=MEAN)


def cut_gpu(canvases, samples, px, colour):
    """canvases (N, side, side, 3) uint8 on the card -> (N, 3, px, px) float32 RGB 0..255."""
    device = canvases.device
    mean = torch.tensor(MEAN, device=device).view(1, 3, 1, 1)
    out = mean.expand(len(samples), 3, px, px).clone()
    for layer in range(max(len(sample.patches) for sample in samples)):
        rows = [n for n, sample in enumerate(samples) if len(sample.patches) > layer]
        patches = [samples[n].patches[layer] for n in rows]
        source = canvases[[p.picture for p in patches]].permute(0, 3, 1, 2).float() - mean
        theta, inside = [torch.from_numpy(v).to(device) for v in placed(patches, canvases.shape[1], px)]
        grid = F.affine_grid(theta, (len(rows), 3, px, px), align_corners=False)
        cut = F.grid_sample(source, grid, align_corners=False) + mean
        out[rows] = torch.where(inside[:, None], cut, out[rows])
    matrix, offset = (torch.from_numpy(v).to(device) for v in colour)
    light = (offset * out.mean((1, 2, 3))[:, None])[..., None, None]
    return (torch.einsum("nij,njhw->nihw", matrix, out) + light).clamp(0, 255)


def placed(patches, side, px):
    """-> affine maps (n, 2, 3) from what is trained on to the canvas, both in -1..1; (n, px, px): its place."""
    theta, inside = np.zeros((len(patches), 2, 3), np.float32), np.zeros((len(patches), px, px), bool)
    for k, patch in enumerate(patches):
        for axis in (0, 1):
            first, last = patch.window[axis], patch.window[axis + 2]
            begin, end = patch.place[axis], patch.place[axis + 2]
            flip = -1 if axis == 0 and patch.mirrored else 1
            # canvas = centre of the window + flip * (place - centre of the place) * size ratio
            ratio = (last - first) / (end - begin)
            theta[k, axis, axis] = flip * ratio / side
            middle = (first + last) / 2 + flip * ratio * (0.5 - (begin + end) / 2)
            theta[k, axis, 2] = 2 * middle / side - 1
        left, top, right, bottom = (round(edge * px) for edge in patch.place)
        inside[k, top:bottom, left:right] = True
    return theta, inside


def normalise(x):
    return (x - torch.tensor(MEAN, device=x.device).view(1, 3, 1, 1)) / SCALE

"""Batches to learn from, made ahead in threads of their own."""

import queue
import threading

import numpy as np
import torch

import windows
from loss import match
from network import priors
from pictures import SURE

PX = 300


def chances(pictures, rare):
    """-> cumulative: pictures with rare labels come more often, by the exponent `rare` (LVIS, arXiv 1908.03195)."""
    count = np.zeros(max(len(p.known) for p in pictures))
    for picture in pictures:
        for label in shown_by(picture):
            count[label] += 1
    weights = [max([(len(pictures) / count[label]) ** rare for label in shown_by(p)] or [0.6]) for p in pictures]
    return np.cumsum(np.array(weights) / sum(weights)).tolist()


def shown_by(picture):
    return set(picture.labels[picture.sure > SURE])


def padded(samples):
    """-> boxes (N, M, 4), labels (N, M) with 0 where there is none, sure (N, M), known (N, classes + 1)"""
    n, most = len(samples), max(1, *(len(s.labels) for s in samples))
    boxes, labels = np.zeros((n, most, 4), np.float32), np.zeros((n, most), np.int64)
    sure = np.zeros((n, most), np.float32)
    for k, s in enumerate(samples):
        count = len(s.labels)
        boxes[k, :count], labels[k, :count], sure[k, :count] = s.boxes, s.labels, s.sure
    known = np.stack([s.known for s in samples])
    return [torch.from_numpy(values) for values in (boxes, labels, sure, known)]


class Batches:
    def __init__(self, a, pictures, canvases, net, rng):
        self.a, self.pictures, self.canvases, self.rng = a, pictures, canvases, rng
        self.mosaic = a.mosaic
        self.chances = chances(pictures, a.rare)
        with torch.no_grad():
            self.priors = priors(net.network, net(torch.zeros(1, 3, PX, PX, device=a.device))[2]).to(a.device)
        self.on_card = a.device == "cuda"
        if self.on_card:
            self.canvases = torch.from_numpy(canvases).to(a.device)
        self.stopped = threading.Event()
        self.ready = queue.Queue(4 if self.on_card else 2)
        self.feeder = threading.Thread(target=self._feed, daemon=True)
        self.feeder.start()

    def _draw(self):
        count = 4 if self.rng.random() < self.mosaic else 1
        chosen = self.rng.choices(range(len(self.pictures)), cum_weights=self.chances, k=count)
        return windows.draw(self.pictures, chosen, self.rng)

    def _feed(self):
        while not self.stopped.is_set():
            try:
                made = self._make()
            except Exception as error:  # of a thread that dies nobody hears: `next` would wait for ever
                self._put(error)
                return
            self._put(made)

    def _make(self):
        samples = [self._draw() for _ in range(self.a.batch)]
        colour = windows.colours(len(samples), self.rng)
        return (samples, colour) if self.on_card else self._finish(samples, colour)

    def _put(self, made):
        while not self.stopped.is_set():
            try:
                self.ready.put(made, timeout=1)
                break
            except queue.Full:
                pass

    def _finish(self, samples, colour):
        if self.on_card:
            x = windows.cut_gpu(self.canvases, samples, PX, colour)
        else:
            x = windows.cut_cpu(self.canvases, self.pictures, samples, PX, colour)
        x = windows.normalise(x).contiguous(memory_format=torch.channels_last)
        relative = self.a.matching == "relative"
        if self.on_card:
            boxes, labels, sure, known = (v.to(self.a.device, non_blocking=True) for v in padded(samples))
            return x, *match(self.priors, boxes, labels, sure, relative), known
        # One by one they stay in the cache, and none is padded to the boxes of the fullest.
        matched = [match(self.priors, *padded([sample])[:3], relative) for sample in samples]
        return x, *map(torch.cat, zip(*matched, strict=True)), torch.from_numpy(np.stack([s.known for s in samples]))

    def next(self):
        """-> x (N, 3, 300, 300), class (N, A), sure (N, A), offsets (N, A, 4), known (N, classes + 1)"""
        made = self.ready.get()
        if isinstance(made, Exception):
            raise made
        return self._finish(*made) if self.on_card else made

    def close(self):
        self.stopped.set()
        self.feeder.join()

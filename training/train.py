"""Trains Tiny SSD, on a GPU where there is one, else on a CPU. README.md has the commands.

It can be stopped at any moment: every few minutes it writes OUT-train.npz (the averaged weights, to go on from),
OUT.npz (folded, to ship) and OUT-state.pt (for --resume). The learning rate follows the time used, so that --minutes
is the whole plan.
"""

import argparse
import contextlib
import copy
import ctypes
import json
import math
import pathlib
import random
import signal
import sys
import threading
import time

import numpy as np
import torch
from tqdm import tqdm

import files
from batches import Batches
from evaluate import evaluate
from loss import multibox
from network import TinySSD, read_network
from optimiser import Optimiser
from pictures import labels_of, load

MOSAIC_UNTIL = 0.8  # of the run: at the end pictures are as they will be met (YOLOX, arXiv 2107.08430, 2.1)


def arguments(given=None):
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--data", nargs="+", required=True, help="folders of photographs")
    ap.add_argument("--held-out", type=pathlib.Path, help="JSON list of file names never trained on, but judged by")
    ap.add_argument("--start", help="a -train.npz to go on from")
    ap.add_argument("--own-labels", action="store_true", help="learn the folders' labels instead of the model's")
    ap.add_argument("--out", default="run/tiny-ssd")
    ap.add_argument("--resume", action="store_true", help="go on with the run of OUT-state.pt, where it was stopped")
    ap.add_argument("--minutes", type=float, default=60)
    ap.add_argument("--batch", type=int, help="default 40 on a CPU, 256 on a GPU")
    ap.add_argument("--rate", type=float, help="default 1e-3 on a CPU, 3e-3 on a GPU")
    ap.add_argument("--optimiser", choices=("adamw", "muon"), default="adamw", help="see optimiser.py")
    ap.add_argument("--warm-up", type=int, default=150, help="steps")
    ap.add_argument("--mosaic", type=float, default=0.0, help="share made of four, until four fifths of the run")
    ap.add_argument("--matching", choices=("plain", "relative"), default="plain", help="see loss.py")
    ap.add_argument("--box-loss", choices=("smooth-l1", "giou"), default="smooth-l1")
    ap.add_argument("--soft", action="store_true", help="be as sure of a teacher's boxes as their scores are")
    ap.add_argument("--rare", type=float, default=0.45, help="exponent that favours pictures with rare labels")
    ap.add_argument("--freeze-stem", action="store_true", help="keep conv1 to fire2: a third faster on a CPU")
    ap.add_argument("--compile", action="store_true", help="torch.compile: a minute or two, then a third faster")
    ap.add_argument("--threads", type=int, default=2)
    ap.add_argument("--every", type=float, default=10, help="minutes between saves")
    ap.add_argument("--seed", type=int, default=0)
    ap.add_argument("--pause", type=pathlib.Path, help="wait while this file exists")
    a = ap.parse_args(given)
    a.device = "cuda" if torch.cuda.is_available() else "cpu"
    a.batch = a.batch or (256 if a.device == "cuda" else 40)
    a.rate = a.rate or (3e-3 if a.device == "cuda" else 1e-3)
    return a


class Run:
    """Network, average and optimiser of one run, with how far it has come."""

    def __init__(self, a, network, labels):
        self.a, self.step, self.seen, self.used_s = a, 0, 0, 0.0
        self.net = TinySSD(network, len(labels))
        if a.start:
            outputs = outputs_of(labels, read_network()[1])
            print("start: {} of {} tensors".format(*files.load(a.start, self.net, outputs)), flush=True)
        self.net = self.net.to(a.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.net).eval()
        self.frozen = self.net.stem() if a.freeze_stem else []
        for part in self.frozen:
            part.requires_grad_(False)
        self.optimiser = Optimiser(self.net, a.rate, a.optimiser == "muon", fused=a.device == "cuda")
        self.forward = torch.compile(self.net, dynamic=False) if a.compile else self.net
        if a.resume and pathlib.Path(f"{a.out}-state.pt").exists():
            self._resume()
        self.floats = [[v for v in n.state_dict().values() if v.is_floating_point()] for n in (self.average, self.net)]

    def _resume(self):
        state = torch.load(f"{self.a.out}-state.pt", map_location=self.a.device, weights_only=True)
        for name in ("net", "average", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        self.step, self.seen, self.used_s = state["step"], state["seen"], state["used_s"]
        print(f"goes on after {self.used_s / 60:.1f} min, {self.seen} pictures", flush=True)

    def save(self):
        out = pathlib.Path(self.a.out)
        out.parent.mkdir(parents=True, exist_ok=True)
        files.save(f"{out}-train.npz", files.to_train_on(self.average))
        files.save(f"{out}.npz", files.to_ship(self.average))
        part = pathlib.Path(f"{out}-state.pt.part")
        state = {name: getattr(self, name).state_dict() for name in ("net", "average", "optimiser")}
        torch.save({**state, "step": self.step, "seen": self.seen, "used_s": self.used_s}, part)
        part.replace(f"{out}-state.pt")

    @property
    def share(self):
        return self.used_s / 60 / self.a.minutes

    def learn(self, x, cls, sure, targets, known, prior=None):
        """-> class and box loss of the batch, or None where a gradient came out as garbage (torch 2.13, bfloat16)."""
        fall = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1, self.share)))
        self.net.train()
        for part in self.frozen:
            part.eval()
        with torch.autocast(self.a.device, torch.bfloat16):
            offsets, logits, _ = self.forward(x)
        losses = multibox(offsets, logits, cls, sure, targets, known, prior)
        self.optimiser.zero_grad()
        sum(losses).backward()
        norm = torch.nn.utils.clip_grad_norm_(self.net.parameters(), 10.0)
        if not torch.isfinite(norm):
            return None
        self.optimiser.step(self.a.rate * min(1, (self.step + 1) / self.a.warm_up) * fall)
        self.step += 1
        self.seen += len(x)
        keep = min(0.9995 if self.a.device == "cuda" else 0.999, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(*self.floats, 1 - keep)
        return torch.stack(losses).detach()


def keep_memory():
    """What a step frees, the next takes again: else a quarter of the time goes into asking the kernel for pages."""
    c = ctypes.CDLL(None)
    if hasattr(c, "mallopt"):  # glibc's; malloc.h has the numbers
        m_trim_threshold, m_top_pad, m_mmap_max = -1, -2, -4
        c.mallopt(m_mmap_max, 0)
        c.mallopt(m_trim_threshold, 2**31 - 1)
        c.mallopt(m_top_pad, 2**28)


def outputs_of(labels, known):
    """Of the background and each label: its output in a network of the labels `known`, None where it is another."""
    return [0] + [known.index(label) + 1 if label in known else None for label in labels]


def train(a):
    torch.manual_seed(a.seed), np.random.seed(a.seed)
    torch.set_num_threads(a.threads)
    torch.backends.cudnn.benchmark = True
    torch.set_float32_matmul_precision("high")
    network, labels = read_network()
    if a.own_labels:
        labels = labels_of(a.data)
        print("labels: " + ",".join(labels), flush=True)
    held_out = frozenset(json.loads(a.held_out.read_text())) if a.held_out else frozenset()
    shown, canvases = load(a.data, labels, held_out, soft=a.soft)
    truth, truth_canvases = load(a.data, labels, held_out, only_held_out=True, teachers=False)
    print(f"{a.device}: {len(shown)} pictures, {len(truth)} held out; batch {a.batch}, rate {a.rate}", flush=True)

    run = Run(a, network, labels)
    batches = Batches(a, shown, canvases, run.average, random.Random(a.seed + run.seen))
    prior = batches.priors if a.box_loss == "giou" else None
    stopped = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopped.set())

    def report(when):
        if truth:
            mean, by_label = evaluate(run.average, truth, truth_canvases, labels)
            each = " ".join(f"{label} {value:.2f}" for label, value in by_label.items())
            print(f"== {when}, {run.seen} pictures: AP50 {mean:.4f} {each}", flush=True)

    bar = tqdm(total=a.minutes, unit="min", disable=None, bar_format="{l_bar}{bar}| {n:.1f}/{total:.0f} min {postfix}")
    losses, last_save, last_print, printed = [], time.time(), time.time(), run.seen
    with contextlib.closing(batches):
        while run.share < 1 and not stopped.is_set():
            if a.pause and a.pause.exists():
                time.sleep(1)
                continue
            if run.share > MOSAIC_UNTIL:
                batches.mosaic = 0.0
            begin = time.time()
            lesson = run.learn(*batches.next(), prior)
            run.used_s += time.time() - begin
            if lesson is None:
                print("skipped a step: the gradient is not finite", flush=True)
                continue
            losses.append(lesson)
            bar.update(run.used_s / 60 - bar.n)
            if len(losses) == 50:
                now, (class_loss, box_loss) = time.time(), torch.stack(losses).mean(0).tolist()
                if not math.isfinite(class_loss):
                    sys.exit("the loss is not finite: start again from the last saved weights with a lower --rate")
                speed = (run.seen - printed) / (now - last_print)
                line = f"class {class_loss:.3f}, box {box_loss:.3f}, {speed:.0f} pictures/s, {run.seen} seen"
                bar.set_postfix_str(line)
                if bar.disable:
                    print(f"{run.used_s / 60:.1f} min, {line}", flush=True)
                losses, last_print, printed = [], now, run.seen
            if time.time() - last_save > a.every * 60:
                last_save = time.time()
                run.save()
                report(f"{run.used_s / 60:.1f} min")
    bar.close()
    run.save()
    report("end" if run.share >= 1 else "stopped")


if __name__ == "__main__":
    keep_memory()
    train(arguments())

"""A whole run on a few pictures: that it learns, keeps what it has when it is stopped, and goes on."""

import json
import pathlib
import subprocess
import sys

import numpy as np
from PIL import Image

from network import read_network

CATEGORIES = [{"id": n, "name": label} for n, label in enumerate(read_network()[1], 1)]
TRAIN = pathlib.Path(__file__).parent.parent / "train.py"


def run(*more):
    command = [sys.executable, str(TRAIN), "--batch", "4", "--threads", "1", "--freeze-stem", *map(str, more)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def test_a_run_can_be_stopped_and_resumed(tmp_path):
    (tmp_path / "images").mkdir()
    images, annotations = [], []
    for n in range(8):
        pixels = np.random.default_rng(n).integers(0, 255, (60, 80, 3), np.uint8)
        Image.fromarray(pixels).save(tmp_path / f"images/{n}.jpg")
        images.append({"id": n, "file_name": f"{n}.jpg", "width": 80, "height": 60, "exhaustive": list(range(1, 21))})
        annotations.append({"image_id": n, "category_id": 1 + n, "bbox": [10, 10, 40, 30]})
    (tmp_path / "annotations.json").write_text(
        json.dumps({"categories": CATEGORIES, "images": images, "annotations": annotations})
    )
    (tmp_path / "held.json").write_text(json.dumps(["0.jpg"]))
    out = tmp_path / "out/net"
    about = ("--data", tmp_path, "--held-out", tmp_path / "held.json", "--out", out, "--mosaic", 0.5)
    about += ("--soft", "--box-loss", "giou", "--optimiser", "muon")

    first = run(*about, "--minutes", 0.1)
    assert first.returncode == 0, first.stderr
    assert "7 pictures, 1 held out" in first.stdout
    assert "== end" in first.stdout
    second = run(*about, "--minutes", 0.2, "--resume")
    assert second.returncode == 0, second.stderr
    assert "goes on after 0.1 min" in second.stdout
    with np.load(f"{out}.npz") as shipped:
        assert all(np.isfinite(shipped[name].astype(np.float32)).all() for name in shipped.files)

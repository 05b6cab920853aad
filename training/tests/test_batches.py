import argparse
import random

import numpy as np
import pytest
from test_windows import canvases, picture

import windows
from batches import Batches
from evaluate import evaluate
from network import TinySSD, read_network

ABOUT = argparse.Namespace(rare=0.45, device="cpu", mosaic=0.0, batch=2, matching="plain")


def feed(pictures):
    return Batches(ABOUT, pictures, canvases(len(pictures)), TinySSD(read_network()[0]).eval(), random.Random(1))


def test_batches_come_as_long_as_somebody_asks():
    batches = feed([picture(), picture(())])
    for _ in range(5):
        x, cls, sure, targets, known = batches.next()
        assert x.shape == (2, 3, 300, 300)
        assert cls.shape == sure.shape == targets.shape[:2] == (2, 8030)
        assert known.shape == (2, 21)
    batches.close()


def test_what_goes_wrong_while_a_batch_is_made_ends_the_run(monkeypatch):
    def draw(*_):
        raise ValueError("no such window")

    monkeypatch.setattr(windows, "draw", draw)
    batches = feed([picture()])
    with pytest.raises(ValueError, match="no such window"):
        batches.next()
    batches.close()


def test_held_out_pictures_without_objects_have_no_figure():
    mean, by_label = evaluate(TinySSD(read_network()[0]), [picture(())], canvases(1), ["cat"])
    assert np.isnan(mean)
    assert by_label == {}

"""Runs norfair or ByteTrack on exported scenes: see compare.ts.

    pip install norfair==2.3.0 "numpy<2"
    python others.py norfair scenes.json norfair.json
    pip install trackers==2.6.1
    python others.py bytetrack scenes.json bytetrack.json

The two want different versions of numpy. The settings are those of TRIED that gave the best mean IDF1 on the scenes
that compare.ts --tune exports; name=value after the files takes others, and with --each there is a file in a folder
for each of them.
"""

import itertools
import json
import logging
import pathlib
import sys

import numpy as np

FRAME_MS = 200

logging.disable(logging.WARNING)  # norfair says for each scene that its distances could be faster


def by_norfair(frames, distance="height", threshold=1, delay=1, keep=10, floor=0.3):
    from norfair import Detection, Tracker
    from norfair.tracker import TrackedObject

    def by_height(detection, tracked):
        centre = detection.points.mean(axis=0) - tracked.estimate.mean(axis=0)
        return np.linalg.norm(centre) / max(1e-3, np.ptp(detection.points[:, 1]))

    tracker = Tracker(
        distance_function=by_height if distance == "height" else distance,
        distance_threshold=threshold,
        initialization_delay=delay,
        hit_counter_max=keep,
    )
    before = frames[0]["at"]
    found = []
    for frame in frames:
        detections = [
            Detection(points=np.array([[x, y], [x + w, y + h]]), scores=np.array([score, score]))
            for _, score, x, y, w, h in frame["detections"]
            if score >= floor
        ]
        period = max(1, round((frame["at"] - before) / FRAME_MS))
        before = frame["at"]
        tracked: list[TrackedObject] = tracker.update(detections, period=period)
        rows = []
        for one in tracked:
            if any(one.last_detection is detection for detection in detections):
                (x, y), (right, bottom) = one.last_detection.points
                rows.append([int(one.id), x, y, right - x, bottom - y])
        found.append(rows)
    return found


def by_bytetrack(frames, birth=0.3, high=0.3, iou=0.01, hits=1, buffer=60):
    import supervision
    from trackers import ByteTrackTracker

    tracker = ByteTrackTracker(
        lost_track_buffer=buffer,
        frame_rate=1000 / FRAME_MS,
        track_activation_threshold=birth,
        minimum_consecutive_frames=hits,
        minimum_iou_threshold=iou,
        high_conf_det_threshold=high,
    )
    found = []
    for frame in frames:
        rows = np.array([row[1:] for row in frame["detections"]], float).reshape(-1, 5)
        corners = np.concatenate([rows[:, 1:3], rows[:, 1:3] + rows[:, 3:5]], axis=1)
        result = tracker.update(
            supervision.Detections(
                xyxy=corners * 1000,
                confidence=rows[:, 0],
                class_id=np.zeros(len(rows), int),
            )
        )
        ids = result.tracker_id if result.tracker_id is not None else []
        found.append(
            [
                [int(i), x / 1000, y / 1000, (right - x) / 1000, (bottom - y) / 1000]
                for i, (x, y, right, bottom) in zip(ids, result.xyxy.tolist())
                if i >= 0
            ]
        )
    return found


TRACKERS = {"norfair": by_norfair, "bytetrack": by_bytetrack}
TRIED = {
    "norfair": [
        {
            "distance": ["iou"],
            "threshold": [0.7, 0.9, 0.97],
            "delay": [1, 2],
            "keep": [10, 20],
            "floor": [0.1, 0.3],
        },
        {"distance": ["height"], "threshold": [0.5, 1, 2], "delay": [1, 2], "floor": [0.1, 0.3]},
    ],
    "bytetrack": [
        {"iou": [0.01, 0.05, 0.1, 0.2], "high": [0.3, 0.5], "hits": [1, 2, 3]},
        {"iou": [0.05, 0.1, 0.2], "high": [0.3, 0.5], "hits": [2, 3], "buffer": [120]},
    ],
}


def settings_of(name):
    for grid in TRIED[name]:
        for chosen in itertools.product(*grid.values()):
            yield dict(zip(grid, chosen))


def write(path, tracker, found):
    path.write_text(json.dumps({"tracker": tracker, "found": found}))


def main(name, scenes, results, *options):
    exported = json.loads(pathlib.Path(scenes).read_text())
    results = pathlib.Path(results)
    run = TRACKERS[name]
    if options != ("--each",):
        chosen = {key: json.loads(value) for key, value in (option.split("=") for option in options)}
        title = ", ".join([name, *options])
        write(results, title, {key: run(frames, **chosen) for key, frames in exported.items()})
        return
    results.mkdir(exist_ok=True)
    for i, chosen in enumerate(settings_of(name)):
        found = {key: run(frames, **chosen) for key, frames in exported.items()}
        write(results / f"{name}-{i}.json", f"{name} {json.dumps(chosen)}", found)


main(*sys.argv[1:])

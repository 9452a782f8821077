"""A recorded run as TensorBoard reads it.

Usage: events.py BINARY. Trains a few steps on prepared pictures in a folder of its own and compares every scalar that the
reader of the package tensorboard finds with metrics.jsonl.
"""

import json
import os
import subprocess
import sys
import tempfile

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

RECIPE = """load pairs %s split=test sets=emoji as d
pretrain data=d preset=pico width=32 layers=1 text_width=32 text_layers=1 dimension=16 augment=false batch=64 epochs=2 as t
"""


def main(binary):
    pictures = os.path.abspath("Weights/data/pictures.h5")
    with tempfile.TemporaryDirectory() as folder:
        recipe, out = os.path.join(folder, "a.pcl"), os.path.join(folder, "run")
        with open(recipe, "w", encoding="utf-8") as file:
            file.write(RECIPE % pictures)
        subprocess.run([os.path.abspath(binary), "run", "--fresh", recipe, "--out", out], check=True)
        with open(os.path.join(out, "metrics.jsonl"), encoding="utf-8") as file:
            metrics = [json.loads(line) for line in file]
        events = EventAccumulator(out)
        events.Reload()
        tags = events.Tags()["scalars"]
        assert sorted(tags) == sorted("t/" + key for key in metrics[0] if key not in ("name", "step")), tags
        for tag in tags:
            scalars = events.Scalars(tag)
            assert [scalar.step for scalar in scalars] == [line["step"] for line in metrics]
            for scalar, line in zip(scalars, metrics):
                expected = line[tag.removeprefix("t/")]
                assert abs(scalar.value - expected) <= 1e-6 * max(1, abs(expected)), (tag, scalar, expected)
        print(f"tensorboard reads {len(tags)} scalars of {len(metrics)} steps")


main(*sys.argv[1:])

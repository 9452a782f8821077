"""make_wheel.py FOLDER: writes the wheel of a tiny package `tinymodel` 1.0 that carries two files, and those of two more
packages that carry a part each of a third."""
import sys
import zipfile


def write(name, files):
    with zipfile.ZipFile(f"{sys.argv[1]}/{name}-1.0-py3-none-any.whl", "w") as wheel:
        for path, content in files.items():
            wheel.writestr(f"{name}/{path}", content)
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")


write("tinymodel", {"model/config.json": "{}", "model/inner/weights": "abc", "model/unwanted": "no"})
write("tinymodel_part1", {"data/large.part0": "a"})
write("tinymodel_part2", {"data/large.part1": "bc"})

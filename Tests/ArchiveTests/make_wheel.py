"""make_wheel.py FOLDER: writes the wheel of a tiny package `tinymodel` 1.0 that carries two files."""
import sys
import zipfile

with zipfile.ZipFile(sys.argv[1] + "/tinymodel-1.0-py3-none-any.whl", "w") as wheel:
    wheel.writestr("tinymodel/model/config.json", "{}")
    wheel.writestr("tinymodel/model/inner/weights", "abc")
    wheel.writestr("tinymodel/model/unwanted", "no")
    wheel.writestr("tinymodel-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tinymodel\nVersion: 1.0\n")
    wheel.writestr("tinymodel-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    wheel.writestr("tinymodel-1.0.dist-info/RECORD", "")

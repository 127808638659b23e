"""The programs of the measurements, built where they are not there yet or no longer up to date."""
import os
import pathlib
import subprocess

TOP = pathlib.Path(__file__).resolve().parent.parent.parent
BIN = TOP / "build/bin"


def build(*targets):
    """Of the release build, which is what is measured."""
    if not (TOP / "build/CMakeCache.txt").exists():
        subprocess.run(["cmake", "--preset", "release"], cwd=TOP, check=True, stdout=subprocess.DEVNULL,
                       env={"CMAKE_GENERATOR": "Ninja", **os.environ})
    subprocess.run(["cmake", "--build", "build", "--target", *targets], cwd=TOP, check=True, stdout=subprocess.DEVNULL)

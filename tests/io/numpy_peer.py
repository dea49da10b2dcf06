# SPDX-License-Identifier: MIT
"""The other side of tests/io/numpy.cpp: writes the files that Hamlet reads, and checks those that it wrote.

    numpy_peer.py write FOLDER    one .npy a case, and all cases in savez.npz and savez_compressed.npz
    numpy_peer.py check FOLDER    every .npy and .npz there

A case is named by what it holds, TYPE_ORDER_SIZES_SEED: "float64_F_2x3_7", or "int8_C_scalar_1". Element k, counted
with the last axis fastest, is the low bytes of splitmix64(seed + k); a bool is the lowest bit.
"""
import itertools
import math
import pathlib
import sys

import numpy as np

TYPES = "bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64".split()
SHAPES = [(), (1,), (5,), (0,), (3, 4), (1, 7), (7, 1), (0, 3), (2, 3, 4), (2, 1, 3, 2)]


def random_bits(x):
    x = x + np.uint64(0x9E3779B97F4A7C15)
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def case(name):
    """The array that `name` stands for."""
    kind, order, sizes, seed = name.split("_")
    shape = () if sizes == "scalar" else tuple(int(size) for size in sizes.split("x"))
    dtype = np.dtype(kind)
    bits = random_bits(np.uint64(seed) + np.arange(math.prod(shape), dtype=np.uint64))
    if kind == "bool":
        flat = (bits & np.uint64(1)).astype(bool)
    else:
        flat = bits.astype(f"u{dtype.itemsize}").view(dtype)
    return np.array(flat.reshape(shape), order=order)


def write(folder):
    arrays = {}
    for number, (kind, order, shape) in enumerate(itertools.product(TYPES, "CF", SHAPES)):
        name = f"{kind}_{order}_{'x'.join(map(str, shape)) or 'scalar'}_{number}"
        arrays[name] = case(name)
        np.save(folder / f"{name}.npy", arrays[name])
        swapped = arrays[name].astype(arrays[name].dtype.newbyteorder(">"), order="K")
        np.save(folder / f"{name}_big.npy", swapped)
        for version in (1, 2, 3):
            with open(folder / f"{name}_v{version}.npy", "wb") as file:
                np.lib.format.write_array(file, arrays[name], version=(version, 0))
    np.savez(folder / "savez.npz", **arrays)
    np.savez_compressed(folder / "savez_compressed.npz", **arrays)


def check_array(place, name, found):
    wanted = case(name)
    assert found.dtype == wanted.dtype, f"{place}: {found.dtype}"
    assert found.shape == wanted.shape, f"{place}: shape {found.shape}"
    assert found.tobytes("C") == wanted.tobytes("C"), f"{place}: other bits"
    assert found.flags.c_contiguous == wanted.flags.c_contiguous, f"{place}: other order"
    assert found.flags.f_contiguous == wanted.flags.f_contiguous, f"{place}: other order"


def check(folder):
    count = 0
    for path in folder.glob("*.npy"):
        check_array(path, path.stem, np.load(path))
        count += 1
    for path in folder.glob("*.npz"):
        with np.load(path) as archive:
            for name in archive:
                check_array(f"{path}: {name}", name.split("/")[-1], archive[name])
                count += 1
    assert count > 0, f"{folder} holds no array"
    print(count)


if __name__ == "__main__":
    {"write": write, "check": check}[sys.argv[1]](pathlib.Path(sys.argv[2]))

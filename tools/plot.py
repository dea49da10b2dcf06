#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Draws the energy of every model of a run against time: out/run.npz in, out/energy.png out.

    tools/plot.py [RUN.npz [PICTURE.png]]

A model is whatever comes before "/time" in the name of an array. Of a model m with T times and B samples it reads

    m/time      T        times, in the unit of the time constants
    m/energy    T × B    energy of every sample at every time

and passes over every other array (m/states, T × N × B, among them). One panel a model: a thin line is a sample, the
thick one the median of all. Energies are shown above their value at the end, on a logarithmic axis that ends where the
rounding of the energy begins, so that samples which settle at different depths can be compared.
"""
import argparse
import pathlib
import sys
import zipfile

try:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
except ImportError as error:
    sys.exit(f"plot.py: {error}; it needs numpy and matplotlib (Debian: python3-numpy python3-matplotlib)")

# Okabe and Ito's colours, told apart with any kind of colour vision; one a model.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]


def read_models(path):
    """{model: (time, energy)}, in the order of the file."""
    try:
        if path.is_file() and not zipfile.is_zipfile(path):
            sys.exit(f"plot.py: {path} is no npz file")
        with np.load(path) as run:
            models = {}
            for key in run.files:
                if not key.endswith("/time"):
                    continue
                model = key.removesuffix("/time")
                if f"{model}/energy" not in run.files:
                    sys.exit(f"plot.py: {path} has '{key}' but no '{model}/energy'")
                models[model] = (run[key], run[f"{model}/energy"])
    except FileNotFoundError:
        sys.exit(f"plot.py: there is no {path}: run tools/demo first, it writes it")
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.exit(f"plot.py: {path} is no npz file that can be read: {error}")
    if not models:
        sys.exit(f"plot.py: {path} has no array named MODEL/time: it holds {', '.join(run.files) or 'nothing'}")
    for model, (time, energy) in models.items():
        if time.ndim != 1 or energy.ndim != 2 or len(time) != len(energy) or energy.size == 0:
            sys.exit(f"plot.py: '{model}/time' {time.shape} and '{model}/energy' {energy.shape} should be T and T × B")
    return models


def draw(axes, model, time, energy, colour):
    # Below the rounding of E there is nothing to see; on a logarithmic axis a decay to rest is a straight line.
    height = energy - energy[-1]
    height = np.where(height > 100 * np.finfo(float).eps * np.abs(energy).max(), height, np.nan)
    axes.set_yscale("log")
    axes.plot(time, height, color=colour, linewidth=0.6, alpha=0.25)
    median = np.median(np.nan_to_num(height), axis=1)
    axes.plot(time, np.where(median > 0, median, np.nan), color=colour, linewidth=2.5, label="median")
    axes.plot([], [], color=colour, linewidth=0.6, alpha=0.6, label=f"each of {energy.shape[1]} samples")
    # Fast and slow layers live on scales apart: linear around the first step, logarithmic beyond, five decades at most.
    later = time[time > 0]
    if later.size and later[-1] > 100 * later[0]:
        axes.set_xscale("symlog", linthresh=10.0 ** np.ceil(np.log10(max(later[0], 1e-5 * later[-1]))), linscale=0.5)
        axes.set_xlim(0, later[-1])
    axes.set_title(model)
    axes.set_xlabel("time t  (units of the time constants τ)")
    axes.legend(frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="?", default="out/run.npz", type=pathlib.Path)
    parser.add_argument("picture", nargs="?", default="out/energy.png", type=pathlib.Path)
    options = parser.parse_args()

    models = read_models(options.run)
    columns = min(len(models), 2)
    rows = -(-len(models) // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(5.6 * columns, 3.6 * rows), squeeze=False,
                                  constrained_layout=True)
    figure.suptitle("Energy of every sample above its value at the end")
    for number, (model, (time, energy)) in enumerate(models.items()):
        draw(panels.flat[number], model, time, energy, COLOURS[number % len(COLOURS)])
        if number % columns == 0:
            panels.flat[number].set_ylabel("E(t) − E(end)  (dimensionless)")
    for empty in panels.flat[len(models):]:
        empty.set_visible(False)
    try:
        options.picture.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(options.picture, dpi=100)
    except OSError as error:
        sys.exit(f"plot.py: {options.picture} cannot be written: {error}")


if __name__ == "__main__":
    main()

#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Draws what is in an npz file: the energies of a run against time, what an experiment measured, a hierarchy's recall, the
ways of steppers to a fixed point, a landscape, or a figure.

    tools/plot.py [RUN.npz [PICTURE.png]]       out/run.npz in, out/energy.png out unless told otherwise

A table of an experiment (hamlet::to_npz) has an array "variant". One panel a measure: a faint point is a run, the full
one the mean of a variant's runs, and the bar their standard deviation.

The file of the example "hierarchy" has an array "moments", when the images "recall/1", "recall/2", … were taken; beside
them "cue" and "stored", the "activation/LAYER" of every layer, one map a channel, and the "energy/TERM" of every term
against "time".

The file of the example "steppers" has, for every stepper, "STEPPER/right-hand sides", "STEPPER/error" and
"STEPPER/height", the energy above that of the fixed point.

A landscape (hamlet::to_npz) has an array "landscape/energy" on a grid of "landscape/first" × "landscape/second"; the
paths "path/1", "path/2", … (3 × T: both coordinates and the distance from the plane) and the points "mark/NAME" are
drawn upon it. A path is dotted where it is farther from the plane than a twentieth of the picture.

A figure (examples/figure.hpp) has an array "figure", its title, and for panels 1, 2, … an array "panel/1" with the lines of
text that are its title, the labels of x and y, their scales and its aspect. In it are drawn "panel/1/line/NAME" (2 × T),
"panel/1/points/NAME" (3 × T: x, y and the length of a bar), "panel/1/segments/NAME" (5 × T: both ends and the thickness),
"panel/1/mark/NAME" (2 × 1) and "panel/1/image".

Any other file is a run. A model is whatever comes before "/time" in the name of an array. Of a model m with T times and B samples it reads

    m/time      T        times, in the unit of the time constants
    m/energy    T × B    energy of every sample at every time

and passes over every other array (m/states, T × N × B, among them). One panel a model: a thin line is a sample, the
thick one the median of all. Energies are shown above their value at the end, on a logarithmic axis that ends where the
rounding of the energy begins, so that samples which settle at different depths can be compared.
"""
import argparse
import io
import pathlib
import sys
import textwrap
import zipfile

try:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.collections
    import matplotlib.pyplot as plt
    import matplotlib.ticker
    import numpy as np
    from PIL import Image  # which matplotlib brings
except ImportError as error:
    sys.exit(f"plot.py: {error}; it needs numpy and matplotlib (Debian: python3-numpy python3-matplotlib)")

# Okabe and Ito's colours, told apart with any kind of colour vision; one a model.
COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"]
# With this share of the axis its linear part meets the logarithmic one at the same slope, so that curves get no kink.
SMOOTH = 0.9 / np.log(10)


def read(path):
    """{name: array}, in the order of the file."""
    try:
        if path.is_file() and not zipfile.is_zipfile(path):
            sys.exit(f"plot.py: {path} is no npz file")
        with np.load(path) as file:
            return {name: file[name] for name in file.files if not name.endswith("/states")}
    except FileNotFoundError:
        sys.exit(f"plot.py: there is no {path}: run tools/demo first, it writes it")
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        sys.exit(f"plot.py: {path} is no npz file that can be read: {error}")


def models_of(arrays, path):
    """{model: (time, energy)} of a run."""
    models = {}
    for key, time in arrays.items():
        if not key.endswith("/time"):
            continue
        model = key.removesuffix("/time")
        if f"{model}/energy" not in arrays:
            sys.exit(f"plot.py: {path} has '{key}' but no '{model}/energy'")
        models[model] = (time, arrays[f"{model}/energy"])
    if not models:
        sys.exit(f"plot.py: {path} has neither 'variant' nor an array named MODEL/time: it holds "
                 f"{', '.join(arrays) or 'nothing'}")
    for model, (time, energy) in models.items():
        if time.ndim != 1 or energy.ndim != 2 or len(time) != len(energy) or energy.size == 0:
            sys.exit(f"plot.py: '{model}/time' {time.shape} and '{model}/energy' {energy.shape} should be T and T × B")
    return models


def measures_of(arrays, path):
    """The variants' names, the variant of each run, and {measure: number of each run}."""
    names = arrays.get("variant/names")
    if names is None or names.ndim != 2 or names.dtype != np.uint8:
        sys.exit(f"plot.py: {path} has 'variant' but not 'variant/names', the bytes of each name in a row")
    names = [bytes(name).rstrip(b"\0").decode() for name in names]
    measures = {name: values for name, values in arrays.items() if name not in ("variant", "variant/names", "seed")}
    for name, values in measures.items():
        if values.shape != arrays["variant"].shape or values.ndim != 1:
            sys.exit(f"plot.py: '{name}' {values.shape} and 'variant' {arrays['variant'].shape} should be one a run")
    if not measures:
        sys.exit(f"plot.py: {path} has no measure beside 'variant' and 'seed'")
    return names, arrays["variant"], measures


def draw_model(axes, model, time, energy, colour):
    # Below the rounding of E there is nothing to see; on a logarithmic axis a decay to rest is a straight line.
    height = energy - energy[-1]
    height = np.where(height > 100 * np.finfo(float).eps * np.abs(energy).max(), height, np.nan)
    axes.set_yscale("log")
    axes.plot(time, height, color=colour, linewidth=0.6, alpha=0.25)
    median = np.median(np.nan_to_num(height), axis=1)
    seen = median > 0
    axes.plot(time[seen], median[seen], "o-" if seen.sum() == 1 else "-", color=colour, linewidth=2.5, label="median",
              clip_on=False)
    axes.plot([], [], color=colour, linewidth=0.6, alpha=0.6, label=f"each of {energy.shape[1]} samples")
    # Fast and slow layers live on scales apart: linear around the first step, logarithmic beyond, five decades at most.
    later = time[time > 0]
    if later.size and later[-1] > 100 * later[0]:
        axes.set_xscale("symlog", linthresh=10.0 ** np.ceil(np.log10(max(later[0], 1e-5 * later[-1]))), linscale=SMOOTH)
        axes.set_xlim(0, later[-1])
    axes.set_title(model)
    axes.set_xlabel("time t  (in the unit of the time constants)")
    axes.legend(frameon=False)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw_measure(axes, measure, variants, variant, values):
    places = np.arange(len(variants))
    # Runs of a variant lie on top of one another where they agree: each has a height of its own.
    for place in places:
        runs = values[variant == place]
        axes.plot(runs, place + np.linspace(-0.25, 0.25, len(runs) + 2)[1:-1], "o", color=COLOURS[place % len(COLOURS)],
                  markersize=3.5, alpha=0.35, markeredgewidth=0, clip_on=False)
        spread = runs.std(ddof=1) if len(runs) > 1 else 0
        axes.errorbar(runs.mean(), place, xerr=spread, fmt="o", color=COLOURS[place % len(COLOURS)], markersize=7,
                      elinewidth=2, capsize=4, clip_on=False)
    # Measures that are never negative are compared by their lengths from 0.
    finite = values[np.isfinite(values)]
    if finite.size and finite.min() >= 0:
        axes.set_xlim(0, 1.08 * finite.max() or 1)
    axes.set_yticks(places, variants)
    axes.set_ylim(len(variants) - 0.5, -0.5)
    axes.set_title(measure)
    axes.grid(axis="y", linewidth=0.5, alpha=0.5)
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)


def panels_of(count, columns, width, height):
    """A figure and its panels, as many as are filled."""
    rows = -(-count // columns)
    figure, panels = plt.subplots(rows, columns, figsize=(width * columns, height * rows), squeeze=False,
                                  constrained_layout=True)
    for empty in panels.flat[count:]:
        empty.set_visible(False)
    return figure, panels


def draw_run(models):
    columns = min(len(models), 2)
    figure, panels = panels_of(len(models), columns, 5.6, 3.6)
    figure.suptitle("Energy of every sample above its value at the end; a line ends where the rounding of E begins")
    for number, (model, (time, energy)) in enumerate(models.items()):
        draw_model(panels.flat[number], model, time, energy, COLOURS[number % len(COLOURS)])
        if number % columns == 0:
            panels.flat[number].set_ylabel("E(t) − E(end)  (dimensionless)")
    return figure


def draw_experiment(variants, variant, measures):
    columns = min(len(measures), 3)
    figure, panels = panels_of(len(measures), columns, 4, 0.9 + 0.38 * len(variants))
    runs = len(variant) // len(variants)
    figure.suptitle(f"Every variant, {runs} seeds: each run, their mean and standard deviation")
    for number, (measure, values) in enumerate(measures.items()):
        draw_measure(panels.flat[number], measure, variants, variant, values)
        if number % columns > 0:
            panels.flat[number].tick_params(labelleft=False)
    return figure


def draw_images(axes, images, title):
    """Images one under the other, grey 0 in the middle between white and black."""
    axes.imshow(np.vstack(images), cmap="gray", vmin=-np.abs(images).max(), vmax=np.abs(images).max())
    axes.set_title(title, fontsize=9)
    axes.set_axis_off()


def draw_activation(axes, layer, maps):
    if maps[0].size == 1:  # neurons without a place
        axes.stem(maps.ravel(), markerfmt=" ", basefmt=" ")
        axes.set_xlim(0, len(maps))
        axes.set_ylim(0, 1.05 * maps.max())
        axes.set_xlabel("neuron")
        axes.set_ylabel("g")
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    else:
        columns = int(np.ceil(np.sqrt(len(maps))))
        blank = np.full_like(maps[0], np.nan)
        tiles = [*maps, *[blank] * (-len(maps) % columns)]
        framed = [np.pad(tile, 1, constant_values=np.nan) for tile in tiles]
        rows = [np.hstack(framed[first:first + columns]) for first in range(0, len(framed), columns)]
        axes.imshow(np.vstack(rows), cmap="RdBu_r", vmin=-np.abs(maps).max(), vmax=np.abs(maps).max())
        axes.set_axis_off()
    positions = "" if maps[0].size == 1 else f" × {maps[0].shape[1]} × {maps[0].shape[0]}"
    axes.set_title(f"{layer}: {len(maps)}{positions}", fontsize=9)


def draw_hierarchy(arrays, path):
    terms = {name.removeprefix("energy/"): values for name, values in arrays.items() if name.startswith("energy/")}
    layers = {name.removeprefix("activation/"): maps for name, maps in arrays.items() if name.startswith("activation/")}
    moments = arrays["moments"]
    missing = [name for name in ("cue", "stored", "time", *(f"recall/{k + 1}" for k in range(len(moments))))
               if name not in arrays]
    if missing or not terms or not layers:
        sys.exit(f"plot.py: {path} has 'moments' but not {', '.join(missing) or 'energy/TERM and activation/LAYER'}")

    figure = plt.figure(figsize=(12, 9), constrained_layout=True)
    above, below = figure.subfigures(2, 1, height_ratios=[1.5, 1])
    images, activations = above.subfigures(1, 2, width_ratios=[1.35, 1])
    panels = images.subplots(1, len(moments) + 2)
    draw_images(panels[0], arrays["cue"], "cue")
    for number, moment in enumerate(moments):
        draw_images(panels[number + 1], arrays[f"recall/{number + 1}"], f"t = {moment:.3g}")
    draw_images(panels[-1], arrays["stored"], "stored")
    images.suptitle("Recall over time, in units of the pixels' τ")
    for axes, (layer, maps) in zip(activations.subplots(len(layers), 1, squeeze=False).flat, layers.items()):
        draw_activation(axes, layer, maps)
    activations.suptitle("Activations at the end, first cue (red above 0, blue below)")

    axes = below.subplots()
    time = arrays["time"]
    for number, (term, values) in enumerate(terms.items()):
        axes.plot(time, values, color=COLOURS[number % len(COLOURS)], label=term)
    axes.plot(time, sum(terms.values()), color="black", linewidth=2.5, label="E")
    axes.set_xscale("symlog", linthresh=0.1, linscale=SMOOTH)
    axes.set_xlim(0, time[-1])
    axes.set_xlabel("time t  (units of the pixels' τ)")
    axes.set_ylabel("energy, mean of all cues")
    axes.legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    return figure


def draw_steppers(arrays, path):
    names = [name.removesuffix("/right-hand sides") for name in arrays if name.endswith("/right-hand sides")]
    for name in names:
        if f"{name}/error" not in arrays or f"{name}/height" not in arrays:
            sys.exit(f"plot.py: {path} has '{name}/right-hand sides' but not its error and height")
    figure, panels = plt.subplots(1, 2, figsize=(12, 5), constrained_layout=True)
    figure.suptitle("From a cue to the fixed point, hidden layer a hundred times faster than the visible one")
    for axes, what, label, lowest in ((panels[0], "error", "error ‖v − v*‖∞", 1e-13),
                                      (panels[1], "height", "E − E* (dimensionless)", 1e-15)):
        for number, name in enumerate(names):
            calls, values = arrays[f"{name}/right-hand sides"], arrays[f"{name}/{what}"]
            axes.plot(calls, np.where(values > lowest, values, np.nan), color=COLOURS[number % len(COLOURS)],
                      linestyle="-" if number < len(COLOURS) else "--", linewidth=1.5,
                      marker="o" if len(calls) < 60 else None, markersize=3, label=name)
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_xlabel("right-hand sides")
        axes.set_ylabel(label)
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
    panels[1].legend(frameon=False, loc="center left", bbox_to_anchor=(1, 0.5))
    return figure


def draw_landscape(arrays, path):
    try:
        first, second, energy = (arrays[f"landscape/{name}"] for name in ("first", "second", "energy"))
    except KeyError as missing:
        sys.exit(f"plot.py: {path} has 'landscape/energy' but not {missing}")
    if energy.shape != (len(first), len(second)):
        sys.exit(f"plot.py: 'landscape/energy' {energy.shape} should be {len(first)} × {len(second)}")
    figure, axes = plt.subplots(figsize=(7.6, 6.4), constrained_layout=True)
    # As many levels in the valleys as on the slopes: steps of equal area.
    levels = np.unique(np.quantile(energy, np.linspace(0, 1, 25)))
    colours = matplotlib.colors.BoundaryNorm(levels, 256)
    filled = axes.contourf(first, second, energy.T, levels=levels, cmap="viridis", norm=colours)
    axes.contour(first, second, energy.T, levels=levels, colors="white", linewidths=0.3, alpha=0.5)
    figure.colorbar(filled, ax=axes, label="energy E", ticks=levels[::4], format="%.4g")
    far = 0.05 * (first[-1] - first[0])
    for name, points in arrays.items():
        if not name.startswith("path/"):
            continue
        on_plane = np.where(points[2] <= far, points[:2], np.nan)
        axes.plot(points[0], points[1], ":", color="white", linewidth=0.9)
        axes.plot(*on_plane, "-", color="white", linewidth=1.3)
        axes.plot(*points[:2, 0], "o", color="white", markersize=3.5)
    for name, point in arrays.items():
        if not name.startswith("mark/"):
            continue
        axes.plot(*point[:2], "o", color=COLOURS[1], markersize=7, markeredgecolor="white")
        axes.annotate(name.removeprefix("mark/"), point[:2], xytext=(7, 7), textcoords="offset points", fontsize=11,
                      bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "alpha": 0.8, "linewidth": 0})
    axes.set_aspect("equal")
    axes.set_xlim(first[0], first[-1])
    axes.set_ylim(second[0], second[-1])
    axes.set_xlabel("distance along the first direction")
    axes.set_ylabel("distance along the second direction")
    axes.set_title("Energy on a plane of states, and the paths of the flow upon it")
    return figure


def text_of(array):
    return bytes(array).decode()


def draw_panel(axes, text, parts, path):
    try:
        title, x, y, scale_x, scale_y, aspect = text_of(text).split("\n")
    except (UnicodeDecodeError, ValueError):
        sys.exit(f"plot.py: {path} has a panel without its six lines of text")
    axes.set_title(title, fontsize=10)
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if "image" in parts:
        image = parts.pop("image")
        rows, places = image.shape
        shown = axes.imshow(image, cmap="magma", aspect="equal" if aspect == "equal" else "auto",
                            extent=(0.5, places + 0.5, rows + 0.5, 0.5))
        axes.set_ylabel("")
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_locator(matplotlib.ticker.MaxNLocator(integer=True))
        axes.figure.colorbar(shown, ax=axes, label=y)
    else:
        axes.set_xscale(scale_x)
        axes.set_yscale(scale_y)
        axes.set_aspect(aspect)
    named = []
    for part, values in parts.items():
        kind, _, name = part.partition("/")
        if kind == "mark":
            axes.annotate(name, values[:, 0], xytext=(4, 4), textcoords="offset points", fontsize=8, zorder=5)
            continue
        if name not in named:
            named.append(name)  # points and the line of one name share a colour
        colour = COLOURS[named.index(name) % len(COLOURS)]
        # A panel that has points with lines between them needs the name once.
        label = None if f"line/{name}" in parts and kind == "points" else name
        if kind == "line":
            axes.plot(*values, color=colour, linewidth=1.5, label=label)
        elif kind == "points":
            bars = values[2] if values[2].any() else None
            axes.errorbar(values[0], values[1], yerr=bars, fmt="o", color=colour, markersize=4, capsize=2.5,
                          elinewidth=1, label=label)
        elif kind == "segments":
            ends = np.stack([values[:2].T, values[2:4].T], axis=1)
            axes.add_collection(matplotlib.collections.LineCollection(ends, colors=colour, linewidths=4 * values[4],
                                                                      alpha=0.8, label=label))
            axes.autoscale_view()
        else:
            sys.exit(f"plot.py: {path} has a '{part}', which no panel has")
    if named:
        axes.legend(framealpha=0.8, edgecolor="none", fontsize=8)
    if not x and not y:  # a map
        axes.set_axis_off()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def draw_figure(arrays, path):
    panels = {name: text for name, text in arrays.items() if name.startswith("panel/") and name.count("/") == 1}
    if not panels:
        sys.exit(f"plot.py: {path} has 'figure' but no 'panel/1'")
    columns = min(len(panels), 3)
    figure, axes = panels_of(len(panels), columns, {1: 6.4, 2: 5.2, 3: 4.4}[columns], 4.4 if columns == 1 else 3.9)
    figure.suptitle(textwrap.fill(text_of(arrays["figure"]), 60 * columns))
    for place, (panel, text) in zip(axes.flat, panels.items()):
        draw_panel(place, text, {name.removeprefix(f"{panel}/"): values for name, values in arrays.items()
                                 if name.startswith(f"{panel}/")}, path)
    return figure


def save(figure, picture):
    """A PNG with a palette: a third of the size, and plots have few colours."""
    if picture.suffix != ".png":
        figure.savefig(picture)
        return
    rendered = io.BytesIO()
    figure.savefig(rendered, dpi=100)
    Image.open(rendered).convert("RGB").quantize(256, dither=Image.Dither.NONE).save(picture, optimize=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", nargs="?", default="out/run.npz", type=pathlib.Path)
    parser.add_argument("picture", nargs="?", default="out/energy.png", type=pathlib.Path)
    options = parser.parse_args()

    arrays = read(options.run)
    if "variant" in arrays:
        figure = draw_experiment(*measures_of(arrays, options.run))
    elif "moments" in arrays:
        figure = draw_hierarchy(arrays, options.run)
    elif any(name.endswith("/right-hand sides") for name in arrays):
        figure = draw_steppers(arrays, options.run)
    elif "figure" in arrays:
        figure = draw_figure(arrays, options.run)
    elif "landscape/energy" in arrays:
        figure = draw_landscape(arrays, options.run)
    else:
        figure = draw_run(models_of(arrays, options.run))
    try:
        options.picture.parent.mkdir(parents=True, exist_ok=True)
        save(figure, options.picture)
    except OSError as error:
        sys.exit(f"plot.py: {options.picture} cannot be written: {error}")
    print(f"wrote {options.picture}")


if __name__ == "__main__":
    main()

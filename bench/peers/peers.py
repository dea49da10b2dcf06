#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The problems of tools/bench beside PyTorch, JAX, diffrax and hamux, in one process and in turn.

    pip install -r bench/peers/requirements.txt       into an environment of your own
    tools/bench --peers PYTHON                        that environment's Python; or by itself:
    PYTHON bench/peers/peers.py LIBRARY [--rows REGEX] [--threads N]

LIBRARY is the module that the build leaves at build/release/bench/libbench_peers.so. Prints one JSON object,
{row: {contender: median seconds}}. Before anything is timed every contender's answer is compared with ours; a row of
which one differs ends the program.
"""

import argparse
import ctypes
import json
import os
import re
import statistics
import sys
import time

STORAGES = {"f64": 0, "f32": 1, "f16": 2, "int8": 3}
BETA, TAU_H = 50.0, 0.1


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("library")
    parser.add_argument("--rows", metavar="REGEX", default=".*")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repetitions", type=int, default=9)
    return parser.parse_args()


OPTIONS = arguments()
# Before they are imported: both look at it then, and XLA has no other way to be told how many threads it may have.
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:OPTIONS.threads])
os.environ["OMP_NUM_THREADS"] = str(OPTIONS.threads)
os.environ["JAX_PLATFORMS"] = "cpu"

import diffrax
import hamux
import jax
import jax.numpy as jnp
import numpy as np
import torch

jax.config.update("jax_enable_x64", True)
torch.set_num_threads(OPTIONS.threads)

HAMLET = ctypes.CDLL(OPTIONS.library)
HAMLET.product_new.restype = HAMLET.flow_new.restype = ctypes.c_void_p
HAMLET.flow_run.restype = ctypes.c_long
POINTER, LONG, DOUBLE = ctypes.c_void_p, ctypes.c_long, ctypes.c_double


def pointer(array):
    assert array is None or (array.dtype == np.float64 and array.flags.c_contiguous)
    return POINTER(array.ctypes.data if array is not None else None)


def succeeded(result):
    if result in (None, -1):
        sys.exit("the library failed; what it said is above")
    return result


class Ours:
    """A product or a flow of the library."""

    def __init__(self, kind, *how):
        self.handle = POINTER(succeeded(getattr(HAMLET, kind + "_new")(*how)))
        self.delete = getattr(HAMLET, kind + "_delete")

    def __del__(self):
        self.delete(self.handle)


def median_times(contenders, repetitions):
    """Seconds a call, the contenders in turn; each as often within a repetition as makes it long enough to time."""
    counts = {}
    for name, call in contenders.items():
        call()
        start = time.perf_counter()
        call()
        counts[name] = max(1, int(0.05 / max(time.perf_counter() - start, 1e-7)))
    times = {name: [] for name in contenders}
    for _ in range(repetitions):
        for name, call in contenders.items():
            start = time.perf_counter()
            for _ in range(counts[name]):
                call()
            times[name].append((time.perf_counter() - start) / counts[name])
    return {name: statistics.median(taken) for name, taken in times.items()}


def check(row, name, answer, ours, tolerance):
    for theirs, expected in zip(answer, ours):
        difference = np.abs(np.asarray(theirs, dtype=np.float64) - expected).max()
        if not difference <= tolerance * np.abs(expected).max():
            sys.exit(f"{row}: {name} differs from ours by {difference:.3g}, and numbers are as large as "
                     f"{np.abs(expected).max():.3g}")


def weights_of(K, N):
    return np.random.default_rng(1).uniform(-1, 1, (K, N)) / np.sqrt(N)


def product(K, N, storage, B, softmax):
    """Both currents and the energy, or the current through a softmax and its value."""
    W, random = weights_of(K, N), np.random.default_rng(2)
    g = random.uniform(-1, 1, (B, N))
    f = None if softmax else random.uniform(-1, 1, (B, K))
    into_g, into_f, energies = np.zeros((B, N)), np.zeros((B, K)), np.zeros(B)
    synapse = Ours("product", pointer(W), LONG(K), LONG(N), STORAGES[storage], softmax)

    def ours():
        succeeded(HAMLET.product_apply(synapse.handle, LONG(K), LONG(N), LONG(B), pointer(g), pointer(f),
                                       pointer(into_g), pointer(None if softmax else into_f), pointer(energies)))

    kind = {"f64": (torch.float64, jnp.float64)}.get(storage, (torch.float32, jnp.float32))
    w, x, y = (None if a is None else torch.from_numpy(a).to(kind[0]) for a in (W, g, f))

    @torch.inference_mode()
    def of_torch():
        h = x @ w.T
        if softmax:
            return torch.softmax(h, 1) @ w, -torch.logsumexp(h, 1)
        return y @ w, h, -(h * y).sum(1)

    @jax.jit
    def compiled(w, x, y):
        h = x @ w.T
        if softmax:
            return jax.nn.softmax(h, axis=1) @ w, -jax.nn.logsumexp(h, axis=1)
        return y @ w, h, -(h * y).sum(1)

    jax_arrays = [None if a is None else jnp.asarray(a, kind[1]) for a in (W, g, f)]

    def of_jax():
        return jax.block_until_ready(compiled(*jax_arrays))

    ours()
    expected = [into_g.copy(), energies.copy()] if softmax else [into_g.copy(), into_f.copy(), energies.copy()]
    return {"ours": ours, "PyTorch": of_torch, "JAX": of_jax}, expected, 1e-12 if storage == "f64" else 1e-4


def right_hand_side(K, N, B):
    """ẋ and E of two layers: hamux derives both from the energy, as we do."""
    W, random = weights_of(K, N), np.random.default_rng(2)
    x = random.uniform(-1, 1, (B, N + K))
    derivative, energies = np.zeros_like(x), np.zeros(B)
    flow = Ours("flow", pointer(W), LONG(K), LONG(N), STORAGES["f32"], DOUBLE(1), DOUBLE(TAU_H), False)

    def ours():
        succeeded(HAMLET.flow_derivative(flow.handle, LONG(N + K), LONG(B), pointer(x), pointer(derivative),
                                         pointer(energies)))

    ham = hamux.HAM({"v": hamux.NeuronLayer(hamux.lagr_identity, (N,)), "h": hamux.NeuronLayer(hamux.lagr_softmax, (K,))},
                    {"s": hamux.LinearSynapse(jnp.asarray(W.T, jnp.float32))}, [(("v", "h"), "s")]).vectorize()
    states = {"v": jnp.asarray(x[:, :N], jnp.float32), "h": jnp.asarray(x[:, N:], jnp.float32)}

    @jax.jit
    def compiled(states):
        energy, gradient = ham.dEdact(ham.activations(states), states, return_energy=True)
        return jnp.concatenate([-gradient["v"], -gradient["h"] / TAU_H], axis=1), energy

    def of_hamux():
        return jax.block_until_ready(compiled(states))

    ours()
    return {"ours": ours, "hamux": of_hamux}, [derivative.copy(), energies.copy()], 1e-4


def recall(K, N, B):
    """Model B by Dormand & Prince's method, with the same tolerances and in f64, to ‖ẋ‖∞ < 1e-6."""
    relative, absolute, settled = 1e-6, 1e-9, 1e-6
    random = np.random.default_rng(3)
    W = random.normal(size=(K, N))
    W /= np.linalg.norm(W, axis=1, keepdims=True)
    start = W[:B] + 0.03 * random.uniform(-1, 1, (B, N))
    flow = Ours("flow", pointer(W), LONG(K), LONG(N), STORAGES["f64"], DOUBLE(BETA), DOUBLE(TAU_H), True)
    end = start.copy()

    def ours():
        end[:] = start
        succeeded(HAMLET.flow_run(flow.handle, LONG(N), LONG(B), pointer(end), DOUBLE(relative), DOUBLE(absolute),
                                  DOUBLE(settled)))

    def field(t, v, w):
        return jax.nn.softmax(BETA * (v @ w.T), axis=1) @ w - v

    def rests(t, y, w, **_):
        return jnp.abs(field(t, y, w)).max() < settled

    # The controller's own norm is a mean over all numbers; ours is the largest.
    controller = diffrax.PIDController(rtol=relative, atol=absolute, norm=lambda y: jnp.abs(y).max())

    @jax.jit
    def compiled(v, w):
        solution = diffrax.diffeqsolve(diffrax.ODETerm(field), diffrax.Dopri5(), t0=0, t1=1000, dt0=None, y0=v, args=w,
                                       saveat=diffrax.SaveAt(t1=True), stepsize_controller=controller,
                                       event=diffrax.Event(rests), max_steps=None)
        return solution.ys[0]

    arrays = [jnp.asarray(start), jnp.asarray(W)]

    def of_diffrax():
        return [jax.block_until_ready(compiled(*arrays))]

    ours()
    return {"ours": ours, "diffrax": of_diffrax}, [end.copy()], 1e-4


def rows():
    for N, K, B in ((1024, 65536, 1), (784, 2000, 1), (784, 2000, 64), (784, 2000, 256), (64, 1000, 256)):
        for softmax in (False, True):
            for storage in ("f32", "f64"):
                what = "through softmax" if softmax else "both currents"
                yield (f"{what} {N}x{K} {storage} B={B} threads={OPTIONS.threads}",
                       lambda K=K, N=N, B=B, storage=storage, softmax=softmax: product(K, N, storage, B, softmax))
    for B in (1, 64):
        yield (f"right-hand side of two layers, 784 and 1000, f32 B={B} threads={OPTIONS.threads}",
               lambda B=B: right_hand_side(1000, 784, B))
    yield f"recall of 64 cues, effective, threads={OPTIONS.threads}", lambda: recall(1000, 784, 64)


def main():
    medians = {}
    for row, prepare in rows():
        if not re.search(OPTIONS.rows, row):
            continue
        contenders, expected, tolerance = prepare()
        for name, call in contenders.items():
            if name != "ours":
                check(row, name, call(), expected, tolerance)
        medians[row] = median_times(contenders, OPTIONS.repetitions)
        print(row, {name: f"{seconds:.3g}" for name, seconds in medians[row].items()}, file=sys.stderr, flush=True)
    print(json.dumps(medians))


if __name__ == "__main__":
    main()

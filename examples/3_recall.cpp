// SPDX-License-Identifier: MIT
// Stores images as memories, hides a part of some of them, and recalls them with the two-layer network and with the
// effective Models A, B and C. Writes a table, out/recall.png and out/run.npz (tools/plot.py draws the energies).
#include "recall/task.hpp"

#include <models/model_a.hpp>
#include <models/model_b.hpp>
#include <models/model_c.hpp>
#include <models/two_layer.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <filesystem>
#include <iostream>

namespace {

using namespace hamlet;
using recall::Damage;
using recall::Task;

struct Options {
  std::string images = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";
  Index memories = 1000;
  Index cues = 64;
  Damage damage = Damage::half;
  double noise = 1;
  double beta = 200;
  double power = 50;
  double tau_h = 0.1;
  double end = 30;
  double bound = 0.1;
  unsigned seed = 1;
  std::string out = "out";
};

// A model at work on the task: where v stands, and what to start from.
struct Run {
  std::string name;
  Network network;
  State start;
  Integration how;
  double grain;  // of the times worth recording
};

struct Result {
  State recalled;  // v at the end, N × B
  Outcome outcome;
  Verdict verdict;
};

// In Models A and C only the direction of v matters to its activation, so its length at the start is free. We take that
// of the current it evokes: shorter or longer, v would first spend many τ growing or decaying to it.
State as_long_as_its_current(const Network& network, const State& cues) {
  Flow flow(network);
  State derivative;
  flow(cues, derivative, 0);
  const State current = cues + derivative;  // τ = 1: τ v̇ = u − v
  return cues * (current.colwise().norm().array() / cues.colwise().norm().array()).matrix().asDiagonal();
}

// The median over the cues of the largest overlap with any memory.
double typical_overlap(const Eigen::MatrixXd& memories, const State& activations) {
  std::vector<double> largest;
  for (Index sample = 0; sample < activations.cols(); ++sample) {
    largest.push_back((memories * activations.col(sample)).maxCoeff());
  }
  std::nth_element(largest.begin(), largest.begin() + static_cast<std::ptrdiff_t>(largest.size() / 2), largest.end());
  return largest[largest.size() / 2];
}

std::vector<Run> make_runs(const Task& task, const Options& options) {
  std::vector<Run> runs;

  // Models with softmax. A memory that leads the K others by an overlap of Δ outweighs them by exp(βΔ)/K: with K = 1000
  // and β = 200 a lead of 0.05 wins by 20 to 1, and the memories, of length 1, are far sharper than that apart.
  const Integration until_settled{.stepper = DormandPrince{}, .end = options.end, .settled = 1e-6};
  const models::ModelB model_b{.beta = options.beta};
  const Network two_layer = models::two_layer(task.memories, model_b.microscopic(options.tau_h));
  State both = two_layer.zeros(task.cues.cols());
  two_layer.block(both, two_layer.find("features")) = task.cues;
  runs.push_back({"two-layer", two_layer, both, until_settled, 1e-4});
  runs.push_back({"model-B", eliminate(two_layer, two_layer.find("memories")), task.cues, until_settled, 1e-4});

  // Models with Σ F(h), F(h) = hⁿ/n. Their currents grow as h^{n−1}; memories are scaled so that a typical cue evokes
  // h = 1, and both the cue's weak current and the recalled memory's strong one stay far from under- and overflow.
  const RectifiedPower power{.n = options.power};
  const State signs = task.cues.array().sign();
  const Eigen::MatrixXd of_sum_one = task.memories.array().colwise() / task.memories.rowwise().lpNorm<1>().array();
  const Network model_a = models::model_a(of_sum_one / typical_overlap(of_sum_one, signs), {.F = power});
  // Of these a direction flips in next to no time once the current outgrows v, and every sign change in Model A is a
  // jump: an adaptive stepper would hunt each, in every sample. Euler's steps below τ move v towards its current, which
  // lowers E for any convex F, however coarse they are.
  const double step = 0.1;
  const Integration coarse{.stepper = Euler{step}, .end = options.end};
  runs.push_back({"model-A", model_a, as_long_as_its_current(model_a, task.cues), coarse, step});
  const State directions = task.cues.colwise().normalized();
  const Network model_c = models::model_c(task.memories / typical_overlap(task.memories, directions), {.F = power});
  runs.push_back({"model-C", model_c, as_long_as_its_current(model_c, task.cues), coarse, step});
  return runs;
}

// Some sixty moments, most of them early, when most happens: t_k = end (k/60)³, as multiples of `grain`. Between coarse
// steps there is nothing to see: Model A jumps there, and no interpolation knows how.
std::vector<double> crowded_at_the_start(double end, double grain) {
  std::vector<double> times;
  for (int k = 0; k <= 60; ++k) {
    const double time = grain * std::round(end * std::pow(k / 60.0, 3) / grain);
    if (times.empty() || time > times.back()) times.push_back(time);
  }
  return times;
}

Result run(const Run& run, Npz& archive) {
  Flow flow(run.network);
  EnergyMonitor monitor(flow);
  Trajectory path{{.times = crowded_at_the_start(run.how.end, run.grain)}};
  Progress progress(run.name);
  State state = run.start;
  const Outcome outcome = integrate(flow, state, run.how, monitor, path, progress);

  archive.add(run.name + "/time", Array::from(path.times()));
  archive.add(run.name + "/energy", Array::stack(path.energies()));
  std::vector<Eigen::MatrixXf> states;
  for (const State& x : path.states()) states.emplace_back(x.cast<float>());
  archive.add(run.name + "/states", Array::stack(states));
  return {run.network.block(state, run.network.find("features")), outcome, monitor.verdict()};
}

// A row of the first cues, one of what each model made of them, one of the images as stored.
void draw(const Task& task, const Options& options, const std::vector<Result>& results, const std::string& file) {
  const Index shown = std::min<Index>(16, task.cues.cols());
  State tiles(task.pixels(), shown * static_cast<Index>(results.size() + 2));
  Index column = 0;
  for (const Index answer : task.answers) {
    if (column == shown) break;
    const double length = (task.images.row(answer).transpose() - task.mean).norm();
    tiles.col(column) = task.mean + length * task.cues.col(column);
    if (options.damage == Damage::half) tiles.col(column).tail(task.pixels() / 2).setConstant(0.5);
    for (std::size_t model = 0; model < results.size(); ++model) {
      tiles.col(column + shown * static_cast<Index>(model + 1)) =
          task.mean + length * results[model].recalled.col(column).normalized();
    }
    tiles.col(column + shown * static_cast<Index>(results.size() + 1)) = task.images.row(answer);
    ++column;
  }
  save_png(file, tiles,
           {.width = task.width, .height = task.height, .columns = shown, .zoom = 2, .range = GreyRange{}});
}

void print_table(const Task& task, const Options& options, const std::vector<Run>& runs,
                 const std::vector<Result>& results) {
  const Index asked = task.cues.cols();
  fmt::print("\n{} memories of {} × {} pixels; {} cues, {}.\n", task.memories.rows(), task.width, task.height, asked,
             options.damage == Damage::half ? "lower half hidden" : fmt::format("noise of {} lengths", options.noise));
  fmt::print(
      "right: the nearest memory is the one the cue was made from; recalled: and its distance is below {} of a\n"
      "memory's length. 1-nearest is the memory nearest to the cue itself; energies are means over the cues.\n\n",
      options.bound);
  fmt::print("{:<10} {:>5} {:>8} {:>12} {:>12} {:>6} {:>8} {:>8} {:>8}  {}\n", "model", "right", "recalled", "E start",
             "E end", "steps", "rejected", "rhs", "seconds", "how it ended; monitor");
  const Index baseline = recall::score(task, task.cues, options.bound).nearest;
  fmt::print("{:<10} {:>5} {:>8}\n", "1-nearest", baseline, baseline);  // what it finds is a memory itself
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const Result& result = results[i];
    const recall::Score score = recall::score(task, result.recalled, options.bound);
    const Statistics& statistics = result.outcome.statistics;
    std::ostringstream status;
    status << result.outcome.status;
    fmt::print("{:<10} {:>5} {:>8} {:>12.5g} {:>12.5g} {:>6} {:>8} {:>8} {:>8.1f}  {} at t = {:.4g}; {}\n",
               runs[i].name, score.nearest, score.recalled, result.verdict.start.mean(), result.verdict.end.mean(),
               statistics.steps, statistics.rejected, statistics.right_hand_sides, statistics.seconds, status.str(),
               result.outcome.time, result.verdict.descends ? "Descends" : "Rises");
  }
  fmt::print("\n");
  for (std::size_t i = 0; i < runs.size(); ++i) fmt::print("{:<10} {}\n", runs[i].name, results[i].verdict.text());
}

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Recalls images from memory with the two-layer network and with the effective Models A, B and C."};
  app.option_defaults()->always_capture_default();
  app.add_option("--images", options.images, "images in MNIST's format (IDX), gzipped or not")
      ->check(CLI::ExistingFile);
  app.add_option("--memories", options.memories, "how many of the file's first images are stored");
  app.add_option("--cues", options.cues, "how many of these are cued");
  app.add_option("--damage", options.damage, "half: the lower half is hidden; noise: white noise is added")
      ->transform(
          CLI::CheckedTransformer(std::map<std::string, Damage>{{"half", Damage::half}, {"noise", Damage::noise}}))
      ->default_str("half");
  app.add_option("--noise", options.noise, "the length of the noise, in lengths of a memory about the mean");
  app.add_option("--beta", options.beta, "inverse temperature of the two-layer network and Model B");
  app.add_option("--power", options.power, "n of F(h) = max(h, 0)^n / n in Models A and C");
  app.add_option("--tau-h", options.tau_h, "time constant of the memory neurons; that of the features is 1");
  app.add_option("--end", options.end, "when a run ends that has not settled, in time constants of the features");
  app.add_option("--bound", options.bound, "largest distance of a recalled memory, in lengths of a memory");
  app.add_option("--seed", options.seed, "which images are cued, and the noise");
  app.add_option("--out", options.out, "folder for recall.png and run.npz");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    std::exit(app.exit(error));
  }
  return options;
}

}  // namespace

int main(int argc, char** argv) try {
  const Options options = parse(argc, argv);
  if (!(options.bound >= 0)) {
    throw ValueError(fmt::format("the bound is {} lengths of a memory: it must be ≥ 0", options.bound));
  }
  const Task task =
      recall::make_task(options.images, options.memories, options.cues, options.damage, options.noise, options.seed);
  const std::vector<Run> runs = make_runs(task, options);
  std::filesystem::create_directories(options.out);  // before the work: a folder that cannot be had ends it here
  Npz archive;
  std::vector<Result> results;
  for (const Run& each : runs) results.push_back(run(each, archive));
  print_table(task, options, runs, results);

  draw(task, options, results, options.out + "/recall.png");
  save_npz(options.out + "/run.npz", archive);
  fmt::print("\nwrote {0}/recall.png (rows: cue, two-layer, B, A, C, stored) and {0}/run.npz\n", options.out);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "recall: " << error.what() << '\n';
  return 1;
}

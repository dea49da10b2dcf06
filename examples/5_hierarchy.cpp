// SPDX-License-Identifier: MIT
// A hierarchical memory assembled from primitives, without training: patches of images become convolutional kernels,
// and each image one row of weights, from the features it evokes. It fills in the hidden half of images, with and
// without the top-down feedback, beside a two-layer memory with as many parameters and beside 1-nearest-neighbour.
// Writes a table and out/hierarchy.npz, of which tools/plot.py makes out/hierarchy.png.
#include "hierarchy/dictionary.hpp"
#include "recall/task.hpp"

#include <models/hierarchical_convolutional.hpp>
#include <models/model_b.hpp>
#include <models/two_layer.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <filesystem>
#include <iostream>
#include <map>
#include <numeric>
#include <random>
#include <sstream>

namespace {

using namespace hamlet;
using recall::Task;

struct Options {
  std::string images = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";
  std::vector<Index> memories = {100, 1000, 3000};
  Index cues = 64;
  Index kernels = 16;
  Index side = 4;
  double end = 40;
  unsigned seed = 1;
  std::string out = "out";
};

// A memory that fills in pixels: its network, and how many times as long as the task's memories its images are.
struct Method {
  std::string name;
  Network network;
  double scale;
};

struct Result {
  State filled;  // pixels, N × B
  Outcome outcome;
  Verdict verdict;
};

// How well hidden halves were filled in, judged by these halves alone.
struct Score {
  Index right = 0;     // the stored image whose hidden half points nearest is the right one
  double overlap = 0;  // mean cosine with the right one's hidden half
};

// One sweep from the pixels up: the state in which every layer is as the layers below it, all else silent, drive it.
State sweep_up(const Network& network, const State& pixels) {
  Flow flow(network);
  State state = network.zeros(pixels.cols()), derivative;
  const std::vector<LayerHandle> layers = network.layers();
  network.block(state, layers.front()) = pixels;
  // x = 0 + τẋ is what comes from below: at 0 features are silent, and memories about their mean all but cancel.
  for (std::size_t at = 1; at < layers.size(); ++at) {
    flow(state, derivative, 0);
    network.block(state, layers[at]) = network.layer(layers[at]).tau.smallest() * network.block(derivative, layers[at]);
  }
  return state;
}

Method hierarchy_of(const Task& task, const State& dictionary, Index side) {
  // Kernels lie side by side. As they are orthonormal, what they send up would come back down as strong; a little less,
  // so that pixels and features do not sustain by themselves what no memory supports.
  constexpr double loop = 0.8;
  const auto with = [&](const State& memories) {
    return models::hierarchical_convolutional(
        {.image = {1, task.width, task.height},
         .stages = {{.kernels = loop * dictionary, .size = {side, side}, .stride = side, .tau = 0.2}},
         .memories = memories,
         .tau_memory = 0.2});
  };
  const Network unwritten = with(State::Zero(1, dictionary.rows() * (task.width / side) * (task.height / side)));
  const LayerHandle features = unwritten.find("features 1");

  // Pixels are scaled so that a typical feature is driven to 1, where tanh bends: it then answers to the form of a
  // patch more than to its contrast, and no bright patch outvotes the others.
  const State images = task.memories.transpose();
  const State of_images = sweep_up(unwritten, images);
  const auto drive = unwritten.block(of_images, features);
  const double scale = 1 / std::sqrt(drive.squaredNorm() / static_cast<double>(drive.size()));

  // What an image evokes, about the mean of all, is its row; all rows are of one length.
  const State of_scaled = sweep_up(unwritten, scale * images);
  State rows = unwritten.layer(features).lagrangian.activation(unwritten.block(of_scaled, features)).transpose();
  const double length = rows.rowwise().norm().mean();
  rows.rowwise() -= rows.colwise().mean().eval();
  return {"hierarchy", with(length * rows.rowwise().normalized()), scale};
}

// The visible half is held, the hidden half starts blank, the layers above as the cue drives them: started at rest, the
// memories would follow what most images have in common before the cue has reached them.
Result fill_in(const Method& method, const Task& task, const Options& options, Trajectory& path) {
  Flow flow(method.network);
  const LayerHandle pixels = method.network.layers().front();
  std::vector<Index> visible(static_cast<std::size_t>(task.pixels() / 2));
  std::iota(visible.begin(), visible.end(), Index{0});
  flow.clamp(pixels, visible);
  State state = sweep_up(method.network, method.scale * task.cues);
  EnergyMonitor monitor(flow);
  Progress progress(method.name);
  const Outcome outcome = integrate(flow, state,
                                    {.stepper = DormandPrince{.relative_tolerance = 1e-4, .absolute_tolerance = 1e-6},
                                     .end = options.end,
                                     .settled = 1e-3},
                                    monitor, path, progress);
  return {method.network.block(state, pixels), outcome, monitor.verdict()};
}

Score score(const Task& task, const State& filled) {
  const Index hidden = task.pixels() - task.pixels() / 2;
  const Eigen::MatrixXd stored = task.memories.rightCols(hidden).rowwise().normalized();
  const State halves = filled.bottomRows(hidden).colwise().normalized();
  const State overlaps = stored * halves;
  Score result;
  for (Index sample = 0; sample < filled.cols(); ++sample) {
    const Index answer = task.answers[static_cast<std::size_t>(sample)];
    Index nearest = 0;
    overlaps.col(sample).maxCoeff(&nearest);
    if (nearest == answer) ++result.right;
    result.overlap += overlaps(answer, sample) / static_cast<double>(filled.cols());
  }
  return result;
}

// The stored image whose visible half is nearest, whole.
State nearest_neighbours(const Task& task) {
  const Index visible = task.pixels() / 2;
  State found(task.pixels(), task.cues.cols());
  for (Index sample = 0; sample < found.cols(); ++sample) {
    Index nearest = 0;
    (task.memories.leftCols(visible).rowwise() - task.cues.col(sample).head(visible).transpose())
        .rowwise()
        .squaredNorm()
        .minCoeff(&nearest);
    found.col(sample) = task.memories.row(nearest).transpose();
  }
  return found;
}

// All numbers of the picture: some cues, five moments of their recall, every layer's activation at the end, and the
// energy's terms, means over the cues, against time.
void record(const Method& method, const Task& task, const Trajectory& path, Npz& archive) {
  const Index shown = std::min<Index>(6, task.cues.cols());
  const Flow flow(method.network);
  const auto as_images = [&](const State& pixels) {
    std::vector<Eigen::MatrixXf> images;
    for (Index sample = 0; sample < shown; ++sample) {
      images.emplace_back(
          Eigen::Map<const State>(pixels.col(sample).data(), task.width, task.height).transpose().cast<float>());
    }
    return Array::stack(images);
  };
  archive.add("cue", as_images(method.scale * task.cues));
  archive.add("stored", as_images(method.scale * task.memories(task.answers, Eigen::all).transpose()));
  const std::size_t last = path.size() - 1;
  std::vector<double> moments;
  for (const double part : {0.3, 0.45, 0.55, 0.7, 1.0}) {
    const auto at = static_cast<std::size_t>(std::round(part * static_cast<double>(last)));
    moments.push_back(path.times()[at]);
    archive.add(fmt::format("recall/{}", moments.size()),
                as_images(method.network.block(path.states()[at], method.network.layers().front())));
  }
  archive.add("moments", Array::from(moments));
  const State g = flow.activations(path.states()[last]);
  for (const LayerHandle handle : method.network.layers()) {
    const Layer& layer = method.network.layer(handle);
    const Index channels = layer.shape.rank() > 1 ? layer.shape[0] : layer.shape.size();
    const Index width = layer.shape.rank() > 1 ? layer.shape[1] : 1;
    const State of_first = method.network.block(g, handle).col(0);
    std::vector<Eigen::MatrixXf> maps;  // one a channel
    for (Index channel = 0; channel < channels; ++channel) {
      const Index height = layer.shape.size() / channels / width;
      maps.emplace_back(Eigen::MatrixXf::NullaryExpr(height, width, [&](Index y, Index x) {
        return static_cast<float>(of_first(channel + channels * (x + width * y), 0));
      }));
    }
    archive.add("activation/" + layer.name, Array::stack(maps));
  }
  std::map<std::string, std::vector<double>> terms;
  for (const State& state : path.states()) {
    for (const auto& [name, term] : flow.energy_terms(state)) terms[name].push_back(term.mean());
  }
  archive.add("time", Array::from(path.times()));
  for (const auto& [name, values] : terms) archive.add("energy/" + name, Array::from(values));
}

std::vector<double> crowded_at_the_start(double end) {
  std::vector<double> times;
  for (int k = 0; k <= 80; ++k) times.push_back(end * std::pow(k / 80.0, 3));
  return times;
}

void print_row(const std::string& name, Index parameters, const Score& score, const Task& task, const Result* result) {
  fmt::print("{:<22} {:>10} {:>4} of {:<4} {:>8.3f}", name, parameters, score.right, task.cues.cols(), score.overlap);
  if (result != nullptr) {
    std::ostringstream status;
    status << result->outcome.status;
    fmt::print(" {:>6} {:>8.1f}  {} at t = {:.4g}; {}", result->outcome.statistics.right_hand_sides,
               result->outcome.statistics.seconds, status.str(), result->outcome.time,
               result->verdict.descends ? "Descends" : "Rises");
  }
  fmt::print("\n");
}

Index parameters(const Network& network) {
  Index sum = 0;
  for (const SynapseHandle synapse : network.synapses()) sum += network.synapse(synapse).parameters();
  return sum;
}

void compare(const Task& task, const Options& options, std::mt19937_64& random, Npz* archive) {
  constexpr Index patches = 20000;
  constexpr int iterations = 20;
  const State cut = hierarchy::cut_patches(task.memories, task.width, task.height, options.side, patches, random);
  // k-means finds what patches look like; the nearest orthonormal kernels lose nothing of what they see.
  const State dictionary = hierarchy::nearest_orthonormal(hierarchy::k_means(cut, options.kernels, iterations, random));
  const Method whole = hierarchy_of(task, dictionary, options.side);
  const Method lesioned{"without feedback", whole.network.without(whole.network.synapses().back()), whole.scale};
  // A memory a row again. With as many kernels as a patch has pixels, as by default, rows are as long as those of the
  // hierarchy, and the few kernels that it has besides are less than one row more.
  const Method two_layer{"two-layer", models::two_layer(task.memories, models::ModelB{.beta = 200}.microscopic(0.2)),
                         1};

  fmt::print("\n{} images stored, {} cues whose lower half is hidden\n", task.memories.rows(), task.cues.cols());
  fmt::print("{:<22} {:>10} {:>12} {:>8} {:>6} {:>8}  {}\n", "memory", "parameters", "right", "overlap", "rhs",
             "seconds", "how it ended; monitor");
  print_row("1-nearest-neighbour", task.memories.size(), score(task, nearest_neighbours(task)), task, nullptr);
  for (const Method& method : {two_layer, whole, lesioned}) {
    Trajectory path{{.times = crowded_at_the_start(options.end), .energies = false}};
    const Result result = fill_in(method, task, options, path);
    print_row(method.name, parameters(method.network), score(task, result.filled), task, &result);
    if (archive != nullptr && method.name == whole.name) record(method, task, path, *archive);
  }
}

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Fills in hidden halves of images with a hierarchical memory assembled from patches, beside others."};
  app.option_defaults()->always_capture_default();
  app.add_option("--images", options.images, "images in MNIST's format (IDX), gzipped or not")
      ->check(CLI::ExistingFile);
  app.add_option("--memories", options.memories, "how many of the file's first images are stored, one run each")
      ->delimiter(',');
  app.add_option("--cues", options.cues, "how many of these are cued");
  app.add_option("--kernels", options.kernels, "how many kernels the patches are summed up by");
  app.add_option("--side", options.side, "of the patches, in pixels");
  app.add_option("--end", options.end, "when a run ends that has not settled, in time constants of the pixels");
  app.add_option("--seed", options.seed, "which images are cued, and where patches are cut");
  app.add_option("--out", options.out, "folder for hierarchy.npz");
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
  std::filesystem::create_directories(options.out);
  std::mt19937_64 random(options.seed);
  Npz archive;
  for (const Index stored : options.memories) {
    const Task task = recall::make_task(options.images, stored, options.cues, recall::Damage::half, 0, options.seed);
    compare(task, options, random, stored == options.memories.back() ? &archive : nullptr);
  }
  save_npz(options.out + "/hierarchy.npz", archive);
  fmt::print(
      "\nright: of all hidden halves of stored images the right one's points nearest to what was filled in; overlap: "
      "mean cosine with it.\nwrote {}/hierarchy.npz\n",
      options.out);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "hierarchy: " << error.what() << '\n';
  return 1;
}

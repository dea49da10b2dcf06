// SPDX-License-Identifier: MIT
// Completes binary images: of some of those stored the lower half is hidden, and the classical network, the projection
// rule, dense networks and the exponential one fill it in, side by side. What they should find is known, and the
// nearest stored image by the visible half is found apart. Prints a table, writes out/completion.png.
#include <hamlet/hamlet.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <numeric>
#include <random>

namespace {

using namespace hamlet;

struct Options {
  std::string images = "/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz";
  Index memories = 300;
  Index cues = 48;
  double threshold = 0.5;
  std::uint64_t seed = 1;
  std::string out = "out";
};

/// Binary images, and which of them are cued.
struct Task {
  SpinPatterns images;
  Index width, height;
  std::vector<Index> cued;
  std::vector<Index> hidden;  // pixels

  /// The visible half, and chance in the other.
  Spins cue(Index image, Spins::Random& random) const {
    Spins cue = images[image];
    for (const Index pixel : hidden) cue.set(pixel, (random() & 1) != 0 ? 1 : -1);
    return cue;
  }
};

Task make_task(const Options& options) {
  const Array array = load_idx(options.images);
  if (array.rank() != 3) throw ShapeError(options.images + " holds " + array.text() + ", not images");
  if (options.memories > array.sizes()[0] || options.cues > options.memories) {
    throw ValueError(fmt::format("{} cues of {} memories of {} images: no number may exceed the next", options.cues,
                                 options.memories, array.sizes()[0]));
  }
  const State grey = array.head(options.memories).slices() / 255.0;
  // No pixel is as bright as the threshold, which lies between two of the 256 levels.
  const double between = std::floor(255 * options.threshold) / 255 + 0.5 / 255;
  Task task{SpinPatterns::sign((grey.array() - between).matrix()), array.sizes()[2], array.sizes()[1], {}, {}};
  std::vector<Index> order(static_cast<std::size_t>(options.memories));
  std::iota(order.begin(), order.end(), Index{0});
  std::shuffle(order.begin(), order.end(), std::mt19937_64(options.seed));
  task.cued.assign(order.begin(), order.begin() + options.cues);
  for (Index pixel = task.images.spins() / 2; pixel < task.images.spins(); ++pixel) task.hidden.push_back(pixel);
  return task;
}

/// The stored image that differs least from `spins` in the visible half.
Index nearest(const Task& task, const Spins& spins) {
  Index best = -1, least = task.images.spins() + 1;
  for (Index image = 0; image < task.images.rows(); ++image) {
    Index differ = 0;
    for (Index pixel = 0; pixel < task.hidden.front(); ++pixel) {
      differ += task.images(image, pixel) != spins[pixel] ? 1 : 0;
    }
    if (differ < least) {
      least = differ;
      best = image;
    }
  }
  return best;
}

/// A spin network under the name it has here.
struct Named {
  std::string name;
  SpinNetwork network;
};

std::vector<Named> networks(const Task& task) {
  return {{"classical (Hebb)", ClassicalSpins(task.images)},
          {"projection rule", pseudo_inverse(task.images)},
          {"dense, max(x, 0)³", DenseSpins(task.images, interaction::RectifiedPower{3})},
          {"dense, max(x, 0)²⁰", DenseSpins(task.images, interaction::RectifiedPower{20})},
          {"exponential, eˣ", DenseSpins(task.images, interaction::Exponential{})}};
}

void add_row(Table& table, const std::string& name, const Task& task, const std::vector<Spins>& completed, long flips,
             bool settled, bool descends, double seconds) {
  Index exact = 0, wrong = 0;
  for (std::size_t cue = 0; cue < completed.size(); ++cue) {
    const Spins right = task.images[task.cued[cue]];
    const Index differ = (right.size() - overlap(right, completed[cue])) / 2;
    exact += differ == 0 ? 1 : 0;
    wrong += differ;
  }
  const auto cues = static_cast<double>(completed.size());
  table.add(
      {{"network", name},
       {"exact", exact},
       {"hidden pixels wrong %", 100 * static_cast<double>(wrong) / cues / static_cast<double>(task.hidden.size())},
       {"flips a cue", static_cast<double>(flips) / cues},
       {"settled", settled ? "all" : "not all"},
       {"energy", descends ? "Descends" : "Rises"},
       {"seconds", seconds}});
}

Options parse(int argc, char** argv) {
  Options options;
  CLI::App app{"Fills in the hidden halves of binary images with classical, dense and exponential spin networks."};
  app.option_defaults()->always_capture_default();
  app.add_option("--images", options.images, "images in MNIST's format (IDX), gzipped or not")
      ->check(CLI::ExistingFile);
  app.add_option("--memories", options.memories, "how many of the file's first images are stored")
      ->check(CLI::PositiveNumber);
  app.add_option("--cues", options.cues, "how many of these are cued")->check(CLI::PositiveNumber);
  app.add_option("--threshold", options.threshold, "pixels brighter than this are +1")->check(CLI::Range(0.0, 1.0));
  app.add_option("--seed", options.seed, "which images are cued, and what is in their hidden halves");
  app.add_option("--out", options.out, "folder for completion.png");
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
  const Task task = make_task(options);
  std::filesystem::create_directories(options.out);

  Spins::Random random(options.seed);
  std::vector<Spins> cues;
  for (const Index image : task.cued) cues.push_back(task.cue(image, random));

  Table table;
  std::vector<std::vector<Spins>> rows{cues};
  std::vector<Spins> found;
  for (const Spins& cue : cues) found.push_back(task.images[nearest(task, cue)]);
  add_row(table, "1-nearest", task, found, 0, true, true, 0);
  for (const Named& each : networks(task)) {
    const auto begin = std::chrono::steady_clock::now();
    std::vector<Spins> completed = cues;
    long flips = 0;
    bool settled = true, descends = true;
    for (Spins& spins : completed) {
      SpinMonitor monitor;
      const SpinOutcome outcome = relax(each.network, spins, {.sites = task.hidden, .seed = random()}, monitor);
      flips += outcome.flips;
      settled = settled && outcome.status == SpinStatus::settled;
      descends = descends && monitor.descends();
    }
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    add_row(table, each.name, task, completed, flips, settled, descends, seconds);
    rows.push_back(completed);
  }
  rows.emplace_back();
  for (const Index image : task.cued) rows.back().push_back(task.images[image]);

  fmt::print(
      "{} binary images of {} × {} pixels stored; of {} the lower half is hidden.\nexact: how many are completed "
      "to the last pixel; 1-nearest: the stored image nearest to the visible half.\n\n",
      task.images.rows(), task.width, task.height, options.cues);
  std::cout << table;

  const Index shown = std::min<Index>(16, options.cues);
  State tiles(task.images.spins(), shown * static_cast<Index>(rows.size()));
  for (std::size_t row = 0; row < rows.size(); ++row) {
    for (Index cue = 0; cue < shown; ++cue) {
      auto tile = tiles.col(static_cast<Index>(row) * shown + cue);
      tile = rows[row][static_cast<std::size_t>(cue)].column();
      if (row == 0) tile.tail(static_cast<Index>(task.hidden.size())).setZero();
    }
  }
  save_png(options.out + "/completion.png", tiles,
           {.width = task.width, .height = task.height, .columns = shown, .zoom = 2, .range = GreyRange{-1, 1}});
  fmt::print("\nwrote {}/completion.png (rows: cue, the networks of the table, stored)\n", options.out);
  return 0;
} catch (const std::exception& error) {
  std::cerr << "completion: " << error.what() << '\n';
  return 1;
}

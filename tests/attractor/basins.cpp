// SPDX-License-Identifier: MIT
#include <hamlet/attractor/basins.hpp>
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>

#include <models/hopfield_1984.hpp>
#include <models/model_b.hpp>

#include <boost/test/unit_test.hpp>

#include <numeric>
#include <sstream>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

constexpr Index size = 100, starts_each = 60;

/// ±1, one a row.
State signs(Index rows, Index columns, laws::Random& random) {
  return laws::normal(rows, columns, random).array().sign();
}

Network hopfield(const State& memories) {
  State W = memories.transpose() * memories / static_cast<double>(memories.cols());
  W.diagonal().setZero();
  return models::hopfield_1984(W, {.beta = 6});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(basins_)

BOOST_AUTO_TEST_CASE(every_start_is_where_it_would_go_alone) {
  laws::Random random(1);
  const State memories = signs(3, size, random), starts = laws::normal(size, starts_each, random);
  const Network net = hopfield(memories);
  const Basins found = basins(net, starts, {.memories = memories});
  BOOST_TEST(found.unsettled == 0);
  BOOST_TEST(found.of_start.size() == starts_each);
  Flow flow{net};
  std::vector<Index> counts(found.attractors.size());
  for (Index start = 0; start < starts_each; ++start) {
    const Index at = found.of_start[static_cast<std::size_t>(start)];
    BOOST_TEST_REQUIRE((at >= 0 && at < static_cast<Index>(found.attractors.size())));
    ++counts[static_cast<std::size_t>(at)];
    State alone = starts.col(start);
    integrate(flow, alone, {.end = 1000, .settled = 1e-8});
    const Attractor& attractor = found.attractors[static_cast<std::size_t>(at)];
    BOOST_TEST(laws::distance(alone, attractor.state, 1.0) < 1e-4);
  }
  for (std::size_t k = 0; k < counts.size(); ++k) {
    const Attractor& attractor = found.attractors[k];
    BOOST_TEST(attractor.starts == counts[k]);
    BOOST_TEST((k == 0 || attractor.starts <= counts[k - 1]));
    BOOST_TEST(attractor.energy == flow.energy(attractor.state)[0]);
    State derivative;
    flow(attractor.state, derivative, 0);
    BOOST_TEST(flow.residual(derivative) < 1e-8);
    BOOST_TEST(attractor.distance <= attractor.farthest * (1 + 1e-12));
  }
  for (std::size_t a = 0; a < counts.size(); ++a)
    for (std::size_t b = 0; b < a; ++b)
      BOOST_TEST(laws::distance(found.attractors[a].state, found.attractors[b].state, 1.0) > 1e-2);
}

// With g odd, −x goes where x goes, mirrored: memories and ghosts change places.
BOOST_AUTO_TEST_CASE(memories_ghosts_and_mixtures_are_told_apart) {
  laws::Random random(2);
  const State memories = signs(3, size, random), starts = laws::normal(size, 200, random);
  const Network net = hopfield(memories);
  const Basins found = basins(net, starts, {.memories = memories});
  const Basins mirrored = basins(net, -starts, {.memories = memories});
  BOOST_TEST(found.starts(AttractorKind::memory) > 20);
  BOOST_TEST(found.starts(AttractorKind::ghost) > 20);
  BOOST_TEST(found.starts(AttractorKind::mixture) > 0);
  BOOST_TEST(found.starts(AttractorKind::memory) == mirrored.starts(AttractorKind::ghost));
  BOOST_TEST(found.starts(AttractorKind::ghost) == mirrored.starts(AttractorKind::memory));
  BOOST_TEST(found.starts(AttractorKind::mixture) == mirrored.starts(AttractorKind::mixture));
  for (const Attractor& attractor : found.attractors) {
    const Vector<double> g = net.layer(net.layers()[0]).lagrangian.activation(attractor.state);
    const Vector<double> overlaps = memories * g / (g.norm() * std::sqrt(static_cast<double>(size)));
    BOOST_TEST(laws::distance(attractor.overlaps, overlaps) < 1e-12);
    const double largest = overlaps.cwiseAbs().maxCoeff();
    BOOST_TEST(std::abs(overlaps[attractor.nearest]) == largest, boost::test_tools::tolerance(1e-12));
    if (attractor.kind == AttractorKind::memory) BOOST_TEST(overlaps[attractor.nearest] > 0.95);
    if (attractor.kind == AttractorKind::ghost) BOOST_TEST(overlaps[attractor.nearest] < -0.95);
    // sign(±ξ¹ ± ξ² ± ξ³): overlaps of about ½ each
    if (attractor.kind == AttractorKind::mixture) {
      BOOST_TEST(overlaps.cwiseAbs().minCoeff() > 0.3);
      BOOST_TEST(largest < 0.7);
    }
  }
}

// A softmax knows no ghosts; and cues go to their own memory, from as far as they are.
BOOST_AUTO_TEST_CASE(cues_go_to_their_memories) {
  laws::Random random(3);
  const State memories = signs(8, 50, random);
  const Network full = models::two_layer(memories, models::ModelB{.beta = 1}.microscopic());
  Flow flow{full};
  const LayerHandle v = full.layers()[0];
  State starts = full.zeros(16);
  for (Index start = 0; start < 16; ++start)
    full.block(starts, v).col(start) = memories.row(start % 8).transpose() + laws::normal(50, 1, random, 0.5);
  const Basins found = basins(flow, starts, {.memories = memories, .layer = v});
  BOOST_TEST(found.attractors.size() == 8);
  BOOST_TEST(found.starts(AttractorKind::memory) == 16);
  for (Index start = 0; start < 16; ++start) {
    const auto at = static_cast<std::size_t>(found.of_start[static_cast<std::size_t>(start)]);
    BOOST_TEST(found.attractors[at].nearest == start % 8);
    const double distance = (full.block(starts, v).col(start) - memories.row(start % 8).transpose()).norm();
    BOOST_TEST(distance < found.attractors[at].farthest * (1 + 1e-6));
    BOOST_TEST(distance > 2 * found.attractors[at].distance - found.attractors[at].farthest - 1e-6);
  }
}

BOOST_AUTO_TEST_CASE(what_does_not_come_to_rest_is_said) {
  laws::Random random(4);
  const State memories = signs(3, size, random);
  const Basins found = basins(hopfield(memories), laws::normal(size, 5, random), {.end = 0.1});
  BOOST_TEST(found.unsettled == 5);
  BOOST_TEST(found.attractors.empty());
  BOOST_TEST((found.of_start == std::vector<Index>(5, -1)));
  BOOST_TEST(names(found.text(), {"5 starts", "5 did not come to rest"}));
}

BOOST_AUTO_TEST_CASE(it_prints_a_table) {
  laws::Random random(5);
  const State memories = signs(3, size, random);
  State starts(size, 2);
  starts << memories.row(1).transpose(), -memories.row(2).transpose();
  std::ostringstream text;
  text << basins(hopfield(memories), starts, {.memories = memories});
  BOOST_TEST(names(text.str(), {"attractor  kind", "memory", "ghost", "1 to memories, 1 to ghosts, 0 to mixtures"}));
  text.str("");
  text << basins(hopfield(memories), starts);
  BOOST_TEST(names(text.str(), {"0 to memories", "2 to others"}));
}

BOOST_AUTO_TEST_CASE(what_means_nothing_is_refused) {
  laws::Random random(6);
  const Network net = hopfield(signs(3, size, random));
  const State starts = laws::normal(size, 2, random);
  BOOST_TEST(names(message<ShapeError>([&] { basins(net, starts, {.memories = State::Ones(2, 7)}); }),
                   {"memories is 2 × 7", "one memory a row", "100 columns", "'neurons' (100)"}));
  BOOST_TEST(names(message<ShapeError>([&] { basins(net, starts, {.memories = State::Ones(100, 3)}); }),
                   {"memories is 100 × 3", "one memory a row", "transposed: give memories.transpose()"}));
  BOOST_TEST(names(message<ShapeError>([&] { basins(net, State::Ones(3, 2)); }),
                   {"starts is 3 × 2", "one start a column", "100 rows"}));
  BOOST_TEST(names(message<ShapeError>([&] { basins(net, starts.transpose()); }),
                   {"starts is 2 × 100", "one start a column", "transposed: give starts.transpose()"}));
  // What is no more than of another size is not taken for transposed.
  BOOST_TEST(message<ShapeError>([&] { basins(net, starts, {.memories = State::Ones(2, 7)}); }).find("transposed") ==
             std::string::npos);
  BOOST_TEST(message<ShapeError>([&] { basins(net, State::Ones(3, 2)); }).find("transposed") == std::string::npos);
  BOOST_TEST(names(message<ShapeError>([&] { basins(net, State(size, 0)); }), {"no start"}));
  BOOST_TEST(names(message<ValueError>([&] { basins(net, starts, {.same = 0}); }), {"same", "0"}));
  BOOST_TEST(names(message<ValueError>([&] { basins(net, starts, {.recalled = 1.5}); }), {"recalled", "1.5"}));
  Flow flow{net};
  flow.input(net.layers()[0]) = State::Ones(size, 2);
  BOOST_TEST(names(message<ValueError>([&] { basins(flow, starts); }), {"'neurons'", "sample to sample"}));
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/network.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>

#include <limits>
#include <sstream>

#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

struct TwoLayers {
  Network net;
  LayerHandle pixels = net.add({.name = "pixels", .shape = {1, 4, 3}, .lagrangian = Quadratic{}, .tau = 1.0});
  LayerHandle memories = net.add({.name = "memories", .shape = {5}, .lagrangian = LogSumExp{.beta = 4}, .tau = 0.1});
  SynapseHandle synapse = net.connect({pixels, memories}, Dense{State::Ones(5, 12)});
};

template <class S>
concept HasBlock = requires(const Network& net, S&& state, LayerHandle layer) {
  net.block(std::forward<S>(state), layer);
};
static_assert(HasBlock<State&> && HasBlock<const State&>);
static_assert(!HasBlock<State> && !HasBlock<const State>, "the block of a temporary would dangle");

}  // namespace

BOOST_FIXTURE_TEST_SUITE(network, TwoLayers)

BOOST_AUTO_TEST_CASE(layers_are_row_blocks_in_the_order_they_were_added) {
  BOOST_TEST(net.size() == 17);
  BOOST_TEST((net.layers() == std::vector{pixels, memories}));
  BOOST_TEST((net.synapses() == std::vector{synapse}));
  BOOST_TEST((net.joins(synapse) == std::vector{pixels, memories}));
  BOOST_TEST(net.rows(memories).first == 12);
  BOOST_TEST((net.find("memories") == memories));
  State state = net.zeros(3);
  BOOST_TEST(state.rows() == 17);
  BOOST_TEST(state.cols() == 3);
  net.block(state, memories).setConstant(2);
  BOOST_TEST(state.sum() == 2 * 5 * 3);
  BOOST_TEST(state.bottomRows(5).sum() == 2 * 5 * 3);
  BOOST_TEST((net.block(std::as_const(state), memories).array() == 2).all());
}

BOOST_AUTO_TEST_CASE(handles_are_identities_that_survive_copies_and_edits) {
  const Network copy = net;
  Network edited = copy.with(pixels, LogCosh{}).with_tau(memories, 0.01).without(synapse);
  BOOST_TEST(edited.layer(pixels).lagrangian.name() == Lagrangian{LogCosh{}}.name());
  BOOST_TEST(edited.layer(memories).tau.smallest() == 0.01);
  BOOST_TEST(edited.synapses().empty());
  BOOST_TEST(edited.rows(memories).first == 12);
  // The original is as it was.
  BOOST_TEST(net.layer(memories).tau.smallest() == 0.1);
  BOOST_TEST(net.synapses().size() == 1u);
  // No network gives a handle twice.
  Network other;
  const LayerHandle foreign = other.add({.name = "pixels", .shape = {12}, .lagrangian = Quadratic{}});
  BOOST_TEST((foreign != pixels));
}

BOOST_AUTO_TEST_CASE(copies_share_the_weights) {
  const Network copy = net;
  BOOST_TEST(&copy.synapse(synapse) != &net.synapse(synapse));
  BOOST_TEST(copy.synapse(synapse).name() == "Dense(5 × 12)");
  BOOST_TEST(&copy.synapse(synapse).name() == &net.synapse(synapse).name());
}

BOOST_AUTO_TEST_CASE(handles_that_name_nothing_are_refused) {
  BOOST_TEST(names(message<UnknownError>([&] { net.layer({}); }), {"default constructed", "'pixels', 'memories'"}));
  BOOST_TEST(
      names(message<UnknownError>([&] { net.synapse({}); }), {"default constructed", "'Dense pixels–memories'"}));
  Network other;
  const LayerHandle foreign = other.add({.name = "other", .shape = {12}, .lagrangian = Quadratic{}});
  BOOST_TEST(names(message<UnknownError>([&] { net.rows(foreign); }), {"another network", "'pixels'"}));
  BOOST_TEST(names(message<UnknownError>([&] {
                     net.connect({foreign, memories}, Dense{State::Ones(5, 12)});
                   }),
                   {"another network", "'pixels', 'memories'"}));
  const Network reduced = eliminate(net, memories);
  BOOST_TEST(names(message<UnknownError>([&] { reduced.layer(memories); }), {"gone", "'pixels'"}));
  BOOST_TEST(names(message<UnknownError>([&] { reduced.name(synapse); }), {"gone", "'IntegratedOut memories'"}));
  BOOST_TEST(names(message<UnknownError>([&] { static_cast<void>(net.without(synapse).without(synapse)); }),
                   {"gone", "no synapses"}));
  BOOST_TEST(message<UnknownError>([&] { net.find("pixel"); }) ==
             "there is no layer 'pixel'; the network has 'pixels', 'memories'");
  BOOST_TEST(names(message<UnknownError>([] { Network{}.find("x"); }), {"'x'", "no layers"}));
}

BOOST_AUTO_TEST_CASE(shapes_that_do_not_fit_are_refused_with_the_layers) {
  Network image;
  const LayerHandle in = image.add({.name = "pixels", .shape = {28, 28, 1}, .lagrangian = Quadratic{}});
  const LayerHandle out = image.add({.name = "memories", .shape = {900}, .lagrangian = Quadratic{}});
  BOOST_TEST(message<ShapeError>([&] {
               image.connect({in, out}, Dense{State::Ones(1000, 784)});
             }) ==
             "synapse Dense(1000 × 784) joins 'pixels' (28 × 28 × 1 = 784) and 'memories' (900): its rows do not fit");
  BOOST_TEST(names(message<ShapeError>([&] { image.connect({in}, Dense{State::Ones(1000, 784)}); }),
                   {"Dense(1000 × 784)", "'pixels'", "two layers, not 1"}));
  BOOST_TEST(names(message<ShapeError>([&] { image.connect({}, Dense{State::Ones(1, 1)}); }), {"nothing"}));
  State state = State::Zero(16, 2);
  BOOST_TEST(names(message<ShapeError>([&] { net.block(state, pixels); }), {"16 rows", "17 neurons"}));
  BOOST_TEST(names(message<ShapeError>([&] { net.energy(state); }), {"16 rows", "17 neurons"}));
}

BOOST_AUTO_TEST_CASE(layers_that_mean_nothing_are_refused) {
  const auto add = [&](Layer layer) { net.add(std::move(layer)); };
  BOOST_TEST(names(message<ValueError>([&] { add({.name = "", .shape = {3}, .lagrangian = Quadratic{}}); }), {"3"}));
  BOOST_TEST(names(message<ValueError>([&] { add({.name = "pixels", .shape = {3}, .lagrangian = Quadratic{}}); }),
                   {"'pixels'", "already"}));
  BOOST_TEST(names(message<ValueError>([&] {
                     net.connect({pixels, memories}, Dense{State::Ones(5, 12)}, "pixels");
                   }),
                   {"'pixels'", "already"}));
  BOOST_TEST(names(message<ShapeError>([&] {
                     add({.name = "x", .shape = {7}, .lagrangian = Grouped{.lagrangian = Norm{}, .groups = 3}});
                   }),
                   {"'x' (7)", "Grouped", "3"}));
}

BOOST_AUTO_TEST_CASE(time_constants_that_mean_nothing_are_refused) {
  for (const double tau : {0.0, -0.5, std::nan(""), std::numeric_limits<double>::infinity()}) {
    BOOST_TEST(
        names(message<ValueError>([&] { static_cast<void>(net.with_tau(pixels, tau)); }), {"'pixels'", "positive"}));
    BOOST_TEST(
        names(message<ValueError>([&] { net.add({.name = "x", .shape = {3}, .lagrangian = Quadratic{}, .tau = tau}); }),
              {"layer 'x'", "positive"}));
  }
  BOOST_TEST(message<ValueError>([&] { static_cast<void>(net.with_tau(memories, -0.5)); }) ==
             "layer 'memories' has the time constant -0.5, which is not positive and finite");
  Vector<double> each = Vector<double>::Ones(12);
  each[7] = -2;
  BOOST_TEST(names(message<ValueError>([&] { static_cast<void>(net.with_tau(pixels, each)); }),
                   {"'pixels'", "neuron 7", "-2"}));
  BOOST_TEST(names(message<ValueError>([&] { TimeConstant{Vector<double>{}}; }), {"none"}));
  each[7] = 2;
  BOOST_TEST(net.with_tau(pixels, each).layer(pixels).tau[7] == 2);
  BOOST_TEST(names(message<ShapeError>([&] { static_cast<void>(net.with_tau(pixels, Vector<double>::Ones(11))); }),
                   {"'pixels' (1 × 4 × 3 = 12)", "11"}));
  BOOST_TEST(names(message<ModelError>([&] { static_cast<void>(net.with_tau(memories, Vector<double>::Ones(5))); }),
                   {"'memories'", "LogSumExp(beta = 4)"}));
  BOOST_TEST(names(message<ModelError>([&] { static_cast<void>(net.with_tau(pixels, each).with(pixels, Norm{})); }),
                   {"'pixels'", "Norm"}));
  BOOST_TEST(names(message<ShapeError>([&] { TimeConstant{each}[12]; }), {"12"}));
}

BOOST_AUTO_TEST_CASE(terms_have_names_of_their_own) {
  const SynapseHandle second = net.connect({pixels, memories}, Dense{State::Ones(5, 12)});
  const SynapseHandle lateral = net.connect({pixels}, Lateral{State::Identity(12, 12)}, "smoothing");
  BOOST_TEST(net.name(synapse) == "Dense pixels–memories");
  BOOST_TEST(net.name(second) == "Dense pixels–memories 2");
  BOOST_TEST(net.name(lateral) == "smoothing");
  const auto terms = net.energy_terms(net.zeros());
  BOOST_TEST(terms.size() == 5u);
  BOOST_TEST(terms.contains("smoothing"));
  BOOST_TEST(terms.contains("memories"));
}

BOOST_AUTO_TEST_CASE(the_table_has_layers_synapses_and_counts) {
  std::ostringstream out;
  out << net;
  BOOST_TEST(out.str() ==
             "Network: layers 2, neurons 17, synapses 1, parameters 60\n"
             "  layer     shape           τ    Lagrangian\n"
             "  pixels    1 × 4 × 3 = 12  1    Quadratic\n"
             "  memories  5               0.1  LogSumExp(beta = 4)\n"
             "  synapse                joins             parameters  kind\n"
             "  Dense pixels–memories  pixels, memories          60  Dense(5 × 12)\n");
}

BOOST_AUTO_TEST_CASE(the_table_of_a_hierarchy_says_what_is_grouped_how_and_what_is_clamped) {
  Network hierarchy;
  const Shape image{1, 8, 8}, pooled{16, 4, 4};
  const auto in = hierarchy.add({.name = "image", .shape = image, .lagrangian = Quadratic{}, .clamped = true});
  const auto features = hierarchy.add({.name = "features",
                                       .shape = pooled,
                                       .lagrangian = MaxPooling{.shape = pooled, .window = {2, 2}, .beta = 20},
                                       .tau = 0.5});
  const auto top = hierarchy.add({.name = "top",
                                  .shape = {3, 16},
                                  .lagrangian = Grouped{LogSumExp{.beta = 2}, Groups::channels({3, 16})},
                                  .tau = 0.1});
  hierarchy.connect({in, features}, Dense{State::Ones(256, 64)});
  hierarchy.connect({features, top}, Dense{State::Ones(48, 256)}, "memories");
  std::ostringstream out;
  out << hierarchy;
  BOOST_TEST(out.str() ==
             "Network: layers 3, neurons 368, synapses 2, parameters 28672\n"
             "  layer     shape             τ           Lagrangian\n"
             "  image     1 × 8 × 8 = 64    1, clamped  Quadratic\n"
             "  features  16 × 4 × 4 = 256  0.5         MaxPooling(2 × 2 windows of 4 × 4 positions of 16 channels, "
             "beta = 20)\n"
             "  top       3 × 16 = 48       0.1         Grouped(LogSumExp(beta = 2), 3 channels of 16 positions)\n"
             "  synapse               joins            parameters  kind\n"
             "  Dense image–features  image, features       16384  Dense(256 × 64)\n"
             "  memories              features, top         12288  Dense(48 × 256)\n");
}

BOOST_AUTO_TEST_SUITE_END()

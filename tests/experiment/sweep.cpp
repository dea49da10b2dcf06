// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/experiment/sweep.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <chrono>
#include <cmath>
#include <condition_variable>
#include <mutex>
#include <numeric>
#include <stdexcept>
#include <thread>

#include "laws/random.hpp"
#include "laws/throws.hpp"

using namespace hamlet;
using laws::message, laws::names;

namespace {

Network small() {
  laws::Random random(1);
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {8}, .lagrangian = LogCosh{}});
  const LayerHandle h = net.add({.name = "h", .shape = {5}, .lagrangian = LogSumExp{.beta = 2}, .tau = 0.3});
  net.connect({v, h}, Dense{laws::normal(5, 8, random)});
  return net;
}

std::vector<Variant> variants() {
  const Network net = small();
  return {{"as is", net},
          {"lesioned", net.without(net.synapses().front())},
          {"clamped", net.with_clamped(net.find("h"))},
          {"entmax", net.with(net.find("h"), Entmax{.beta = 2})},
          {"slow", net.with_tau(net.find("h"), 3)}};
}

/// A run of some milliseconds whose numbers depend on every step of it.
Measures recall(const Network& net, std::uint64_t seed) {
  laws::Random random(seed);
  Flow flow{net};
  State x = laws::normal(net.size(), 3, random);
  const Outcome outcome = integrate(flow, x, {.end = 20, .settled = 1e-6});
  return {{"energy", flow.energy(x).mean()},
          {"time", outcome.time},
          {"right-hand sides", outcome.statistics.right_hand_sides},
          {"NaN at odd seeds", seed % 2 == 1 ? std::nan("") : 0.0}};
}

const std::vector<std::uint64_t> seeds{3, 1, 4, 15, 92};

bool same_bits(const Table& a, const Table& b) {
  const Npz one = to_npz(a), other = to_npz(b);
  if (one.names() != other.names()) return false;
  for (const std::string& name : one.names()) {
    if (!(one[name] == other[name])) return false;
  }
  return true;
}

/// How many runs are under way, and the most there were. A run waits until `wanted` are, but not for ever.
class Meeting {
 public:
  explicit Meeting(int wanted) : wanted_(wanted) {}
  Measures operator()(const Network&, std::uint64_t) {
    std::unique_lock lock(mutex_);
    most_ = std::max(most_, ++here_);
    arrived_.notify_all();
    arrived_.wait_for(lock, std::chrono::seconds(5), [&] { return most_ >= wanted_; });
    --here_;
    return {};
  }
  int most() const { return most_; }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  int wanted_, here_ = 0, most_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(sweeps)

BOOST_AUTO_TEST_CASE(rows_are_runs_in_order) {
  const std::vector<Variant> all = variants();
  const Table table = sweep(all, seeds, recall);
  BOOST_TEST((table.columns() ==
              std::vector<std::string>{"variant", "seed", "energy", "time", "right-hand sides", "NaN at odd seeds"}));
  BOOST_REQUIRE(table.rows() == 25);
  for (std::size_t row = 0; row < 25; ++row) {
    const Variant& variant = all[row / 5];
    const std::uint64_t seed = seeds[row % 5];
    BOOST_TEST(table.texts("variant")[row] == variant.name);
    BOOST_TEST(table.numbers("seed")[row] == static_cast<double>(seed));
    const Measures alone = recall(variant.network, seed);
    BOOST_TEST(table.numbers("energy")[row] == alone[0].second);
    BOOST_TEST(table.numbers("time")[row] == alone[1].second);
    BOOST_TEST(table.numbers("right-hand sides")[row] == alone[2].second);
  }
}

BOOST_AUTO_TEST_CASE(the_table_does_not_depend_on_the_number_of_threads) {
  const Table alone = sweep(variants(), seeds, recall, {.threads = 1});
  for (const unsigned threads : {0u, 2u, 3u, 8u, 100u}) {
    BOOST_TEST(same_bits(sweep(variants(), seeds, recall, {.threads = threads}), alone), threads << " threads");
  }
}

BOOST_AUTO_TEST_CASE(as_many_runs_at_a_time_as_asked_for) {
  for (const int threads : {1, 3}) {
    Meeting meeting(threads);
    sweep(variants(), seeds, std::ref(meeting), {.threads = static_cast<unsigned>(threads)});
    BOOST_TEST(meeting.most() == threads);
  }
}

BOOST_AUTO_TEST_CASE(a_run_that_throws_is_named_and_stops_the_others) {
  std::atomic<int> begun = 0, under_way = 0;
  const auto failing = [&](const Network&, std::uint64_t seed) -> Measures {
    ++begun;
    if (seed == 4) throw std::out_of_range("no such thing");
    ++under_way;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    --under_way;
    return {{"x", 1}};
  };
  const std::string alone = message<Error>([&] { sweep(variants(), seeds, failing, {.threads = 1}); });
  BOOST_TEST(alone == "variant 'as is', seed 4: no such thing");
  BOOST_TEST(begun == 3);
  for (const unsigned threads : {2u, 4u, 16u}) {
    begun = 0;
    std::vector<std::uint64_t> many(200);
    std::iota(many.begin(), many.end(), 0);
    BOOST_TEST(message<Error>([&] { sweep(variants(), many, failing, {.threads = threads}); }) == alone);
    BOOST_TEST(under_way == 0);
    BOOST_TEST(begun < 200);
  }
  // What was thrown is nested.
  try {
    sweep(variants(), seeds, failing);
  } catch (const Error& error) {
    BOOST_CHECK_THROW(std::rethrow_if_nested(error), std::out_of_range);
  }
  BOOST_TEST(names(
      message<Error>([] { sweep(variants(), seeds, [](const Network&, std::uint64_t) -> Measures { throw 5; }); }),
      {"variant 'as is', seed 3", "no std::exception"}));
}

BOOST_AUTO_TEST_CASE(variants_may_be_anything_that_has_a_name) {
  const std::vector<Variant> all = variants();
  std::vector<std::string> named;
  for (const Variant& variant : all) named.push_back(variant.name);
  const auto by_number = [&](std::size_t variant, std::uint64_t seed) { return recall(all[variant].network, seed); };
  BOOST_TEST(same_bits(sweep(named, seeds, by_number), sweep(all, seeds, recall)));
  named[3] = named[0];
  BOOST_TEST(names(message<ValueError>([&] { sweep(named, seeds, by_number); }), {"two", "'as is'"}));
}

BOOST_AUTO_TEST_CASE(progress_counts_every_run_once) {
  const auto quick = [](std::size_t, std::uint64_t) -> Measures { return {{"x", 1}}; };
  for (const unsigned threads : {1u, 4u}) {
    std::vector<std::size_t> told;
    const auto listen = [&](std::size_t ended, std::size_t runs) {
      BOOST_TEST(runs == 10);
      told.push_back(ended);
    };
    sweep(std::vector<std::string>{"a", "b"}, seeds, quick, {.threads = threads, .progress = listen});
    std::vector<std::size_t> in_order(11);
    std::iota(in_order.begin(), in_order.end(), std::size_t{0});
    BOOST_TEST((told == in_order), threads << " threads");
  }
}

BOOST_AUTO_TEST_CASE(the_first_in_order_of_several_that_throw_is_named) {
  // The later one throws at once, the earlier one when it has.
  std::atomic<bool> later = false;
  const auto failing = [&](const Network&, std::uint64_t seed) -> Measures {
    if (seed == 1) {
      later = true;
      throw Error("the later");
    }
    for (int wait = 0; wait < 5000 && !later; ++wait) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    throw Error("the earlier");
  };
  BOOST_TEST(message<Error>([&] {
               sweep(variants(), {0, 1}, failing, {.threads = 2});
             }) == "variant 'as is', seed 0: the earlier");
}

BOOST_AUTO_TEST_CASE(sweeps_that_mean_nothing_are_refused) {
  const std::vector<Variant> none, twice{{"a", small()}, {"b", small()}, {"a", small()}};
  BOOST_TEST(names(message<ValueError>([&] { sweep(none, seeds, recall); }), {"0 variants", "5 seeds"}));
  BOOST_TEST(names(message<ValueError>([&] { sweep(twice, {}, recall); }), {"3 variants", "0 seeds"}));
  BOOST_TEST(names(message<ValueError>([&] { sweep(twice, seeds, recall); }), {"two", "'a'"}));
  std::atomic<int> begun = 0;
  const auto counted = [&](const Network&, std::uint64_t) -> Measures {
    ++begun;
    return {{"x", 1}};
  };
  const std::uint64_t too_large = (std::uint64_t{1} << 53) + 1;
  BOOST_TEST(names(message<ValueError>([&] { sweep(variants(), {1, too_large}, counted); }), {"9007199254740993"}));
  BOOST_TEST(begun == 0);
  BOOST_TEST(names(message<UnknownError>([] { summary(Table{}); }), {"'variant'"}));
  const auto fickle = [](const Network&, std::uint64_t seed) -> Measures {
    return {{"x", 1}, {seed == 4 ? "z" : "y", 2}};
  };
  BOOST_TEST(names(message<ValueError>([&] { sweep(variants(), seeds, fickle); }),
                   {"variant 'as is', seed 4 measured 'x', 'z'", "seed 3 'x', 'y'"}));
  const auto reserved = [](const Network&, std::uint64_t) -> Measures { return {{"seed", 1}}; };
  BOOST_TEST(names(message<ValueError>([&] { sweep(variants(), seeds, reserved); }), {"two", "'seed'"}));
}

BOOST_AUTO_TEST_CASE(the_summary_has_means_and_standard_deviations) {
  const auto measure = [](const Network& net, std::uint64_t seed) -> Measures {
    return {{"x", static_cast<double>(seed) + (net.synapses().empty() ? 100 : 0)}, {"y", 2}};
  };
  const std::vector<Variant> two{variants()[0], variants()[1]};
  const Table of_three = summary(sweep(two, {1, 2, 6}, measure));
  BOOST_TEST((of_three.columns() == std::vector<std::string>{"variant", "runs", "x", "x ±", "y", "y ±"}));
  BOOST_TEST((of_three.texts("variant") == std::vector<std::string>{"as is", "lesioned"}));
  BOOST_TEST((of_three.numbers("runs") == std::vector<double>{3, 3}));
  BOOST_TEST((of_three.numbers("x") == std::vector<double>{3, 103}));
  // ((1−3)² + (2−3)² + (6−3)²)/2 = 7
  for (const double spread : of_three.numbers("x ±")) BOOST_TEST(std::abs(spread - std::sqrt(7)) < 1e-14);
  BOOST_TEST((of_three.numbers("y ±") == std::vector<double>{0, 0}));
  BOOST_TEST(std::isnan(summary(sweep(two, {1}, measure)).numbers("x ±")[0]));
}

BOOST_AUTO_TEST_SUITE_END()

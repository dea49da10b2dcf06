// SPDX-License-Identifier: MIT
// Counts what right-hand sides and runs allocate. The sanitizers bring a malloc of their own.
#include "laws/sanitized.hpp"

#if defined(__GLIBC__) && !defined(HAMLET_SANITIZED)

#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/cvode.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/exponential_steppers.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/integrate_each.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/monitor/energy_monitor.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <hamlet/synapse/multilinear.hpp>

#include <boost/test/unit_test.hpp>

#include <array>
#include <atomic>
#include <cstdlib>

#include "laws/random.hpp"

namespace {

std::atomic<long> allocations = 0;

}  // namespace

// NOLINTBEGIN(readability-identifier-naming, readability-inconsistent-declaration-parameter-name): glibc's own names
extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_calloc(std::size_t, std::size_t);
extern "C" void* __libc_realloc(void*, std::size_t);
extern "C" void* __libc_memalign(std::size_t, std::size_t);

extern "C" void* malloc(std::size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}
extern "C" void* calloc(std::size_t count, std::size_t size) noexcept {
  ++allocations;
  return __libc_calloc(count, size);
}
extern "C" void* realloc(void* memory, std::size_t size) noexcept {
  ++allocations;
  return __libc_realloc(memory, size);
}
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  ++allocations;
  return __libc_memalign(alignment, size);
}
// NOLINTEND(readability-identifier-naming, readability-inconsistent-declaration-parameter-name)

namespace {

long made_by_second_call(const hamlet::Network& network, const hamlet::State& x) {
  hamlet::Flow flow{network};
  hamlet::State derivative, product;
  hamlet::Energies energies;
  long before = 0;
  for (int call = 0; call < 2; ++call) {
    before = allocations;
    flow(x, derivative, 0);
    flow.energy_at_last(x, energies);
    flow.jacobian_product(x, derivative, product);
  }
  return allocations - before;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(allocation)

BOOST_AUTO_TEST_CASE(after_the_first_call_nothing_is_allocated) {
  using namespace hamlet;
  laws::Random random(1);
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {20}, .lagrangian = LogCosh{}});
  const LayerHandle h = net.add({.name = "h", .shape = {30}, .lagrangian = Softplus{}, .tau = 0.1});
  net.connect({v, h}, Dense{laws::normal(30, 20, random)});
  net.connect({v}, Lateral{laws::symmetric(20, random)});
  const LayerHandle tokens = net.add({.name = "tokens", .shape = {3, 4}, .lagrangian = LogCosh{}});
  const State W_Q = laws::normal(6, 3, random), W_K = laws::normal(6, 3, random);
  net.connect({tokens}, Attention{{.queries = W_Q, .keys = W_K, .heads = 2, .graph = State::Ones(4, 4)}});
  const Convolution convolution{laws::normal(2, 9, random), {.over = {3, 4}, .size = {3}, .padding = 1}};
  const LayerHandle features = net.add({.name = "features", .shape = convolution.output(), .lagrangian = LogCosh{}});
  net.connect({tokens, features}, convolution);
  const AveragePooling pooling{{.over = {2, 4}, .size = {2}, .stride = 2}};
  const LayerHandle pooled = net.add({.name = "pooled", .shape = pooling.output(), .lagrangian = LogCosh{}});
  net.connect({features, pooled}, pooling);
  net.connect({v, h, tokens}, Multilinear{{20, 30, 12}, laws::normal(7200, 1, random, 0.1)});
  for (const Network& network : {net, eliminate(net, h)}) {
    for (const Index samples : {1, 8}) {
      const long made = made_by_second_call(network, laws::normal(network.size(), samples, random));
      BOOST_TEST(made == 0);
    }
  }
  const long before = allocations;
  const State one(1, 1);
  const long made = allocations - before;
  BOOST_TEST(made == 1);
}

// In one pass and in two, few samples and many.
BOOST_AUTO_TEST_CASE(nor_is_it_by_any_storage) {
  using namespace hamlet;
  laws::Random random(1);
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::int8}) {
    for (const Lagrangian& hidden : {Lagrangian(LogSumExp{.beta = 4}), Lagrangian(Softplus{}), Lagrangian(Norm{})}) {
      Network net;
      const LayerHandle v = net.add({.name = "v", .shape = {600}, .lagrangian = LogCosh{}});
      const LayerHandle h = net.add({.name = "h", .shape = {30}, .lagrangian = hidden, .tau = 0.1});
      net.connect({v, h}, Dense{laws::normal(30, 600, random), storage});
      for (const Network& network : {net, eliminate(net, h)}) {
        for (const Index samples : {1, 3, 20}) {
          BOOST_TEST_CONTEXT(net.synapse(net.synapses().front()).name() << ", " << hidden.name() << ", " << samples) {
            const long made = made_by_second_call(network, laws::normal(network.size(), samples, random));
            BOOST_TEST(made == 0);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(copies_of_weights_share_them) {
  using namespace hamlet;
  const Dense dense{State::Ones(30, 20)};
  const Lateral lateral{State::Identity(20, 20)};
  const long before = allocations;
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): the copies are what is tested
  const Dense same_dense = dense;
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): as above
  const Lateral same_lateral = lateral;
  const long made = allocations - before;
  BOOST_TEST(made == 0);
  Dense longer = dense;
  longer.append(State::Ones(1, 20));
  BOOST_TEST(longer.rows() == 31);
  BOOST_TEST(same_dense.rows() == 30);
}

constexpr long last_step = 400;

/// What was allocated until each step of a run, seen by an observer told after all others.
struct Counter {
  std::array<long, last_step + 1> until = {};

  void operator()(const hamlet::Evaluation& evaluation) {
    until[static_cast<std::size_t>(evaluation.step)] = allocations;
  }
  /// How many steps after this one allocated anything.
  long steps(std::size_t first) const {
    long count = 0;
    for (std::size_t step = first + 1; step < until.size() && until[step] != 0; ++step)
      count += until[step] != until[step - 1];
    return count;
  }
};

BOOST_AUTO_TEST_CASE(after_the_first_step_of_a_run_nothing_is_allocated) {
  using namespace hamlet;
  laws::Random random(1);
  std::vector<Stepper> steppers{DormandPrince{},
                                RungeKutta4{0.05},
                                Euler{0.05},
                                CashKarp{},
                                Fehlberg78{},
                                BulirschStoer{},
                                AdamsBashforthMoulton{0.05},
                                AlternatingFlow{.step = 0.3},
                                AlternatingFlow{.step = 0.3, .order = 2},
                                ExponentialEuler{0.05},
                                ExponentialRungeKutta2{0.05},
                                DiscreteGradient{.step = 0.3},
                                Guarded{RungeKutta4{0.05}},
                                Guarded{DormandPrince{}},
                                PiecewiseSmooth{DormandPrince{}},
                                PiecewiseSmooth{RungeKutta4{0.05}}};
  if (Cvode::available()) steppers.emplace_back(Cvode{});
  for (const Lagrangian& visible : {Lagrangian(Quadratic{}), Lagrangian(LayerNorm{})}) {
    for (const Lagrangian& hidden : {Lagrangian(LogSumExp{.beta = 4}), Lagrangian(LogCosh{}), Lagrangian(Norm{})}) {
      Network both;
      const LayerHandle v = both.add({.name = "v", .shape = {20}, .lagrangian = visible});
      const LayerHandle h = both.add({.name = "h", .shape = {30}, .lagrangian = hidden, .tau = 0.1});
      both.connect({v, h}, Dense{laws::normal(30, 20, random, 0.3)});
      for (const Network& network : {both, eliminate(both, h)}) {
        for (const Index samples : {1, 8}) {
          const State start = laws::normal(network.size(), samples, random);
          for (const Stepper& stepper : steppers) {
            for (const bool monitored : {false, true}) {
              BOOST_TEST_CONTEXT(stepper.text()
                                 << ", " << visible.name() << ", " << hidden.name() << ", " << network.size() << " × "
                                 << samples << (monitored ? ", monitored" : "")) {
                Flow flow{network};
                State state = start;
                EnergyMonitor monitor{flow};
                Counter counter;
                const Integration how{.stepper = stepper, .end = 1e6, .most_steps = last_step};
                if (monitored) {
                  integrate(flow, state, how, monitor, counter);
                  // Cvode promises no more than its tolerances.
                  if (!stepper.text().starts_with("Cvode")) BOOST_TEST(monitor.verdict().descends, monitor.verdict());
                } else {
                  integrate(flow, state, how, counter);
                }
                // Whose fault the first violation is, is asked in memory of its own.
                const long inquiries = monitored && !monitor.verdict().descends ? 1 : 0;
                BOOST_TEST(counter.steps(1) <= inquiries);
                BOOST_TEST(counter.until[stepper.text().starts_with("Cvode") ? 30 : last_step] != 0);
              }
            }
          }
        }
      }
    }
  }
}

// But in steps with a jump, of which a record is kept.
BOOST_AUTO_TEST_CASE(nor_where_activations_jump_nor_by_any_storage) {
  using namespace hamlet;
  laws::Random random(1);
  for (const Lagrangian& visible : {Lagrangian(Absolute{}), Lagrangian(LogCosh{})}) {
    for (const Storage storage : {Storage::f64, Storage::f32, Storage::int8}) {
      for (const Index samples : {1, 12}) {
        BOOST_TEST_CONTEXT(visible.name() << ", " << static_cast<int>(storage) << ", " << samples) {
          Network net;
          const LayerHandle v = net.add({.name = "v", .shape = {20}, .lagrangian = visible});
          const LayerHandle h = net.add({.name = "h", .shape = {30}, .lagrangian = Softplus{}, .tau = 0.1});
          net.connect({v, h}, Dense{laws::normal(30, 20, random, 0.3), storage});
          Flow flow{net};
          flow.input(v) = laws::normal(20, samples, random);
          State state = laws::normal(50, samples, random);
          EnergyMonitor monitor{flow};
          std::array<bool, last_step + 1> jumped = {};
          std::size_t jumps = 0;
          const auto record = [&](const Evaluation& evaluation) {
            jumped[static_cast<std::size_t>(evaluation.step)] = monitor.jumps().size() > jumps;
            jumps = monitor.jumps().size();
          };
          Counter counter;
          integrate(flow, state, {.stepper = RungeKutta4{0.02}, .end = 1e6, .most_steps = last_step}, monitor, record,
                    counter);
          BOOST_TEST(monitor.verdict().descends, monitor.verdict());
          BOOST_TEST((jumps > 0) == (visible.name() == "Absolute"));
          for (std::size_t step = 2; step <= last_step; ++step) {
            if (!jumped[step]) BOOST_TEST(counter.until[step] == counter.until[step - 1], "step " << step);
          }
        }
      }
    }
  }
}

// Panels and norms that grow by their own size, not by a memory.
BOOST_AUTO_TEST_CASE(a_thousand_memories_appended_one_by_one_allocate_a_few_times) {
  using namespace hamlet;
  const State memory = State::Ones(1, 50);
  const auto made_in = [&](int appended) {
    Dense dense{memory, Storage::f16};
    dense.append(memory);
    const long before = allocations;
    for (int i = 0; i < appended; ++i) dense.append(memory);
    return allocations - before;
  };
  // Some allocations are of a memory's own size, each time: what doubles is seen between.
  const long each = (made_in(1000) - made_in(500)) / 500;
  BOOST_TEST(made_in(1000) - 1000 * each < 60);
}

BOOST_AUTO_TEST_CASE(samples_with_steps_of_their_own_allocate_when_they_begin_and_leave) {
  using namespace hamlet;
  laws::Random random(1);
  Network net;
  const LayerHandle v = net.add({.name = "v", .shape = {20}, .lagrangian = LogCosh{}});
  const LayerHandle h = net.add({.name = "h", .shape = {30}, .lagrangian = Softplus{}, .tau = 0.1});
  net.connect({v, h}, Dense{laws::normal(30, 20, random)});
  Flow flow{net};
  const State start = laws::normal(50, 6, random);
  const auto made_in = [&](long steps) {
    State x = start;
    const long before = allocations;
    integrate_each(flow, x, {.stepper = DormandPrince{.control = PI{}}, .end = 1e6, .most_steps = steps});
    return allocations - before;
  };
  made_in(5);
  const long few = made_in(5), many = made_in(200);
  BOOST_TEST(few == many);
}

BOOST_AUTO_TEST_SUITE_END()

#endif

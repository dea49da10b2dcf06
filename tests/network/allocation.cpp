// SPDX-License-Identifier: MIT
// Counts what the right-hand side allocates. The sanitizers bring a malloc of their own.
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAMLET_SANITIZED
#endif
#endif
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(HAMLET_SANITIZED)

#include <hamlet/dynamics/integrate_each.hpp>
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/attention.hpp>
#include <hamlet/synapse/average_pooling.hpp>
#include <hamlet/synapse/convolution.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>
#include <hamlet/synapse/multilinear.hpp>

#include <boost/test/unit_test.hpp>

#include <atomic>
#include <cstdlib>

#include "laws/random.hpp"

namespace {

std::atomic<long> allocations = 0;

}  // namespace

extern "C" void* __libc_malloc(std::size_t);

extern "C" void* malloc(std::size_t size) noexcept {
  ++allocations;
  return __libc_malloc(size);
}

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
      Flow flow{network};
      const State x = laws::normal(network.size(), samples, random);
      State derivative, product;
      Energies energies;
      flow(x, derivative, 0);
      flow.energy_at_last(x, energies);
      flow.jacobian_product(x, derivative, product);
      const long before = allocations;
      flow(x, derivative, 0);
      flow.energy_at_last(x, energies);
      flow.jacobian_product(x, derivative, product);
      const long made = allocations - before;
      BOOST_TEST(made == 0);
    }
  }
  const long before = allocations;
  const State one(1, 1);
  const long made = allocations - before;
  BOOST_TEST(made == 1);
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

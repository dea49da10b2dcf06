// SPDX-License-Identifier: MIT
// The rounding bound of an energy holds: the energy in double is within it of one computed with eleven more bits.
#include <hamlet/lagrangian/catalogue.hpp>
#include <hamlet/network/eliminate.hpp>
#include <hamlet/network/flow.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <limits>

#include "laws/random.hpp"

using namespace hamlet;

namespace {

using Long = Eigen::Matrix<long double, Eigen::Dynamic, 1>;

static_assert(std::numeric_limits<long double>::digits > std::numeric_limits<double>::digits);

/// A Lagrangian, and the same written once more in long double.
struct Precise {
  Lagrangian lagrangian;
  long double (*value)(const Long& x);
  Long (*activation)(const Long& x);
};

long double log_sum_exp(const Long& x) {
  const long double top = x.maxCoeff();
  return top + std::log((x.array() - top).exp().sum());
}

std::vector<Precise> precise() {
  return {
      {Quadratic{}, [](const Long& x) -> long double { return x.squaredNorm() / 2; }, [](const Long& x) { return x; }},
      {LogCosh{},
       [](const Long& x) {
         // log cosh y: log1p(2 sinh² y/2) where it is small, |y| + log1p(e^{−2|y|}) − log 2 where sinh would overflow
         long double sum = 0;
         for (const long double y : x) {
           const long double z = std::abs(y), half = std::sinh(std::min(z, 1.0L) / 2);
           sum += z < 1 ? std::log1p(2 * half * half) : z + std::log1p(std::exp(-2 * z)) - std::log(2.0L);
         }
         return sum;
       },
       [](const Long& x) -> Long { return x.unaryExpr([](long double y) { return std::tanh(y); }); }},
      {RectifiedPower{.n = 3}, [](const Long& x) -> long double { return x.cwiseMax(0).array().cube().sum() / 3; },
       [](const Long& x) -> Long { return x.cwiseMax(0).array().square(); }},
      {Exponential{}, [](const Long& x) -> long double { return x.array().exp().sum(); },
       [](const Long& x) -> Long { return x.array().exp(); }},
      {LogSumExp{.beta = 4}, [](const Long& x) { return log_sum_exp(4 * x) / 4; },
       [](const Long& x) -> Long { return (4 * x.array() - log_sum_exp(4 * x)).exp(); }},
      {Norm{}, [](const Long& x) { return x.norm(); }, [](const Long& x) -> Long { return x / x.norm(); }},
  };
}

/// The largest error of an energy, in units of its bound, of networks whose weights are stored so.
double tightest_bound(Storage storage) {
  double tightest = 0;
  for (const unsigned seed : {1u, 2u, 3u}) {
    laws::Random random(seed);
    for (const Precise& visible : precise()) {
      for (const Precise& hidden : precise()) {
        for (const auto& [N, K] : {std::pair<Index, Index>{3, 2}, {60, 40}, {200, 80}}) {
          for (const double scale : {1e-3, 1.0, 5.0}) {
            BOOST_TEST_CONTEXT(visible.lagrangian.name()
                               << ", " << hidden.lagrangian.name() << ", " << N << " × " << K << ", scale " << scale) {
              const Dense dense{laws::normal(K, N, random), storage};
              const State xi = dense.weights(), W = laws::symmetric(N, random);
              Network net;
              const LayerHandle v = net.add({.name = "v", .shape = {N}, .lagrangian = visible.lagrangian});
              const LayerHandle h = net.add({.name = "h", .shape = {K}, .lagrangian = hidden.lagrangian});
              net.connect({v, h}, dense);
              net.connect({v}, Lateral{W});
              Flow flow{net};
              const State input = laws::normal(N, 1, random), x = laws::normal(N + K, 3, random, scale);
              flow.input(v) = input;
              const Energies energy = flow.energy(x), bound = flow.rounding(x);
              // h = ξ g and E = (v − I)·g − L_v − ½ gᵀWg − L_h(ξ g) of the effective network
              Flow effective{eliminate(net, h)};
              effective.input(v) = input;
              const State of_v = x.topRows(N);
              const Energies effective_energy = effective.energy(of_v), effective_bound = effective.rounding(of_v);
              for (Index sample = 0; sample < 3; ++sample) {
                const Long y = x.col(sample).head(N).cast<long double>(), z = x.col(sample).tail(K).cast<long double>();
                const Long g = visible.activation(y), f = hidden.activation(z);
                const Long u = xi.cast<long double>() * g;
                const long double alone =
                    (y - input.cast<long double>()).dot(g) - visible.value(y) - g.dot(W.cast<long double>() * g) / 2;
                const long double both = alone + z.dot(f) - hidden.value(z) - f.dot(u);
                if (std::isfinite(energy[sample])) {
                  const auto error = static_cast<double>(std::abs(both - static_cast<long double>(energy[sample])));
                  BOOST_TEST(error <= bound[sample]);
                  tightest = std::max(tightest, error / bound[sample]);
                }
                if (std::isfinite(effective_energy[sample])) {
                  const auto error = static_cast<double>(
                      std::abs(alone - hidden.value(u) - static_cast<long double>(effective_energy[sample])));
                  BOOST_TEST(error <= effective_bound[sample]);
                  tightest = std::max(tightest, error / effective_bound[sample]);
                }
              }
            }
          }
        }
      }
    }
  }
  return tightest;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(rounding)

BOOST_AUTO_TEST_CASE(the_energy_is_within_its_rounding_bound) {
  for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::int8}) {
    BOOST_TEST_CONTEXT(Dense(State::Ones(1, 1), storage).name()) {
      const double tightest = tightest_bound(storage);
      // A bound a thousand times too wide would hide what the monitor looks for.
      BOOST_TEST_MESSAGE("largest error, in units of its bound: " << tightest);
      BOOST_TEST(tightest > 1e-3);
    }
  }
}

// The smaller β, the more of the energy is the sum of exponentials; and where h grows from memory to memory, that sum
// is counted anew again and again.
BOOST_AUTO_TEST_CASE(the_energy_of_a_softmax_of_many_memories_is_within_its_rounding_bound) {
  laws::Random random(1);
  constexpr Index N = 3, K = 5000;
  for (const Storage storage : {Storage::f64, Storage::f32}) {
    for (const double beta : {1e-3, 1.0, 30.0}) {
      for (const double spread : {0.0, 1.0, 25.0, 200.0}) {
        Network net;
        const LayerHandle v = net.add({.name = "v", .shape = {N}, .lagrangian = Quadratic{}});
        const LayerHandle h = net.add({.name = "h", .shape = {K}, .lagrangian = LogSumExp{.beta = beta}});
        const Dense dense{laws::normal(K, N, random, 1 / beta), storage};
        const State xi = dense.weights();
        net.connect({v, h}, dense);
        const Vector<double> input = Vector<double>::LinSpaced(K, -spread / beta, spread / beta);
        const Flow flow{eliminate(net, h, input)};
        for (const double size : {0.0, 1e-6, 1.0}) {
          const State x = laws::normal(N, 1, random, size);
          // ½|x|² − L_h(I + ξ x), as the current of ξ is asked for and as it is not
          const Long y = x.cast<long double>();
          const Long u = input.cast<long double>() + xi.cast<long double>() * y;
          const long double E = y.squaredNorm() / 2 - log_sum_exp(static_cast<long double>(beta) * u) / beta;
          Flow moving = flow;
          State derivative;
          Energies in_one_pass;
          moving(x, derivative, 0);
          moving.energy_at_last(x, in_one_pass);
          const double bound = flow.rounding(x)[0];
          for (const double energy : {in_one_pass[0], flow.energy(x)[0]}) {
            const auto error = static_cast<double>(std::abs(E - static_cast<long double>(energy)));
            BOOST_TEST(error <= bound, "β = " << beta << ", spread " << spread << ", |x| " << size << ": " << error);
          }
        }
      }
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

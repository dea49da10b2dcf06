// SPDX-License-Identifier: MIT
// Steps of any size that must not raise the energy of any network; and, counted, those of steppers that promise
// nothing:
//   test_laws --run_test=guarantee --log_level=message
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/adaptive_steppers.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/exponential_steppers.hpp>
#include <hamlet/dynamics/fixed_steppers.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>

#include <fmt/format.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <functional>

#include "laws/sanitized.hpp"
#include "laws/trial_networks.hpp"

using namespace hamlet;

namespace {

constexpr long trials = laws::sanitized ? 10'000 : 100'000;
constexpr Index samples = 10;
constexpr int steps_a_network = 5;

struct Contender {
  std::string name;
  std::function<Stepper(double step)> at;
  bool guaranteed;
  long rises = 0;
};

std::vector<Contender> relaxing() {
  return {{"AlternatingFlow, order 1", [](double h) { return AlternatingFlow{.step = h}; }, true},
          {"AlternatingFlow, order 2", [](double h) { return AlternatingFlow{.step = h, .order = 2}; }, true}};
}
std::vector<Contender> others() {
  return {{"DiscreteGradient", [](double h) { return DiscreteGradient{h}; }, true},
          {"Euler", [](double h) { return Euler{h}; }, false},
          {"RungeKutta4", [](double h) { return RungeKutta4{h}; }, false},
          {"DormandPrince, its step forced",
           [](double) {
             return DormandPrince{1e9, 1e9};
           },
           false},
          {"ExponentialEuler", [](double h) { return ExponentialEuler{h}; }, false},
          {"ExponentialRungeKutta2", [](double h) { return ExponentialRungeKutta2{h}; }, false}};
}

/// One step from every sample; counts those whose energy is higher afterwards than rounding allows, or is none.
void try_step(Contender& contender, Flow& flow, const State& start, double step) {
  State state = start;
  Integration how{.stepper = contender.at(step), .end = step};
  if (contender.name.starts_with("Dormand")) how.first_step = how.smallest_step = how.largest_step = step;
  const Outcome outcome = integrate(flow, state, how);
  if (outcome.status != Status::end_reached) {
    BOOST_TEST(!contender.guaranteed, contender.name << ": " << outcome << " of step " << step << "\n"
                                                     << flow.network());
    contender.rises += samples;
    return;
  }
  const Energies rise = flow.energy(state) - flow.energy(start);
  const Energies bound = flow.rounding(start) + flow.rounding(state);
  const auto risen = (!(rise.array() <= bound.array())).count();
  contender.rises += risen;
  BOOST_TEST((risen == 0 || !contender.guaranteed), contender.name << " raised E by " << rise.maxCoeff()
                                                                   << " in a step of " << step << "\n"
                                                                   << flow.network());
}

/// Every contender through as many trials: networks of this kind, samples, steps from 0.01 to 100 of the smallest τ.
void run(std::vector<Contender>& contenders, laws::SelfMeeting kind, unsigned seed) {
  laws::Random random(seed);
  for (long done = 0; done < trials; done += samples * steps_a_network) {
    laws::Trial trial = laws::random_trial(kind, samples, random);
    for (int k = 0; k < steps_a_network; ++k) {
      const double step = trial.tau * std::pow(10, laws::uniform(-2, 2, random));
      for (Contender& contender : contenders) try_step(contender, trial.flow, trial.state, step);
    }
  }
  for (const Contender& contender : contenders)
    BOOST_TEST_MESSAGE(fmt::format("{:<32} {:>7} rises in {} trials", contender.name, contender.rises, trials));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(guarantee)

BOOST_AUTO_TEST_CASE(relaxing_in_turn_never_raises_the_energy) {
  std::vector<Contender> contenders = relaxing();
  run(contenders, laws::SelfMeeting::concave, 1);
}

BOOST_AUTO_TEST_CASE(a_discrete_gradient_never_raises_the_energy) {
  std::vector<Contender> contenders = others();
  run(contenders, laws::SelfMeeting::any, 2);
  for (const Contender& contender : contenders)
    BOOST_TEST(contender.guaranteed == (contender.rises == 0), contender.name);
}

BOOST_AUTO_TEST_SUITE_END()

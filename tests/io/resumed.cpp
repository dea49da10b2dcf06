// SPDX-License-Identifier: MIT
// A run that a program saved before it was killed, resumed by another, is the uninterrupted one bit for bit: states at
// every step, counts of the outcome, energies.
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/alternating_flow.hpp>
#include <hamlet/dynamics/discrete_gradient.hpp>
#include <hamlet/dynamics/exponential_steppers.hpp>
#include <hamlet/dynamics/guarded.hpp>
#include <hamlet/dynamics/integrate.hpp>
#include <hamlet/dynamics/piecewise_smooth.hpp>
#include <hamlet/dynamics/trajectory.hpp>
#include <hamlet/io/checkpoint_file.hpp>

#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>

#include <csignal>
#include <cstring>

#include "io/files.hpp"
#include "laws/flow_instances.hpp"
#include "laws/stepper_instances.hpp"

using namespace hamlet;

namespace {

/// Runs `act` in a process of its own, which kills itself.
template <class Act>
void in_a_killed_process(const Act& act) {
  const pid_t child = fork();
  BOOST_REQUIRE(child >= 0);
  if (child == 0) {
    try {
      act();
    } catch (...) {
    }
    _exit(1);  // not killed
  }
  int status = 0;
  BOOST_REQUIRE(waitpid(child, &status, 0) == child);
  BOOST_TEST((WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
}

bool alternates(const Flow& flow) {
  try {
    flow.independent_sets();
    return true;
  } catch (const ModelError&) {
    return false;
  }
}

/// Energies that overflow are NaN in both runs.
bool same_bits(const auto& a, const auto& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.size()) * sizeof(double)) == 0;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(resumed)

BOOST_AUTO_TEST_CASE(what_a_killed_process_saved_goes_on_bit_for_bit) {
  laws::Random random(1);
  const test::Folder folder;
  const CheckpointFile file(folder / "run.npz");
  const std::vector<laws::FlowInstance> flows = laws::flow_instances(random);
  auto steppers = laws::stepper_instances(0.02, 1e-6, 1e-9);
  for (const int order : {1, 2}) steppers.push_back({"AlternatingFlow", AlternatingFlow{.step = 0.05, .order = order}});
  steppers.push_back({"ExponentialEuler", ExponentialEuler{0.05}});
  steppers.push_back({"ExponentialRungeKutta2", ExponentialRungeKutta2{0.05}});
  steppers.push_back({"DiscreteGradient", DiscreteGradient{0.05}});
  steppers.push_back({"Guarded", Guarded{DormandPrince{}}});
  if (Cvode::available()) steppers.push_back({"Cvode", Cvode{}});
  steppers.push_back({"PiecewiseSmooth", PiecewiseSmooth{DormandPrince{}}});
  // Every stepper on seven flows of different kinds.
  std::size_t at = 0;
  for (const auto& [name, stepper] : steppers) {
    int resumed_runs = 0;
    while (resumed_runs < 7) {
      const laws::FlowInstance& instance = flows[(at += 31) % flows.size()];
      if (name == "AlternatingFlow" && !alternates(instance.flow)) continue;
      BOOST_TEST_CONTEXT(instance.name << ", " << name) {
        const Integration how{
            .stepper = stepper, .end = 1, .most_steps = 60, .checkpoints = {.every = 2, .save = file}};
        Flow flow = instance.flow;
        State whole = instance.state;
        Trajectory path;
        const Outcome outcome = integrate(flow, whole, how, path);
        if (outcome.statistics.steps < 3) continue;
        ++resumed_runs;

        in_a_killed_process([&] {
          Flow own = instance.flow;
          State state = instance.state;
          const long last = outcome.statistics.steps - 1;
          integrate(own, state, how, [&](const Evaluation& now) {
            if (now.step == last) std::raise(SIGKILL);
          });
        });
        Flow fresh = instance.flow;
        State state = State::Zero(whole.rows(), whole.cols());
        Trajectory rest;
        const Checkpoint checkpoint = file.load();
        const Outcome resumed = resume(checkpoint, fresh, state, how, rest);
        BOOST_TEST(resumed.status == outcome.status);
        BOOST_TEST(resumed.time == outcome.time);
        BOOST_TEST(resumed.statistics.steps == outcome.statistics.steps);
        BOOST_TEST(resumed.statistics.rejected == outcome.statistics.rejected);
        BOOST_TEST(resumed.statistics.jacobian_products == outcome.statistics.jacobian_products);
        BOOST_TEST(resumed.statistics.right_hand_sides == outcome.statistics.right_hand_sides);
        BOOST_TEST(same_bits(state, whole));
        const auto before = static_cast<std::size_t>(checkpoint.statistics.steps + 1);
        BOOST_REQUIRE(rest.size() == path.size() - before);
        for (std::size_t k = 0; k < rest.size(); ++k) {
          BOOST_TEST(rest.times()[k] == path.times()[before + k]);
          BOOST_TEST(same_bits(rest.states()[k], path.states()[before + k]));
          BOOST_TEST(same_bits(rest.energies()[k], path.energies()[before + k]));
        }
      }
    }
  }
  BOOST_TEST(folder.files() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()

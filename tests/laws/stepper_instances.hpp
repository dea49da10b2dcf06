// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/dynamics/adaptive_steppers.hpp>
#include <hamlet/dynamics/fixed_steppers.hpp>

#include <string>
#include <vector>

namespace hamlet::laws {

/// A stepper that every law of descent must hold for.
struct StepperInstance {
  std::string name;
  Stepper stepper;
};

/// All of the library: those of equal steps with dt = `step`, the others at these tolerances.
inline std::vector<StepperInstance> stepper_instances(double step, double relative, double absolute) {
  return {{"Euler", Euler{step}},
          {"RungeKutta4", RungeKutta4{step}},
          {"AdamsBashforthMoulton", AdamsBashforthMoulton{step}},
          {"CashKarp", CashKarp{relative, absolute}},
          {"DormandPrince", DormandPrince{relative, absolute}},
          {"Fehlberg78", Fehlberg78{relative, absolute}},
          {"BulirschStoer", BulirschStoer{relative, absolute}}};
}

}  // namespace hamlet::laws

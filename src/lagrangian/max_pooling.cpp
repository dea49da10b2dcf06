// SPDX-License-Identifier: MIT
#include "lagrangian/grouped.hpp"
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/log_sum_exp.hpp>
#include <hamlet/lagrangian/max_pooling.hpp>

namespace hamlet {

std::shared_ptr<const LagrangianForm> MaxPooling::form() const {
  expect_positive("MaxPooling", "beta", beta);
  Groups windows = Groups::windows(shape, window);
  std::string name = fmt::format("MaxPooling({}, beta = {})", windows.text(), beta);
  return grouped_form(LogSumExp{.beta = beta}, std::move(windows), std::move(name));
}

}  // namespace hamlet

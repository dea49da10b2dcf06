// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/log_cosh.hpp>

namespace hamlet {

void LogCosh::validate() const { expect_positive("LogCosh", "beta", beta); }

std::string LogCosh::name() const { return fmt::format("LogCosh(beta = {})", beta); }

template std::shared_ptr<const LagrangianForm> make_form(const LogCosh&);

}  // namespace hamlet

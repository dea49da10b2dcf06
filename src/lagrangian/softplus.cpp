// SPDX-License-Identifier: MIT
#include "lagrangian/parameter.hpp"

#include <hamlet/lagrangian/softplus.hpp>

namespace hamlet {

void Softplus::validate() const { expect_positive("Softplus", "beta", beta); }

std::string Softplus::name() const { return fmt::format("Softplus(beta = {})", beta); }

template std::shared_ptr<const LagrangianForm> make_form(const Softplus&);

}  // namespace hamlet

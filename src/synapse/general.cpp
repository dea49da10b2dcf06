// SPDX-License-Identifier: MIT
#include <hamlet/synapse/general.hpp>

#include <fmt/format.h>

namespace hamlet {

std::string misfit_of_arity(std::size_t arity, std::size_t layers) {
  return fmt::format("its energy is a function of {} activations, not {}", arity, layers);
}

}  // namespace hamlet

// SPDX-License-Identifier: MIT
#include <hamlet/hamlet.hpp>

hamlet::Network hierarchy(const hamlet::State& kernels, const hamlet::State& rows) {
  const hamlet::Convolution look{kernels, {.over = {1, 28, 28}, .size = {4, 4}, .stride = 4}};  // kernels: 16 × 16
  hamlet::Network net;
  const auto pixels = net.add({.name = "pixels", .shape = {1, 28, 28}, .lagrangian = hamlet::Quadratic{}});
  const auto features = net.add({.name = "features", .shape = look.output(), .lagrangian = hamlet::LogCosh{}});
  const auto memories = net.add({.name = "memories", .shape = {rows.rows()}, .lagrangian = hamlet::LogSumExp{}});
  net.connect({pixels, features}, look);
  net.connect({features, memories}, hamlet::Dense{rows});  // one memory a row, of 16 · 7 · 7 features
  return net;
}

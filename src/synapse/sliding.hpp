// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/synapse/window.hpp>

#include <span>
#include <string>

namespace hamlet {

/// Why a synapse whose window slides over a layer cannot join layers of these shapes, the second of which has to be
/// `output`; empty when it can.
std::string misfit_of_sliding(const Window& window, const Shape& output, std::span<const Shape> shapes);

/// Positions [first, first + count) of one sample of a layer of so many channels: channels × count.
inline View positions(View& layer, Index channels, Index sample, Index first, Index count) {
  return {layer.data() + sample * layer.outerStride() + first * channels, channels, count,
          Eigen::OuterStride<>(channels)};
}
inline ConstView positions(const ConstView& layer, Index channels, Index sample, Index first, Index count) {
  return {layer.data() + sample * layer.outerStride() + first * channels, channels, count,
          Eigen::OuterStride<>(channels)};
}

}  // namespace hamlet

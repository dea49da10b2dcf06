// SPDX-License-Identifier: MIT
#include "core/scratch.hpp"

#include <cstddef>
#include <vector>

namespace hamlet {
namespace {

thread_local std::vector<Vector<double>> buffers;
thread_local std::size_t borrowed = 0;

}  // namespace

Borrowed::Borrowed(Index count) {
  if (borrowed == buffers.size()) buffers.emplace_back();
  Vector<double>& buffer = buffers[borrowed];
  // One number at least: a null pointer would mean that nobody wants the result.
  if (buffer.size() <= count) buffer.resize(count + 1);
  memory_ = buffer.data();
  ++borrowed;
}

Borrowed::~Borrowed() { --borrowed; }

}  // namespace hamlet

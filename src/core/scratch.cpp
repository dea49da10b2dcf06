// SPDX-License-Identifier: MIT
#include "core/scratch.hpp"

#include <utility>

namespace hamlet {
namespace {

thread_local ScratchMemory memory;

}  // namespace

Borrowed::Borrowed(Index count) {
  auto& [buffers, borrowed] = memory;
  if (borrowed == buffers.size()) buffers.emplace_back();
  Vector<double>& buffer = buffers[borrowed];
  // One number at least: a null pointer would mean that nobody wants the result.
  if (buffer.size() <= count) buffer.resize(count + 1);
  memory_ = buffer.data();
  ++borrowed;
}

Borrowed::~Borrowed() { --memory.borrowed_; }

void ScratchMemory::exchange() { std::swap(*this, memory); }

}  // namespace hamlet

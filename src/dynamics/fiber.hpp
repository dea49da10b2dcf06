// SPDX-License-Identifier: MIT
#pragma once

#include "core/scratch.hpp"

#include <boost/context/fiber.hpp>
#include <boost/context/protected_fixedsize_stack.hpp>

#include <cstddef>
#include <exception>
#include <functional>

namespace hamlet {

/// A call with a stack and scratch memory of its own, which can pause in its middle and go on there. For one thread.
class Fiber {
 public:
  /// `body` begins at the first resume().
  explicit Fiber(std::function<void()> body);
  /// Only before the body has begun, which it then never does, or after it has ended.
  ~Fiber();
  Fiber(const Fiber&) = delete;
  Fiber& operator=(const Fiber&) = delete;

  /// Runs the body until it pauses or ends. What it throws comes out here.
  void resume();
  /// Inside the body: back to resume().
  void pause();
  bool ended() const { return ended_; }

 private:
  boost::context::protected_fixedsize_stack allocator_;
  boost::context::stack_context stack_;
  std::function<void()> body_;
  boost::context::fiber self_, caller_;
  ScratchMemory scratch_;
  std::exception_ptr thrown_;
  bool begun_ = false, ended_ = false;
  // What the address sanitizer wants to know of a change of stacks.
  [[maybe_unused]] void* fake_stack_ = nullptr;
  [[maybe_unused]] void* fake_stack_of_caller_ = nullptr;
  [[maybe_unused]] const void* caller_bottom_ = nullptr;
  [[maybe_unused]] std::size_t caller_size_ = 0;
};

}  // namespace hamlet

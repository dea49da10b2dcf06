// SPDX-License-Identifier: MIT
#include "dynamics/fiber.hpp"

#include <memory>
#include <utility>

#if defined(__has_feature)
#define HAMLET_HAS_FEATURE(feature) __has_feature(feature)
#else
#define HAMLET_HAS_FEATURE(feature) 0
#endif
#if defined(__SANITIZE_ADDRESS__) || HAMLET_HAS_FEATURE(address_sanitizer)
#include <sanitizer/asan_interface.h>
#include <sanitizer/common_interface_defs.h>
#define HAMLET_LEAVE_STACK(...) __sanitizer_start_switch_fiber(__VA_ARGS__)
#define HAMLET_ENTER_STACK(...) __sanitizer_finish_switch_fiber(__VA_ARGS__)
#define HAMLET_UNMARK_STACK(...) __asan_unpoison_memory_region(__VA_ARGS__)
#else
#define HAMLET_LEAVE_STACK(...) static_cast<void>(0)
#define HAMLET_ENTER_STACK(...) static_cast<void>(0)
#define HAMLET_UNMARK_STACK(...) static_cast<void>(0)
#endif

namespace hamlet {

namespace context = boost::context;

namespace {

// Pages that are never touched cost nothing but addresses; Eigen's products alone may use 128 KiB.
constexpr std::size_t stack_size = std::size_t{1} << 20;

}  // namespace

Fiber::Fiber(std::function<void()> body)
    : allocator_(stack_size), stack_(allocator_.allocate()), body_(std::move(body)) {
  // What a stack at this place had before it was given back is still marked.
  HAMLET_UNMARK_STACK(static_cast<char*>(stack_.sp) - stack_.size, stack_.size);
  self_ = context::fiber(std::allocator_arg, context::preallocated(stack_.sp, stack_.size, stack_), allocator_,
                         [this](context::fiber&& caller) {
                           caller_ = std::move(caller);
                           HAMLET_ENTER_STACK(nullptr, &caller_bottom_, &caller_size_);
                           try {
                             body_();
                           } catch (...) {
                             thrown_ = std::current_exception();
                           }
                           ended_ = true;
                           HAMLET_LEAVE_STACK(nullptr, caller_bottom_, caller_size_);
                           return std::move(caller_);
                         });
}

Fiber::~Fiber() {
  if (begun_) return;
  body_ = [] {};
  resume();
}

void Fiber::resume() {
  begun_ = true;
  scratch_.exchange();
  HAMLET_LEAVE_STACK(&fake_stack_of_caller_, static_cast<const char*>(stack_.sp) - stack_.size, stack_.size);
  self_ = std::move(self_).resume();
  HAMLET_ENTER_STACK(fake_stack_of_caller_, nullptr, nullptr);
  scratch_.exchange();
  if (thrown_) std::rethrow_exception(std::exchange(thrown_, nullptr));
}

void Fiber::pause() {
  HAMLET_LEAVE_STACK(&fake_stack_, caller_bottom_, caller_size_);
  caller_ = std::move(caller_).resume();
  HAMLET_ENTER_STACK(fake_stack_, &caller_bottom_, &caller_size_);
}

}  // namespace hamlet

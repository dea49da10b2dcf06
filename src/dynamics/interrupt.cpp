// SPDX-License-Identifier: MIT
#include <hamlet/dynamics/interrupt.hpp>

#include <array>
#include <atomic>
#include <csignal>

namespace hamlet {

namespace {

constexpr std::array signals{SIGINT, SIGTERM};

// What a handler may touch: atomics without locks, and the actions of before, which no one writes while it can run.
std::atomic<int> living = 0;
std::atomic<bool> caught = false;
std::array<struct sigaction, signals.size()> before;
static_assert(std::atomic<bool>::is_always_lock_free);

void restore() {
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], &before[i], nullptr);
}

void handle(int) {
  caught = true;
  restore();
}

}  // namespace

Interrupt::Interrupt() {
  if (living++ > 0) return;
  for (std::size_t i = 0; i < signals.size(); ++i) sigaction(signals[i], nullptr, &before[i]);
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;  // what the program reads or writes is not disturbed
  sigemptyset(&action.sa_mask);
  for (const int signal : signals) sigaddset(&action.sa_mask, signal);
  for (const int signal : signals) sigaction(signal, &action, nullptr);
}

Interrupt::~Interrupt() {
  if (--living > 0) return;
  if (!caught) restore();
  caught = false;
}

bool Interrupt::came() { return caught; }

}  // namespace hamlet

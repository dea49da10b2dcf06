// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/dual.hpp>

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hamlet {

/// The operations of one thread, in the order they were done: per result, its operands and the slopes along them.
template <class T>
class Tape {
 public:
  struct Node {
    std::array<std::uint32_t, 2> operand;  // 0 names a constant
    std::array<T, 2> slope;
  };

  /// The tape of this thread while a Recording lives, else null.
  static inline constinit thread_local Tape* active = nullptr;

  std::uint32_t push(const Node& node) {
    nodes.push_back(node);
    return static_cast<std::uint32_t>(nodes.size());
  }

  std::vector<Node> nodes;  // node k is nodes[k − 1]
  std::vector<T> adjoints;
};

/// A number that remembers on its thread's tape how it was computed, so that one sweep backwards gives the derivatives
/// with respect to every variable, for a few times the cost of the function. T may be Dual<double>: forward over
/// reverse, which gives a Hessian-vector product at that same cost.
/// Source: Griewank & Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, sections 3.2 and 5.
template <class T = double>
struct Reverse {
  T value;
  std::uint32_t node = 0;  // 0 for a constant

  constexpr Reverse() : value(0.0) {}
  constexpr Reverse(const T& value, std::uint32_t node) : value(value), node(node) {}
  /// A constant.
  constexpr Reverse(double constant) : value(constant) {}
  constexpr Reverse(const T& constant) requires(!std::same_as<T, double>) : value(constant) {}

  /// y = f(s), given f′.
  template <class Slope>
  static Reverse chain(const T& y, const Reverse& s, const Slope& slope, int) {
    if (s.node == 0) return {y, 0};
    return {y, Tape<T>::active->push({{s.node, 0}, {T(slope), T(0.0)}})};
  }
  /// y = f(s, t), given ∂f/∂s and ∂f/∂t.
  template <class SlopeS, class SlopeT>
  static Reverse chain(const T& y, const Reverse& s, const SlopeS& slope_s, const Reverse& t, const SlopeT& slope_t,
                       int) {
    if (s.node == 0 && t.node == 0) return {y, 0};
    return {y, Tape<T>::active->push({{s.node, t.node}, {T(slope_s), T(slope_t)}})};
  }

  /// Comparisons are by value.
  friend bool operator==(const Reverse& a, const Reverse& b) { return a.value == b.value; }
  friend std::partial_ordering operator<=>(const Reverse& a, const Reverse& b) { return a.value <=> b.value; }
};

template <class T>
inline constexpr bool is_differentiable<Reverse<T>> = true;

/// Records what is computed on this thread from its variables, until it dies. Recordings nest; the memory of the tape
/// stays with the thread. A Reverse must not be used after the Recording in which it arose.
template <class T = double>
class Recording {
 public:
  Recording();
  ~Recording();
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  /// A variable to differentiate by.
  Reverse<T> variable(const T& value);
  /// Computes ∂result/∂(every variable of this recording).
  void sweep(const Reverse<T>& result);
  /// ∂result/∂variable of this thread's last sweep; 0 for a constant.
  T adjoint(const Reverse<T>& variable) const;

 private:
  Tape<T>* outer_;
  std::size_t begin_;
};

extern template class Recording<double>;
extern template class Recording<Dual<double>>;

}  // namespace hamlet

template <class T>
struct Eigen::NumTraits<hamlet::Reverse<T>> : hamlet::ScalarTraits<hamlet::Reverse<T>> {};

// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/state.hpp>

#include <cstddef>
#include <vector>

namespace hamlet {

/// Uninitialised memory borrowed from this thread until the end of the scope, so that a call made a million times
/// allocates once. Scopes nest: a synapse inside a synapse borrows other memory.
class Borrowed {
 public:
  explicit Borrowed(Index count);
  ~Borrowed();
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;

 protected:
  double* memory_;
};

/// A borrowed matrix.
class Scratch : private Borrowed, public View {
 public:
  Scratch(Index rows, Index columns)
      : Borrowed(rows * columns), View(memory_, rows, columns, Eigen::OuterStride<>(rows)) {}
  using View::operator=;
  operator ConstView() const { return {data(), rows(), cols(), Eigen::OuterStride<>(rows())}; }
};

/// A borrowed row of one number a sample.
class ScratchEnergies : private Borrowed, public Eigen::Map<Energies> {
 public:
  explicit ScratchEnergies(Index samples) : Borrowed(samples), Eigen::Map<Energies>(memory_, samples) {}
  using Eigen::Map<Energies>::operator=;
};

/// The memory that scopes borrow from, kept apart for a call that is left in its middle: the scopes of others would not
/// nest with its own.
class ScratchMemory {
 public:
  /// Changes places with this thread's.
  void exchange();

 private:
  friend class Borrowed;

  std::vector<Vector<double>> buffers_;
  std::size_t borrowed_ = 0;
};

}  // namespace hamlet

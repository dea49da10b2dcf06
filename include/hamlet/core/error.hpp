// SPDX-License-Identifier: MIT
#pragma once

#include <stdexcept>

namespace hamlet {

/// What every exception of the library derives from. The message names the thing and the numbers.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Rows, columns or layers that do not fit one another.
class ShapeError : public Error {
 public:
  using Error::Error;
};

/// A number outside the range in which it means something: a time constant ≤ 0, a weight that is not finite.
class ValueError : public Error {
 public:
  using Error::Error;
};

/// A handle or a name of a layer or synapse that the network does not have.
class UnknownError : public Error {
 public:
  using Error::Error;
};

/// What the mathematics does not allow: a layer that cannot be integrated out, a partial clamp under a collective
/// Lagrangian.
class ModelError : public Error {
 public:
  using Error::Error;
};

/// An energy that rose while the monitor's policy was to throw.
class DescentError : public Error {
 public:
  using Error::Error;
};

/// A file that is missing, cut short, or not of the format asked for.
class FileError : public Error {
 public:
  using Error::Error;
};

}  // namespace hamlet

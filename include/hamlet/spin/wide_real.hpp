// SPDX-License-Identifier: MIT
#pragma once

#include <compare>
#include <cstdint>
#include <iosfwd>
#include <string>

namespace hamlet {

/// A real number m 2ᵉ with the 53 bits of a double and an exponent of 64: e^2000 is one. A double is one exactly;
/// sums, products, quotients, square roots and whole powers are rounded as those of doubles (a whole power, once every
/// product), exp and log to 4 units in the last place; e beyond 64 bits is infinite or 0. Functions are found as those
/// of std are: `using std::pow; return pow(x, 3);`.
class WideReal {
 public:
  WideReal(double x = 0) : WideReal(x, 0) {}
  /// mantissa · 2^exponent
  WideReal(double mantissa, std::int64_t exponent);

  /// m, 0 or ½ ≤ |m| < 1, or NaN or infinite.
  double mantissa() const { return mantissa_; }
  std::int64_t exponent() const { return exponent_; }
  /// −1, 0 or 1; 0 for NaN.
  int sign() const { return mantissa_ > 0 ? 1 : mantissa_ < 0 ? -1 : 0; }
  /// The nearest double: infinite or 0 when this is beyond doubles.
  double value() const;
  explicit operator double() const { return value(); }
  /// "-1.25", or "3.88e+868".
  std::string text() const;

  WideReal operator-() const { return {-mantissa_, exponent_}; }
  friend WideReal operator+(const WideReal& a, const WideReal& b);
  friend WideReal operator-(const WideReal& a, const WideReal& b) { return a + -b; }
  friend WideReal operator*(const WideReal& a, const WideReal& b) {
    return {a.mantissa_ * b.mantissa_, a.exponent_ + b.exponent_};
  }
  friend WideReal operator/(const WideReal& a, const WideReal& b) {
    return {a.mantissa_ / b.mantissa_, a.exponent_ - b.exponent_};
  }
  WideReal& operator+=(const WideReal& b) { return *this = *this + b; }
  WideReal& operator-=(const WideReal& b) { return *this = *this - b; }
  WideReal& operator*=(const WideReal& b) { return *this = *this * b; }
  WideReal& operator/=(const WideReal& b) { return *this = *this / b; }
  friend bool operator==(const WideReal& a, const WideReal& b) { return (a <=> b) == 0; }
  friend std::partial_ordering operator<=>(const WideReal& a, const WideReal& b);

 private:
  double mantissa_;
  std::int64_t exponent_;
};

WideReal abs(const WideReal& x);
WideReal max(const WideReal& a, const WideReal& b);
WideReal min(const WideReal& a, const WideReal& b);
WideReal sqrt(const WideReal& x);
WideReal exp(const WideReal& x);
WideReal log(const WideReal& x);
WideReal cosh(const WideReal& x);
WideReal sinh(const WideReal& x);
WideReal tanh(const WideReal& x);
/// By repeated squares.
WideReal pow(const WideReal& x, int n);
/// Of a whole `y` as above, else exp(y log x), to 53 − log2 |y log x| bits.
WideReal pow(const WideReal& x, double y);

std::ostream& operator<<(std::ostream&, const WideReal&);

}  // namespace hamlet

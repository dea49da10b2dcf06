// SPDX-License-Identifier: MIT
#include <hamlet/spin/wide_real.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <ostream>

namespace hamlet {

namespace {

// Beyond these a sum, a product or a shift of exponents could not be told any more.
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max() / 4;

/// To ldexp, whose exponents are int.
int clamped(std::int64_t exponent) { return static_cast<int>(std::clamp<std::int64_t>(exponent, -5000, 5000)); }

// ln 2 = high + low, where high has 32 bits: its products with exponents below 2²¹ are exact.
constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

}  // namespace

WideReal::WideReal(double mantissa, std::int64_t exponent) {
  int shift = 0;
  mantissa_ = std::frexp(mantissa, &shift);
  const bool special = mantissa_ == 0 || !std::isfinite(mantissa_);
  exponent_ = special ? 0 : exponent + shift;
  if (exponent_ > largest) *this = std::copysign(std::numeric_limits<double>::infinity(), mantissa_);
  if (exponent_ < -largest) *this = 0;
}

double WideReal::value() const { return std::ldexp(mantissa_, clamped(exponent_)); }

WideReal operator+(const WideReal& a, const WideReal& b) {
  if (a.mantissa_ == 0) return b;
  if (b.mantissa_ == 0) return a;
  const bool a_leads = a.exponent_ >= b.exponent_;
  const WideReal &large = a_leads ? a : b, &small = a_leads ? b : a;
  return {large.mantissa_ + std::ldexp(small.mantissa_, clamped(small.exponent_ - large.exponent_)), large.exponent_};
}

std::partial_ordering operator<=>(const WideReal& a, const WideReal& b) {
  const bool comparable_by_exponent =
      a.sign() == b.sign() && a.sign() != 0 && std::isfinite(a.mantissa_) && std::isfinite(b.mantissa_);
  if (!comparable_by_exponent || a.exponent_ == b.exponent_) return a.mantissa_ <=> b.mantissa_;
  return a.sign() > 0 ? a.exponent_ <=> b.exponent_ : b.exponent_ <=> a.exponent_;
}

WideReal abs(const WideReal& x) { return x.sign() < 0 ? -x : x; }
WideReal max(const WideReal& a, const WideReal& b) { return a < b ? b : a; }
WideReal min(const WideReal& a, const WideReal& b) { return b < a ? b : a; }

WideReal sqrt(const WideReal& x) {
  const std::int64_t odd = x.exponent() % 2;
  return {std::sqrt(std::ldexp(x.mantissa(), static_cast<int>(odd))), (x.exponent() - odd) / 2};
}

WideReal exp(const WideReal& x) {
  const double y = x.value();
  if (std::isnan(y)) return y;
  // e^y = 2ⁿ e^r, y = n ln 2 + r
  const double n = std::nearbyint(y * std::numbers::log2e);
  if (std::abs(n) > 0x1p60) return y > 0 ? std::numeric_limits<double>::infinity() : 0;
  const double r = std::fma(-n, ln2_low, std::fma(-n, ln2_high, y));
  return {std::exp(r), static_cast<std::int64_t>(n)};
}

WideReal log(const WideReal& x) {
  // Around 1, where log x is small, the exponent must be 0.
  const bool low = x.mantissa() < std::numbers::sqrt2 / 2;
  const auto n = static_cast<double>(x.exponent() - (low ? 1 : 0));
  const double log_of_mantissa = std::log(low ? 2 * x.mantissa() : x.mantissa());
  return std::fma(n, ln2_high, std::fma(n, ln2_low, log_of_mantissa));
}

WideReal cosh(const WideReal& x) { return (exp(x) + exp(-x)) / 2.0; }
WideReal sinh(const WideReal& x) { return std::abs(x.value()) < 1 ? std::sinh(x.value()) : (exp(x) - exp(-x)) / 2.0; }
WideReal tanh(const WideReal& x) { return std::tanh(x.value()); }

WideReal pow(const WideReal& x, int n) {
  if (n < 0) return 1.0 / pow(x, -n);
  WideReal power = 1, square = x;
  for (; n > 0; n /= 2, square *= square)
    if (n % 2 == 1) power *= square;
  return power;
}

WideReal pow(const WideReal& x, double y) {
  if (y == std::nearbyint(y) && std::abs(y) <= std::numeric_limits<int>::max()) return pow(x, static_cast<int>(y));
  if (x.mantissa() == 0) return std::pow(0.0, y);
  return exp(y * log(x));
}

std::string WideReal::text() const {
  const double y = value();
  if (std::isnan(y)) return "nan";
  if (y == mantissa_ || (std::isfinite(y) && y != 0)) return fmt::format("{:.6g}", y);
  // m 2ᵉ = 10^(n + r)
  const double decimal = static_cast<double>(exponent_) * (std::numbers::ln2 / std::numbers::ln10);
  double n = std::floor(decimal);
  double m = mantissa_ * std::pow(10, decimal - n);
  if (std::abs(m) < 1) m *= 10, --n;
  return fmt::format("{:.3g}e{:+.0f}", m, n);
}

std::ostream& operator<<(std::ostream& out, const WideReal& x) { return out << x.text(); }

}  // namespace hamlet

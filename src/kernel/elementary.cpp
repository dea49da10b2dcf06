// SPDX-License-Identifier: MIT
#include "kernel/elementary.hpp"

#include "kernel/targets.hpp"
#include "kernel/tiles.hpp"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernel/elementary.cpp"
#include <hwy/foreach_target.h>  // IWYU pragma: keep
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <limits>

HWY_BEFORE_NAMESPACE();
namespace hamlet::kernel {
namespace HWY_NAMESPACE {
namespace {

namespace hn = hwy::HWY_NAMESPACE;

using D = hn::CappedTag<double, 8>;
using V = hn::Vec<D>;
using Bits = hn::RebindToUnsigned<D>;
constexpr D d;
constexpr Bits bits;

HWY_INLINE V number(double x) { return hn::Set(d, x); }

constexpr double infinity = std::numeric_limits<double>::infinity();

/// ln 2 = high + low, where high has 32 bits: its products with exponents are exact.
constexpr double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

/// What is added to move a whole number to the last bits: 1.5 · 2⁵².
constexpr double to_last_bits = 0x1.8p52;

/// 2ⁿ, for n + 1.5 · 2⁵² with |n| ≤ 1022
HWY_INLINE V power_of_two(V n_in_last_bits) {
  return hn::BitCast(d, hn::Add(hn::ShiftLeft<52>(hn::BitCast(bits, n_in_last_bits)), hn::BitCast(bits, number(1))));
}

/// x = n ln 2 + r, |r| ≤ ½ ln 2
struct Reduced {
  V n, r;
};
HWY_INLINE Reduced reduce(V x) {
  const V n = hn::Sub(hn::MulAdd(x, number(0x1.71547652b82fep0), number(to_last_bits)), number(to_last_bits));
  const V r = hn::NegMulAdd(n, number(ln2_low), hn::NegMulAdd(n, number(ln2_high), x));
  return {n, r};
}

/// Σ c_k xᵏ. The even and the odd terms are summed apart: half as long a chain of sums that wait for one another.
template <std::size_t count>
HWY_INLINE V polynomial(const double (&c)[count], V x) {
  static_assert(count % 2 == 0);
  const V square = hn::Mul(x, x);
  V even = number(c[count - 2]), odd = number(c[count - 1]);
  HWY_UNROLL(8) for (std::size_t k = count - 2; k > 0; k -= 2) {
    even = hn::MulAdd(even, square, number(c[k - 2]));
    odd = hn::MulAdd(odd, square, number(c[k - 1]));
  }
  return hn::MulAdd(odd, x, even);
}

/// (eʳ − 1 − r) / r² = Σ rᵏ / (k + 2)!
HWY_INLINE V exponential_rest(V r) {
  static constexpr double c[] = {1 / 2.0,       1 / 6.0,        1 / 24.0,        1 / 120.0,
                                 1 / 720.0,     1 / 5040.0,     1 / 40320.0,     1 / 362880.0,
                                 1 / 3628800.0, 1 / 39916800.0, 1 / 479001600.0, 1 / 6227020800.0};
  return polynomial(c, r);
}

HWY_INLINE V nan_of(V x, V result) { return hn::IfThenElse(hn::IsNaN(x), x, result); }

struct Exp {
  HWY_INLINE V operator()(V x) const {
    // Beyond, all is 0 or infinite.
    const auto [n, r] = reduce(hn::Min(hn::Max(x, number(-746)), number(710)));
    const V e = hn::Add(hn::MulAdd(hn::Mul(r, r), exponential_rest(r), r), number(1));
    // 2ⁿ may be beyond double where eˣ is not.
    const V half = hn::Sub(hn::MulAdd(n, number(0.5), number(to_last_bits)), number(to_last_bits));
    const V a = power_of_two(hn::Add(half, number(to_last_bits)));
    const V b = power_of_two(hn::Add(hn::Sub(n, half), number(to_last_bits)));
    return nan_of(x, hn::Mul(hn::Mul(e, a), b));
  }
};

/// eˣ − 1 for 0 ≤ x ≤ 700
HWY_INLINE V expm1_of_positive(V x) {
  const auto [n, r] = reduce(x);
  const V e = hn::MulAdd(hn::Mul(r, r), exponential_rest(r), r);
  // 2ⁿ e + (2ⁿ − 1)
  const V power = power_of_two(hn::Add(n, number(to_last_bits)));
  return hn::MulAdd(power, e, hn::Sub(power, number(1)));
}

/// log(x) for x > 0 and not infinite: x = 2ᵏ (1 + f) with ½√2 ≤ 1 + f < √2, and with s = f / (2 + f)
/// log(1 + f) = 2 artanh s = f − s (f − R), R = Σ 2 s²ᵏ / (2k + 1).
HWY_INLINE V log_of_positive(V x) {
  const auto tiny = hn::Lt(x, number(0x1p-1022));
  x = hn::IfThenElse(tiny, hn::Mul(x, number(0x1p54)), x);
  const auto above = hn::Sub(hn::BitCast(bits, x), hn::BitCast(bits, number(0x1.6a09e667f3bcdp-1)));
  // The exponent, rounded down after division by ½√2, moved by 1024 so that it is positive
  const auto biased = hn::ShiftRight<52>(hn::Add(above, hn::Set(bits, std::uint64_t{1024} << 52)));
  const V m = hn::BitCast(
      d, hn::Sub(hn::BitCast(bits, x), hn::ShiftLeft<52>(hn::Sub(biased, hn::Set(bits, std::uint64_t{1024})))));
  V k = hn::Sub(hn::BitCast(d, hn::Or(biased, hn::BitCast(bits, number(0x1p52)))), number(0x1p52 + 1024));
  k = hn::Sub(k, hn::IfThenElseZero(tiny, number(54)));
  const V f = hn::Sub(m, number(1));
  const V s = hn::Div(f, hn::Add(f, number(2)));
  const V square = hn::Mul(s, s);
  static constexpr double c[] = {2 / 3.0,  2 / 5.0,  2 / 7.0,  2 / 9.0,  2 / 11.0,
                                 2 / 13.0, 2 / 15.0, 2 / 17.0, 2 / 19.0, 2 / 21.0};
  const V R = hn::Mul(polynomial(c, square), square);
  const V small = hn::NegMulAdd(s, hn::Sub(f, R), hn::Mul(k, number(ln2_low)));
  return hn::MulAdd(k, number(ln2_high), hn::Add(f, small));
}

struct Log {
  HWY_INLINE V operator()(V x) const {
    V y = log_of_positive(x);
    y = hn::IfThenElse(hn::Eq(x, number(infinity)), x, y);
    y = hn::IfThenElse(hn::Eq(x, number(0)), number(-infinity), y);
    y = hn::IfThenElse(hn::Lt(x, number(0)), hn::NaN(d), y);
    return nan_of(x, y);
  }
};

/// log(1 + x) for x ≥ 0 and not infinite
HWY_INLINE V log1p_of(V x) {
  // u = 1 + x as rounded, and what rounding has lost of it
  const V u = hn::Add(x, number(1)), of_x = hn::Sub(u, number(1));
  const V lost = hn::Add(hn::Sub(number(1), hn::Sub(u, of_x)), hn::Sub(x, of_x));
  return hn::Add(log_of_positive(u), hn::Div(lost, u));
}

struct Log1p {
  HWY_INLINE V operator()(V x) const {
    V y = log1p_of(x);
    y = hn::IfThenElse(hn::Eq(x, number(infinity)), x, y);
    y = hn::IfThenElse(hn::Eq(x, number(-1)), number(-infinity), y);
    y = hn::IfThenElse(hn::Lt(x, number(-1)), hn::NaN(d), y);
    return hn::IfThenElse(hn::Lt(hn::Abs(x), number(0x1p-54)), x, nan_of(x, y));
  }
};

struct Tanh {
  HWY_INLINE V operator()(V x) const {
    // From 22 on, the next double is 1.
    const V t = expm1_of_positive(hn::Min(hn::Mul(hn::Abs(x), number(2)), number(44)));
    return nan_of(x, hn::CopySign(hn::Div(t, hn::Add(t, number(2))), x));
  }
};

struct Sigmoid {
  HWY_INLINE V operator()(V x) const {
    const V e = Exp()(hn::Neg(hn::Abs(x)));
    const V numerator = hn::IfThenElse(hn::Lt(x, number(0)), e, number(1));
    return nan_of(x, hn::Div(numerator, hn::Add(e, number(1))));
  }
};

struct SigmoidSlope {
  HWY_INLINE V operator()(V x) const {
    const V e = Exp()(hn::Neg(hn::Abs(x))), sum = hn::Add(e, number(1));
    return nan_of(x, hn::Div(e, hn::Mul(sum, sum)));
  }
};

struct Softplus {
  HWY_INLINE V operator()(V x) const {
    const V e = Exp()(hn::Neg(hn::Abs(x)));
    // log(1 + e) = e, where e is below the last bit of 1: log1p would lose it as a subnormal number.
    const V rest = hn::IfThenElse(hn::Lt(e, number(0x1p-54)), e, log1p_of(e));
    return nan_of(x, hn::Add(hn::Max(x, number(0)), rest));
  }
};

struct LogCosh {
  HWY_INLINE V operator()(V x) const {
    // Up to 1 log(1 + (cosh x − 1)), where cosh x − 1 = Σ x²ᵏ⁺² / (2k + 2)!; beyond, |x| + log(1 + e^{−2|x|}) − log 2.
    static constexpr double c[] = {1 / 2.0,
                                   1 / 24.0,
                                   1 / 720.0,
                                   1 / 40320.0,
                                   1 / 3628800.0,
                                   1 / 479001600.0,
                                   1 / 87178291200.0,
                                   1 / 20922789888000.0,
                                   1 / 6402373705728000.0,
                                   0};
    const V size = hn::Abs(x), square = hn::Mul(x, x);
    const auto near = hn::Lt(size, number(1));
    const V y =
        log1p_of(hn::IfThenElse(near, hn::Mul(square, polynomial(c, square)), Exp()(hn::Mul(size, number(-2)))));
    const V far = hn::Add(hn::Sub(size, number(0x1.62e42fefa39efp-1)), hn::Sub(y, number(0x1.abc9e3b39803fp-56)));
    return nan_of(x, hn::IfThenElse(near, y, far));
  }
};

template <class Function>
void each(const double* x, std::ptrdiff_t count, double* y) {
  constexpr auto lanes = static_cast<std::ptrdiff_t>(hn::MaxLanes(d));
  const Function function;
  std::ptrdiff_t i = 0;
  for (; i + lanes <= count; i += lanes) hn::StoreU(function(hn::LoadU(d, x + i)), d, y + i);
  if (i == count) return;
  HWY_ALIGN double last[lanes] = {};
  std::copy(x + i, x + count, last);
  hn::Store(function(hn::Load(d, last)), d, last);
  std::copy(last, last + (count - i), y + i);
}

}  // namespace

void running_softmax(double beta, const double* h, std::ptrdiff_t count, double& m, double& s, double* factors,
                     double* f) {
  // e³⁰ times a product of weights is far from the largest float.
  constexpr double most_exponent = 30;
  constexpr std::ptrdiff_t panel = panel_rows;
  constexpr auto lanes = static_cast<std::ptrdiff_t>(hn::MaxLanes(d)), vectors = panel / lanes;
  for (std::ptrdiff_t first = 0; first < count; first += panel) {
    HWY_ALIGN double last[panel];
    const std::ptrdiff_t left = count - first;
    const double* from = h + first;
    if (left < panel) {
      std::fill(std::copy(from, from + left, last), last + panel, -infinity);
      from = last;
    }
    V x[vectors];
    HWY_UNROLL(8) for (std::ptrdiff_t v = 0; v < vectors; ++v) x[v] = hn::LoadU(d, from + v * lanes);
    V top = x[0];
    HWY_UNROLL(8) for (std::ptrdiff_t v = 1; v < vectors; ++v) top = hn::Max(top, x[v]);
    const double largest = hn::GetLane(hn::MaxOfLanes(d, top));
    double factor = 1;
    if (beta * (largest - m) > most_exponent) {
      if (std::isfinite(m)) factor = std::exp(beta * (m - largest));
      m = largest;
    }
    *factors++ = factor;
    // As long as all of h is −∞, so is its distance from m.
    const V origin = number(m == -infinity ? 0 : m);
    double* into = left < panel ? last : f + first;
    V sum = hn::Zero(d);
    HWY_UNROLL(8) for (std::ptrdiff_t v = 0; v < vectors; ++v) {
      const V e = Exp()(hn::Mul(number(beta), hn::Sub(x[v], origin)));
      hn::StoreU(e, d, into + v * lanes);
      sum = hn::Add(sum, e);
    }
    s = s * factor + hn::GetLane(hn::SumOfLanes(d, sum));
    if (left < panel) std::copy(last, last + left, f + first);
  }
}

// Defined as functions of this namespace, because only such are exported.
void exp_each(const double* x, std::ptrdiff_t count, double* y) { each<Exp>(x, count, y); }
void log_each(const double* x, std::ptrdiff_t count, double* y) { each<Log>(x, count, y); }
void log1p_each(const double* x, std::ptrdiff_t count, double* y) { each<Log1p>(x, count, y); }
void tanh_each(const double* x, std::ptrdiff_t count, double* y) { each<Tanh>(x, count, y); }
void sigmoid_each(const double* x, std::ptrdiff_t count, double* y) { each<Sigmoid>(x, count, y); }
void sigmoid_slope_each(const double* x, std::ptrdiff_t count, double* y) { each<SigmoidSlope>(x, count, y); }
void softplus_each(const double* x, std::ptrdiff_t count, double* y) { each<Softplus>(x, count, y); }
void log_cosh_each(const double* x, std::ptrdiff_t count, double* y) { each<LogCosh>(x, count, y); }

}  // namespace HWY_NAMESPACE
}  // namespace hamlet::kernel
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace hamlet::kernel {

HWY_EXPORT(exp_each);
HWY_EXPORT(log_each);
HWY_EXPORT(log1p_each);
HWY_EXPORT(tanh_each);
HWY_EXPORT(sigmoid_each);
HWY_EXPORT(sigmoid_slope_each);
HWY_EXPORT(softplus_each);
HWY_EXPORT(log_cosh_each);
HWY_EXPORT(running_softmax);

void exp(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(exp_each)(x, count, y); }
void log(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(log_each)(x, count, y); }
void log1p(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(log1p_each)(x, count, y); }
void tanh(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(tanh_each)(x, count, y); }
void sigmoid(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(sigmoid_each)(x, count, y); }
void sigmoid_slope(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(sigmoid_slope_each)(x, count, y); }
void softplus(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(softplus_each)(x, count, y); }
void log_cosh(const double* x, Index count, double* y) { HWY_DYNAMIC_DISPATCH(log_cosh_each)(x, count, y); }
void softmax(double beta, const double* h, Index count, double& m, double& s, double* factors, double* f) {
  HWY_DYNAMIC_DISPATCH(running_softmax)(beta, h, count, m, s, factors, f);
}

}  // namespace hamlet::kernel
#endif

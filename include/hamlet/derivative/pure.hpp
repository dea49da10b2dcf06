// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/derivative/stable.hpp>

#include <cmath>

/// Functions of a double that are known to have no effect but their result. The C library's may set errno, so that
/// compilers call them where the result is not needed, and twice where once would do: derivatives need values of slopes
/// and not always those of functions.
namespace hamlet::pure {

#if defined(__GNUC__)
#define HAMLET_TEXT_OF(X) #X
#define HAMLET_TEXT(X) HAMLET_TEXT_OF(X)
#define HAMLET_PURE(NAME, ...)                                                                                 \
  extern "C" double hamlet_pure_##NAME(__VA_ARGS__) noexcept __asm__(HAMLET_TEXT(__USER_LABEL_PREFIX__) #NAME) \
      __attribute__((const))
// One row a function of the C library, under a name by which the compiler does not know it.
HAMLET_PURE(exp, double);
HAMLET_PURE(exp2, double);
HAMLET_PURE(expm1, double);
HAMLET_PURE(log, double);
HAMLET_PURE(log2, double);
HAMLET_PURE(log10, double);
HAMLET_PURE(log1p, double);
HAMLET_PURE(pow, double, double);
#undef HAMLET_PURE
#undef HAMLET_TEXT
#undef HAMLET_TEXT_OF
inline double exp(double x) { return hamlet_pure_exp(x); }
inline double exp2(double x) { return hamlet_pure_exp2(x); }
inline double expm1(double x) { return hamlet_pure_expm1(x); }
inline double log(double x) { return hamlet_pure_log(x); }
inline double log2(double x) { return hamlet_pure_log2(x); }
inline double log10(double x) { return hamlet_pure_log10(x); }
inline double log1p(double x) { return hamlet_pure_log1p(x); }
inline double pow(double x, double y) { return hamlet_pure_pow(x, y); }
[[gnu::const, gnu::noinline]] inline double log_cosh(double x) { return hamlet::log_cosh(x); }
[[gnu::const, gnu::noinline]] inline double softplus(double x) { return hamlet::softplus(x); }
#else
using hamlet::log_cosh, hamlet::softplus;
using std::exp, std::exp2, std::expm1, std::log, std::log2, std::log10, std::log1p, std::pow;
#endif

using hamlet::sign;
using std::abs, std::fabs, std::sqrt, std::cbrt, std::hypot;
using std::acosh, std::asinh, std::atanh, std::asin, std::acos, std::atan, std::atan2, std::tan, std::erf, std::erfc;

}  // namespace hamlet::pure

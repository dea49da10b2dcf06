// SPDX-License-Identifier: MIT
#include "limits.hpp"

#include <omp.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "limits.cpp"
#include <hwy/foreach_target.h>

#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace limits::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

double read_part(const double* memory, std::size_t count) {
  const hn::CappedTag<double, 8> d;
  constexpr std::size_t line = 8, ahead = 512;
  const std::size_t lanes = hn::Lanes(d);
  auto a = hn::Zero(d), b = a, c = a, e = a;
  for (std::size_t i = 0; i + 4 * line <= count; i += 4 * line) {
    for (std::size_t k = 0; k < 4; ++k) __builtin_prefetch(memory + i + ahead + k * line);
    for (std::size_t k = 0; k < line; k += lanes) {
      a = hn::Xor(a, hn::LoadU(d, memory + i + k));
      b = hn::Xor(b, hn::LoadU(d, memory + i + line + k));
      c = hn::Xor(c, hn::LoadU(d, memory + i + 2 * line + k));
      e = hn::Xor(e, hn::LoadU(d, memory + i + 3 * line + k));
    }
  }
  return hn::GetLane(hn::SumOfLanes(d, hn::Xor(hn::Xor(a, b), hn::Xor(c, e))));
}

template <class T>
T multiply_add(double count) {
  const hn::ScalableTag<T> d;
  const auto x = hn::Set(d, T{0.5}), y = hn::Set(d, T{1});
  // Chains that begin alike would be one to the compiler.
  const auto from = [&](int first) HWY_ATTR { return hn::Set(d, static_cast<T>(first)); };
  auto a0 = from(0), a1 = from(1), a2 = from(2), a3 = from(3), a4 = from(4), a5 = from(5), a6 = from(6), a7 = from(7),
       a8 = from(8), a9 = from(9);
  const auto turns = static_cast<std::size_t>(count / (10 * static_cast<double>(hn::Lanes(d))));
  for (std::size_t turn = 0; turn < turns; ++turn) {
    a0 = hn::MulAdd(a0, x, y);
    a1 = hn::MulAdd(a1, x, y);
    a2 = hn::MulAdd(a2, x, y);
    a3 = hn::MulAdd(a3, x, y);
    a4 = hn::MulAdd(a4, x, y);
    a5 = hn::MulAdd(a5, x, y);
    a6 = hn::MulAdd(a6, x, y);
    a7 = hn::MulAdd(a7, x, y);
    a8 = hn::MulAdd(a8, x, y);
    a9 = hn::MulAdd(a9, x, y);
  }
  return hn::GetLane(a0 + a1 + a2 + a3 + a4 + a5 + a6 + a7 + a8 + a9);
}

float multiply_add_f32(double count) { return multiply_add<float>(count); }
double multiply_add_f64(double count) { return multiply_add<double>(count); }

}  // namespace limits::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace limits {

HWY_EXPORT(read_part);
HWY_EXPORT(multiply_add_f32);
HWY_EXPORT(multiply_add_f64);

double read(const void* memory, std::size_t bytes, int threads) {
  const auto* numbers = static_cast<const double*>(memory);
  const std::size_t part = bytes / sizeof(double) / static_cast<std::size_t>(threads);
  double sum = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : sum)
  for (int thread = 0; thread < threads; ++thread)
    sum += HWY_DYNAMIC_DISPATCH(read_part)(numbers + static_cast<std::size_t>(thread) * part, part);
  return sum;
}

float multiply_add_f32(double count, int threads) {
  float sum = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : sum)
  for (int thread = 0; thread < threads; ++thread) sum += HWY_DYNAMIC_DISPATCH(multiply_add_f32)(count / threads);
  return sum;
}

double multiply_add_f64(double count, int threads) {
  double sum = 0;
#pragma omp parallel for num_threads(threads) reduction(+ : sum)
  for (int thread = 0; thread < threads; ++thread) sum += HWY_DYNAMIC_DISPATCH(multiply_add_f64)(count / threads);
  return sum;
}

}  // namespace limits
#endif

// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/interaction.hpp>

#include "spin/interaction_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

namespace hamlet {

using boost::multiprecision::cpp_int;

WideReal Dyadic::nearest() const {
  if (mantissa == 0) return 0;
  const cpp_int size = boost::multiprecision::abs(mantissa);
  // 63 bits of it
  const auto beyond = std::max<std::int64_t>(0, static_cast<std::int64_t>(msb(size)) - 62);
  const auto leading = static_cast<double>(static_cast<std::int64_t>(size >> static_cast<unsigned>(beyond)));
  return {mantissa < 0 ? -leading : leading, exponent + beyond};
}

InteractionTable::InteractionTable(const std::vector<WideReal>& values) : values_(values) {
  for (std::size_t h = 0; h < values.size(); ++h) {
    if (std::isfinite(values[h].mantissa())) continue;
    throw ValueError(fmt::format("interaction: F({}) is {}", 2 * static_cast<Index>(h) - spins(), values[h].text()));
  }
  differences_.emplace_back(0);
  exact_.emplace_back();
  for (std::size_t h = 1; h < values.size(); ++h) {
    const WideReal& difference = differences_.emplace_back(values[h] - values[h - 1]);
    exact_.push_back({static_cast<std::int64_t>(std::ldexp(difference.mantissa(), 53)), difference.exponent() - 53});
  }
  differences_.emplace_back(0);
  exact_.emplace_back();
  look_at_range();

  std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = std::numeric_limits<std::int64_t>::min();
  for (const WideReal& difference : differences_) {
    if (difference.sign() == 0) continue;
    least = std::min(least, difference.exponent());
    most = std::max(most, difference.exponent());
  }
  if (most > least && most - least > (std::int64_t{1} << 24))
    throw ValueError(
        fmt::format("interaction: differences of F are from 2^{} to 2^{}: more than 2^(2^24) apart", least, most));
}

InteractionTable::InteractionTable(const std::vector<cpp_int>& values) {
  for (const cpp_int& value : values) values_.push_back(Dyadic{value}.nearest());
  exact_.emplace_back();
  for (std::size_t h = 1; h < values.size(); ++h) exact_.push_back({values[h] - values[h - 1]});
  exact_.emplace_back();
  for (const Dyadic& difference : exact_) differences_.push_back(difference.nearest());
  look_at_range();
}

void InteractionTable::look_at_range() {
  for (const WideReal& difference : differences_) {
    const double d = difference.value();
    if (d != std::nearbyint(d)) largest_whole_ = std::numeric_limits<double>::infinity();
    largest_whole_ = std::max(largest_whole_, std::abs(d));
    // So many sums of them do not overflow either.
    if (std::abs(difference.exponent()) > 900) in_doubles_ = false;
  }
  for (const WideReal& value : values_)
    if (std::abs(value.exponent()) > 900) in_doubles_ = false;
}

Dyadic InteractionTable::sum(std::span<const std::int64_t> counts) const {
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (std::size_t h = 0; h < counts.size(); ++h)
    if (counts[h] != 0 && exact_[h].mantissa != 0) least = std::min(least, exact_[h].exponent);
  Dyadic sum;
  for (std::size_t h = 0; h < counts.size(); ++h) {
    if (counts[h] == 0 || exact_[h].mantissa == 0) continue;
    sum.exponent = least;
    sum.mantissa += (exact_[h].mantissa * counts[h]) << static_cast<unsigned>(exact_[h].exponent - least);
  }
  return sum;
}

std::shared_ptr<const InteractionTable> tabulate(const std::vector<WideReal>& values) {
  return std::make_shared<const InteractionTable>(values);
}

namespace interaction {
namespace {

std::shared_ptr<const InteractionTable> table_of_powers(Index spins, int n, bool rectified) {
  std::vector<cpp_int> values;
  for (Index x = -spins; x <= spins; x += 2)
    values.push_back(rectified && x < 0 ? cpp_int(0) : pow(cpp_int(x), static_cast<unsigned>(n)));
  return std::make_shared<const InteractionTable>(values);
}

void check_degree(const char* of, int n) {
  if (n < 1) throw ValueError(fmt::format("{}: n is {}: it must be positive", of, n));
}

}  // namespace

std::shared_ptr<const InteractionTable> Power::table(Index spins) const { return table_of_powers(spins, n, false); }
void Power::validate() const { check_degree("Power", n); }
std::string Power::name() const { return fmt::format("Power(n = {})", n); }

std::shared_ptr<const InteractionTable> RectifiedPower::table(Index spins) const {
  return table_of_powers(spins, n, true);
}
void RectifiedPower::validate() const { check_degree("RectifiedPower", n); }
std::string RectifiedPower::name() const { return fmt::format("RectifiedPower(n = {})", n); }

}  // namespace interaction
}  // namespace hamlet

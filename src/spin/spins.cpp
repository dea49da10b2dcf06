// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/spin/spins.hpp>

#include "spin/chance.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <ostream>

namespace hamlet {

Spins::Spins(Index size) : size_(size) {
  if (size < 0) throw ShapeError(fmt::format("Spins: {} spins", size));
  words_.resize(word(size + 63));
}

Spins::Spins(std::initializer_list<int> signs) : Spins(static_cast<Index>(signs.size())) {
  Index i = 0;
  for (const int spin : signs) {
    if (spin != 1 && spin != -1) throw ValueError(fmt::format("Spins: spin {} is {}: it must be 1 or -1", i, spin));
    set(i++, spin);
  }
}

Spins Spins::sign(const Eigen::Ref<const Vector<double>>& x) {
  Spins spins(x.size());
  for (Index i = 0; i < x.size(); ++i) {
    if (x[i] == 0 || std::isnan(x[i]))
      throw ValueError(fmt::format("Spins::sign: entry {} is {}, which has no sign", i, x[i]));
    spins.set(i, x[i] > 0 ? 1 : -1);
  }
  return spins;
}

Spins Spins::random(Index size, Random& random) {
  Spins spins(size);
  for (std::uint64_t& word : spins.words_) word = random();
  spins.clear_rest();
  return spins;
}

void Spins::clear_rest() {
  if (size_ % 64 != 0) words_.back() &= (std::uint64_t{1} << (size_ % 64)) - 1;
}

Spins Spins::operator-() const {
  Spins negative = *this;
  for (std::uint64_t& word : negative.words_) word = ~word;
  negative.clear_rest();
  return negative;
}

Spins Spins::with_flips(Index count, Random& random) const {
  if (count < 0 || count > size_)
    throw ValueError(fmt::format("Spins::with_flips: {} of {} spins cannot be flipped", count, size_));
  std::vector<Index> sites(static_cast<std::size_t>(size_));
  std::iota(sites.begin(), sites.end(), Index{0});
  Spins flipped = *this;
  for (Index k = 0; k < count; ++k) {
    std::swap(sites[static_cast<std::size_t>(k)], sites[static_cast<std::size_t>(k + chance(size_ - k, random))]);
    flipped.flip(sites[static_cast<std::size_t>(k)]);
  }
  return flipped;
}

Vector<double> Spins::column() const {
  return Vector<double>::NullaryExpr(size_, [&](Index i) { return (*this)[i]; });
}

Index Spins::sum() const {
  Index up = 0;
  for (const std::uint64_t word : words_) up += std::popcount(word);
  return 2 * up - size_;
}

std::string Spins::text() const {
  std::string text;
  for (Index i = 0; i < std::min<Index>(size_, 64); ++i) text += (*this)[i] > 0 ? '+' : '-';
  if (size_ > 64) text += fmt::format("… ({} spins)", size_);
  return text;
}

std::ostream& operator<<(std::ostream& out, const Spins& spins) { return out << spins.text(); }

Index overlap(const Spins& a, const Spins& b) {
  if (a.size() != b.size()) throw ShapeError(fmt::format("overlap: of {} and {} spins", a.size(), b.size()));
  Index differ = 0;
  for (std::size_t w = 0; w < a.words().size(); ++w) differ += std::popcount(a.words()[w] ^ b.words()[w]);
  return a.size() - 2 * differ;
}

}  // namespace hamlet

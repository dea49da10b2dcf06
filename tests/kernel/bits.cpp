// SPDX-License-Identifier: MIT
#include "kernel/bits.hpp"

// As there: the instruction set that counts bits is tried too.
#define HWY_WANT_AVX3_DL
#include "kernel/for_every_target.hpp"

#include <cstdlib>
#include <random>
#include <vector>

namespace {

using namespace hamlet;
using Word = std::uint64_t;

constexpr Index sizes[] = {1, 5, 8, 63, 64, 65, 100, 127, 500, 512, 513, 784, 1000, 1024, 2000, 65'472, 65'600};

std::vector<Word> random_bits(Index size, std::mt19937_64& random) {
  std::vector<Word> words(static_cast<std::size_t>((size + 511) / 512 * 8));
  for (Index k = 0; k < size; ++k) words[static_cast<std::size_t>(k / 64)] |= (random() & 1) << (k % 64);
  return words;
}

bool is_set(const Word* words, Index k) { return ((words[k / 64] >> (k % 64)) & 1) != 0; }

}  // namespace

BOOST_AUTO_TEST_SUITE(bits)

BOOST_AUTO_TEST_CASE(overlaps_are_products_of_signs) {
  laws::for_every_target([] {
    std::mt19937_64 random(1);
    for (const Index size : sizes) {
      // More rows than are counted together, and others beyond
      const int count = size < 2000 ? 75 : 5;
      const std::vector<Word> sigma = random_bits(size, random);
      std::vector<Word> rows;
      std::vector<int> expected;
      for (int row = 0; row < count; ++row) {
        const std::vector<Word> xi = random_bits(size, random);
        rows.insert(rows.end(), xi.begin(), xi.end());
        int sum = 0;
        for (Index k = 0; k < size; ++k) sum += is_set(xi.data(), k) == is_set(sigma.data(), k) ? 1 : -1;
        expected.push_back(sum);
      }
      std::vector<int> found(static_cast<std::size_t>(count));
      // No more words than there are spins in.
      const std::vector<Word> exactly(sigma.begin(), sigma.begin() + (size + 63) / 64);
      kernel::overlaps(rows.data(), static_cast<Index>(sigma.size()), count, exactly.data(), size, found.data());
      BOOST_TEST(found == expected, boost::test_tools::per_element());
    }
  });
}

BOOST_AUTO_TEST_CASE(sums_and_steps_go_by_the_bits) {
  laws::for_every_target([] {
    std::mt19937_64 random(2);
    for (const Index size : sizes) {
      // The largest there may be too, whose sums have more than 32 bits.
      for (const std::int32_t largest : {3, 1000, 0x7fffffff}) {
        const std::vector<Word> bits = random_bits(size, random);
        std::uniform_int_distribution<std::int32_t> number(-largest, largest);
        std::vector<std::int32_t> x(static_cast<std::size_t>(kernel::padded(size)), 12345);
        for (Index k = 0; k < size; ++k)
          x[static_cast<std::size_t>(k)] = largest == 0x7fffffff ? largest : number(random);
        std::int64_t sum = 0;
        for (Index k = 0; k < size; ++k) sum += is_set(bits.data(), k) ? x[static_cast<std::size_t>(k)] : 0;
        BOOST_TEST(kernel::sum_where_set(bits.data(), x.data(), size, largest) == sum);
        if (largest == 0x7fffffff) continue;
        std::vector<std::int32_t> stepped = x, expected = x;
        kernel::step_by_sign(bits.data(), -2, stepped.data(), size);
        for (Index k = 0; k < size; ++k) expected[static_cast<std::size_t>(k)] += is_set(bits.data(), k) ? -2 : 2;
        stepped.resize(static_cast<std::size_t>(size));
        expected.resize(static_cast<std::size_t>(size));
        BOOST_TEST(stepped == expected, boost::test_tools::per_element());
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(numbers_of_16_bits_are_summed_and_stepped_alike) {
  laws::for_every_target([] {
    std::mt19937_64 random(4);
    for (const Index size : sizes) {
      const auto count = static_cast<std::size_t>(kernel::padded(size));
      for (const auto largest : {std::int16_t{3}, std::int16_t{1000}, std::int16_t{0x7fff}}) {
        std::vector<std::vector<Word>> bits;
        std::vector<std::int16_t> x(count, 12345), all(count, largest);
        std::uniform_int_distribution<int> number(-largest, largest);
        for (Index k = 0; k < size; ++k) x[static_cast<std::size_t>(k)] = static_cast<std::int16_t>(number(random));
        std::vector<std::int64_t> expected, of_all;
        for (int r = 0; r < 4; ++r) {
          bits.push_back(random_bits(size, random));
          std::int64_t sum = 0, set = 0;
          for (Index k = 0; k < size; ++k) {
            if (!is_set(bits.back().data(), k)) continue;
            sum += x[static_cast<std::size_t>(k)];
            ++set;
          }
          expected.push_back(sum);
          of_all.push_back(set * largest);
          BOOST_TEST(kernel::set_bits(bits.back().data(), size) == set);
          BOOST_TEST(kernel::sum_where_set(bits.back().data(), x.data(), size, largest) == sum);
          BOOST_TEST(kernel::sum_where_set(bits.back().data(), all.data(), size, largest) == set * largest);
        }
        const std::vector<const Word*> four{bits[0].data(), bits[1].data(), bits[2].data(), bits[3].data()};
        std::vector<std::int64_t> found(4);
        kernel::four_sums_where_set(four.data(), x.data(), size, largest, found.data());
        BOOST_TEST(found == expected, boost::test_tools::per_element());
        kernel::four_sums_where_set(four.data(), all.data(), size, largest, found.data());
        BOOST_TEST(found == of_all, boost::test_tools::per_element());

        // Not beyond 16 bits
        if (largest == 0x7fff) continue;
        std::vector<std::int16_t> stepped = x;
        kernel::step_by_sign(four[0], std::int16_t{-2}, stepped.data(), size);
        stepped.resize(static_cast<std::size_t>(size));
        for (Index k = 0; k < size; ++k)
          x[static_cast<std::size_t>(k)] =
              static_cast<std::int16_t>(x[static_cast<std::size_t>(k)] + (is_set(four[0], k) ? -2 : 2));
        x.resize(stepped.size());
        BOOST_TEST(stepped == x, boost::test_tools::per_element());
      }
    }
  });
}

BOOST_AUTO_TEST_CASE(sums_of_either) {
  laws::for_every_target([] {
    std::mt19937_64 random(3);
    for (const Index size : sizes) {
      const std::vector<Word> bits = random_bits(size, random);
      // Whole, so that any order gives the same sum
      std::vector<double> x(static_cast<std::size_t>(kernel::padded(size))), y = x;
      double sum = 0;
      for (Index k = 0; k < size; ++k) {
        const auto at = static_cast<std::size_t>(k);
        x[at] = static_cast<double>(random() >> 30);
        y[at] = -static_cast<double>(random() >> 30);
        sum += is_set(bits.data(), k) ? x[at] : y[at];
      }
      BOOST_TEST(kernel::sum_of_either(bits.data(), x.data(), y.data(), size) == sum);
    }
  });
}

BOOST_AUTO_TEST_SUITE_END()

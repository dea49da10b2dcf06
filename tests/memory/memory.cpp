// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/memory/memory.hpp>

#include <boost/test/unit_test.hpp>

#include <cmath>
#include <random>

using hamlet::Index;
using hamlet::Memory;
using hamlet::Recall;
using hamlet::State;

namespace {

Eigen::MatrixXd normal_matrix(Index rows, Index columns, std::mt19937_64& random) {
  std::normal_distribution<double> normal;
  return Eigen::MatrixXd::NullaryExpr(rows, columns, [&] { return normal(random); });
}

}  // namespace

BOOST_AUTO_TEST_SUITE(memory)

BOOST_AUTO_TEST_CASE(the_energy_is_that_of_the_nearest_memories) {
  for (unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    const Eigen::MatrixXd rows = normal_matrix(12, 7, random);
    const State cues = normal_matrix(7, 5, random);
    const double beta = 0.3 * seed;
    const Memory memory(rows, {.beta = beta});
    const Recall recall = memory.recall(cues);
    for (Index sample = 0; sample < 5; ++sample) {
      // −β⁻¹ log Σ_μ exp(−½β ‖v − ξ_μ‖²), in long double, term by term
      long double sum = 0;
      for (Index row = 0; row < 12; ++row) {
        sum += std::exp(-0.5L * beta * (rows.row(row).transpose() - cues.col(sample)).squaredNorm());
      }
      BOOST_TEST(recall.cue_energy[sample] == static_cast<double>(-std::log(sum) / beta),
                 boost::test_tools::tolerance(1e-12));
    }
    BOOST_TEST(recall.verdict.descends, recall.verdict.text());
  }
}

BOOST_AUTO_TEST_CASE(noisy_memories_come_back) {
  for (unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    const Eigen::MatrixXd rows = 20 * normal_matrix(60, 100, random).array() + 300;
    const State cues = rows.topRows(10).transpose() + 10 * normal_matrix(100, 10, random);
    const Memory memory(rows);
    const Recall recall = memory.recall(cues);
    for (Index sample = 0; sample < 10; ++sample) {
      BOOST_TEST(recall.nearest[static_cast<std::size_t>(sample)] == sample);
      BOOST_TEST(recall.distance[sample] < 0.05 * rows.row(sample).norm());
      BOOST_TEST(recall.overlap[sample] > 0.99);
      BOOST_TEST(recall.residual[sample] < 1e-6);
      BOOST_TEST(recall.energy[sample] < recall.cue_energy[sample]);
    }
    BOOST_TEST((recall.outcome.status == hamlet::Status::settled));
    BOOST_TEST(recall.verdict.descends, recall.verdict.text());
  }
}

BOOST_AUTO_TEST_CASE(the_origin_and_the_unit_do_not_matter) {
  std::mt19937_64 random(11);
  const Eigen::MatrixXd rows = normal_matrix(20, 30, random);
  const State cues = rows.topRows(4).transpose() + 0.5 * normal_matrix(30, 4, random);
  const double scale = 37;
  const Eigen::RowVectorXd shift = normal_matrix(1, 30, random) * 5;
  const Memory::Options exact{
      .beta = {}, .integration = {.stepper = hamlet::DormandPrince{1e-9, 1e-12}, .end = 1000, .settled = 1e-9}};
  const Memory memory(rows, exact);
  const Memory moved((scale * rows).rowwise() + shift, exact);
  BOOST_TEST(moved.beta() * scale * scale == memory.beta(), boost::test_tools::tolerance(1e-10));
  const State expected = (scale * memory.recall(cues).state).colwise() + shift.transpose();
  const State found = moved.recall((scale * cues).colwise() + shift.transpose()).state;
  BOOST_TEST((found - expected).norm() < 1e-6 * expected.norm());
}

BOOST_AUTO_TEST_CASE(storing_in_parts_is_storing_at_once) {
  std::mt19937_64 random(5);
  const Eigen::MatrixXd rows = normal_matrix(9, 6, random);
  const State cues = normal_matrix(6, 3, random);
  const Memory whole(rows);
  Memory parts(rows.topRows(2));
  parts.store(rows.middleRows(2, 4));
  parts.store(rows.bottomRows(3));
  BOOST_TEST(bool(parts.rows() == rows));
  BOOST_TEST(parts.beta() == whole.beta());
  BOOST_TEST(bool(parts.recall(cues).state == whole.recall(cues).state));
}

BOOST_AUTO_TEST_CASE(a_single_memory_and_equal_memories_are_recalled_too) {
  const Eigen::MatrixXd row = Eigen::MatrixXd::Constant(1, 4, 2.5);
  const State cue = State::Zero(4, 1);
  BOOST_TEST((Memory(row).recall(cue).state - row.transpose()).norm() < 1e-5);
  const Memory twins(row.replicate(3, 1));
  BOOST_TEST((twins.recall(cue).state - row.transpose()).norm() < 1e-5);
  BOOST_TEST(twins.recall(cue).overlap[0] == 0.0);
}

BOOST_AUTO_TEST_CASE(mistakes_are_told_at_once) {
  Eigen::MatrixXd rows = Eigen::MatrixXd::Identity(3, 4);
  BOOST_CHECK_THROW(Memory(Eigen::MatrixXd(0, 4)), hamlet::ShapeError);
  BOOST_CHECK_THROW(Memory(rows, {.beta = -1}), hamlet::ValueError);
  BOOST_CHECK_THROW(Memory(rows, {.beta = std::nan("")}), hamlet::ValueError);
  Memory memory(rows);
  BOOST_CHECK_THROW(memory.store(Eigen::MatrixXd::Ones(1, 5)), hamlet::ShapeError);
  BOOST_CHECK_THROW(memory.recall(State::Zero(3, 2)), hamlet::ShapeError);
  State cues = State::Zero(4, 3);
  cues(1, 2) = std::nan("");
  BOOST_CHECK_EXCEPTION(memory.recall(cues), hamlet::ValueError, [](const hamlet::Error& error) {
    return std::string(error.what()).starts_with("cue 2 has nan at position 1");
  });
  rows(1, 2) = std::nan("");
  BOOST_CHECK_EXCEPTION(Memory{rows}, hamlet::ValueError, [](const hamlet::Error& error) {
    return std::string(error.what()).find("memory 1 has nan at position 2") != std::string::npos;
  });
}

BOOST_AUTO_TEST_SUITE_END()

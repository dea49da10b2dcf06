// SPDX-License-Identifier: MIT
#include <hamlet/core/error.hpp>
#include <hamlet/dynamics/integrate_each.hpp>
#include <hamlet/dynamics/trajectory.hpp>

#include <boost/test/unit_test.hpp>

#include <numeric>
#include <stdexcept>
#include <vector>

#include "dynamics/problems.hpp"
#include "dynamics/steppers.hpp"

using namespace hamlet;

namespace {

/// How often systems that came from one were called, and for how many columns in all.
struct Calls {
  long calls = 0, columns = 0, energies = 0;
};

/// ẋᵢ = r (xᵢ (1 − xᵢ) + ½ (xᵢ₊₁ − xᵢ)), a rate r a sample: steps that suit one sample are too long for another. A bad
/// sample's values are `bad` once x₀ > ½. E = ½‖x‖², residual ‖2ẋ/r‖∞.
struct Growth {
  std::vector<double> rates;
  std::vector<double> bad;  // one a sample
  Calls* calls;

  Growth restricted_to(std::span<const Index> samples) const {
    Growth some{{}, {}, calls};
    for (const Index sample : samples) {
      some.rates.push_back(rates.at(std::size_t(sample)));
      some.bad.push_back(bad.at(std::size_t(sample)));
    }
    return some;
  }

  void operator()(const State& x, State& dxdt, double) {
    BOOST_REQUIRE(x.cols() == Index(rates.size()));
    ++calls->calls;
    calls->columns += x.cols();
    const Index n = x.rows();
    for (Index sample = 0; sample < x.cols(); ++sample)
      for (Index i = 0; i < n; ++i) {
        const double at = x(i, sample), next = x((i + 1) % n, sample);
        dxdt(i, sample) = rates[std::size_t(sample)] * (at * (1 - at) + 0.5 * (next - at));
        if (x(0, sample) > 0.5) dxdt(i, sample) += bad[std::size_t(sample)];
      }
  }
  void energy_at_last(const State& x, Energies& energies) const {
    ++calls->energies;
    energies = 0.5 * x.colwise().squaredNorm();
  }
  double residual(const State& derivative) const {
    return 2 * derivative.lpNorm<Eigen::Infinity>() / rates.front();  // asked of one sample at a time
  }
  double smallest_time_constant() const { return 0.3; }
};

Growth growth(Index samples, Calls& calls) {
  Growth system{{}, std::vector<double>(std::size_t(samples), 0.0), &calls};
  for (Index sample = 0; sample < samples; ++sample) system.rates.push_back(std::pow(4, double(sample % 3)));
  return system;
}

/// Every number an observer is told, to be compared bit for bit; and a point of dense output a step.
struct Diary {
  std::vector<double> told;
  Status status{};
  long finished = 0;

  void operator()(const Evaluation& now) {
    BOOST_TEST(now.state.cols() == 1);
    const auto tell = [&](const auto& x) { told.insert(told.end(), x.data(), x.data() + x.size()); };
    told.insert(told.end(), {double(now.step), now.time, now.residual, now.previous_time});
    tell(now.state);
    tell(now.derivative);
    tell(now.previous_state);
    tell(now.previous_derivative);
    tell(*now.energies);
    State between;
    Energies energies;
    now.interpolate(0.3 * now.previous_time + 0.7 * now.time, between);
    now.energies_of(between, now.time, energies);
    tell(between);
    tell(energies);
  }
  void finish(const Outcome& outcome) {
    status = outcome.status;
    ++finished;
  }
};

struct Diaries {
  std::vector<Diary> of;
  void operator()(Index sample, const Evaluation& now) { of.at(std::size_t(sample))(now); }
  void finish(Index sample, const Outcome& outcome) { of.at(std::size_t(sample)).finish(outcome); }
};

void compare(const Outcome& each, const Outcome& alone) {
  BOOST_TEST(each.status == alone.status);
  BOOST_TEST(each.time == alone.time);
  BOOST_TEST(each.statistics.steps == alone.statistics.steps);
  BOOST_TEST(each.statistics.rejected == alone.statistics.rejected);
  BOOST_TEST(each.statistics.right_hand_sides == alone.statistics.right_hand_sides);
  BOOST_TEST(each.statistics.smallest_step == alone.statistics.smallest_step);
  BOOST_TEST(each.statistics.largest_step == alone.statistics.largest_step);
}

std::vector<std::pair<std::string, Stepper>> any_steppers() {
  std::vector<std::pair<std::string, Stepper>> list;
  for (const steppers::Method& method : steppers::all())
    if (!method.adaptive) list.emplace_back(method.name, method.at(0.01));
  for (const auto& [name, within] : steppers::controlled()) list.emplace_back(name, within(1e-6));
  return list;
}

constexpr double infinity = std::numeric_limits<double>::infinity();

}  // namespace

BOOST_AUTO_TEST_SUITE(integrate_each_)

/// All that a sample's run is, bit for bit, is what it would be alone; and all runs share their calls.
BOOST_AUTO_TEST_CASE(every_sample_runs_as_it_would_alone) {
  for (const auto& [name, stepper] : any_steppers())
    for (const Index samples : {1, 2, 7})
      for (const bool watched : {false, true}) {
        BOOST_TEST_CONTEXT(name << ", " << samples << " samples, " << (watched ? "watched" : "unwatched")) {
          const Integration how{.stepper = stepper, .begin = 0.5, .end = 9, .settled = 1e-3};
          const State start = problems::random(4, samples, 0.05, 0.4, 11);
          Calls alone, together;
          Growth system = growth(samples, alone);
          State expected(4, samples);
          std::vector<Outcome> outcomes;
          std::vector<Diary> diaries;
          for (Index sample = 0; sample < samples; ++sample) {
            State x = start.col(sample);
            Growth one = system.restricted_to({&sample, 1});
            Diary& diary = diaries.emplace_back();
            outcomes.push_back(watched ? integrate(one, x, how, diary) : integrate(one, x, how));
            expected.col(sample) = x;
          }

          system.calls = &together;
          State x = start;
          const double* memory = x.data();
          Diaries seen{std::vector<Diary>(std::size_t(samples))};
          const std::vector<Outcome> each =
              watched ? integrate_each(system, x, how, seen) : integrate_each(system, x, how);
          BOOST_TEST((x == expected));
          BOOST_TEST(x.data() == memory);
          BOOST_REQUIRE(each.size() == std::size_t(samples));
          long sum = 0, most = 0;
          for (std::size_t sample = 0; sample < each.size(); ++sample) {
            compare(each[sample], outcomes[sample]);
            sum += each[sample].statistics.right_hand_sides;
            most = std::max(most, each[sample].statistics.right_hand_sides);
            BOOST_TEST((seen.of[sample].told == diaries[sample].told));
            BOOST_TEST(seen.of[sample].finished == (watched ? 1 : 0));
            if (watched) BOOST_TEST(seen.of[sample].status == each[sample].status);
          }
          BOOST_TEST(together.calls == most);
          BOOST_TEST(together.columns == sum);
          BOOST_TEST(alone.columns == sum);
          if (!watched) BOOST_TEST(together.energies == 0);
          if (samples > 2) BOOST_TEST(sum < samples * most);  // who has settled costs nothing
        }
      }
}

/// What the system does not know is by default: ‖ẋ‖∞, no cap of the steps, no energies.
BOOST_AUTO_TEST_CASE(a_system_of_few_abilities_is_enough) {
  struct Cubic {
    Cubic restricted_to(std::span<const Index>) const { return {}; }
    void operator()(const State& x, State& dxdt, double) const { dxdt = -x.array().cube(); }
  };
  const State start = problems::random(3, 4, 0.5, 2, 5);
  State x = start;
  const auto check = [](Index, const Evaluation& now) {
    BOOST_TEST((now.energies == nullptr));
    BOOST_TEST(now.residual == now.derivative.lpNorm<Eigen::Infinity>());
  };
  const std::vector<Outcome> each = integrate_each(Cubic{}, x, {.end = 2}, check);
  for (const Outcome& outcome : each) BOOST_TEST(outcome.status == Status::end_reached);
  // x = 1/√(1/x₀² + 2t)
  BOOST_TEST(problems::largest_difference(x, (start.array().square().inverse() + 4).rsqrt().matrix()) < 1e-5);
}

BOOST_AUTO_TEST_CASE(a_sample_that_fails_leaves_the_others_alone) {
  for (const auto& [name, stepper] : any_steppers())
    for (const double bad : {std::nan(""), infinity}) {
      BOOST_TEST_CONTEXT(name << ", " << bad) {
        const Integration how{.stepper = stepper, .end = 6};
        Calls calls;
        Growth system = growth(5, calls);
        const State start = problems::random(4, 5, 0.05, 0.4, 3);
        State good = start;
        integrate_each(system, good, how);
        system.bad[1] = system.bad[4] = bad;
        State x = start;
        const std::vector<Outcome> each = integrate_each(system, x, how);
        for (const Index sample : {1, 4}) {
          BOOST_TEST(each[std::size_t(sample)].status == Status::not_finite);
          BOOST_TEST(each[std::size_t(sample)].time < 6);
          BOOST_TEST(x.col(sample).allFinite());
          BOOST_TEST(x(0, sample) <= 0.5);
        }
        for (const Index sample : {0, 2, 3}) {
          BOOST_TEST(each[std::size_t(sample)].status == Status::end_reached);
          BOOST_TEST((x.col(sample) == good.col(sample)));
        }
      }
    }
}

BOOST_AUTO_TEST_CASE(a_step_too_small_ends_one_sample) {
  struct Exploding {
    Exploding restricted_to(std::span<const Index>) const { return {}; }
    void operator()(const State& x, State& dxdt, double) const { dxdt = x.cwiseAbs2(); }
  };
  for (const auto& [name, within] : steppers::controlled()) {
    BOOST_TEST_CONTEXT(name) {
      State x(1, 3);
      x << 0.5, 1, -1;  // 1/(1/x₀ − t): the second explodes at t = 1
      const std::vector<Outcome> each = integrate_each(Exploding{}, x, {.stepper = within(1e-6), .end = 1.5});
      BOOST_TEST(each[0].status == Status::end_reached);
      BOOST_TEST(each[1].status == Status::step_too_small);
      BOOST_TEST(each[2].status == Status::end_reached);
      BOOST_TEST(std::abs(each[1].time - 1) < 1e-5);
      BOOST_TEST(x.allFinite());
      BOOST_TEST(std::abs(x(0, 0) - 2) < 1e-4);
      BOOST_TEST(std::abs(x(0, 2) + 0.4) < 1e-4);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_observer_stops_its_own_sample) {
  Calls calls;
  Growth system = growth(4, calls);
  State x = problems::random(4, 4, 0.05, 0.4, 3);
  std::vector<double> finished(4, 0.0);
  struct Stopping {
    std::vector<double>& finished;
    Proceed operator()(Index sample, const Evaluation& now) const {
      return now.step == sample + 1 && sample != 2 ? Proceed::stop : Proceed::on;
    }
    void finish(Index sample, const Outcome& outcome) const { finished[std::size_t(sample)] = outcome.time; }
  } const stopping{finished};
  const std::vector<Outcome> each = integrate_each(system, x, {.end = 3}, stopping, [](Index, const Evaluation&) {});
  for (std::size_t sample = 0; sample < 4; ++sample) {
    BOOST_TEST(each[sample].status == (sample == 2 ? Status::end_reached : Status::stopped));
    if (sample != 2) BOOST_TEST(each[sample].statistics.steps == long(sample) + 1);
    BOOST_TEST(finished[sample] == each[sample].time);
  }
  BOOST_TEST(each[2].time == 3);
}

/// What throws ends all runs, each with its last good state.
BOOST_AUTO_TEST_CASE(what_throws_ends_all_runs) {
  const State start = problems::random(4, 5, 0.05, 0.4, 3);
  for (const auto& [name, stepper] : any_steppers())
    for (const long step : {0, 1, 4}) {
      BOOST_TEST_CONTEXT(name << ", at step " << step) {
        Calls calls;
        Growth system = growth(5, calls);
        State x = start;
        State last = start;
        bool thrown = false;
        const auto throwing = [&](Index sample, const Evaluation& now) {
          BOOST_TEST(!thrown);
          last.col(sample) = now.state;
          thrown = sample == 3 && now.step == step;
          if (thrown) throw std::domain_error("enough");
        };
        BOOST_CHECK_EXCEPTION(integrate_each(system, x, {.stepper = stepper, .end = 3}, throwing), std::domain_error,
                              [](const std::domain_error& error) { return std::string(error.what()) == "enough"; });
        BOOST_TEST((x == last));
      }
    }
  struct Throwing {
    long* left;
    Throwing restricted_to(std::span<const Index>) const { return *this; }
    void operator()(const State& x, State& dxdt, double) const {
      if (--*left < 0) throw std::domain_error("no more");
      dxdt = -x;
    }
  };
  for (long calls : {0, 1, 2, 30}) {
    State x = start, last = start;
    const auto watch = [&](Index sample, const Evaluation& now) {
      BOOST_TEST(calls >= 0);
      last.col(sample) = now.state;
    };
    BOOST_CHECK_THROW(integrate_each(Throwing{&calls}, x, {.end = 100}, watch), std::domain_error);
    BOOST_TEST((x == last));
  }
}

BOOST_AUTO_TEST_CASE(what_cannot_be_run_is_refused) {
  const auto says = [](auto system, State x, const Integration& how, const std::string& naming) {
    try {
      integrate_each(system, x, how);
    } catch (const Error& error) {
      return std::string(error.what()).find(naming) != std::string::npos;
    }
    return false;
  };
  Calls calls;
  const Growth system = growth(3, calls);
  const auto whole = [](const State& x, State& dxdt, double) { dxdt = -x; };
  State x = State::Ones(2, 3);
  BOOST_TEST(says(whole, x, {.end = 1}, "no member restricted_to(samples)"));
  BOOST_CHECK_THROW(integrate_each(whole, x, {.end = 1}), ModelError);
  BOOST_TEST(says(system, x, {}, "end is not given"));
  BOOST_TEST(says(system, x, {.stepper = DormandPrince{-1}, .end = 1}, "DormandPrince"));
  x(1, 2) = std::nan("");
  BOOST_TEST(says(system, x, {.end = 1}, "nan in row 1, sample 2"));
  BOOST_TEST(says(system, State(0, 3), {.end = 1}, "holds nothing"));
}

BOOST_AUTO_TEST_SUITE_END()

// SPDX-License-Identifier: MIT
#include "lagrangian/catalogue_instances.hpp"
#include "laws/broken_models.hpp"

#include <hamlet/core/error.hpp>
#include <hamlet/monitor/audit.hpp>
#include <hamlet/synapse/dense.hpp>
#include <hamlet/synapse/lateral.hpp>

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <cmath>

using namespace hamlet;

namespace {

const Finding& finding(const Report& report, const std::string& property) {
  for (const Finding& found : report.findings) {
    if (found.property.find(property) != std::string::npos) return found;
  }
  throw std::runtime_error("no finding of " + property);
}

bool noted(const Report& report, const std::string& note) {
  return finding(report, "smallest eigenvalue").note.find(note) != std::string::npos;
}

// L = Σ x²/2 with a Hessian product that is not symmetric.
struct SkewHessian {
  double value(const Vector<double>& x) const { return 0.5 * x.squaredNorm(); }
  void activation(const Vector<double>& x, Eigen::Ref<Vector<double>> g) const { g = x; }
  void hessian_product(const Vector<double>&, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const {
    product = u;
    product[0] += u[1];
  }
};

// ½‖x‖², whose Hessian product is no number in its first entry.
struct BrokenHessian : SkewHessian {
  void hessian_product(const Vector<double>&, const Vector<double>& u, Eigen::Ref<Vector<double>> product) const {
    product = u;
    product[0] = std::nan("");
  }
};

// Dense weights that give no number when only the first current is asked for.
struct BrokenAlone : Dense {
  using Dense::Dense;
  void apply(Activations activations, Currents currents, Eigen::Ref<Energies> energies) const {
    Dense::apply(activations, currents, energies);
    if (wanted(currents[0]) && !wanted(currents[1])) currents[0](1, 1) = std::nan("");
  }
};

// F(x) = log cosh x as one would first write it: right, but infinite from |x| = 711.
struct NaiveLogCosh {
  template <class T>
  T operator()(const T& x) const {
    using std::cosh, std::log;
    return log(cosh(x));
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(audits)

BOOST_AUTO_TEST_CASE(the_catalogue_passes_but_for_the_lagrangian_that_is_not_convex) {
  for (unsigned seed : {1u, 2u, 3u}) {
    std::mt19937_64 random(seed);
    for (const CatalogueInstance& instance : catalogue_instances(6, random)) {
      const Report report = audit(instance.lagrangian, 6, {.states = 12, .scale = instance.scale, .seed = seed});
      BOOST_TEST(report.holds() == instance.convex, report);
    }
  }
}

// Of a layer that no smaller one can stand for the Hessian is looked at on a subspace.
BOOST_AUTO_TEST_CASE(large_layers_are_audited_on_some_directions) {
  const Shape shape{16, 28, 28};
  const Sampling few{.states = 2};
  const Report pooling = audit(MaxPooling{.shape = shape, .window = {2, 2}, .beta = 2}, shape.size(), few);
  BOOST_TEST(pooling.holds(), pooling);
  BOOST_TEST(noted(pooling, "on 64 of 12544 directions"));
  const auto cubic = audit(Grouped{Power{.n = 3}, Groups::positions(shape)}, shape.size(), few);
  BOOST_TEST(finding(cubic, "smallest eigenvalue").measured < -0.1);
  BOOST_TEST(!cubic.holds());
  BOOST_TEST(finding(cubic, "Hessian symmetric").holds);
  // On a subspace of the whole it is between the smallest and the largest: here all are 1.
  BOOST_TEST(std::abs(finding(audit(Quadratic{}, 1000, few), "smallest eigenvalue").measured - 1) < 1e-12);
}

BOOST_AUTO_TEST_CASE(null_directions_are_named) {
  BOOST_TEST(noted(audit(LogSumExp{.beta = 2}), "the vector of ones"));
  BOOST_TEST(noted(audit(Norm{}), "x itself"));
  BOOST_TEST(noted(audit(LayerNorm{}), "the vector of ones"));
  BOOST_TEST(noted(audit(RectifiedPower{.n = 2}), "single neurons"));
  BOOST_TEST(noted(audit(Absolute{}), "every direction"));
  BOOST_TEST(finding(audit(Quadratic{}), "smallest eigenvalue").note == "");
  BOOST_TEST(finding(audit(Quadratic{}), "smallest eigenvalue").measured == 1.0);
}

BOOST_AUTO_TEST_CASE(each_fault_is_found_by_its_own_property) {
  const Report wrong = audit(Lagrangian(laws::WrongActivation{}));
  BOOST_TEST(!finding(wrong, "g = ∂L/∂x by differentiation").holds);
  BOOST_TEST(!finding(wrong, "g = ∂L/∂x by central differences").holds);
  BOOST_TEST(finding(wrong, "Hessian symmetric").holds);

  const Report skew = audit(Lagrangian(SkewHessian{}));
  BOOST_TEST(!finding(skew, "Hessian symmetric").holds);
  BOOST_TEST(!finding(skew, "(∂²L/∂x²) u by central differences").holds);
  BOOST_TEST(finding(skew, "g = ∂L/∂x by central differences").holds);

  const Report broken = audit(Lagrangian(BrokenHessian{}));
  BOOST_TEST(!finding(broken, "Hessian symmetric").holds);
  BOOST_TEST(!finding(broken, "smallest eigenvalue").holds);
  BOOST_TEST(!finding(broken, "(∂²L/∂x²) u by central differences").holds);

  const Report cubic = audit(Lagrangian(Power{.n = 3}));
  BOOST_TEST(!finding(cubic, "smallest eigenvalue").holds);
  BOOST_TEST(finding(cubic, "smallest eigenvalue").measured < -0.5);

  BOOST_TEST(finding(audit(Lagrangian(NaiveLogCosh{})), "largest |x|").measured < 1e3);
  BOOST_TEST(finding(audit(Lagrangian(LogCosh{})), "largest |x|").measured >= 1e299);
}

BOOST_AUTO_TEST_CASE(synapses_are_told_apart) {
  std::mt19937_64 random(3);
  const State forward = random_state(4, 6, 1, random);
  const std::vector<Shape> shapes{Shape{6}, Shape{4}};
  BOOST_TEST(audit(Synapse(Dense{forward}), shapes).holds());
  const Report broken = audit(Synapse(laws::TwoWayWeights{forward, 1.01 * forward}), shapes);
  BOOST_TEST(!finding(broken, "currents = −∂E/∂g").holds);

  const Report alone = audit(Synapse(BrokenAlone{forward}), shapes);
  BOOST_TEST(finding(alone, "currents = −∂E/∂g").holds);
  BOOST_TEST(!finding(alone, "what is asked for").holds);

  const std::vector<Shape> other{Shape{6}, Shape{5}};
  BOOST_CHECK_THROW(audit(Synapse(Dense{forward}), other), ShapeError);
}

BOOST_AUTO_TEST_CASE(a_network_is_audited_part_by_part_and_whole) {
  std::mt19937_64 random(5);
  Network network;
  const auto v = network.add({.name = "pixels", .shape = {60}, .lagrangian = LogCosh{}, .tau = 1});
  const auto h = network.add({.name = "memories", .shape = {30}, .lagrangian = LogSumExp{.beta = 2}, .tau = 0.1});
  network.connect({v, h}, Dense{random_state(30, 60, 0.3, random)}, "recall");
  State w = random_state(60, 60, 0.1, random);
  network.connect({v}, Lateral{0.5 * (w + w.transpose())}, "lateral");
  const Report report = audit(network);
  BOOST_TEST(report.holds(), report);
  for (const char* part : {"'pixels'", "'memories'", "'recall'", "'lateral'", "network"}) {
    BOOST_TEST(report.text().find(part) != std::string::npos, part);
  }

  network.connect({v, h}, laws::TwoWayWeights{random_state(30, 60, 0.3, random), random_state(30, 60, 0.3, random)});
  const Report broken = audit(network);
  BOOST_TEST(!broken);
  BOOST_TEST(!finding(broken, "flow = −∂E/∂g").holds);
  BOOST_CHECK_THROW(audit(Network{}), ModelError);
}

BOOST_AUTO_TEST_CASE(a_sampling_that_would_see_nothing_is_refused) {
  const Synapse synapse = Dense{State::Ones(3, 2)};
  const std::vector<Shape> shapes{{2}, {3}};
  Network network;
  network.add({.name = "pixels", .shape = {2}, .lagrangian = Quadratic{}, .tau = 1});
  for (const Sampling& sampling : {Sampling{.states = 0}, Sampling{.states = -1}, Sampling{.scale = 0},
                                   Sampling{.scale = -1}, Sampling{.scale = NAN}, Sampling{.scale = INFINITY}}) {
    BOOST_CHECK_THROW(audit(Lagrangian(LogCosh{}), 4, sampling), ValueError);
    BOOST_CHECK_THROW(audit(synapse, shapes, sampling), ValueError);
    BOOST_CHECK_THROW(audit(network, sampling), ValueError);
  }
  BOOST_TEST(audit(Lagrangian(LogCosh{}), 4, {.states = 1}).holds());
}

BOOST_AUTO_TEST_CASE(a_report_names_each_subject_once_above_its_findings) {
  const Report report{{{"Quadratic", "g = ∂L/∂x", 0, 1e-12, true, ""},
                       {"Quadratic", "Hessian symmetric", 0.5, 1e-12, false, "here"},
                       {"network", "flow", 1e-9, 1e-5, true, ""}}};
  BOOST_TEST(report.text() ==
             "  property           measured     bound  holds  note\n"
             "Quadratic\n"
             "  g = ∂L/∂x          0.00e+00  1.00e-12  yes\n"
             "  Hessian symmetric  5.00e-01  1.00e-12  NO     here\n"
             "network\n"
             "  flow               1.00e-09  1.00e-05  yes\n");
}

BOOST_AUTO_TEST_CASE(a_report_converts_to_json) {
  Report report = audit(LogSumExp{.beta = 2});
  report.findings.push_back({"a \"quoted\" subject", "infinite", INFINITY, 1, false, "∞"});
  const nlohmann::json json = nlohmann::json::parse(report.json());
  BOOST_TEST(json["holds"] == false);
  BOOST_TEST(json["findings"].size() == report.findings.size());
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const auto& row = json["findings"][i];
    const Finding& found = report.findings[i];
    BOOST_TEST(row["subject"] == found.subject);
    BOOST_TEST(row["property"] == found.property);
    BOOST_TEST(row["holds"] == found.holds);
    BOOST_TEST(row["note"] == found.note);
    if (std::isfinite(found.measured)) BOOST_TEST(row["measured"].get<double>() == found.measured);
  }
  BOOST_TEST(json["findings"].back()["measured"].is_null());
}

BOOST_AUTO_TEST_SUITE_END()

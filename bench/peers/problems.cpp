// SPDX-License-Identifier: MIT
// The problems of peers.py, as a module that Python loads: ours and a peer's take turns in one process. Samples are
// rows of C-ordered arrays there, and so columns here.
#include <hamlet/hamlet.hpp>

#include <cstdio>
#include <exception>
#include <utility>
#include <vector>

namespace {

using namespace hamlet;

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

State rows_of(const double* numbers, Index K, Index N) { return Eigen::Map<const Rows>(numbers, K, N); }

View samples(double* numbers, Index size, Index count) { return {numbers, size, count, Eigen::OuterStride<>(size)}; }
ConstView samples(const double* numbers, Index size, Index count) {
  return {numbers, size, count, Eigen::OuterStride<>(size)};
}

/// What Python cannot catch is told and ends in null or −1.
template <class Result, class Work>
Result told(Result failed, const Work& work) {
  try {
    return work();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return failed;
  }
}

}  // namespace

extern "C" {

/// A Dense of K × N weights in f64 (0), f32, f16 or int8 (3); through a softmax of β = 1 where asked for.
void* product_new(const double* weights, long K, long N, int storage, bool through_softmax) {
  return told<void*>(nullptr, [&]() -> void* {
    const Dense dense(rows_of(weights, K, N), static_cast<Storage>(storage));
    if (!through_softmax) return new Synapse(dense);
    return new Synapse(
        IntegratedOut("memories", {K}, LogSumExp{}, Vector<double>::Zero(K), {{dense, {0, IntegratedOut::hidden}}}));
  });
}
void product_delete(void* product) { delete static_cast<Synapse*>(product); }

/// Adds to both currents, or to the first where there is but one, and writes the energies.
int product_apply(void* product, long K, long N, long B, const double* g, const double* f, double* into_g,
                  double* into_f, double* energies) {
  return told(-1, [&] {
    std::vector<ConstView> activations{samples(g, N, B)};
    std::vector<View> currents{samples(into_g, N, B)};
    if (f) {
      activations.push_back(samples(f, K, B));
      currents.push_back(samples(into_f, K, B));
    }
    static_cast<Synapse*>(product)->apply(activations, currents, Eigen::Map<Energies>(energies, B));
    return 0;
  });
}

/// The two layers, N feature and K memory neurons (softmax), or what is left of them when those are integrated out.
void* flow_new(const double* memories, long K, long N, int storage, double beta, double tau_h, bool effective) {
  return told<void*>(nullptr, [&]() -> void* {
    Network net;
    const auto v = net.add({.name = "features", .shape = {N}, .lagrangian = Quadratic{}});
    const auto h = net.add({.name = "memories", .shape = {K}, .lagrangian = LogSumExp{.beta = beta}, .tau = tau_h});
    net.connect({v, h}, Dense(rows_of(memories, K, N), static_cast<Storage>(storage)));
    return new Flow(effective ? eliminate(net, h) : net);
  });
}
void flow_delete(void* flow) { delete static_cast<Flow*>(flow); }

/// ẋ and E of states x, the features first.
int flow_derivative(void* flow, long size, long B, const double* x, double* derivative, double* energies) {
  return told(-1, [&] {
    Flow& f = *static_cast<Flow*>(flow);
    const State state = samples(x, size, B);
    State dxdt;
    Energies E(B);
    f(state, dxdt, 0);
    f.energy_at_last(state, E);
    samples(derivative, size, B) = dxdt;
    Eigen::Map<Energies>(energies, B) = E;
    return 0;
  });
}

/// Runs DormandPrince until ‖τẋ‖∞ < settled; the number of right-hand sides.
long flow_run(void* flow, long size, long B, double* x, double relative, double absolute, double settled) {
  return told(-1L, [&] {
    State state = samples(std::as_const(x), size, B);
    const Outcome outcome =
        integrate(*static_cast<Flow*>(flow), state,
                  {.stepper = DormandPrince{.relative_tolerance = relative, .absolute_tolerance = absolute},
                   .end = 1000,
                   .settled = settled});
    samples(x, size, B) = state;
    return outcome.status == Status::settled ? outcome.statistics.right_hand_sides : -1;
  });
}
}

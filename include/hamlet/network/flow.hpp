// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/independent_sets.hpp>
#include <hamlet/core/piece.hpp>
#include <hamlet/network/network.hpp>

#include <cstddef>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace hamlet {

/// τ_A ẋ_A = −∂E/∂g_A = I_A − x_A − Σ_s ∂E_s/∂g_A, of all samples at once; an odeint system. Owns its network, inputs
/// and workspace; a copy is independent. Every state is N × B, B ≥ 1 samples; functions of a state throw ShapeError
/// when it has another number of rows, or other columns than an input given per sample. Not for two threads at once.
/// Source: Krotov & Hopfield 2021, eq. 1–4.
class Flow {
 public:
  /// Layers that the network says are clamped are so from the start. Throws ModelError for a network without layers.
  explicit Flow(Network network);

  const Network& network() const { return network_; }

  /// What `flow.input(layer)` is: assign N_l × 1 (the same for all samples) or N_l × B; read it as const State&.
  class InputReference {
   public:
    /// Throws ShapeError unless it has N_l rows and a column, ValueError when a number is not finite.
    InputReference& operator=(const State& input);
    InputReference& operator=(const InputReference& other) { return *this = static_cast<const State&>(other); }
    InputReference(const InputReference&) = default;
    ~InputReference() = default;
    operator const State&() const { return *input_; }

   private:
    friend class Flow;
    InputReference(const Layer& layer, State& input) : layer_(&layer), input_(&input) {}

    const Layer* layer_;
    State* input_;
  };

  /// I of a layer, constant in time; N_l × 1 zeros until assigned. Throws UnknownError.
  InputReference input(LayerHandle layer);
  const State& input(LayerHandle layer) const;

  /// Holds a whole layer: ẋ = 0. Throws UnknownError.
  void clamp(LayerHandle layer);
  /// Holds these neurons too. Throws UnknownError, ValueError for a neuron the layer does not have, and ModelError
  /// under a collective Lagrangian, where E could rise.
  void clamp(LayerHandle layer, const std::vector<Index>& neurons);
  /// Lets the whole layer move again. Throws UnknownError.
  void release(LayerHandle layer);

  /// A flow of these samples only, in this order: their columns of the inputs that are given per sample. Throws
  /// ShapeError when there is none, or one that an input does not have.
  Flow restricted_to(std::span<const Index> samples) const;
  /// The same, into another `flow` of the same network, which keeps its memory while inputs keep their shapes. Throws
  /// ModelError, too, for one that is this flow, or of a network of other layers, and changes nothing when it throws.
  void restricted_to(std::span<const Index> samples, Flow& flow) const;

  /// ẋ; dxdt is resized to x's shape. Allocates only when B or the network's demand has grown.
  void operator()(const State& x, State& dxdt, double t);

  /// E of the state of the last call of operator() or derivative_of, whose activations and currents are still at hand:
  /// costs the Lagrangians' values only. Undefined for any other x.
  void energy_at_last(const State& x, Energies& energies) const;

  /// J v, J = ∂ẋ/∂x: τ J v = −v − (∂²E_s/∂g²) (∂²L/∂x²) v, and 0 for neurons that are clamped. v is N × B as x is,
  /// product is resized to it.
  void jacobian_product(const State& x, const State& v, State& product) const;
  /// du/dε at g + ε dg of the synaptic currents u = −Σ_s ∂E_s/∂g: −(∂²E_s/∂g²) dg, 0 for layers that are clamped. dg is
  /// N × B as g is, du is resized to it.
  void differential(const State& g, const State& dg, State& du) const;

  /// Between which discontinuities of its layer's Lagrangian every neuron lies; ±∞ for smooth ones. Those of layers
  /// that are integrated out are not seen. Resizes the bounds to x's shape.
  void piece(const State& x, Piece& piece) const;
  /// From now on operator() continues every activation beyond the neuron's piece along its tangent there, until it is
  /// told null. `piece` must outlive that, with bounds of the states' shape.
  void hold(const Piece* piece) { held_ = piece; }

  /// ‖τẋ‖∞ over free neurons, the measure of settling; NaN when a number is.
  double residual(const State& derivative) const;
  /// The same of each sample.
  Energies residuals(const State& derivative) const;
  /// The smallest τ of the free neurons; +∞ when all are clamped.
  double smallest_time_constant() const;

  /// E with the flow's inputs.
  Energies energy(const State& x) const;
  /// The same, into `energies`.
  void energy(const State& x, Energies& energies) const;
  /// Its terms: layers by name, (x − I)·g − L; synapses by name.
  std::map<std::string, Energies> energy_terms(const State& x) const;
  /// Ė = −Σ_A τ_A ẋ_Aᵀ (∂²L_A/∂x_A²) ẋ_A; clamped neurons do not move.
  Energies dissipation(const State& x) const;
  /// The same, into `rate`.
  void dissipation(const State& x, Energies& rate) const;
  /// The same with ẋ given; no synapse is evaluated.
  Energies dissipation(const State& x, const State& derivative) const;
  /// The same, into `rate`.
  void dissipation(const State& x, const State& derivative, Energies& rate) const;
  /// An upper bound on the absolute rounding error of energy(x).
  Energies rounding(const State& x) const;
  /// The same, into `bound`.
  void rounding(const State& x, Energies& bound) const;
  /// g = ∂L/∂x of all layers, N × B.
  State activations(const State& x) const;
  /// The same, into `g`, which is not `x`.
  void activations(const State& x, State& g) const;

  // What a stepper that relaxes layers, or works on activations, asks for.

  /// 1/τ of every neuron, N × 1; 0 of a clamped one.
  Vector<double> decay_rates() const;
  /// The layers that move, in sets that relax in turn: by colours of the graph of synapses, that of the network's first
  /// layer last. Throws ModelError, naming the synapse, where relaxing a layer could raise E: its energy is not concave
  /// in that activation, or the layer fills two of its slots.
  std::vector<IndependentSet> independent_sets() const;
  /// ẋ of these layers alone, the other rows of dxdt being left as they are. `moved` holds the layers in which x may
  /// differ from the last call of this or of operator(). Returns which part of the currents of a right-hand side it
  /// computed, 0 to 1.
  double derivative_of(std::span<const Rows> layers, std::span<const Rows> moved, const State& x, State& dxdt);
  /// u = I − Σ_s ∂E_s/∂g at activations g, N × B: what x decays to; 0 for layers that are clamped.
  void currents(const State& g, State& u) const;
  /// What u falls down from, u = −∂/∂g: Σ_s E_s − Σ_A I·g, 1 × B.
  Energies potential(const State& g) const;
  /// The same, into `energies`.
  void potential(const State& g, Energies& energies) const;
  /// The rest of the energy, which depends on g alone as well: L*(g) = Σ_A x·g − L(x), of g = ∂L/∂x.
  Energies conjugate(const State& x, const State& g) const;
  /// The same, into `energies`.
  void conjugate(const State& x, const State& g, Energies& energies) const;

 private:
  struct Group {
    Index first_row;
    State input;             // N_l × 1 or N_l × B
    Vector<double> inertia;  // τ of each free neuron, 0 of a clamped one
    Index held;              // how many neurons are clamped
  };

  const Layer& layer_at(std::size_t at) const;
  std::size_t position(LayerHandle layer) const;
  View block(View& all, std::size_t at) const;
  ConstView block(const ConstView& all, std::size_t at) const;
  ConstView block(const State& all, std::size_t at) const { return block(view(all), at); }
  void require_fit(const State& x) const;
  void make_room(const State& x);

  void activate(const State& x, View g) const;
  void continue_from(const Piece& piece, const State& x, View g) const;
  View wanted_current(View& derivative, std::size_t at) const;
  void add_differential(const ConstView& g, const ConstView& dg, View currents) const;
  void require_direction(const State& v, const State& x) const;
  void evaluate(const State& x, const ConstView& g, View derivative, View synaptic) const;
  void apply(std::size_t synapse, const ConstView& g, View* derivative, Eigen::Ref<Energies> energies,
             const std::vector<bool>* into = nullptr) const;
  bool moves(std::size_t at) const { return groups_[at].held < groups_[at].inertia.size(); }
  /// I − x of one layer.
  void decay(std::size_t at, const ConstView& x, View derivative) const;
  /// τẋ → ẋ of one layer.
  void divide_by_inertia(std::size_t at, View derivative) const;
  /// Of every layer, whether it is among these.
  void mark(std::span<const Rows> layers, std::vector<bool>& marks) const;
  void layer_energies(std::size_t at, const ConstView& x, const ConstView& g, Eigen::Ref<Energies> energies) const;
  void dissipated(const State& x, const ConstView& derivative, Energies& rate) const;

  Network network_;
  std::vector<LayerHandle> layers_;
  std::vector<Group> groups_;
  std::vector<SynapseHandle> synapses_;
  std::vector<std::vector<std::size_t>> joins_;  // of each synapse, positions of its layers
  const Piece* held_ = nullptr;
  State g_;                           // of the last call
  State synaptic_;                    // E_s of the last call, a row a synapse
  std::vector<bool> wanted_, moved_;  // layers, in derivative_of
  std::vector<bool> outdated_;        // of each synapse, whether a layer of it has moved since
};

}  // namespace hamlet

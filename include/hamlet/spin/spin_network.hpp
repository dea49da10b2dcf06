// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/spin/spins.hpp>
#include <hamlet/spin/wide_real.hpp>

#include <algorithm>
#include <concepts>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace hamlet {

/// A state on its way, and what is kept beside it so that a flip need not look at all of the network again. Sites are
/// unchecked: 0 ≤ i < N.
class SpinRun {
 public:
  virtual ~SpinRun() = default;

  virtual const Spins& spins() const = 0;
  /// The sign that σ_i is drawn to, ±1, or 0 when its field is exactly 0, where it stays as it is.
  virtual int pull(Index i) const = 0;
  /// E with σ_i flipped − E, with the sign it has in exact arithmetic.
  virtual WideReal difference(Index i) const = 0;
  virtual void flip(Index i) = 0;
  /// How many of the sites, from the first on, would stay as they are if they came next: the one after them would flip.
  virtual std::size_t staying(std::span<const Index> sites) const = 0;
  virtual WideReal energy() const = 0;
};

/// What a model's own form of SpinRun must do. Where many sites are asked faster together it also has a member
/// std::size_t staying(std::span<const Index>) const, which agrees with `pull`.
template <class R>
concept SpinRunning = requires(R& run, const R& seen, Index i) {
  { seen.spins() } -> std::same_as<const Spins&>;
  { seen.pull(i) } -> std::same_as<int>;
  { seen.difference(i) } -> std::convertible_to<WideReal>;
  run.flip(i);
  { seen.energy() } -> std::convertible_to<WideReal>;
};

/// What becomes a SpinNetwork: a value that does not change while it runs. Its `run` may point into it. `descends`
/// promises that E cannot rise at any flip that `pull` asks for, one at a time.
template <class M>
concept SpinModel = std::copy_constructible<M> && requires(const M& model, const Spins& spins) {
  { model.size() } -> std::same_as<Index>;
  { model.name() } -> std::convertible_to<std::string>;
  { model.descends() } -> std::same_as<bool>;
  { model.run(spins) } -> SpinRunning;
};

/// A network of N spins σ_i = ±1. An immutable value; copies share.
///
///     hamlet::SpinPatterns patterns = hamlet::SpinPatterns::random(10, 200, random);
///     hamlet::SpinNetwork net = hamlet::DenseSpins(patterns, hamlet::interaction::Power{3});
///     hamlet::Spins state = patterns[0].with_flips(30, random);
///     std::cout << hamlet::relax(net, state);              // settled after 2 sweeps, 30 flips at E = …
///     hamlet::recalled(patterns, state).kind;              // AttractorKind::memory
///
/// Models: ClassicalSpins, DenseSpins, CoupledSpins, BidirectionalSpins, and your own.
class SpinNetwork {
 public:
  template <class M>
  requires(!std::same_as<M, SpinNetwork>) && SpinModel<M> SpinNetwork(M model)
      : form_(std::make_shared<const Form<M>>(std::move(model))) {}

  /// N
  Index size() const { return form_->size(); }
  const std::string& name() const { return form_->name; }
  /// Whether the energy cannot rise at any flip that is asked for, one at a time.
  bool descends() const { return form_->descends(); }

  /// A run from `start`, which keeps what it needs of the network. This and the next two throw ShapeError when sizes
  /// differ.
  std::unique_ptr<SpinRun> run(const Spins& start) const;
  /// E(σ)
  WideReal energy(const Spins& spins) const;
  /// How many spins would flip if they came first: of a stored pattern, its bit errors. 0: σ is a fixed point.
  Index unstable(const Spins& spins) const;

 private:
  struct Erased {
    virtual ~Erased() = default;
    virtual Index size() const = 0;
    virtual bool descends() const = 0;
    virtual std::unique_ptr<SpinRun> run(std::shared_ptr<const Erased> self, const Spins& start) const = 0;

    std::string name;
  };

  template <class R>
  class ErasedRun final : public SpinRun {
   public:
    ErasedRun(std::shared_ptr<const Erased> model, R run) : model_(std::move(model)), run_(std::move(run)) {}
    const Spins& spins() const override { return run_.spins(); }
    int pull(Index i) const override { return run_.pull(i); }
    WideReal difference(Index i) const override { return run_.difference(i); }
    void flip(Index i) override { run_.flip(i); }
    std::size_t staying(std::span<const Index> sites) const override {
      if constexpr (requires { run_.staying(sites); }) {
        static_assert(std::same_as<decltype(run_.staying(sites)), std::size_t>);
        return run_.staying(sites);
      } else {
        const auto flips = [this](Index i) { return run_.pull(i) == -run_.spins()[i]; };
        return static_cast<std::size_t>(std::find_if(sites.begin(), sites.end(), flips) - sites.begin());
      }
    }
    WideReal energy() const override { return run_.energy(); }

   private:
    std::shared_ptr<const Erased> model_;
    R run_;
  };

  template <class M>
  struct Form final : Erased {
    explicit Form(M of) : model(std::move(of)) { this->name = model.name(); }
    Index size() const override { return model.size(); }
    bool descends() const override { return model.descends(); }
    std::unique_ptr<SpinRun> run(std::shared_ptr<const Erased> self, const Spins& start) const override {
      return std::make_unique<ErasedRun<decltype(model.run(start))>>(std::move(self), model.run(start));
    }

    M model;
  };

  std::shared_ptr<const Erased> form_;
};

}  // namespace hamlet

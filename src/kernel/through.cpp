// SPDX-License-Identifier: MIT
#include "kernel/through.hpp"

#include "kernel/elementary.hpp"
#include "kernel/weights.hpp"

#include <cmath>
#include <limits>

namespace hamlet::kernel {
namespace {

/// By what the sums so far of each sample are to be multiplied before each panel of a block is added.
using Factors = AlignedScratch<double>;

/// f = φ(h), each row by itself.
class Elementwise {
 public:
  Elementwise(Activation phi, Index first_sample, View c) : phi_(phi), first_sample_(first_sample), c_(c) {}

  void begin(Index) {}
  void operator()(Index, Index first_row, const ConstView& h, View f, const Factors&) const {
    phi_(first_row, first_sample_, h, f);
  }
  /// c += C
  template <class A>
  void merge(Index, Index s, const A* C) const {
    add(C, c_.rows(), column(c_, s));
  }
  void end() const {}

 private:
  Activation phi_;
  Index first_sample_;
  View c_;
};

/// f = softmax(β h) over all rows, without a look at all of them first: chunk by chunk.
class Softmax {
 public:
  Softmax(double beta, Index chunks, Index samples, View c, double* values)
      : beta_(beta),
        c_(c),
        values_(values),
        m_(samples, chunks),
        s_(samples, chunks),
        M_(samples, 1),
        S_(samples, 1),
        C_(chunks > 1 ? c.rows() : 0, samples) {}

  void begin(Index chunk) const {
    std::fill_n(m_.column(chunk), C_.cols(), -infinity);
    std::fill_n(s_.column(chunk), C_.cols(), 0.0);
  }

  void operator()(Index chunk, Index, const ConstView& h, View f, const Factors& factors) const {
    for (Index sample = 0; sample < h.cols(); ++sample) {
      softmax(beta_, column(h, sample), h.rows(), m_.column(chunk)[sample], s_.column(chunk)[sample],
              factors.column(sample), column(f, sample));
    }
  }

  /// The sums of all chunks, counted from the larger m of the two.
  template <class A>
  void merge(Index chunk, Index sample, const A* C) {
    double &M = M_.column(0)[sample], &S = S_.column(0)[sample];
    const double m = m_.column(chunk)[sample], s = s_.column(chunk)[sample];
    if (chunk == 0) {
      M = m;
      S = s;
    }
    if (C_.rows() == 0) return conversions<A>().combine(1, 1 / S, C, c_.rows(), column(c_, sample));
    double* all = column(View(C_), sample);
    if (chunk == 0) {
      std::fill_n(all, C_.rows(), 0.0);
      return add(C, C_.rows(), all);
    }
    if (s == 0) return;
    const double a = m > M ? std::exp(beta_ * (M - m)) : 1, b = m > M ? 1 : std::exp(beta_ * (m - M));
    M = std::max(m, M);
    S = a * S + b * s;
    conversions<A>().combine(a, b, C, C_.rows(), all);
  }

  void end() {
    for (Index sample = 0; sample < C_.cols(); ++sample) {
      const double M = M_.column(0)[sample], S = S_.column(0)[sample];
      if (values_) values_[sample] = M + std::log(S) / beta_;
      if (C_.rows() > 0)
        conversions<double>().combine(1, 1 / S, column(View(C_), sample), C_.rows(), column(c_, sample));
    }
  }

 private:
  static constexpr double infinity = std::numeric_limits<double>::infinity();

  double beta_;
  View c_;
  double* values_;
  AlignedScratch<double> m_, s_, M_, S_;
  Scratch C_;
};

/// Wᵀ φ(h) for some samples, chunk by chunk.
template <class T, class Stage>
class Through {
 public:
  using A = sum_t<T>;

  Through(const Panels& W, const ConstView& g, const ConstView& input, Stage& phi, View h)
      : weights_(W), input_(input), phi_(phi), h_(h), samples_(g.cols()), G_(W.granules() * granule_columns, samples_) {
    pack(g, nullptr, G_);
  }

  void run(int team) {
    const Panels& W = weights_.W;
    const Index chunks = chunks_of(W);
    const Index height = W.granules() * granule_columns;
    const bool shared_out = team > 1 && chunks > 1;
    const AlignedScratch<A> parts(height, (shared_out ? chunks : 1) * samples_);
    const auto merge = [&](Index chunk, Index part) {
      for (Index s = 0; s < samples_; ++s) phi_.merge(chunk, s, parts.column(part * samples_ + s));
    };
    const auto sum = [&](Index chunk, Index part) { multiply(chunk, parts.column(part * samples_), parts.stride()); };
    if (shared_out) {
      in_team(team, chunks, [&](Index chunk) { sum(chunk, chunk); });
      for (Index chunk = 0; chunk < chunks; ++chunk) merge(chunk, chunk);
    } else {
      for (Index chunk = 0; chunk < chunks; ++chunk) {
        sum(chunk, 0);
        merge(chunk, 0);
      }
    }
    phi_.end();
  }

 private:
  /// How many panels are read twice in a row. Few samples: as many as stay in the L2 cache.
  Index block_panels() const {
    if (samples_ > few_samples) return even_size(chunk_panels(weights_.W), run_panels(weights_.W, sizeof(A)));
    const Index bytes = weights_.W.stride() * static_cast<Index>(sizeof(T));
    return std::clamp<Index>((Index{128} << 10) / bytes, 1, 16);
  }

  /// C = Wᵀ f of a chunk
  void multiply(Index chunk, A* C, Index c_stride) const {
    const Range panels = piece(chunk, chunk_panels(weights_.W), weights_.W.panels());
    const Index most = block_panels();
    const AlignedScratch<double> H(most * panel_rows, samples_), f(most * panel_rows, samples_);
    const AlignedScratch<A> F(most * panel_rows, samples_);
    const Factors factors(most, samples_);
    std::fill_n(factors.column(0), factors.stride() * samples_, 1.0);
    phi_.begin(chunk);
    if (samples_ <= few_samples) std::fill_n(C, c_stride * samples_, A{0});
    if (samples_ <= few_samples && most == 1 && !weights_.in_cache())
      return relay(chunk, panels, H, f, F, factors, C, c_stride);
    for (Index p = panels.first; p < panels.last; p += most) {
      const Range some{p, std::min(panels.last, p + most)};
      H.set_zero();
      forward(some, H);
      activate(chunk, some, H, f, F, factors);
      // Panels before which no sum is to be multiplied are one product.
      Index begun = p;
      for (Index panel = p; panel < some.last; ++panel) {
        for (Index s = 0; s < samples_; ++s) {
          const double factor = factors.column(s)[panel - p];
          if (factor == 1) continue;
          backward({begun, panel}, begun - p, begun == panels.first, F, C, c_stride);
          begun = panel;
          rescale(factor, C + s * c_stride, c_stride);
        }
      }
      backward({begun, some.last}, begun - p, begun == panels.first, F, C, c_stride);
    }
  }

  /// The same where a panel fills a cache: one is read from memory while the one before is read again.
  void relay(Index chunk, Range panels, const AlignedScratch<double>& H, const AlignedScratch<double>& f,
             const AlignedScratch<A>& F, const Factors& factors, A* C, Index c_stride) const {
    const Index granules = weights_.W.granules();
    H.set_zero();
    forward({panels.first, panels.first + 1}, H);
    for (Index p = panels.first; p < panels.last; ++p) {
      activate(chunk, {p, p + 1}, H, f, F, factors);
      for (Index s = 0; s < samples_; ++s) rescale(factors.column(s)[0], C + s * c_stride, c_stride);
      if (p + 1 == panels.last) return backward({p, p + 1}, 0, p == panels.first, F, C, c_stride);
      H.set_zero();
      weights_.stream.relay(weights_.at(p + 1, 0), weights_.at(p, 0), granules, G_.column(0), G_.stride(), H.column(0),
                            H.stride(), F.column(0), F.stride(), C, c_stride, samples_, weights_.next(p + 2, 0));
    }
  }

  static void rescale(double factor, A* sums, Index count) {
    if (factor == 1) return;
    for (Index j = 0; j < count; ++j) sums[j] *= static_cast<A>(factor);
  }

  void forward(Range panels, const AlignedScratch<double>& H) const {
    const Range all{0, weights_.W.granules()};
    if (samples_ <= few_samples) {
      weights_.stream.forward(weights_.at(panels.first, 0), weights_.W.stride(), panels.size(), all.size(),
                              G_.column(0), G_.stride(), H.column(0), H.stride(), samples_,
                              weights_.next(panels.last, 0));
      return;
    }
    const Block<T> block(weights_, 1);
    const AlignedScratch<A> sums(lane_sums<A> * samples_, panels.size());
    for (Index first = 0; first < all.last; first += block_granules<A>) {
      const Range columns{first, std::min(all.last, first + block_granules<A>)};
      const Index at_strip = first % strip_granules<A>;
      for (Index p = panels.first; p < panels.last; ++p) {
        const Ahead ahead = p + 1 < panels.last       ? weights_.from(p + 1, first)
                            : columns.last < all.last ? weights_.from(panels.first, columns.last)
                                                      : weights_.from(panels.first, 0);
        weights_.tile.forward(block.panel(p, 0, columns), columns.size(), G_.column(0) + first * granule_columns,
                              G_.stride(), sums.column(p - panels.first), at_strip == 0, samples_, ahead);
      }
      if (at_strip + block_granules<A> < strip_granules<A> && columns.last < all.last) continue;
      for (Index p = panels.first; p < panels.last; ++p) {
        weights_.tile.add_up(sums.column(p - panels.first), H.column(0) + (p - panels.first) * panel_rows, H.stride(),
                             samples_);
      }
    }
  }

  /// F = φ(H + I), times the scales
  void activate(Index chunk, Range panels, const AlignedScratch<double>& H, const AlignedScratch<double>& f,
                const AlignedScratch<A>& F, const Factors& factors) const {
    const Index first = panels.first * panel_rows;
    const Index rows = std::min(panels.last * panel_rows, weights_.W.rows()) - first;
    const double* scales = weights_.W.scales();
    for (Index s = 0; s < samples_; ++s) {
      double* h = H.column(s);
      if (scales) {
        for (Index i = 0; i < rows; ++i) h[i] *= scales[first + i];
      }
      if (input_.data()) add(column(input_, input_.cols() > 1 ? s : 0) + first, rows, h);
      if (wanted(h_)) std::copy_n(h, rows, column(h_, s) + first);
    }
    const View activation(f.column(0), rows, samples_, Eigen::OuterStride<>(f.stride()));
    phi_(chunk, first, {H.column(0), rows, samples_, Eigen::OuterStride<>(H.stride())}, activation, factors);
    pack(ConstView(f.column(0), rows, samples_, Eigen::OuterStride<>(f.stride())), scales ? scales + first : nullptr,
         F);
  }

  /// C += Wᵀ f, or = where a chunk `begins`; the first of the panels is the one `at` in F.
  void backward(Range panels, Index at, bool begins, const AlignedScratch<A>& F, A* C, Index c_stride) const {
    if (panels.size() == 0) return;
    const A* f = F.column(0) + at * panel_rows;
    const Range all{0, weights_.W.granules()};
    if (samples_ <= few_samples) {
      weights_.stream.backward(weights_.at(panels.first, 0), weights_.W.stride(), panels.size(), all.size(), f,
                               F.stride(), C, c_stride, samples_);
      return;
    }
    const Block<T> block(weights_, panels.size());
    const Index width = std::is_same_v<T, A> ? all.size() : block_granules<A>;
    for (Index first = 0; first < all.last; first += width) {
      const Range columns{first, std::min(all.last, first + width)};
      const A* w = block.panel(panels.first, 0, columns);
      for (Index i = 1; i < panels.size(); ++i) block.panel(panels.first + i, i, columns);
      weights_.tile.backward(w, block.stride(), panels.size(), columns.size(), f, F.stride(),
                             C + first * granule_columns, c_stride, begins, samples_, {});
    }
  }

  Weights<T> weights_;
  ConstView input_;
  Stage& phi_;
  View h_;
  Index samples_;
  AlignedScratch<A> G_;
};

/// Calls `work(type of the weights, first, samples, team)` for all samples.
template <class Work>
void for_all(const Panels& W, Index samples, const Work& work) {
  const int team = team_for(cost(W, samples, 2));
  visit(W.storage(), [&](auto weight) {
    by_samples(samples, team,
               [&](Index first, Index count, int team_inside) { work(weight, first, count, team_inside); });
  });
}

ConstView input_of_samples(const ConstView& input, Index first, Index count) {
  return input.cols() > 1 ? of_samples(input, first, count) : input;
}

}  // namespace

void through(const Panels& W, const ConstView& g, const ConstView& input, Activation phi, View h, View c) {
  for_all(W, g.cols(), [&](auto weight, Index first, Index count, int team) {
    Elementwise stage(phi, first, of_samples(c, first, count));
    Through<decltype(weight), Elementwise>(W, of_samples(g, first, count), input_of_samples(input, first, count), stage,
                                           of_samples(h, first, count))
        .run(team);
  });
}

void through_softmax(const Panels& W, const ConstView& g, const ConstView& input, double beta, View h, View c,
                     double* values) {
  for_all(W, g.cols(), [&](auto weight, Index first, Index count, int team) {
    Softmax stage(beta, chunks_of(W), count, of_samples(c, first, count), values ? values + first : nullptr);
    Through<decltype(weight), Softmax>(W, of_samples(g, first, count), input_of_samples(input, first, count), stage,
                                       of_samples(h, first, count))
        .run(team);
  });
}

}  // namespace hamlet::kernel

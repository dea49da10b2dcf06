// SPDX-License-Identifier: MIT
#include "kernel/currents.hpp"

#include "kernel/weights.hpp"

namespace hamlet::kernel {
namespace {

template <class T>
class BothProducts {
 public:
  using A = sum_t<T>;

  BothProducts(const Panels& W, const ConstView& g, const ConstView& f, View h, View c, double* energies)
      : weights_(W),
        g_(g),
        f_(f),
        h_(h),
        c_(c),
        energies_(energies),
        samples_(std::max(g.cols(), f.cols())),
        forward_(wanted(h) || energies),
        backward_(wanted(c)),
        G_(forward_ ? W.granules() * granule_columns : 0, samples_),
        F_(backward_ ? W.panels() * panel_rows : 0, samples_) {
    if (forward_) pack(g, nullptr, G_);
    if (backward_) pack(f, W.scales(), F_);
  }

  void run(int team) {
    const Panels& W = weights_.W;
    const Index chunks = chunks_of(W);
    const Index strips = (W.granules() + strip_granules<A> - 1) / strip_granules<A>;
    const AlignedScratch<double> H(forward_ ? W.panels() * panel_rows : 0, samples_);
    if (forward_) H.set_zero();
    if (team > 1 && strips >= 2 * team && W.rows() * samples_ * strips < most_parts) {
      by_strips(team, strips, chunks, H);
    } else if (team > 1 && chunks > 1) {
      by_chunks(team, strips, chunks, H);
    } else {
      const AlignedScratch<A> C(backward_ ? widest_strip() * granule_columns : 0, samples_);
      for (Index strip = 0; strip < strips; ++strip) sum_strip(strip, chunks, C, H.column(0), H.stride());
    }
    if (forward_) finish(H);
  }

 private:
  Range chunk(Index at) const { return piece(at, chunk_panels(weights_.W), weights_.W.panels()); }
  Index widest_strip() const { return std::min<Index>(strip_granules<A>, weights_.W.granules()); }
  /// All rows are read of a strip before the next is, so that what is read and written beside W stays in a cache.
  Range strip(Index at) const { return piece(at, strip_granules<A>, weights_.W.granules()); }

  /// H += W g, C = Wᵀ f of some panels and a strip; C's first row is that of the first granule.
  void multiply(Range panels, Range granules, A* C, Index c_stride, double* H, Index h_stride) const {
    if (samples_ <= few_samples) {
      const Index column = granules.first * granule_columns;
      for (Index s = 0; backward_ && s < samples_; ++s)
        std::fill_n(C + s * c_stride, granules.size() * granule_columns, A{0});
      const T* w = weights_.at(panels.first, granules.first);
      const T* next = weights_.next(panels.last, granules.first);
      const Index stride = weights_.W.stride(), first = panels.first * panel_rows;
      const A *g = G_.column(0) + column, *f = F_.column(0) + first;
      if (forward_ && backward_) {
        weights_.stream.both(w, stride, panels.size(), granules.size(), g, G_.stride(), H + first, h_stride, f,
                             F_.stride(), C, c_stride, samples_, next);
      } else if (forward_) {
        weights_.stream.forward(w, stride, panels.size(), granules.size(), g, G_.stride(), H + first, h_stride,
                                samples_, next);
      } else {
        weights_.stream.backward(w, stride, panels.size(), granules.size(), f, F_.stride(), C, c_stride, samples_);
      }
      return;
    }
    // A run of panels and a block of columns is read twice, the second time from a cache.
    const Index most = even_size(panels.size(), run_panels(weights_.W, sizeof(A)));
    const Block<T> block(weights_, most);
    const AlignedScratch<A> sums(forward_ ? lane_sums<A> * samples_ : 0, most);
    for (Index p = panels.first; p < panels.last; p += most) {
      const Range run{p, std::min(panels.last, p + most)};
      for (Index first = granules.first; first < granules.last; first += block_granules<A>) {
        const Range columns{first, std::min(granules.last, first + block_granules<A>)};
        const Index column = first * granule_columns;
        const Ahead read_next =
            columns.last < granules.last ? weights_.from(p, columns.last) : weights_.from(p + most, granules.first);
        const A* w = nullptr;
        for (Index at = 0; at < run.size(); ++at) {
          const A* panel = block.panel(p + at, at, columns);
          if (at == 0) w = panel;
          if (!forward_) continue;
          const Ahead ahead = at + 1 < run.size() ? weights_.from(p + at + 1, first) : read_next;
          weights_.tile.forward(panel, columns.size(), G_.column(0) + column, G_.stride(), sums.column(at),
                                first == granules.first, samples_, ahead);
        }
        if (backward_) {
          weights_.tile.backward(w, block.stride(), run.size(), columns.size(), F_.column(0) + p * panel_rows,
                                 F_.stride(), C + column - granules.first * granule_columns, c_stride,
                                 p == panels.first, samples_, forward_ ? Ahead{} : read_next);
        }
      }
      if (!forward_) continue;
      for (Index at = 0; at < run.size(); ++at) {
        weights_.tile.add_up(sums.column(at), H + (p + at) * panel_rows, h_stride, samples_);
      }
    }
  }

  /// c += C for the columns of the granules.
  void flush(Range granules, const A* C, Index c_stride) const {
    const Index first = granules.first * granule_columns;
    const Index count = std::min(granules.last * granule_columns, c_.rows()) - first;
    for (Index s = 0; s < samples_; ++s) add(C + s * c_stride, count, column(c_, s) + first);
  }

  void sum_strip(Index at, Index chunks, const AlignedScratch<A>& C, double* H, Index h_stride) const {
    const Range granules = strip(at);
    for (Index i = 0; i < chunks; ++i) {
      multiply(chunk(i), granules, C.column(0), C.stride(), H, h_stride);
      if (backward_) flush(granules, C.column(0), C.stride());
    }
  }

  /// Sums of blocks that are kept beside the weights: some tens of megabytes, not as much as the weights themselves.
  static constexpr Index most_parts = Index{1} << 22;

  /// Every thread sums columns of its own. The sums of W g over each strip are kept, to be added in turn.
  void by_strips(int team, Index strips, Index chunks, const AlignedScratch<double>& H) const {
    const AlignedScratch<double> parts(forward_ ? weights_.W.panels() * panel_rows : 0, samples_ * strips);
    if (forward_) parts.set_zero();
    in_team(team, strips, [&](Index at) {
      const AlignedScratch<A> C(backward_ ? widest_strip() * granule_columns : 0, samples_);
      sum_strip(at, chunks, C, parts.column(at * samples_), parts.stride());
    });
    if (!forward_) return;
    for (Index at = 0; at < strips; ++at) {
      for (Index s = 0; s < samples_; ++s) add(parts.column(at * samples_ + s), H.stride(), H.column(s));
    }
  }

  /// Every thread sums rows of its own.
  void by_chunks(int team, Index strips, Index chunks, const AlignedScratch<double>& H) const {
    const Index height = backward_ ? weights_.W.granules() * granule_columns : 0;
    const AlignedScratch<A> parts(height, chunks * samples_);
    in_team(team, chunks, [&](Index i) {
      A* C = parts.column(i * samples_);
      for (Index at = 0; at < strips; ++at) {
        const Range granules = strip(at);
        multiply(chunk(i), granules, C + granules.first * granule_columns, parts.stride(), H.column(0), H.stride());
      }
    });
    if (!backward_) return;
    for (Index i = 0; i < chunks; ++i) flush({0, weights_.W.granules()}, parts.column(i * samples_), parts.stride());
  }

  void finish(const AlignedScratch<double>& H) const {
    const Index rows = weights_.W.rows();
    for (Index s = 0; s < samples_; ++s) {
      double* h = H.column(s);
      if (const double* scales = weights_.W.scales()) {
        for (Index i = 0; i < rows; ++i) h[i] *= scales[i];
      }
      if (energies_) energies_[s] = dot(column(f_, s), h, rows);
      if (wanted(h_)) add(h, rows, column(h_, s));
    }
  }

  Weights<T> weights_;
  ConstView g_, f_;
  View h_, c_;
  double* energies_;
  Index samples_;
  bool forward_, backward_;
  AlignedScratch<A> G_, F_;
};

}  // namespace

void currents(const Panels& W, const ConstView& g, const ConstView& f, View h, View c, double* energies) {
  const Index samples = std::max(g.cols(), f.cols());
  if (energies && !wanted(h) && wanted(c)) {
    // fᵀ W g = (Wᵀ f)·g: one product is enough
    Scratch current(c.rows(), samples);
    current.setZero();
    currents(W, {nullptr, 0, 0, Eigen::OuterStride<>(0)}, f, h, current, nullptr);
    for (Index s = 0; s < samples; ++s) {
      energies[s] = dot(column(View(current), s), column(g, s), c.rows());
      add(column(View(current), s), c.rows(), column(c, s));
    }
    return;
  }
  if (!energies && !wanted(h) && !wanted(c)) return;
  const int products = (wanted(h) || energies) + wanted(c);
  const int team = team_for(cost(W, samples, products));
  visit(W.storage(), [&](auto weight) {
    by_samples(samples, team, [&](Index first, Index count, int team_inside) {
      BothProducts<decltype(weight)>(W, of_samples(g, first, count), of_samples(f, first, count),
                                     of_samples(h, first, count), of_samples(c, first, count),
                                     energies ? energies + first : nullptr)
          .run(team_inside);
    });
  });
}

}  // namespace hamlet::kernel

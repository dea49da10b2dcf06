// SPDX-License-Identifier: MIT
// The products that a right-hand side consists of, beside Eigen, OpenBLAS and what the machine allows, after answers
// are compared:
//   R1  both currents ξ g and ξᵀ f with the energy, one call of a Dense
//   R2  ξᵀ φ(ξ g), φ = tanh or softmax, with the energy: one call of an IntegratedOut; R3 is the same for a batch
// Rivals compute the energies as well, from what they have at hand.
#include <hamlet/hamlet.hpp>

#ifdef HAMLET_OPENBLAS
#include <cblas.h>
#endif

#include <fmt/format.h>

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <cmath>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "contest.hpp"
#include "limits.hpp"

namespace {

using namespace hamlet;

template <class T>
using Matrix = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic>;
template <class T>
using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using Row = Eigen::Matrix<T, 1, Eigen::Dynamic>;

enum class Kind { both, elementwise, softmax };

struct Case {
  Kind kind;
  Index K, N;
  Storage storage;
  Index samples;
  int threads;

  std::size_t bytes() const {
    constexpr std::size_t of_weight[] = {8, 4, 2, 1};
    return static_cast<std::size_t>(K * N) * of_weight[static_cast<int>(storage)];
  }
  double multiply_adds() const { return 2.0 * static_cast<double>(K * N) * static_cast<double>(samples); }
  /// Neurons × memories
  std::string row() const {
    constexpr const char* what[] = {"both currents", "through tanh", "through softmax"};
    constexpr const char* kept[] = {"f64", "f32", "f16", "int8"};
    return fmt::format("{} {}x{} {} B={} threads={}", what[static_cast<int>(kind)], N, K,
                       kept[static_cast<int>(storage)], samples, threads);
  }
};

State weights_of(Index K, Index N) {
  std::srand(1);
  return State::Random(K, N) / std::sqrt(static_cast<double>(N));
}

/// Made once for all contenders and repetitions.
template <class Made, class Make>
std::shared_ptr<const Made> shared(const std::string& key, const Make& make) {
  static std::map<std::string, std::shared_ptr<const Made>> made;
  std::shared_ptr<const Made>& found = made[key];
  if (!found) found = std::make_shared<const Made>(make());
  return found;
}

/// What the weights are multiplied into, the same for all contenders.
struct Inputs {
  explicit Inputs(const Case& c) {
    std::srand(2);
    g = State::Random(c.N, c.samples);
    f = State::Random(c.K, c.samples);
  }
  State g, f;
};

struct Ours {
  explicit Ours(const Case& c) : kind(c.kind), inputs(c), synapse(of(c)), energies(c.samples) {}

  void apply() {
    std::vector<ConstView> activations{view(std::as_const(inputs.g))};
    std::vector<View> currents{view(into_g)};
    if (kind == Kind::both) {
      activations.push_back(view(std::as_const(inputs.f)));
      currents.push_back(view(into_f));
    }
    synapse.apply(activations, currents, energies);
  }

  Kind kind;
  Inputs inputs;
  Synapse synapse;
  State into_g = State::Zero(inputs.g.rows(), inputs.g.cols()), into_f = State::Zero(inputs.f.rows(), inputs.f.cols());
  Energies energies;

 private:
  static Synapse of(const Case& c) {
    const Dense dense = *shared<Dense>(fmt::format("{}x{} {}", c.K, c.N, static_cast<int>(c.storage)),
                                       [&] { return Dense(weights_of(c.K, c.N), c.storage); });
    if (c.kind == Kind::both) return dense;
    const Lagrangian L = c.kind == Kind::softmax ? Lagrangian(LogSumExp{}) : Lagrangian(LogCosh{});
    return IntegratedOut("memories", {c.K}, L, Vector<double>::Zero(c.K), {{dense, {0, IntegratedOut::hidden}}});
  }
};

contest::Work ours(const Case& c) {
  auto problem = std::make_shared<Ours>(c);
  return [problem, threads = c.threads] {
    set_threads(threads);
    problem->apply();
    benchmark::ClobberMemory();
  };
}

/// φ(h) in place and −L(h) of every sample, by Eigen's vectorised functions.
template <class T>
void activate(Kind kind, Matrix<T>& h, Row<T>& energies) {
  if (kind == Kind::elementwise) {
    // log cosh h = |h| + log(1 + e^{−2|h|}) − log 2
    energies = -(h.array().abs() + (T{-2} * h.array().abs()).exp().log1p() - std::log(T{2})).colwise().sum();
    h = h.array().tanh().matrix();
  } else {
    const Row<T> largest = h.colwise().maxCoeff();
    h.rowwise() -= largest;
    h = h.array().exp().matrix();
    const Row<T> sum = h.colwise().sum();
    energies = -(largest.array() + sum.array().log());
    h *= sum.cwiseInverse().asDiagonal();
  }
}

template <class T>
struct Plain {
  explicit Plain(const Case& c)
      : W(shared<RowMajor<T>>(fmt::format("{}x{}", c.K, c.N),
                              [&] { return RowMajor<T>(weights_of(c.K, c.N).template cast<T>()); })),
        h(c.K, c.samples),
        into_g(c.N, c.samples),
        energies(c.samples) {
    const Inputs inputs(c);
    g = inputs.g.cast<T>();
    f = inputs.f.cast<T>();
  }

  std::shared_ptr<const RowMajor<T>> W;
  Matrix<T> g, f, h, into_g;
  Row<T> energies;
};

/// Ends the program where a rival's currents and energies are not ours, up to the rounding of our weights.
template <class T>
void expect_ours(const Case& c, const std::string& rival, const Plain<T>& theirs) {
  constexpr double tolerances[] = {1e-12, 1e-4, 1e-2, 0.1};
  Ours ours(c);
  ours.apply();
  const auto same = [&](const Matrix<T>& x, const State& expected) {
    return (x.template cast<double>() - expected).cwiseAbs().maxCoeff() <=
           tolerances[static_cast<int>(c.storage)] * expected.cwiseAbs().maxCoeff();
  };
  if (same(theirs.into_g, ours.into_g) && same(theirs.energies, ours.energies) &&
      (c.kind != Kind::both || same(theirs.h, ours.into_f)))
    return;
  fmt::print(stderr, "{}: the answer of {} is not ours\n", c.row(), rival);
  std::exit(EXIT_FAILURE);
}

/// The work of a rival, whose answer is compared with ours the first time.
template <class T>
contest::Work compared(const Case& c, const std::string& rival, const Plain<T>& problem, const contest::Work& work) {
  static std::set<std::string> right;
  if (right.insert(c.row() + rival).second) {
    work();
    expect_ours(c, rival, problem);
  }
  return work;
}

template <class T>
contest::Work eigen(const Case& c) {
  auto problem = std::make_shared<Plain<T>>(c);
  return compared(c, "Eigen", *problem, [problem, c] {
    Plain<T>& p = *problem;
    p.h.noalias() = *p.W * p.g;
    if (c.kind == Kind::both) {
      p.into_g.noalias() = p.W->transpose() * p.f;
      p.energies = -p.h.cwiseProduct(p.f).colwise().sum();
    } else {
      activate(c.kind, p.h, p.energies);
      p.into_g.noalias() = p.W->transpose() * p.h;
    }
    benchmark::ClobberMemory();
  });
}

#ifdef HAMLET_OPENBLAS
void product(bool transposed, const RowMajor<float>& W, const Matrix<float>& x, Matrix<float>& y) {
  const auto K = static_cast<int>(W.rows()), N = static_cast<int>(W.cols()), B = static_cast<int>(x.cols());
  // W by rows is its transpose by columns.
  const CBLAS_TRANSPOSE op = transposed ? CblasNoTrans : CblasTrans;
  if (B == 1)
    cblas_sgemv(CblasColMajor, op, N, K, 1, W.data(), N, x.data(), 1, 0, y.data(), 1);
  else
    cblas_sgemm(CblasColMajor, op, CblasNoTrans, transposed ? N : K, B, transposed ? K : N, 1, W.data(), N, x.data(),
                transposed ? K : N, 0, y.data(), transposed ? N : K);
}
void product(bool transposed, const RowMajor<double>& W, const Matrix<double>& x, Matrix<double>& y) {
  const auto K = static_cast<int>(W.rows()), N = static_cast<int>(W.cols()), B = static_cast<int>(x.cols());
  const CBLAS_TRANSPOSE op = transposed ? CblasNoTrans : CblasTrans;
  if (B == 1)
    cblas_dgemv(CblasColMajor, op, N, K, 1, W.data(), N, x.data(), 1, 0, y.data(), 1);
  else
    cblas_dgemm(CblasColMajor, op, CblasNoTrans, transposed ? N : K, B, transposed ? K : N, 1, W.data(), N, x.data(),
                transposed ? K : N, 0, y.data(), transposed ? N : K);
}

template <class T>
contest::Work open_blas(const Case& c) {
  auto problem = std::make_shared<Plain<T>>(c);
  return compared(c, "OpenBLAS", *problem, [problem, c] {
    openblas_set_num_threads(c.threads);
    Plain<T>& p = *problem;
    product(false, *p.W, p.g, p.h);
    if (c.kind == Kind::both) {
      product(true, *p.W, p.f, p.into_g);
      p.energies = -p.h.cwiseProduct(p.f).colwise().sum();
    } else {
      activate(c.kind, p.h, p.energies);
      product(true, *p.W, p.h, p.into_g);
    }
    benchmark::ClobberMemory();
  });
}
#endif

/// Memory as fast to read as the system has it.
struct HugePages {
  explicit HugePages(std::size_t bytes) {
    constexpr std::size_t page = std::size_t{1} << 21;
    const std::size_t whole = (bytes + page - 1) / page * page;
    data.reset(static_cast<std::byte*>(std::aligned_alloc(page, whole)));
#ifdef MADV_HUGEPAGE
    madvise(data.get(), whole, MADV_HUGEPAGE);
#endif
    std::memset(data.get(), 1, whole);
  }
  struct Free {
    void operator()(std::byte* memory) const { std::free(memory); }
  };
  std::unique_ptr<std::byte[], Free> data;
};

/// One sample: the weights are read once. Many: every weight is multiplied twice for each.
contest::Work limit(const Case& c) {
  if (c.samples < 8) {
    const auto memory = shared<HugePages>(fmt::format("{}", c.bytes()), [&] { return HugePages(c.bytes()); });
    return [memory, c] { benchmark::DoNotOptimize(limits::read(memory->data.get(), c.bytes(), c.threads)); };
  }
  return [c] {
    if (c.storage == Storage::f64)
      benchmark::DoNotOptimize(limits::multiply_add_f64(c.multiply_adds(), c.threads));
    else
      benchmark::DoNotOptimize(limits::multiply_add_f32(c.multiply_adds(), c.threads));
  };
}

template <class T>
void enter_rivals(const Case& c) {
  contest::enter(c.row(), "Eigen", [c] { return eigen<T>(c); });
#ifdef HAMLET_OPENBLAS
  contest::enter(c.row(), "OpenBLAS", [c] { return open_blas<T>(c); });
#endif
}

void enter(const Case& c) {
  contest::enter(c.row(), "ours", [c] { return ours(c); });
  contest::enter(c.row(), "limit", [c] { return limit(c); });
  if (c.storage == Storage::f64)
    enter_rivals<double>(c);
  else
    enter_rivals<float>(c);
}

}  // namespace

int main(int count, char** arguments) {
  Eigen::setNbThreads(1);
  constexpr Index shapes[][2] = {{1024, 65536}, {65536, 1024}, {784, 2000}, {64, 1000}};
  for (const auto& [N, K] : shapes) {
    for (const int threads : {1, 2}) {
      for (const Storage storage : {Storage::f64, Storage::f32, Storage::f16, Storage::int8}) {
        for (const Kind kind : {Kind::both, Kind::elementwise, Kind::softmax}) {
          for (const Index samples : {1, 3, 4, 64, 256}) enter({kind, K, N, storage, samples, threads});
        }
      }
    }
  }
  return contest::run(count, arguments);
}

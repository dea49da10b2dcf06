// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/core/rows.hpp>
#include <hamlet/dynamics/evaluation.hpp>

#include <string>
#include <vector>

namespace hamlet {

/// What is recorded of a run. By default every accepted step, all rows.
struct TrajectoryOptions {
  /// Δt > 0: the times begin + k Δt instead, by dense output.
  double every = 0;
  /// Chosen times, ascending, instead; those after the end of the run are not recorded.
  std::vector<double> times = {};
  /// These rows only, one range under the other.
  std::vector<Rows> rows = {};
  /// Whether to record energies too, where the system has them. Between steps that costs one right-hand side a time.
  bool energies = true;
};

/// An observer that chooses which moments of a run are recorded; what derives from it keeps them.
class Recorder {
 public:
  /// Throws ShapeError when a state has not the rows asked for, ValueError when a chosen time lies before the run.
  void operator()(const Evaluation& evaluation);

 protected:
  /// What is recorded of one moment: rows × samples, and one energy a sample, null where none is recorded.
  struct Moment {
    double time;
    const State& state;
    const Energies* energies;
  };
  /// What all moments of a run have in common.
  struct Form {
    Index rows, samples;
    bool energies;
  };

  /// `name` begins the messages of errors. Throws ValueError for a negative Δt, for times that are not finite or not
  /// ascending, and for both at once; ShapeError for rows that mean nothing.
  Recorder(std::string name, TrajectoryOptions options);
  Recorder(const Recorder&) = default;
  Recorder(Recorder&&) = default;
  Recorder& operator=(const Recorder&) = default;
  Recorder& operator=(Recorder&&) = default;
  ~Recorder() = default;

 private:
  /// A run begins: forgets everything.
  virtual void begin(const Form& form) = 0;
  /// A run is resumed at t: forgets what came after it. Of what came before, the last moment was `latest`; −∞: none.
  virtual void resume(const Form& form, double t, double latest) = 0;
  virtual void keep(const Moment& moment) = 0;

  void start(const Evaluation& evaluation);
  bool every_step() const { return options_.every == 0 && options_.times.empty(); }
  double moment(std::size_t k) const;
  double due(double t) const;
  void record_at(const Evaluation& evaluation, double t);
  const State& chosen(const State& x);

  std::string name_;
  TrajectoryOptions options_;
  double begin_ = 0;
  std::size_t next_ = 0;  // of the moments apart from steps
  State between_, chosen_;
  Energies energies_;
};

}  // namespace hamlet

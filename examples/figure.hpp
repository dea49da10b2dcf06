// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/hamlet.hpp>

#include <string>
#include <utility>
#include <vector>

/// Panels of curves, points and maps with their texts, left as an npz file that tools/plot.py draws.
///
///     Figure figure("Bit errors");
///     figure.panel({.x = "load K/N", .y = "bit error", .log_y = true});
///     figure.points("measured", loads, errors, standard_errors);
///     figure.line("Q(√(N/K))", loads, theory);
///     figure.save("out/figure.npz");
class Figure {
 public:
  struct Panel {
    std::string title = {}, x = {}, y = {};  // y of an image is the label of its colours
    bool log_x = false, log_y = false;
    bool equal = false;  // one unit is as long in x as in y
  };

  explicit Figure(const std::string& title) { text("figure", title); }

  /// What follows is drawn in it.
  void panel(const Panel& panel) {
    const auto scale = [](bool log) { return log ? "log" : "linear"; };
    prefix_ = "panel/" + std::to_string(++panels_);
    text(prefix_, panel.title + '\n' + panel.x + '\n' + panel.y + '\n' + scale(panel.log_x) + '\n' +
                      scale(panel.log_y) + '\n' + (panel.equal ? "equal" : "auto"));
    prefix_ += '/';
  }

  void line(const std::string& name, const std::vector<double>& x, const std::vector<double>& y) {
    add("line", name, {x, y});
  }
  /// With bars of ± errors where there are any.
  void points(const std::string& name, const std::vector<double>& x, const std::vector<double>& y,
              const std::vector<double>& errors = {}) {
    add("points", name, {x, y, errors.empty() ? std::vector<double>(x.size()) : errors});
  }
  /// Straight lines from (x₀, y₀) to (x₁, y₁), as thick as their weight, ≤ 1.
  void segments(const std::string& name, const std::vector<double>& x0, const std::vector<double>& y0,
                const std::vector<double>& x1, const std::vector<double>& y1, const std::vector<double>& weights) {
    add("segments", name, {x0, y0, x1, y1, weights});
  }
  void mark(const std::string& name, double x, double y) { add("mark", name, {{x}, {y}}); }
  /// One row under the other, from the top.
  void image(const hamlet::State& pixels) { file_.add(prefix_ + "image", hamlet::Array::from(pixels)); }

  void save(const std::string& path) const { hamlet::save_npz(path, file_); }

 private:
  void text(const std::string& name, const std::string& text) {
    file_.add(name, hamlet::Array::from(std::vector<std::uint8_t>(text.begin(), text.end())));
  }
  void add(const std::string& kind, const std::string& name, const std::vector<std::vector<double>>& rows) {
    hamlet::State values(static_cast<hamlet::Index>(rows.size()), static_cast<hamlet::Index>(rows.front().size()));
    for (std::size_t row = 0; row < rows.size(); ++row) {
      values.row(static_cast<hamlet::Index>(row)) =
          Eigen::Map<const Eigen::RowVectorXd>(rows[row].data(), static_cast<hamlet::Index>(rows[row].size()));
    }
    file_.add(prefix_ + kind + '/' + name, hamlet::Array::from(values));
  }

  hamlet::Npz file_;
  std::string prefix_;
  int panels_ = 0;
};

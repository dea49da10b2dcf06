// SPDX-License-Identifier: MIT
#include <hamlet/io/progress.hpp>

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace hamlet {

namespace {

constexpr std::chrono::milliseconds renewal{100};
constexpr const char* clear_to_end = "\x1b[K";

/// The first `columns` characters of UTF-8: a line that wraps cannot be renewed.
std::string cut(const std::string& line, std::size_t columns) {
  std::size_t characters = 0, end = 0;
  for (; end < line.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(line[end]) & 0xc0) != 0x80;
    if (begins && characters++ == columns) break;
  }
  return line.substr(0, end);
}

std::size_t columns(std::FILE* terminal) {
  winsize size{};
  const bool known = ioctl(fileno(terminal), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return known ? size.ws_col : 80;
}

}  // namespace

Progress::Progress(std::string name, std::FILE* out)
    : name_(std::move(name)), out_(out), terminal_(isatty(fileno(out)) != 0) {}

bool Progress::due(bool first) {
  if (!terminal_) return false;
  const auto now = std::chrono::steady_clock::now();
  if (!first && now - shown_ < renewal) return false;
  shown_ = now;
  return true;
}

void Progress::show(const std::string& line) {
  const std::string named = name_.empty() ? line : name_ + "  " + line;
  fmt::print(out_, "\r{}{}", cut(named, columns(out_) - 1), clear_to_end);
  std::fflush(out_);
}

void Progress::operator()(const Evaluation& evaluation) {
  if (!due(evaluation.starts)) return;
  std::string line = fmt::format("t = {:.6g}, step {}", evaluation.time, evaluation.step);
  if (evaluation.energies)
    line += fmt::format(", {}E = {:.6g}", evaluation.energies->size() > 1 ? "mean " : "", evaluation.energies->mean());
  show(line + fmt::format(", residual {:.1e}", evaluation.residual));
}

void Progress::operator()(std::size_t ended, std::size_t runs) {
  if (ended == runs) {
    clear();
  } else if (due(ended == 0)) {
    show(fmt::format("{} of {} runs", ended, runs));
  }
}

void Progress::finish(const Outcome&) { clear(); }

void Progress::clear() {
  if (!terminal_) return;
  fmt::print(out_, "\r{}", clear_to_end);
  std::fflush(out_);
}

}  // namespace hamlet

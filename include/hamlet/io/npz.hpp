// SPDX-License-Identifier: MIT
#pragma once

#include <hamlet/io/array.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hamlet {

/// Arrays by name, in the order they were added: what an npz file holds.
///
///     save_npz("run.npz", {{"model/time", Array::from(times)}, {"model/energy", Array::stack(energies)}});
///     State energy = load_npz("run.npz")["model/energy"].matrix();
class Npz {
 public:
  Npz() = default;
  /// As add(), one after another.
  Npz(std::initializer_list<std::pair<std::string, Array>> arrays);

  /// Throws ValueError when the name is empty or taken.
  void add(std::string name, Array array);

  bool contains(std::string_view name) const;
  /// Throws UnknownError, listing the names there are.
  const Array& operator[](std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::vector<std::pair<std::string, Array>> arrays_;
};

/// Stored is fast and what numpy.savez writes; Deflated is smaller and what numpy.savez_compressed writes.
enum class Compression { Stored, Deflated };

/// Writes a zip archive of npy files, which numpy.load opens; the same arrays give the same bytes. Throws ValueError
/// when there is no array or a name is not UTF-8, FileError as save_npy.
void save_npz(const std::string& path, const Npz& arrays, Compression compression = Compression::Stored);

/// Reads all arrays of an npz file; members that are not named *.npy are no arrays and are passed over. Throws
/// FileError, naming the member, as load_npy, and when there are members but no array.
Npz load_npz(const std::string& path);

}  // namespace hamlet

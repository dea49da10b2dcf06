// SPDX-License-Identifier: MIT
#include "io/npy_header.hpp"
#include "io/output.hpp"

#include <hamlet/io/npy.hpp>

namespace hamlet {

void save_npy(const std::string& path, const Array& array) {
  const std::string header = io::npy_header(array.type(), array.sizes(), array.order());
  io::OutputFile file(path);
  file.write(std::as_bytes(std::span(header)));
  file.write(array.bytes());
  file.commit();
}

Array load_npy(const std::string& path) {
  io::FileSource source(path);
  return io::read_npy(source);
}

}  // namespace hamlet

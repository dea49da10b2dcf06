// SPDX-License-Identifier: MIT
#include "io/npy_header.hpp"
#include "io/output.hpp"

#include <hamlet/io/npz.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <zip.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <memory>

namespace hamlet {
namespace {

constexpr std::string_view suffix = ".npy";

struct Discard {
  void operator()(zip_t* archive) const { zip_discard(archive); }
};
using Archive = std::unique_ptr<zip_t, Discard>;

[[noreturn]] void fail(const std::string& path, std::string_view what, zip_error_t* error) {
  throw FileError(fmt::format("{}: {}: {}", path, what, zip_error_strerror(error)));
}

Archive open(const std::string& path, int flags, std::string_view what) {
  int code = 0;
  Archive archive(zip_open(path.c_str(), flags, &code));
  if (!archive) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::unique_ptr<zip_error_t, decltype(&zip_error_fini)> owner(&error, zip_error_fini);
    fail(path, what, &error);
  }
  return archive;
}

class MemberSource final : public io::Source {
 public:
  MemberSource(const std::string& path, const std::string& name, zip_t* archive, zip_uint64_t index)
      : Source(fmt::format("{}: '{}'", path, name)), file_(zip_fopen_index(archive, index, 0)) {
    if (!file_) fail(zip_strerror(archive));
  }

 private:
  std::size_t read(std::byte* out, std::size_t count) override {
    const zip_int64_t found = zip_fread(file_.get(), out, count);
    if (found < 0) fail(fmt::format("unreadable at offset {}: {}", offset(), zip_file_strerror(file_.get())));
    return static_cast<std::size_t>(found);
  }

  struct Close {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };
  std::unique_ptr<zip_file_t, Close> file_;
};

// One stamp for every file, 1980-01-01 as numpy's: the same arrays give the same bytes.
constexpr zip_uint16_t first_day_of_dos = 1 << 5 | 1;

// libzip reads header and elements where they lie when the archive is closed, so both must live until then.
void add_member(const std::string& path, zip_t* archive, const std::string& name, const std::string& header,
                const Array& array, Compression compression) {
  // The fragments are only read: the pointers are not const because libzip can be asked to free them.
  const std::array<zip_buffer_fragment_t, 2> fragments{
      {{reinterpret_cast<zip_uint8_t*>(const_cast<char*>(header.data())), header.size()},
       {reinterpret_cast<zip_uint8_t*>(const_cast<std::byte*>(array.bytes().data())), array.bytes().size()}}};
  zip_source_t* source = zip_source_buffer_fragment(archive, fragments.data(), fragments.size(), 0);
  if (!source) fail(path, fmt::format("array '{}' cannot be added", name), zip_get_error(archive));
  const zip_int64_t index = zip_file_add(archive, (name + std::string(suffix)).c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    throw ValueError(fmt::format("'{}' cannot be the name of an array in {}: {}", name, path, zip_strerror(archive)));
  }
  const auto position = static_cast<zip_uint64_t>(index);
  const auto method = compression == Compression::Stored ? ZIP_CM_STORE : ZIP_CM_DEFLATE;
  if (zip_set_file_compression(archive, position, method, 0) != 0 ||
      zip_file_set_dostime(archive, position, 0, first_day_of_dos, 0) != 0) {
    fail(path, fmt::format("array '{}' cannot be added", name), zip_get_error(archive));
  }
}

}  // namespace

Npz::Npz(std::initializer_list<std::pair<std::string, Array>> arrays) {
  for (const auto& [name, array] : arrays) add(name, array);
}

void Npz::add(std::string name, Array array) {
  if (name.empty() || name.find('\0') != std::string::npos) {
    throw ValueError("the name of an array must not be empty or hold a zero byte");
  }
  if (contains(name)) throw ValueError(fmt::format("there is an array '{}' already", name));
  arrays_.emplace_back(std::move(name), std::move(array));
}

bool Npz::contains(std::string_view name) const {
  return std::any_of(arrays_.begin(), arrays_.end(), [&](const auto& entry) { return entry.first == name; });
}

const Array& Npz::operator[](std::string_view name) const {
  for (const auto& [known, array] : arrays_) {
    if (known == name) return array;
  }
  throw UnknownError(arrays_.empty()
                         ? fmt::format("there is no array '{}': there is none", name)
                         : fmt::format("there is no array '{}': there are '{}'", name, fmt::join(names(), "', '")));
}

std::vector<std::string> Npz::names() const {
  std::vector<std::string> names;
  for (const auto& entry : arrays_) names.push_back(entry.first);
  return names;
}

void save_npz(const std::string& path, const Npz& arrays, Compression compression) {
  const std::vector<std::string> names = arrays.names();
  if (names.empty()) throw ValueError(fmt::format("there is no array to write to {}", path));
  std::vector<std::string> headers;
  for (const std::string& name : names) {
    const Array& array = arrays[name];
    headers.push_back(io::npy_header(array.type(), array.sizes(), array.order()));
  }
  const std::string target = io::target_of(path);
  Archive archive = open(target, ZIP_CREATE | ZIP_TRUNCATE, "cannot be written");
  for (std::size_t i = 0; i < names.size(); ++i) {
    add_member(target, archive.get(), names[i], headers[i], arrays[names[i]], compression);
  }
  // libzip writes a file beside the target and renames it: a failure leaves what was there before.
  if (zip_close(archive.get()) != 0) fail(target, "cannot be written", zip_get_error(archive.get()));
  static_cast<void>(archive.release());
}

Npz load_npz(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none))
    throw FileError(fmt::format("{}: no npz file that can be read: it is a folder", path));
  const Archive archive = open(path, ZIP_RDONLY, "no npz file that can be read");
  const auto members = static_cast<zip_uint64_t>(zip_get_num_entries(archive.get(), 0));
  Npz arrays;
  for (zip_uint64_t i = 0; i < members; ++i) {
    const char* const name = zip_get_name(archive.get(), i, 0);
    if (!name) fail(path, fmt::format("member {} has no name", i), zip_get_error(archive.get()));
    const std::string member = name;
    if (!member.ends_with(suffix) || member.size() == suffix.size()) continue;
    MemberSource source(path, member, archive.get(), i);
    std::string key = member.substr(0, member.size() - suffix.size());
    if (arrays.contains(key)) source.fail("there are two members of this name");
    arrays.add(std::move(key), io::read_npy(source));
  }
  if (members > 0 && arrays.names().empty()) {
    throw FileError(fmt::format("{}: no npz file: none of its {} members is named *.npy", path, members));
  }
  return arrays;
}

}  // namespace hamlet

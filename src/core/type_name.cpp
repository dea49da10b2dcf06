// SPDX-License-Identifier: MIT
#include <hamlet/core/type_name.hpp>

#include <cxxabi.h>

#include <cstdlib>
#include <memory>
#include <string_view>

namespace hamlet {

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, decltype(&std::free)> written(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status),
                                                            &std::free);
  std::string name = status == 0 ? written.get() : type.name();
  constexpr std::string_view own = "hamlet::";
  for (auto at = name.find(own); at != std::string::npos; at = name.find(own)) name.erase(at, own.size());
  return name;
}

}  // namespace hamlet

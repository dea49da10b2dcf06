// SPDX-License-Identifier: MIT
#pragma once

#include <boost/test/unit_test.hpp>

#include <string>

namespace hamlet::laws {

/// What `act` says when it throws E; fails the test when it throws nothing or anything else.
template <class E, class Act>
std::string message(const Act& act) {
  try {
    act();
  } catch (const E& error) {
    return error.what();
  } catch (const std::exception& other) {
    BOOST_ERROR("another exception was thrown: " << other.what());
    return {};
  }
  BOOST_ERROR("nothing was thrown");
  return {};
}

/// Whether `text` has every one of these parts.
inline bool names(const std::string& text, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    if (text.find(part) != std::string::npos) continue;
    BOOST_TEST_MESSAGE("'" << part << "' is not in: " << text);
    return false;
  }
  return true;
}

}  // namespace hamlet::laws

# SPDX-License-Identifier: MIT
# The example in README.md must be what main.cpp beside this file compiles, so that it cannot grow stale.
file(READ ${CMAKE_CURRENT_LIST_DIR}/../../README.md readme)
file(READ ${CMAKE_CURRENT_LIST_DIR}/main.cpp program)

string(FIND "${readme}" "```cpp\n" begin)
if(begin EQUAL -1)
  message(FATAL_ERROR "README.md shows no example: no block that begins with ```cpp")
endif()
math(EXPR begin "${begin} + 7")
string(SUBSTRING "${readme}" ${begin} -1 example)
string(FIND "${example}" "```" length)
string(SUBSTRING "${example}" 0 ${length} example)

string(FIND "${program}" "${example}" found)
if(found EQUAL -1)
  message(FATAL_ERROR "The example in README.md is not a part of tests/consumer/main.cpp:\n${example}")
endif()

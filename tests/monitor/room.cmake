# SPDX-License-Identifier: MIT
target_sources(test_monitor PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/dynamics/steppers.cpp)

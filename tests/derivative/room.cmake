# SPDX-License-Identifier: MIT
# ADOL-C, the independent source of derivatives.
find_library(ADOLC adolc REQUIRED)
target_link_libraries(test_derivative PRIVATE ${ADOLC})

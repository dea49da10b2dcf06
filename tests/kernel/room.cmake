# SPDX-License-Identifier: MIT
target_link_libraries(test_kernel PRIVATE PkgConfig::libhwy)

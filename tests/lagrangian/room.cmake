# SPDX-License-Identifier: MIT
# Functors that are no Lagrangians are refused where they are written, with what they lack.
get_target_property(eigen Eigen3::Eigen INTERFACE_INCLUDE_DIRECTORIES)
set(reasons "well" "both are missing" "takes double alone" "activation is missing" "hessian_product is missing")
foreach(case RANGE 4)
  list(GET reasons ${case} reason)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
    set(reason "deleted")  # a reason takes the attribute that GCC 12 brought
  endif()
  add_test(NAME lagrangian_refused_${case} COMMAND ${CMAKE_COMMAND}
    -D case=${case} -D reason=${reason} -D compiler=${CMAKE_CXX_COMPILER}
    -D source=${CMAKE_CURRENT_SOURCE_DIR}/lagrangian/refused/cases.cpp
    -D include=${PROJECT_SOURCE_DIR}/include -D eigen=${eigen}
    -P ${CMAKE_CURRENT_SOURCE_DIR}/lagrangian/refused/test.cmake)
endforeach()
target_link_libraries(test_lagrangian PRIVATE PkgConfig::libhwy)

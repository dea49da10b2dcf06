# SPDX-License-Identifier: MIT
# A Python that has numpy, for the test that numpy and Hamlet read one another's files. The first Python on the path may
# be one without.
if(NOT DEFINED HAMLET_NUMPY_PYTHON)
  foreach(candidate python3 /usr/bin/python3)
    execute_process(COMMAND ${candidate} -c "import numpy" RESULT_VARIABLE missing OUTPUT_QUIET ERROR_QUIET)
    if(missing EQUAL 0)
      set(HAMLET_NUMPY_PYTHON ${candidate} CACHE STRING "A Python with numpy, for a test")
      break()
    endif()
  endforeach()
endif()
target_compile_definitions(test_io PRIVATE
  HAMLET_NUMPY_PYTHON="${HAMLET_NUMPY_PYTHON}" HAMLET_NUMPY_PEER="${CMAKE_CURRENT_LIST_DIR}/numpy_peer.py")
target_link_libraries(test_io PRIVATE ZLIB::ZLIB PNG::PNG PkgConfig::libzip)

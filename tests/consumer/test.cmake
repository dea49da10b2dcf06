# SPDX-License-Identifier: MIT
# Installs the build `built`, then configures, builds and runs the project beside this file against it.
function(run)
  execute_process(COMMAND ${ARGV} COMMAND_ECHO STDOUT COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${folder})
run(${CMAKE_COMMAND} --install ${built} --prefix ${folder}/prefix)
run(${CMAKE_COMMAND} -S ${CMAKE_CURRENT_LIST_DIR} -B ${folder}/build -G ${generator}
  -DCMAKE_PREFIX_PATH=${folder}/prefix
  -DCMAKE_CXX_COMPILER=${compiler}
  -DCMAKE_BUILD_TYPE=${build_type}
  -DCMAKE_CXX_FLAGS=${flags})
run(${CMAKE_COMMAND} --build ${folder}/build)
run(${folder}/build/consumer)

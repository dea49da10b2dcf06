# SPDX-License-Identifier: MIT
# `cmake --install`, and what find_package(hamlet) reads: the targets hamlet::hamlet and hamlet::models.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/hamlet)
# A folder that holds the models alone, because <memory> must not find the room of that name.
set(models_dir ${CMAKE_INSTALL_INCLUDEDIR}/hamlet-models)
target_include_directories(hamlet_models INTERFACE $<INSTALL_INTERFACE:${models_dir}>)

install(TARGETS hamlet hamlet_models EXPORT hamlet)
install(DIRECTORY include/hamlet DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN *.hpp)
install(DIRECTORY models DESTINATION ${models_dir} FILES_MATCHING PATTERN *.hpp)
install(EXPORT hamlet NAMESPACE hamlet:: FILE hamlet-targets.cmake DESTINATION ${package_dir})

get_target_property(library_type hamlet TYPE)
configure_package_config_file(cmake/hamlet-config.cmake.in hamlet-config.cmake INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(hamlet-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/hamlet-config.cmake ${PROJECT_BINARY_DIR}/hamlet-config-version.cmake
  DESTINATION ${package_dir})

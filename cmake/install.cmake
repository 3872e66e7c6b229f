# What `cmake --install` copies: both libraries, the public headers, and what find_package(pentad)
# and `pkg-config pentad` read. The package can be moved after it was installed.

include(CMakePackageConfigHelpers)
set(pentad_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/pentad)

install(TARGETS pentad pentad_shared EXPORT pentad_targets)
install(
  EXPORT pentad_targets
  NAMESPACE pentad::
  FILE pentad-targets.cmake
  DESTINATION ${pentad_package_dir})

foreach(header ${pentad_public_headers})
  cmake_path(RELATIVE_PATH header BASE_DIRECTORY ${PROJECT_SOURCE_DIR} OUTPUT_VARIABLE relative)
  cmake_path(GET relative PARENT_PATH directory)
  install(FILES ${header} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/${directory})
endforeach()

configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/packaging/pentad-config.cmake.in ${PROJECT_BINARY_DIR}/pentad-config.cmake
  INSTALL_DESTINATION ${pentad_package_dir})
# Below 1.0 a new minor version may break what was built against the one before.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/pentad-config-version.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/pentad-config.cmake
              ${PROJECT_BINARY_DIR}/pentad-config-version.cmake
        DESTINATION ${pentad_package_dir})

set(pentad_pkgconfig_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH pentad_pkgconfig_to_prefix ${pentad_pkgconfig_dir} ${CMAKE_INSTALL_PREFIX})
configure_file(${PROJECT_SOURCE_DIR}/packaging/pentad.pc.in ${PROJECT_BINARY_DIR}/pentad.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/pentad.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE ${PROJECT_SOURCE_DIR}/packaging/pentad.example.toml
        DESTINATION ${CMAKE_INSTALL_DOCDIR})

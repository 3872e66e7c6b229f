# The library, compiled once and linked twice:
#
#   pentad         static, what everything in this tree links to (alias pentad::pentad)
#   pentad_shared  shared

file(GLOB_RECURSE pentad_sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/pentad/*.cpp)
file(GLOB_RECURSE pentad_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/pentad/*.hpp)

# Headers that know the kernel or liburing stay inside; the others are the public interface.
set(pentad_public_headers ${pentad_headers})
list(FILTER pentad_public_headers EXCLUDE REGEX
     "/pentad/(stack/kernel/|runtime/(epoll_|uring_|descriptor_handle))")

add_library(pentad_objects OBJECT ${pentad_sources})
set_target_properties(pentad_objects PROPERTIES POSITION_INDEPENDENT_CODE ON)
target_compile_features(pentad_objects PUBLIC cxx_std_23)
target_include_directories(pentad_objects PUBLIC ${PROJECT_SOURCE_DIR})
# What the library stands on. `resolv` is the part of the C library that knows DNS messages.
set(pentad_foundations PkgConfig::LIBURING PkgConfig::LIBIDN2 Threads::Threads resolv)
target_link_libraries(pentad_objects PRIVATE ${pentad_foundations})
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Position independent code must not cost the library its own inlining, nor each system call a
  # jump through another page of code.
  target_compile_options(
    pentad_objects PRIVATE -fno-semantic-interposition $<$<CONFIG:Release>:-fno-plt>)
endif()

add_library(pentad STATIC $<TARGET_OBJECTS:pentad_objects>)
add_library(pentad_shared SHARED $<TARGET_OBJECTS:pentad_objects>)
add_library(pentad::pentad ALIAS pentad)
add_library(pentad::static ALIAS pentad)
add_library(pentad::shared ALIAS pentad_shared)

foreach(library pentad pentad_shared)
  target_compile_features(${library} PUBLIC cxx_std_23)
  target_include_directories(
    ${library} PUBLIC $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}>
                      $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  target_link_libraries(${library} PRIVATE ${pentad_foundations})
  set_target_properties(${library} PROPERTIES OUTPUT_NAME pentad)
endforeach()

set_target_properties(pentad PROPERTIES EXPORT_NAME static)
set_target_properties(pentad_shared PROPERTIES EXPORT_NAME shared VERSION ${PROJECT_VERSION}
                                               SOVERSION ${PROJECT_VERSION_MAJOR})

# precompiled(NAME HEADERS <header>… USES library…) and use_precompiled(TARGET NAME)
#
# Reading the same headers of other people again and again is half of what a compiler does here; so each build reads
# those of GoogleTest and of the standard library once. A precompiled header holds none of the project, and nothing of
# a library that its users do not have anyway: what a folder may include is decided as without it.
#
# With the standard headers given, a compiler does not see that a source forgot to #include one. The asan build reads
# every part without them (PRECOMPILE_PARTS), so that this is seen there; in tests gtest.h brings them either way.
option(PRECOMPILE_PARTS "read the standard headers once for all parts, not only GoogleTest for all tests" ON)

file(CONFIGURE OUTPUT ${CMAKE_BINARY_DIR}/precompiled/empty.cc CONTENT "")

function(precompiled name)
  cmake_parse_arguments(P "" "" "HEADERS;USES" ${ARGN})
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${CMAKE_BINARY_DIR}/precompiled/empty.cc)
  target_link_libraries(${name} PRIVATE ${P_USES})
  target_precompile_headers(${name} PRIVATE ${P_HEADERS})
  # ccache needs these: to see which precompiled header a source has, and to find the same one again tomorrow.
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${name} PRIVATE -fpch-preprocess)
  else()
    target_compile_options(${name} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# A compiler refuses a precompiled header made with other flags: -Winvalid-pch, which CMake adds, is an error here.
function(use_precompiled target name)
  target_precompile_headers(${target} REUSE_FROM ${name})
  if(CMAKE_CXX_COMPILER_ID STREQUAL GNU)
    target_compile_options(${target} PRIVATE -fpch-preprocess)
  else()
    target_compile_options(${target} PRIVATE "SHELL:-Xclang -fno-pch-timestamp")
  endif()
endfunction()

# The sources of a test run once: their own code is neither optimised nor, in a release build, described for a
# debugger. What they test is compiled as everywhere.
function(test_flags target)
  target_compile_options(${target} PRIVATE -O0 $<$<CONFIG:Release>:-g0>)
endfunction()

precompiled(precompiled_std
  HEADERS <algorithm> <array> <cstdint> <cstring> <functional> <map> <memory> <optional> <set> <span> <string>
    <string_view> <vector>)
precompiled(precompiled_tests
  HEADERS <gtest/gtest.h>
  USES GTest::gtest)
test_flags(precompiled_tests)

# part(FOLDER SOURCES file… MAY_INCLUDE folder… USES library…)
#
# Makes one static library of a folder. Each folder has a private include root, a directory that holds nothing but
# a link to it, and is compiled with its own root and those of MAY_INCLUDE: an #include of any other folder does not
# find its file. Roots are not inherited, so the list on a part's line is the whole truth about that part.
set(ROOTS ${CMAKE_BINARY_DIR}/roots)

function(part_name folder out)
  string(REPLACE "/" "_" name ${folder})
  set(${out} ${name} PARENT_SCOPE)
endfunction()

# Gives TARGET the include roots of FOLDERS and links their libraries.
function(may_include target)
  foreach(folder IN LISTS ARGN)
    part_name(${folder} name)
    target_include_directories(${target} PRIVATE ${ROOTS}/${name})
    target_link_libraries(${target} PUBLIC ${name})
  endforeach()
endfunction()

function(part folder)
  cmake_parse_arguments(P "" "" "SOURCES;MAY_INCLUDE;USES" ${ARGN})
  part_name(${folder} name)
  get_filename_component(parent ${ROOTS}/${name}/${folder} DIRECTORY)
  file(MAKE_DIRECTORY ${parent})
  file(CREATE_LINK ${CMAKE_SOURCE_DIR}/${folder} ${ROOTS}/${name}/${folder} SYMBOLIC)
  list(TRANSFORM P_SOURCES PREPEND ${folder}/)
  add_library(${name} STATIC ${P_SOURCES})
  target_include_directories(${name} PRIVATE ${ROOTS}/${name})
  target_link_libraries(${name} PUBLIC ${P_USES})
  may_include(${name} ${P_MAY_INCLUDE})
  if(PRECOMPILE_PARTS)
    use_precompiled(${name} precompiled_std)
  endif()
endfunction()

# program(NAME SOURCES file… MAY_INCLUDE folder… USES library…): an executable in build/bin.
function(program name)
  cmake_parse_arguments(P "" "" "SOURCES;MAY_INCLUDE;USES" ${ARGN})
  add_executable(${name} ${P_SOURCES})
  target_link_libraries(${name} PRIVATE ${P_USES})
  may_include(${name} ${P_MAY_INCLUDE})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
endfunction()

# part_test(FOLDER TESTS file… MAY_INCLUDE folder…): the unit tests that mirror a folder, as tests/…/NAME_tests.
# DATA_DIRECTORY is the folder of tests in the source tree, for samples and golden files.
function(part_test folder)
  cmake_parse_arguments(P "" "" "TESTS;MAY_INCLUDE;USES" ${ARGN})
  part_name(${folder} name)
  get_filename_component(leaf ${folder} NAME)
  list(TRANSFORM P_TESTS PREPEND tests/${leaf}/)
  add_executable(${name}_tests ${P_TESTS})
  target_link_libraries(${name}_tests PRIVATE GTest::gmock GTest::gtest_main ${P_USES})
  may_include(${name}_tests ${folder} ${P_MAY_INCLUDE})
  target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests/support)
  target_compile_definitions(${name}_tests PRIVATE
    TEST_DIRECTORY="${CMAKE_SOURCE_DIR}/tests" SOURCE_DIRECTORY="${CMAKE_SOURCE_DIR}")
  test_flags(${name}_tests)
  use_precompiled(${name}_tests precompiled_tests)
  gtest_discover_tests(${name}_tests TEST_PREFIX ${folder}: DISCOVERY_MODE PRE_TEST
    PROPERTIES LABELS unit TIMEOUT 120)
endfunction()

# Packages: `cmake --build build/release --target package` makes a .deb, and `… --target dist` the archive of the sources. Beside
# each stands its SHA-256. Times within them are those of the last commit, so that two builds give the same bytes.
execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 --format=%ct
    OUTPUT_VARIABLE DIFKIT_EPOCH OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT DIFKIT_EPOCH)
    set(DIFKIT_EPOCH 0)
endif()
# Whoever committed last answers for the package.
execute_process(COMMAND git -C ${PROJECT_SOURCE_DIR} log -1 "--format=%cn <%ce>"
    OUTPUT_VARIABLE DIFKIT_MAINTAINER OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT DIFKIT_MAINTAINER)
    set(DIFKIT_MAINTAINER "The difkit project <difkit@localhost>")
endif()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME difkit)
set(CPACK_PACKAGE_VENDOR "difkit")
set(CPACK_PACKAGE_CONTACT "${DIFKIT_MAINTAINER}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_CHECKSUM SHA256)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Opened when they are first needed.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libxlsxwriter4, librsvg2-2, libcairo2, libedit2, libreadstat1")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "lua5.4")
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "data toolkit for policy frameworks, scripted in Lua")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "difkit loads a framework (documents, topics, actions, indicators) from readable
YAML into SQLite and gives it to short Lua scripts for queries, composite
indices, charts, reports and exports. The same data give the same bytes, and
scripts run in a sandbox.

It brings the five documents of ASEAN digital integration as its data.")
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/package.config.cmake)
file(WRITE ${CPACK_PROJECT_CONFIG_FILE} "if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})\n    set(ENV{SOURCE_DATE_EPOCH} ${DIFKIT_EPOCH})\nendif()\n")
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/debian.cmake)
include(CPack)

# The sources as git has them: the same commit gives the same bytes.
set(DIFKIT_DIST difkit-${PROJECT_VERSION}.tar.gz)
add_custom_target(dist
    COMMAND git -C ${PROJECT_SOURCE_DIR} archive --format=tar --prefix=difkit-${PROJECT_VERSION}/
        -o ${PROJECT_BINARY_DIR}/difkit-${PROJECT_VERSION}.tar HEAD
    COMMAND gzip -9nf difkit-${PROJECT_VERSION}.tar
    COMMAND sha256sum ${DIFKIT_DIST} > ${DIFKIT_DIST}.sha256
    COMMAND cat ${DIFKIT_DIST}.sha256
    WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)

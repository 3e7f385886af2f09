# Run by CPack on what was installed, before it makes the .deb: what Debian's policy wants there.
set(share ${CPACK_TEMPORARY_DIRECTORY}/usr/share)
set(documents ${share}/doc/difkit)
file(RENAME ${documents}/LICENSE ${documents}/copyright)
file(RENAME ${documents}/CHANGELOG.md ${documents}/changelog)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of the last commit, by SOURCE_DATE_EPOCH
file(WRITE ${documents}/changelog.Debian "difkit (${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) stable; urgency=medium

  * Made by the project itself; what changed is in changelog.gz.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
execute_process(COMMAND gzip -9n ${documents}/changelog ${documents}/changelog.Debian ${share}/man/man1/difkit.1
    COMMAND_ERROR_IS_FATAL ANY)
file(GLOB linked ${CPACK_TEMPORARY_DIRECTORY}/usr/bin/difkit ${CPACK_TEMPORARY_DIRECTORY}/usr/lib/*/lua/5.4/difkit/core.so)
execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/../bill package ${documents} ${linked} COMMAND_ERROR_IS_FATAL ANY)
file(WRITE ${share}/lintian/overrides/difkit "# No upload to the distribution.\ndifkit: initial-upload-closes-no-bugs\n")

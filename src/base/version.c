#include "base/version.h"

/* build.h is made by the Makefile (build-aux/build-header.sh); only this
   file includes it, so a new commit recompiles nothing else. */
#ifdef HAVE_BUILD_H
#include "build.h"
#endif
#ifndef PACKAGE_VERSION
#define PACKAGE_VERSION "unknown"
#endif
#ifndef GIT_VERSION
#define GIT_VERSION "unknown"
#endif
#ifndef BUILD_COMPILER
#define BUILD_COMPILER "unknown"
#endif

const char version_program[] = PACKAGE_VERSION;
const char version_git[] = GIT_VERSION;
const char version_compiler[] = BUILD_COMPILER;

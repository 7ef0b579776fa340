/* Which program this is, for --version and /provenance. */
#ifndef TEMPERA_BASE_VERSION_H
#define TEMPERA_BASE_VERSION_H

extern const char version_program[];  /* "0.1.0" */
extern const char version_git[];      /* git describe, or "unknown" */
extern const char version_compiler[]; /* compiler and flags, or "unknown" */

#endif

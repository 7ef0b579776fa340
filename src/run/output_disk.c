/* OUT.h5 and the disk: room before a write, the marker around it, the disk
   itself after it. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "run/output_parts.h"

char *output_marker(const char *path)
{
    return mem_text("%s.commit", path);
}

/* Blocks behind the end of the file; HDF5 uses them, and cuts off the rest
   when it closes. 0 or an errno. */
static int take_room(const char *path, int64_t bytes)
{
    struct stat about;
    int file = open(path, O_WRONLY);
    if (file < 0)
        return errno;
    int cause = fstat(file, &about) ? errno
                                    : posix_fallocate(file, about.st_size,
                                                      bytes);
    if (cause && ftruncate(file, about.st_size))
        cause = errno;
    close(file);
    return cause;
}

static bool set_marker(const char *path)
{
    char *marker = output_marker(path);
    FILE *file = fopen(marker, "w");
    bool good = file && fclose(file) == 0;
    free(marker);
    return good;
}

bool output_begin_write(const char *path, int64_t bytes, struct err *err)
{
    int cause = take_room(path, bytes);
    if (!cause && !set_marker(path))
        cause = errno;
    if (cause)
        err_add(err, EXIT_DATA, path, "cannot be extended by %.3g MB: %s",
                1e-6 * (double)bytes, strerror(cause));
    return !cause;
}

void output_end_write(const char *path)
{
    char *marker = output_marker(path);
    unlink(marker);
    free(marker);
}

bool output_force(const char *path, struct err *err)
{
    int file = open(path, O_WRONLY);
    bool good = file >= 0 && fsync(file) == 0;
    if (!good)
        err_add(err, EXIT_DATA, path, "cannot be forced to disk: %s",
                strerror(errno));
    if (file >= 0)
        close(file);
    return good;
}

/* Put in front of libc (LD_PRELOAD): the KILL_AT-th operation that changes a
   file of the run kills the process instead, as kill -9 would at that moment;
   with KILL_TORN a write is half done first. Made and used by
   test_kill_points.py. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static long done;

static int counts(const char *path)
{
    return strstr(path, ".h5") && !strstr(path, ".stop") &&
           !strstr(path, ".status");
}

static int is_last(const char *path)
{
    const char *at = getenv("KILL_AT");
    return counts(path) && ++done == (at ? atol(at) : 0);
}

static int is_last_of(int file)
{
    char link[64], path[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[length < 0 ? 0 : length] = 0;
    return is_last(path);
}

static void end(void)
{
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;)
        pause();
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at)
{
    if (is_last_of(file)) {
        if (getenv("KILL_TORN"))
            syscall(SYS_pwrite64, file, bytes, count / 2, at);
        end();
    }
    return syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t pwrite64(int file, const void *bytes, size_t count, off64_t at)
{
    return pwrite(file, bytes, count, at);
}

int ftruncate(int file, off_t length)
{
    if (is_last_of(file))
        end();
    return (int)syscall(SYS_ftruncate, file, length);
}

int ftruncate64(int file, off64_t length) { return ftruncate(file, length); }

int posix_fallocate(int file, off_t at, off_t count)
{
    if (is_last_of(file))
        end();
    return syscall(SYS_fallocate, file, 0, at, count) ? errno : 0;
}

int posix_fallocate64(int file, off64_t at, off64_t count)
{
    return posix_fallocate(file, at, count);
}

int rename(const char *from, const char *to)
{
    if (is_last(from))
        end();
    return (int)syscall(SYS_rename, from, to);
}

int link(const char *from, const char *to)
{
    if (is_last(from))
        end();
    return (int)syscall(SYS_link, from, to);
}

int unlink(const char *path)
{
    if (is_last(path))
        end();
    return (int)syscall(SYS_unlink, path);
}

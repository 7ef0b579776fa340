#include "run/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"

enum { MISSED_BEATS = 5 };

struct lock {
    char *path;
    double beaten; /* clock_now() */
};

struct holder {
    char host[128], job[64];
    long pid;
    long long start; /* of the process: pids are used again */
    time_t beat;
};

static bool read_holder(const char *path, struct holder *holder)
{
    struct stat about;
    FILE *file = fopen(path, "r");
    if (!file)
        return false;
    *holder = (struct holder){.host = "?", .job = ""};
    if (fscanf(file, "host %127s pid %ld job %63s start %lld", holder->host,
               &holder->pid, holder->job, &holder->start) < 2)
        holder->pid = 0;
    fstat(fileno(file), &about);
    holder->beat = about.st_mtime;
    fclose(file);
    return true;
}

/* When a process began, in ticks since boot (field 22 of its stat); 0 when it
   is gone, or gone but not yet waited for by its parent; -1 where there is no
   /proc to ask. */
static long long start_of(long pid)
{
    char path[64], text[1024], state = '?';
    long long start = -1;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file)
        return access("/proc/self/stat", R_OK) == 0 ? 0 : -1;
    text[fread(text, 1, sizeof text - 1, file)] = 0;
    fclose(file);
    const char *after_name = strrchr(text, ')');
    if (after_name)
        sscanf(after_name + 1, " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u "
               "%*u %*u %*d %*d %*d %*d %*d %*d %lld", &state, &start);
    return state == 'Z' || state == 'X' ? 0 : start;
}

/* now: by the clock of the file system that stamped the heartbeat. */
static bool alive(const struct holder *holder, time_t now)
{
    char host[128] = "";
    long long start = start_of(holder->pid);
    gethostname(host, sizeof host - 1);
    if (!strcmp(host, holder->host) && holder->pid > 0)
        return start < 0 ? kill((pid_t)holder->pid, 0) == 0
                         : start > 0 && (start == holder->start ||
                                         holder->start <= 0);
    return now - holder->beat <= MISSED_BEATS * LOCK_BEAT;
}

/* The lock under a name of our own, to be linked to the common one; its
   stamp is the file system's time. */
static bool write_own(const char *own, time_t *now)
{
    char host[128] = "?";
    struct stat about;
    const char *job = getenv("SLURM_JOB_ID");
    FILE *file = fopen(own, "w");
    if (!file)
        return false;
    gethostname(host, sizeof host - 1);
    fprintf(file, "host %s pid %ld job %s start %lld\n", host,
            (long)getpid(), job ? job : "-", start_of(getpid()));
    bool good = fflush(file) == 0 && fstat(fileno(file), &about) == 0;
    *now = about.st_mtime;
    return fclose(file) == 0 && good;
}

/* Without hard links: create the name, exclusively. */
static bool claim(const char *own, const char *path)
{
    if (link(own, path) == 0)
        return true;
    if (errno == EEXIST)
        return false;
    int file = open(path, O_CREAT | O_EXCL | O_WRONLY, 0666);
    if (file < 0)
        return false;
    close(file);
    return rename(own, path) == 0;
}

static struct lock *held(char *path, char *own)
{
    struct lock *lock = mem_new(1, sizeof *lock);
    unlink(own);
    free(own);
    lock->path = path;
    lock->beaten = clock_now();
    return lock;
}

struct lock *lock_take(const char *out, char **notice, struct err *err)
{
    char *path = mem_text("%s.lock", out);
    char *own = mem_text("%s.lock.%ld", out, (long)getpid());
    struct holder holder;
    time_t now = 0;
    *notice = NULL;
    if (!write_own(own, &now))
        err_add(err, EXIT_DATA, out, "cannot write beside it: %s",
                strerror(errno));
    else if (claim(own, path))
        return held(path, own);
    else if (read_holder(path, &holder) && alive(&holder, now))
        err_add(err, EXIT_DATA, out,
                "a run on host %s, process %ld, is writing it (lock %s)",
                holder.host, holder.pid, path);
    else if (unlink(path) == 0 && claim(own, path)) {
        *notice = mem_text("%s: the run that held it (host %s, process %ld) "
                           "is gone; lock taken over", out, holder.host,
                           holder.pid);
        return held(path, own);
    } else
        err_add(err, EXIT_DATA, out, "another run has just begun writing it");
    unlink(own);
    free(own);
    free(path);
    return NULL;
}

void lock_beat(struct lock *lock)
{
    if (!lock || clock_now() - lock->beaten < LOCK_BEAT)
        return;
    utimensat(AT_FDCWD, lock->path, NULL, 0);
    lock->beaten = clock_now();
}

void lock_release(struct lock *lock)
{
    if (!lock)
        return;
    unlink(lock->path);
    free(lock->path);
    free(lock);
}

bool lock_held(const char *out, char *text, unsigned long size)
{
    char *path = mem_text("%s.lock", out);
    struct holder holder;
    bool live = read_holder(path, &holder) && alive(&holder, time(NULL));
    if (live)
        snprintf(text, size, "host %s, process %ld", holder.host, holder.pid);
    free(path);
    return live;
}

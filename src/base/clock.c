#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static double seconds(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

double clock_now(void) { return seconds(CLOCK_MONOTONIC); }

/* Field 22 of /proc/self/stat: start in clock ticks since boot. */
static double start_since_boot(void)
{
    char text[1024];
    FILE *file = fopen("/proc/self/stat", "r");
    if (!file)
        return -1;
    size_t got = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[got] = 0;
    const char *after_name = strrchr(text, ')');
    unsigned long long ticks = 0;
    if (!after_name ||
        sscanf(after_name + 1,
               " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %*u %*u %*d "
               "%*d %*d %*d %*d %*d %llu", &ticks) != 1)
        return -1;
    return (double)ticks / (double)sysconf(_SC_CLK_TCK);
}

double clock_since_start(void)
{
    double start = start_since_boot();
    if (start < 0)
        return (double)clock() / CLOCKS_PER_SEC;
    double age = seconds(CLOCK_BOOTTIME) - start;
    return age > 0 ? age : 0;
}

void clock_stamp(char *text, size_t size)
{
    time_t now = time(NULL);
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &utc);
}

#include "run/control.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "par/par.h"

/* Seconds between looks, about: launchers kill a second after TERM. */
#define LOOK_SECONDS 0.1

/* The one mutable global: the last signal, 0 for none. */
static volatile sig_atomic_t signalled;

static void note_signal(int number)
{
    signalled = number;
}

void control_install(void)
{
    struct sigaction action = {.sa_handler = note_signal,
                               .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_flags |= (int)SA_RESETHAND;
    sigaction(SIGINT, &action, NULL);
}

struct control *control_new(const char *out, double wall_minutes,
                            double commit_minutes, uint64_t tick)
{
    struct control *c = mem_new(1, sizeof *c);
    *c = (struct control){.stop_file = mem_text("%s.stop", out),
                          .wall_seconds = 60 * wall_minutes,
                          .commit_seconds = 60 * commit_minutes,
                          .next = tick + 1,
                          .last_look = clock_now(),
                          .last_tick = tick};
    return c;
}

void control_free(struct control *c)
{
    if (!c)
        return;
    free(c->stop_file);
    free(c);
}

bool control_clear_stop(const struct control *c)
{
    return unlink(c->stop_file) == 0;
}

static const char *signal_name(int number)
{
    return number == SIGUSR1 ? "SIGUSR1"
           : number == SIGTERM ? "SIGTERM"
           : number == SIGINT ? "SIGINT" : "a signal";
}

/* Time to leave for one more look and one commit, which may take longer than
   any before. */
static double reserve(const struct control *c, double cost)
{
    double share = 0.02 * c->wall_seconds;
    return 2 * cost + 4 * LOOK_SECONDS + (share < 10 ? share : 10);
}

static enum control_action decide(struct control *c, int number,
                                  double since_commit, double cost)
{
    if (number)
        snprintf(c->reason, sizeof c->reason, "%s", signal_name(number));
    else if (control_clear_stop(c))
        snprintf(c->reason, sizeof c->reason, "stop file");
    else if (c->wall_seconds > 0 &&
             clock_since_start() + reserve(c, cost) > c->wall_seconds)
        snprintf(c->reason, sizeof c->reason, "wall time");
    else
        return since_commit >= c->commit_seconds ? CONTROL_COMMIT
                                                 : CONTROL_GO;
    return CONTROL_STOP;
}

/* About LOOK_SECONDS of sweeps ahead, growing at most fourfold a time. */
static uint64_t next_look(struct control *c, uint64_t tick)
{
    double now = clock_now(), spent = now - c->last_look;
    double sweeps = (double)(tick - c->last_tick);
    double ahead = spent > 0 ? sweeps * LOOK_SECONDS / spent : 4 * sweeps;
    if (ahead > 4 * sweeps)
        ahead = 4 * sweeps;
    c->last_look = now;
    c->last_tick = tick;
    return tick + (ahead > 1 ? (uint64_t)ahead : 1);
}

enum control_action control_look(struct control *c, uint64_t tick,
                                 double since_commit, double cost)
{
    int64_t number = par_max(signalled);
    int64_t order[2] = {CONTROL_GO, 0};
    if (par_rank() == 0) {
        order[0] = decide(c, (int)number, since_commit, cost);
        order[1] = (int64_t)next_look(c, tick);
    }
    par_broadcast(order, sizeof order);
    c->next = (uint64_t)order[1];
    return (enum control_action)order[0];
}

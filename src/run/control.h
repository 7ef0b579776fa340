/* When to commit, when to stop: signals, the stop file, the wall clock. Rank
   0 decides, at sweep numbers all ranks know ahead. */
#ifndef TEMPERA_RUN_CONTROL_H
#define TEMPERA_RUN_CONTROL_H
#include <stdbool.h>
#include <stdint.h>

/* Handlers of USR1, TERM, INT: they raise a flag. Of a run only, and before
   MPI starts. A second INT kills. */
void control_install(void);

enum control_action { CONTROL_GO, CONTROL_COMMIT, CONTROL_STOP };

struct control {
    char *stop_file;       /* OUT.h5.stop */
    double wall_seconds;   /* of this session from process start; 0: none */
    double commit_seconds; /* between commits */
    uint64_t next;         /* sweep number of the next look */
    double last_look;      /* clock_now() */
    uint64_t last_tick;
    char reason[64];       /* why it stops; rank 0 */
};

struct control *control_new(const char *out, double wall_minutes,
                            double commit_minutes, uint64_t tick);
void control_free(struct control *control);

/* Collective at control->next. since_commit: seconds since the last commit;
   cost: seconds the longest one took. */
enum control_action control_look(struct control *control, uint64_t tick,
                                 double since_commit, double cost);

/* Rank 0: a stop file that lies there at the start is removed; true if there
   was one. */
bool control_clear_stop(const struct control *control);

#endif
